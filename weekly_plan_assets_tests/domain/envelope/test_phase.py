from datetime import timedelta
from itertools import pairwise

import pytest

from weekly_plan_assets.domain.athlete.athlete import Absence, AbsenceKind, Athlete
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.envelope.phase import (
    eased_weeks,
    form,
    season_phase,
    trained_weeks,
    weekly_load,
)
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import Phase
from weekly_plan_assets.domain.readiness import Light
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets_tests.support.lights import a_readiness
from weekly_plan_assets_tests.support.week_rows import OBSERVED_MONDAY, week, weeks_of

PLANNED = TrainingWeek(OBSERVED_MONDAY).next()
ATHLETE = Athlete(athlete_id="i1")
CYCLE_ENDS, CYCLE_GOES_ON = (300, 310, 320), (320, 200, 300)


def decided(
    weeks: list[WeeklyMetrics], athlete: Athlete = ATHLETE, **lights: Light
) -> tuple[Phase, str]:
    *history, observed = weeks
    phase, reason = season_phase(observed, history, athlete, a_readiness(**lights))
    return phase, reason.text


def phase_after(weeks: list[WeeklyMetrics], athlete: Athlete = ATHLETE, **lights: Light) -> Phase:
    return decided(weeks, athlete, **lights)[0]


def racing(weeks: int, priority: RacePriority = RacePriority.A) -> Athlete:
    """Whose race is on the Sunday so many weeks after the planned week."""
    race = Race(date=PLANNED.shift(weeks).end, priority=priority)
    return Athlete(athlete_id="i1", races=(race,))


def away(first: int, last: int, kind: AbsenceKind) -> Athlete:
    """Who is away on these days, counted from the Monday of the planned week."""
    days = (PLANNED.start + timedelta(days=day) for day in (first, last))
    return Athlete(
        athlete_id="i1", absences=(Absence(first=next(days), last=next(days), kind=kind),)
    )


@pytest.mark.parametrize(
    ("loads", "phase"),
    [
        ([300, 300, 0, 0], Phase.RETURN),
        ([300, 300, 20, 10], Phase.RETURN),
        ([0, 0, 0], Phase.RETURN),
        ([300, 300, 0], Phase.BASE),
        ([0], Phase.BASE),
        ([300], Phase.BASE),
        ([300, 300], Phase.BASE),
        ([300, 310, 320], Phase.RECOVERY),
        ([300, 310, 320, 200], Phase.BUILD),
        ([320, 200, 300], Phase.BUILD),
        ([320, 200, 300, 310], Phase.BUILD),
        ([320, 200, 300, 310, 320], Phase.RECOVERY),
        ([300, 300, 0, 300, 300], Phase.BUILD),
        ([300, 300, 300, 0, 100], Phase.BUILD),
        ([300, 300, None], Phase.BUILD),
    ],
)
def test_the_phase_follows_from_the_weekly_loads(loads: list[float | None], phase: Phase) -> None:
    assert phase_after(weeks_of(*loads)) is phase


def test_a_week_that_is_not_known_ends_a_block() -> None:
    weeks = [week(4, 300), week(3, 300), week(1, 300), week(0, 300)]
    assert phase_after(weeks) is Phase.BUILD


def test_a_week_that_is_not_known_is_no_week_without_training() -> None:
    assert phase_after([week(4, 300), week(2, 0), week(0, 0)]) is Phase.BASE


@pytest.mark.parametrize("build_weeks", [2, 3])
def test_an_easier_week_follows_the_athletes_own_cycle(build_weeks: int) -> None:
    athlete = Athlete(athlete_id="i1", build_weeks=build_weeks)
    easier = phase_after(weeks_of(320, 200, 300, 310), athlete) is Phase.RECOVERY
    assert easier == (build_weeks == 2)


def test_two_easier_weeks_in_a_row_are_none_of_building() -> None:
    assert phase_after(weeks_of(400, 400, 260, 250, 380)) is Phase.BUILD
    assert eased_weeks(weeks_of(400, 400, 260, 250, 380)) == (week(2, 260), week(1, 250))


