"""What holds of 52 weeks in which every plan follows from what was done before it."""

from itertools import pairwise
from statistics import fmean, pstdev

import pytest

from weekly_plan_assets.domain.guardrails import violations
from weekly_plan_assets.domain.plan.weekly_plan import Phase
from weekly_plan_assets_tests.planners.season import (
    A_RACE_WEEK,
    ILLNESS_WEEK,
    SCENARIOS,
    WEEKS,
    Scenario,
    SeasonWeek,
    simulate,
    sunday_of,
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

RACE_DAY_FORM = (5.0, 25.0)
"""TSB on the day of an A race (Intervals.icu zones; practice)."""

HIGHEST_MONOTONY = 2.0
"""Mean of the daily loads by their standard deviation (Foster 1998; the cut-off is convention)."""

EASY_WEEKS = {Phase.RECOVERY, Phase.TAPER, Phase.RACE_WEEK, Phase.RETURN}
HIGHEST_RECOVERY_SHARE = 0.75
"""Load of a recovery week by that of the week before: 60-70 % of the usual (practice), and a little
more, because the usual is a mean of weeks."""

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


@pytest.mark.parametrize("scenario", [ALL, ILL], ids=["all", "ill"])
def test_the_years_intensity_is_pyramidal_for_who_follows_the_plan(scenario: Scenario) -> None:
    sessions = [session for week in season_of(scenario) for session in week.plan.sessions]
    zones = [sum(times_s) for times_s in zip(*map(zone_times_of, sessions), strict=True)]
    assert sum(zones[:2]) > zones[2] >= sum(zones[3:])


def test_the_athlete_arrives_fresh_at_the_a_race() -> None:
    for scenario in (ALL, ILL):
        (race_day,) = [
            day for day in week_of(scenario, A_RACE_WEEK).days if day.date == sunday_of(A_RACE_WEEK)
        ]
        assert RACE_DAY_FORM[0] <= race_day.form <= RACE_DAY_FORM[1]


def test_before_the_a_race_load_falls_and_after_it_the_athlete_recovers() -> None:
    weeks = [week_of(ALL, A_RACE_WEEK + offset) for offset in (-2, -1, 0, 1)]
    phases = [week.context.envelope.phase for week in weeks]
    # The race is on a Sunday: its own week is the second of the taper's two.
    assert phases == [Phase.SPECIFIC, Phase.TAPER, Phase.RACE_WEEK, Phase.RECOVERY]
    assert weeks[1].planned_load < weeks[0].planned_load


@pytest.mark.parametrize(("scenario", "more"), [(ALL, 0), (ILL, 1)], ids=["all", "ill"])
def test_no_more_weeks_build_in_a_row_than_the_cycle_says(scenario: Scenario, more: int) -> None:
    """One more is allowed before a taper, which is easier than a recovery week would be."""
    in_a_row = 0
    for week in season_of(scenario):
        in_a_row = 0 if is_easy(week) else in_a_row + 1
        assert in_a_row <= week.context.athlete.build_weeks + more, f"week {week.number}"


def is_easy(week: SeasonWeek) -> bool:
    """Whether it is a week of recovery, or one that a red signal made as easy."""
    envelope = week.context.envelope
    target_s, usual_s = envelope.target_time_s, envelope.usual_time_s
    assert target_s is not None
    assert usual_s is not None
    return envelope.phase in EASY_WEEKS or target_s <= HIGHEST_RECOVERY_SHARE * usual_s


def test_a_recovery_week_holds_clearly_less_than_the_week_before() -> None:
    season = season_of(ALL)
    for before, week in pairwise(season):
        if week.context.envelope.phase is Phase.RECOVERY and before.number != A_RACE_WEEK:
            assert week.planned_load <= HIGHEST_RECOVERY_SHARE * before.planned_load


def test_illness_is_followed_by_an_easy_return() -> None:
    back = week_of(ILL, ILLNESS_WEEK + 1)
    assert back.context.envelope.phase is Phase.RETURN
    assert back.hard_sessions == 0
    before = week_of(ILL, ILLNESS_WEEK - 1)
    assert back.planned_load <= 0.6 * before.planned_load
    assert all(not day.sessions for day in back.plan.days if ILL.is_ill(day.date))


def test_training_grows_towards_the_race_and_is_not_lost_after_it() -> None:
    targets_s = [week.context.envelope.target_time_s or 0 for week in season_of(ALL)]
    assert max(targets_s) >= 1.15 * targets_s[0]
    assert max(targets_s[-4:]) >= 0.9 * targets_s[0]


@scenarios
def test_days_differ_enough_in_every_week(scenario: Scenario) -> None:
    for week in season_of(scenario):
        loads = [sum(s.planned_load for s in day.sessions) for day in week.plan.days]
        assert fmean(loads) <= HIGHEST_MONOTONY * pstdev(loads), f"week {week.number}"


@scenarios
def test_every_plan_of_the_season_passes_every_guardrail(scenario: Scenario) -> None:
    season = season_of(scenario)
    assert len(season) == WEEKS
    for week in season:
        assert violations(week.verdicts) == (), f"week {week.number}"
