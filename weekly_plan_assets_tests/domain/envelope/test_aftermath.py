"""What a race leaves behind, by its duration and sport."""

from datetime import date, datetime, time, timedelta

import pytest

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.envelope.aftermath import aftermath
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.week import TrainingWeek

OBSERVED = TrainingWeek.parse("2024-05-06")
SATURDAY = OBSERVED.start + timedelta(days=5)
RUNNER = Athlete(athlete_id="i1", sports=(Sport.RUN,))


def racer(
    km: float,
    *,
    day: date = SATURDAY,
    sport: Sport = Sport.RUN,
    priority: RacePriority = RacePriority.A,
) -> Athlete:
    race = Race(date=day, priority=priority, sport=sport, distance_m=km * 1000)
    return Athlete(athlete_id="i1", sports=(sport,), races=(race,))


@pytest.mark.parametrize(
    ("km", "days"), [(5, 1), (21.1, 3), (42.195, 7), (50, 7), (70, 10), (100, 10)]
)
def test_days_without_running_follow_from_how_long_a_race_takes(km: float, days: int) -> None:
    left = aftermath(racer(km), OBSERVED, ())
    assert left is not None
    assert (left.no_run_until - SATURDAY).days == days
    assert (left.no_hard_until - SATURDAY).days == 2 * days


def test_what_was_recorded_counts_more_than_the_estimate() -> None:
    activity = Activity.model_validate(
        {"id": "1", "type": "TrailRun", "start_date_local": datetime.combine(SATURDAY, time(6))}
    )
    slow = CountedSession(activity, duration_s=14 * 3600, load=None)
    left = aftermath(racer(100), OBSERVED, [slow])
    assert left is not None
    assert (left.no_run_until - SATURDAY).days == 14


@pytest.mark.parametrize(("recorded_km", "days"), [(14.0, 1), (10.0, 3), (None, 3)])
def test_warm_up_and_cool_down_recorded_with_a_race_are_not_raced(
    recorded_km: float | None, days: int
) -> None:
    activity = Activity.model_validate(
        {
            "id": "1",
            "type": "Run",
            "start_date_local": datetime.combine(SATURDAY, time(9)),
            "distance": None if recorded_km is None else recorded_km * 1000,
        }
    )
    left = aftermath(racer(10), OBSERVED, [CountedSession(activity, 80 * 60, load=None)])
    assert left is not None
    assert (left.no_run_until - SATURDAY).days == days


def test_time_comes_back_step_by_step() -> None:
    marathon = racer(42.195)
    shares = [
        None if (left := aftermath(marathon, OBSERVED.shift(weeks), ())) is None else left.share
        for weeks in range(5)
    ]
    assert shares[0] == pytest.approx((6 * 0.3 + 0.5) / 7)
    assert shares[1] == pytest.approx((6 * 0.5 + 0.7) / 7)
    assert shares[2] == pytest.approx((6 * 0.7 + 1) / 7)
    assert shares[3:] == [None, None]


def test_a_short_race_costs_the_week_after_it_hardly_any_time() -> None:
    left = aftermath(racer(5), OBSERVED, ())
    assert left is not None
    assert left.share > 0.85


def test_a_ride_spares_the_legs() -> None:
    left = aftermath(racer(120, sport=Sport.RIDE), OBSERVED, ())
    assert left is not None
    assert (left.no_run_until - SATURDAY).days == 4


def test_a_short_c_race_leaves_nothing_and_a_b_race_or_a_long_one_does() -> None:
    assert aftermath(racer(10, priority=RacePriority.C), OBSERVED, ()) is None
    assert aftermath(racer(10, priority=RacePriority.B), OBSERVED, ()) is not None
    as_b = aftermath(racer(42.195, priority=RacePriority.B), OBSERVED, ())
    as_c = aftermath(racer(42.195, priority=RacePriority.C), OBSERVED, ())
    assert as_b is not None
    assert as_c is not None
    assert as_c.no_run_until == as_b.no_run_until


def run_of(day: date, hours: float, load: float | None) -> CountedSession:
    activity = Activity.model_validate(
        {"id": f"{day}", "type": "Run", "start_date_local": datetime.combine(day, time(8))}
    )
    return CountedSession(activity, round(hours * 3600), load)


def training(longest_h: float, load: float | None) -> list[CountedSession]:
    """Three runs a week of the six weeks before the observed one, the longest on Sundays."""
    weeks = [OBSERVED.shift(-back) for back in range(1, 7)]
    return [
        run_of(week.start + timedelta(days=weekday), hours, None if load is None else load * part)
        for week in weeks
        for weekday, hours, part in ((1, 1, 0.3), (3, 1, 0.3), (6, longest_h, 1))
    ]


@pytest.mark.parametrize(
    ("hours", "load", "days"),
    [
        (3.7, 280, 7),  # a marathon that no calendar knows
        (11, 600, 14),
        (2.9, 190, None),  # a long run of marathon training
        (3.7, None, None),  # 1.35 times as long, load not known
        (4.2, None, 7),
        (1.6, 300, None),
    ],
)
def test_a_run_far_harder_than_those_before_it_counts_like_a_race(
    hours: float, load: float | None, days: int | None
) -> None:
    before = training(2.75, None if load is None else 165)
    left = aftermath(RUNNER, OBSERVED, [*before, run_of(SATURDAY, hours, load)])
    found = None if left is None else (left.no_run_until - SATURDAY).days
    assert found == days


def test_without_runs_to_compare_it_with_a_long_run_is_no_race() -> None:
    before = training(2.75, 165)[:3]
    assert aftermath(RUNNER, OBSERVED, [*before, run_of(SATURDAY, 3.7, 280)]) is None


def test_a_c_race_stays_trained_through_however_hard_it_was() -> None:
    done = [*training(2.75, 165), run_of(SATURDAY, 3.7, 280)]
    assert aftermath(racer(10, priority=RacePriority.C), OBSERVED, done) is None


def test_a_race_ahead_leaves_nothing() -> None:
    assert aftermath(racer(42.195, day=OBSERVED.end + timedelta(days=1)), OBSERVED, ()) is None