def test_one_week_beyond_all_others_makes_the_others_no_easier() -> None:
    assert eased_weeks(weeks_of(1000, 300, 300, 300)) == ()


@pytest.mark.parametrize(
    ("lights", "phase"),
    [
        ({"form": Light.RED}, Phase.BUILD),
        ({"form": Light.RED, "sleep": Light.GREEN}, Phase.BUILD),
        ({"form": Light.RED, "sleep": Light.AMBER}, Phase.RECOVERY),
        ({"form": Light.RED, "hrv": Light.RED}, Phase.RECOVERY),
        ({"hrv": Light.RED}, Phase.BUILD),
        ({"resting_hr": Light.RED}, Phase.BUILD),
        ({"hrv": Light.RED, "resting_hr": Light.AMBER}, Phase.BUILD),
        ({"hrv": Light.RED, "resting_hr": Light.RED}, Phase.RECOVERY),
        ({"monotony": Light.AMBER, "sleep": Light.AMBER}, Phase.BUILD),
    ],
)
def test_two_signals_that_agree_call_for_recovery_and_one_does_not(
    lights: dict[str, Light], phase: Phase
) -> None:
    assert phase_after(weeks_of(*CYCLE_GOES_ON), ATHLETE, **lights) is phase


def test_the_reason_for_recovery_is_what_the_signals_said() -> None:
    _, why = decided(weeks_of(*CYCLE_GOES_ON), form=Light.RED, sleep=Light.AMBER, ramp=Light.GREEN)
    assert why == "This is what form said. This is what sleep said."


@pytest.mark.parametrize(
    ("weeks", "phase"),
    [
        (0, Phase.RACE_WEEK),
        (1, Phase.TAPER),
        (2, Phase.SPECIFIC),
        (7, Phase.SPECIFIC),
        (8, Phase.BUILD),
        (15, Phase.BUILD),
        (16, Phase.BASE),
    ],
)
def test_the_phase_follows_from_the_weeks_to_the_next_a_race(weeks: int, phase: Phase) -> None:
    assert phase_after(weeks_of(*CYCLE_GOES_ON), racing(weeks)) is phase


@pytest.mark.parametrize(
    ("weeks", "phase"),
    [
        (0, Phase.RACE_WEEK),
        (1, Phase.TAPER),
        (2, Phase.SPECIFIC),
        (3, Phase.RECOVERY),
        (20, Phase.RECOVERY),
    ],
)
def test_the_cycle_gives_way_to_race_and_taper_and_to_the_last_week_before_it(
    weeks: int, phase: Phase
) -> None:
    assert phase_after(weeks_of(*CYCLE_ENDS), racing(weeks)) is phase


def test_before_the_taper_a_block_grows_by_one_week_and_no_more() -> None:
    assert phase_after(weeks_of(300, 300, 310, 320), racing(2)) is Phase.RECOVERY


@pytest.mark.parametrize(
    ("weeks", "priority", "phase"),
    [
        (0, RacePriority.B, Phase.RACE_WEEK),
        (1, RacePriority.B, Phase.BUILD),
        (0, RacePriority.C, Phase.BUILD),
        (-1, RacePriority.A, Phase.RECOVERY),
        (-1, RacePriority.B, Phase.BUILD),
        (-2, RacePriority.A, Phase.BUILD),
    ],
)
def test_a_b_race_tapers_its_own_week_and_a_week_of_recovery_follows_an_a_race(
    weeks: int, priority: RacePriority, phase: Phase
) -> None:
    assert phase_after(weeks_of(*CYCLE_GOES_ON), racing(weeks, priority)) is phase


