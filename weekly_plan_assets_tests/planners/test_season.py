"""What holds of 52 weeks in which every plan follows from what was done before it."""

import pytest

from weekly_plan_assets_tests.planners.season import (
    ILLNESS_WEEK,
    SCENARIOS,
    Scenario,
    SeasonWeek,
    simulate,
    zone_times_of,
)

# A week of illness has wellness and no activity, for which pandas warns inside summarise_weeks.

ALL, HALF, ILL = SCENARIOS.values()

HIGHEST_RAMP = 8.0
"""CTL a week (Friel: 5 to 8 is hard building; practice)."""

LOWEST_FORM = -30.0
"""TSB (Intervals.icu zones: below it is flagged; practice)."""

EASY_SHARE = 0.77
"""Of endurance time in zones 1 and 2 (Knopp 2024, 10.1186/s40798-024-00717-5, cohort)."""

_SEASONS: dict[str, list[SeasonWeek]] = {}

scenarios = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS.keys())


def season_of(scenario: Scenario) -> list[SeasonWeek]:
    if scenario.name not in _SEASONS:
        _SEASONS[scenario.name] = simulate(scenario)
    return _SEASONS[scenario.name]


def week_of(scenario: Scenario, number: int) -> SeasonWeek:
    return season_of(scenario)[number - 1]


@scenarios
def test_fitness_never_rises_faster_than_hard_building(scenario: Scenario) -> None:
    assert max(week.ramp for week in season_of(scenario)) <= HIGHEST_RAMP


@scenarios
def test_form_never_falls_into_the_flagged_zone(scenario: Scenario) -> None:
    assert min(day.form for week in season_of(scenario) for day in week.days) >= LOWEST_FORM


@scenarios
def test_most_of_the_years_time_is_easy_and_little_of_it_very_hard(scenario: Scenario) -> None:
    sessions = [session for week in season_of(scenario) for session in week.plan.sessions]
    zones = [sum(times_s) for times_s in zip(*map(zone_times_of, sessions), strict=True)]
    assert sum(zones[:2]) >= EASY_SHARE * sum(zones)


def test_who_does_half_does_every_other_session() -> None:
    done = sum(week.done_load for week in season_of(HALF))
    planned = sum(week.planned_load for week in season_of(HALF))
    assert done == pytest.approx(planned / 2, rel=0.1)
    assert all(week.done_load == pytest.approx(week.planned_load) for week in season_of(ALL))


def test_an_illness_shows_in_the_body_and_is_not_known_before_it_begins() -> None:
    before, first, second = (week_of(ILL, ILLNESS_WEEK + offset) for offset in (-1, 0, 1))
    assert first.done_load == 0
    assert first.context.athlete.absences == ()
    assert second.context.athlete.absences == (ILL.illness,)
    healthy, ill = before.context.metrics, second.context.metrics
    assert healthy is not None
    assert ill is not None
    assert ill.hrv_mean_ms is not None
    assert healthy.hrv_mean_ms is not None
    assert ill.hrv_mean_ms < healthy.hrv_mean_ms - 10
    assert ill.rest_hr_mean_bpm is not None
    assert healthy.rest_hr_mean_bpm is not None
    assert ill.rest_hr_mean_bpm > healthy.rest_hr_mean_bpm + 5


@scenarios
def test_the_same_season_comes_out_again(scenario: Scenario) -> None:
    again = simulate(scenario, weeks=6)
    assert again == season_of(scenario)[:6]
