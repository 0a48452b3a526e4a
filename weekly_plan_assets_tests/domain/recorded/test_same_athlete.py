"""Whether two sets of recorded training can be the same person's."""

from datetime import datetime, timedelta

from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.same_athlete import Training, agreement
from weekly_plan_assets.domain.recorded.wellness import WellnessDay

MONDAY = datetime(2024, 1, 1)  # noqa: DTZ001 - what a clock showed


def sessions(*days: int, hour: int = 7, offset_s: int = 0, zone_h: int = 0) -> Training:
    starts = [MONDAY + timedelta(days=day, hours=hour, seconds=offset_s) for day in days]
    return Training(
        [
            Activity.model_validate(
                {
                    "id": f"{hour}-{number}",
                    "start_date": f"{start.isoformat()}Z",
                    "start_date_local": start + timedelta(hours=zone_h),
                }
            )
            for number, start in enumerate(starts)
        ],
        [],
    )


def wellness(*hrv_ms: float, first: int = 0) -> Training:
    days = [
        {"id": f"2024-01-{first + number + 1:02}", "hrv": value, "ctl": 10 * number}
        for number, value in enumerate(hrv_ms)
    ]
    return Training([], [WellnessDay.model_validate(day) for day in days])


def test_the_same_sessions_are_one_persons_in_another_zone_or_a_few_seconds_off() -> None:
    again = sessions(0, 2, 4, offset_s=30, zone_h=2)
    assert agreement(sessions(0, 2, 4), again).common == 3


def test_deleted_and_added_sessions_contradict_nothing() -> None:
    stored = sessions(0, 2, 4, 7, 9, 11)
    assert not agreement(stored, sessions(9)).contradicts
    assert not agreement(stored, sessions(*range(14))).contradicts
    assert not agreement(stored, sessions(0, 2, 4, 8, 10, 12)).contradicts


def test_other_sessions_in_the_same_weeks_contradict() -> None:
    found = agreement(sessions(0, 2, 4), sessions(1, 3, 5))
    assert (found.shared, found.common, found.contradicts) == (3, 0, True)
    assert agreement(sessions(0), sessions(6)).contradicts, "one session each, in one week"


def test_two_who_meet_now_and_then_are_two() -> None:
    stored = sessions(0, 1, 2, 4, 5, 7, 8, 9)
    assert agreement(stored, sessions(1, 3, 6, 8, 10, 13)).contradicts


def test_sessions_of_other_weeks_say_nothing() -> None:
    found = agreement(sessions(0, 2), sessions(7, 9))
    assert (found.shared, found.common, found.contradicts) == (0, 0, False)


def test_without_sessions_measured_values_of_wellness_are_compared() -> None:
    assert not agreement(wellness(50, 60, 70), wellness(60, 70, 80, first=1)).contradicts
    assert agreement(wellness(50, 60, 70), wellness(40, 41, 42)).contradicts
    assert agreement(wellness(50, 60), wellness(50, 60, first=9)).shared == 0
    assert agreement(sessions(0), wellness(50)).shared == 0