@pytest.mark.parametrize(
    ("first", "last", "kind", "phase"),
    [
        (-7, -5, AbsenceKind.SICK, Phase.RETURN),
        (-7, -6, AbsenceKind.SICK, Phase.BUILD),
        (-7, -7, AbsenceKind.INJURED, Phase.RETURN),
        (-1, 0, AbsenceKind.SICK, Phase.RETURN),
        (-2, 3, AbsenceKind.INJURED, Phase.RETURN),
        (4, 9, AbsenceKind.SICK, Phase.RETURN),
        (-9, -8, AbsenceKind.SICK, Phase.BUILD),
        (7, 9, AbsenceKind.SICK, Phase.BUILD),
        (-7, 6, AbsenceKind.HOLIDAY, Phase.BUILD),
    ],
)
def test_who_was_or_is_ill_returns_and_who_is_on_holiday_does_not(
    first: int, last: int, kind: AbsenceKind, phase: Phase
) -> None:
    assert phase_after(weeks_of(*CYCLE_GOES_ON), away(first, last, kind)) is phase


def test_illness_and_a_break_outweigh_a_race_and_a_race_outweighs_tired_signals() -> None:
    ill = away(-7, -4, AbsenceKind.SICK).model_copy(update={"races": racing(0).races})
    tired = {"hrv": Light.RED, "resting_hr": Light.RED}
    assert phase_after(weeks_of(*CYCLE_GOES_ON), ill) is Phase.RETURN
    assert phase_after(weeks_of(300, 300, 0, 0), racing(0)) is Phase.RETURN
    assert phase_after(weeks_of(*CYCLE_GOES_ON), racing(0), **tired) is Phase.RACE_WEEK
    assert phase_after(weeks_of(300, 300, 0, 0), ATHLETE, **tired) is Phase.RETURN


def test_with_few_known_weeks_a_distant_race_changes_nothing() -> None:
    assert phase_after(weeks_of(300), racing(4)) is Phase.BASE


def test_every_decision_says_why() -> None:
    assert decided(weeks_of(*CYCLE_GOES_ON), racing(3))[1] == (
        "It is 4 weeks to the A race on 2024-06-09."
    )


def test_form_is_unknown_where_a_half_of_it_is() -> None:
    assert form(week(ctl_end=50.0)) is None
    assert form(week(ctl_end=50.0, atl_end=60.0)) == -10.0


def test_a_week_of_activities_without_load_is_unknown_and_an_empty_week_is_zero() -> None:
    assert weekly_load(week(load=None)) is None
    assert weekly_load(week(activity_count=0)) == 0.0


def test_a_week_below_a_tenth_of_the_busiest_was_no_training() -> None:
    weeks = weeks_of(300, 29, 30, None)
    assert trained_weeks(weeks) == (weeks[0], weeks[2], weeks[3])


def decided_each_week(*loads: float) -> list[Phase]:
    """The phases of the weeks after each of these, from the fifth on; five weeks are known each."""
    phases = []
    for last in range(5, len(loads) + 1):
        rows = [week(len(loads) - 1 - number, loads[number]) for number in range(last - 5, last)]
        phases.append(phase_after(rows))
    return phases


def test_an_easier_week_that_nobody_heeds_is_asked_for_once_in_a_cycle() -> None:
    phases = decided_each_week(*[300.0] * 25)
    asked = [number for number, phase in enumerate(phases) if phase is Phase.RECOVERY]
    assert asked
    assert {later - earlier for earlier, later in pairwise(asked)} == {4}


@pytest.mark.parametrize(
    "loads",
    [
        (310, 270, 220, 250, 280, 360, 330, 340, 260, 380, 320, 300),
        (200, 240, 230, 330, 320, 340, 260, 380, 320, 170, 340, 350, 290, 390),
        (300, 300, 200, 300, 300, 300, 300, 200, 310, 320, 330, 340, 350),
    ],
)
def test_two_weeks_in_a_row_are_never_easier_because_of_the_cycle(loads: tuple[float, ...]) -> None:
    phases = decided_each_week(*loads)
    assert all({one, other} != {Phase.RECOVERY} for one, other in pairwise(phases))
