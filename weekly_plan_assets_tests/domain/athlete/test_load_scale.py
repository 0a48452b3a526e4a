from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.load_scale import LoadScale, load_scales
from weekly_plan_assets.domain.athlete.profile import AthleteContext, profile_of
from weekly_plan_assets.domain.plan.session_load import TABLE_RATES
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import count_sessions
from weekly_plan_assets.domain.week import TrainingWeek

OBSERVED = TrainingWeek.parse("2025-03-31")
EASY_HOUR = TABLE_RATES.per_hour(2)
TEMPO_ZONES_S = [0, 2400, 1200, 0, 0]
THRESHOLD_ZONES_S = [0, 2400, 0, 1200, 0]


def recorded(
    days_ago: int,
    load: float | None,
    *,
    sport: str = "Run",
    minutes: int = 60,
    zones_s: Sequence[int] | None = None,
) -> Activity:
    day = OBSERVED.end - timedelta(days=days_ago)
    row: dict[str, Any] = {
        "id": f"{days_ago}{sport}{minutes}",
        "start_date_local": datetime.combine(day, time(7 if sport == "Run" else 17)).isoformat(),
        "type": sport,
        "moving_time": 60 * minutes,
        "icu_training_load": load,
        "icu_hr_zone_times": zones_s,
    }
    return Activity.model_validate(row)


def scales(rows: Sequence[Activity]) -> dict[Sport, LoadScale]:
    return {one.sport: one for one in load_scales(count_sessions(rows), OBSERVED)}


@pytest.mark.parametrize("factor", [0.8, 1.0, 1.4])
def test_the_more_sessions_there_are_the_closer_the_scale_is_to_what_they_bring(
    factor: float,
) -> None:
    few, many = (
        scales([recorded(days, factor * EASY_HOUR) for days in range(count)])[Sport.RUN].easy
        for count in (8, 70)
    )
    assert abs(many - factor) <= abs(few - factor)
    assert many == pytest.approx(factor, abs=0.06)
    assert few == pytest.approx((8 * factor + 10) / 18, abs=0.001)


def test_five_sessions_say_nothing_and_the_table_holds() -> None:
    assert scales([recorded(days, 90) for days in range(5)]) == {}
    assert scales([recorded(days, 90) for days in range(6)])
    athlete = Athlete(athlete_id="i1")
    assert athlete.load_rates(Sport.RUN) == TABLE_RATES
    assert athlete.easy_load_per_hour == EASY_HOUR


def test_sessions_without_load_of_other_sports_or_of_long_ago_are_not_looked_at() -> None:
    known = [recorded(days, EASY_HOUR) for days in range(20)]
    others = [
        *(recorded(days, None, minutes=50) for days in range(20)),
        *(recorded(days, 99, sport="Yoga") for days in range(20)),
        *(recorded(days, 99) for days in range(12 * 7, 12 * 7 + 40)),
        *(recorded(days, 40, minutes=10) for days in range(20)),
    ]
    assert scales([*known, *others]) == scales(known)


def test_a_few_odd_sessions_move_nothing() -> None:
    usual = [recorded(days, EASY_HOUR) for days in range(3, 30)]
    odd = [recorded(days, 900) for days in range(3)]
    assert scales([*usual, *odd])[Sport.RUN].easy == pytest.approx(1.0)


def test_a_source_that_counts_absurdly_is_not_followed() -> None:
    assert scales([recorded(days, 140) for days in range(70)])[Sport.RUN].easy == 2.0
    assert scales([recorded(days, 8) for days in range(70)])[Sport.RUN].easy == 0.5


def test_each_sport_has_a_scale_of_its_own() -> None:
    runs = [recorded(days, 1.3 * EASY_HOUR) for days in range(40)]
    swims = [recorded(days, 0.7 * EASY_HOUR, sport="Swim") for days in range(40)]
    found = scales([*runs, *swims])
    assert found[Sport.RUN].easy > 1.2
    assert found[Sport.SWIM].easy < 0.8


def test_hard_work_is_compared_without_the_easy_part_of_its_session() -> None:
    easy = [recorded(days, EASY_HOUR) for days in range(0, 80, 2)]
    part = 2400 / 3600 * EASY_HOUR
    hard = [
        recorded(days, part + 1.2 * TABLE_RATES.load(20, 4), zones_s=THRESHOLD_ZONES_S)
        for days in range(1, 80, 2)
    ]
    scale = scales([*easy, *hard])[Sport.RUN]
    assert (scale.easy, scale.easy_sessions, scale.hard_sessions) == (1.0, 40, 40)
    assert scale.hard == pytest.approx((40 * 1.2 + 10) / 50, abs=0.002)


def test_few_hard_sessions_are_taken_to_bring_as_easy_ones_do() -> None:
    easy = [recorded(days, 1.3 * EASY_HOUR) for days in range(0, 80, 2)]
    hard = [recorded(days, 150, zones_s=THRESHOLD_ZONES_S) for days in range(1, 11, 2)]
    scale = scales([*easy, *hard])[Sport.RUN]
    assert (scale.hard, scale.hard_sessions) == (scale.easy, 5)


@pytest.mark.parametrize("load", [1, 20, 900])
def test_an_hour_in_a_higher_zone_always_brings_more(load: float) -> None:
    easy = [recorded(days, 1.5 * EASY_HOUR) for days in range(0, 80, 2)]
    hard = [recorded(days, load, zones_s=THRESHOLD_ZONES_S) for days in range(1, 80, 2)]
    by_zone = scales([*easy, *hard])[Sport.RUN].rates.by_zone
    assert list(by_zone) == sorted(set(by_zone))


def test_some_tempo_below_a_hard_days_time_leaves_a_session_easy() -> None:
    rows = [recorded(days, 55, zones_s=TEMPO_ZONES_S) for days in range(20)]
    assert scales(rows)[Sport.RUN].easy_sessions == 20


def test_easy_time_counts_by_the_share_of_each_sport() -> None:
    rows = [
        *(recorded(days, 4.2 * EASY_HOUR, sport="Ride", minutes=180) for days in range(0, 80, 7)),
        *(recorded(days, 0.6 * EASY_HOUR, sport="Swim", minutes=60) for days in range(2, 80, 7)),
    ]
    athlete = profile_of("i1", rows, AthleteContext(), OBSERVED.next())
    ride, swim = (athlete.load_rates(sport).per_hour(2) for sport in (Sport.RIDE, Sport.SWIM))
    assert athlete.easy_load_per_hour == pytest.approx(0.75 * ride + 0.25 * swim, rel=0.01)
    assert swim < athlete.easy_load_per_hour < ride
