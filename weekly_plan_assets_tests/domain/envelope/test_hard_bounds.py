"""How much hard work one session may hold, by what recorded sessions held."""

from datetime import timedelta

from weekly_plan_assets.domain.envelope.hard_bounds import HardLimit, hard_limits
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import count_sessions
from weekly_plan_assets.domain.week import TrainingWeek

OBSERVED = TrainingWeek.parse("2026-05-04")


def done(weeks_ago: int, zones_min: list[int] | None, kind: str = "Run") -> Activity:
    day = OBSERVED.end - timedelta(weeks=weeks_ago)
    times_s = None if zones_min is None else [60 * minutes for minutes in zones_min]
    return Activity.model_validate(
        {
            "id": f"{kind}{weeks_ago}{zones_min}",
            "start_date_local": f"{day}T08:00:00",
            "type": kind,
            "moving_time": 60 * sum(zones_min or [60]),
            "icu_hr_zone_times": times_s,
        }
    )


def limits(*rows: Activity) -> dict[Sport, tuple[int, ...]]:
    found = hard_limits(OBSERVED, count_sessions(rows))
    return {one.sport: tuple(seconds // 60 for seconds in one.most_s) for one in found}


def test_half_as_much_again_as_the_hardest_session_and_five_minutes_are_right() -> None:
    rows = [done(1, [10, 20, 0, 30, 0]), done(2, [10, 40, 20, 0, 12])]
    assert limits(*rows) == {Sport.RUN: (53, 50, 23)}


def test_a_little_hard_work_is_right_for_anybody() -> None:
    assert limits(done(1, [10, 50, 0, 0, 0])) == {Sport.RUN: (20, 15, 10)}


def test_what_was_done_long_ago_or_in_another_sport_says_nothing() -> None:
    hard = [0, 0, 0, 60, 0]
    rows = [done(1, [0, 60, 0, 0, 0]), done(20, hard), done(2, hard, "Ride")]
    assert limits(*rows) == {Sport.RUN: (20, 15, 10), Sport.RIDE: (95, 95, 10)}


def test_friels_seven_zones_count_as_five() -> None:
    assert limits(done(1, [10, 20, 0, 0, 4, 4, 4])) == {Sport.RUN: (23, 23, 23)}


def test_too_few_known_zone_times_bound_nothing() -> None:
    assert limits(done(1, [0, 60, 0, 0, 0]), done(2, None)) == {}
    assert limits() == {}


def test_a_limit_holds_from_each_zone_up() -> None:
    limit = HardLimit(sport=Sport.RUN, most_s=(1800, 1200, 600))
    assert limit.allows({1: 9000, 3: 600, 4: 600, 5: 600})
    assert not limit.allows({3: 600, 4: 601, 5: 600})
    assert not limit.allows({5: 601})
