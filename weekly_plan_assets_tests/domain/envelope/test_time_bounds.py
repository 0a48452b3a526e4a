"""How much time a week has: from what is usual, the phase, and the signals."""

from datetime import date, timedelta

import pytest

from weekly_plan_assets.domain.athlete.athlete import Absence, AbsenceKind, Athlete
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.envelope.time_bounds import TimeBounds, time_bounds
from weekly_plan_assets.domain.plan.weekly_plan import Phase
from weekly_plan_assets.domain.readiness import Light, Readiness
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets_tests.support.lights import a_readiness

OBSERVED = TrainingWeek.parse("2024-05-06")
ATHLETE = Athlete(athlete_id="i1")
SECONDS_PER_HOUR = 3600
CALM = Readiness()


def hours_of(*hours: float) -> dict[date, float]:
    """Weeks of so many hours, the observed one last."""
    return {
        OBSERVED.start - timedelta(weeks=len(hours) - 1 - number): value * SECONDS_PER_HOUR
        for number, value in enumerate(hours)
    }


def bounds(
    *hours: float,
    phase: Phase = Phase.BUILD,
    athlete: Athlete = ATHLETE,
    readiness: Readiness = CALM,
    most_share: float | None = None,
) -> TimeBounds:
    found, _ = time_bounds(phase, hours_of(*hours), athlete, OBSERVED, readiness, most_share)
    assert found is not None
    return found


def test_two_big_weeks_are_not_usual() -> None:
    assert bounds(4, 5, 5, 9, 10).usual_s == 5 * SECONDS_PER_HOUR


def test_an_easier_week_lowers_nothing_where_enough_full_ones_are_known() -> None:
    assert bounds(6, 6, 6, 4, 6).usual_s == 6 * SECONDS_PER_HOUR


GOAL = Race(date=OBSERVED.shift(20).end, priority=RacePriority.A)


def test_a_week_grows_by_a_little_towards_a_race_and_by_less_without_one() -> None:
    aimed = bounds(6, 6, 6, 6, 6, athlete=ATHLETE.model_copy(update={"races": (GOAL,)}))
    assert aimed.target_s == pytest.approx(1.05 * 6 * SECONDS_PER_HOUR)
    assert bounds(6, 6, 6, 6, 6).target_s == pytest.approx(1.02 * 6 * SECONDS_PER_HOUR)


def test_a_week_never_has_more_than_eleven_percent_above_the_mean_of_four_weeks() -> None:
    steady = bounds(6, 6, 6, 6, 6)
    assert steady.target_s <= 1.11 * 6 * SECONDS_PER_HOUR + 1
    assert steady.max_s <= 1.16 * 6 * SECONDS_PER_HOUR
    after_two_lost_weeks = bounds(10, 10, 10, 1, 1)
    assert after_two_lost_weeks.target_s <= 1.15 * 5.5 * SECONDS_PER_HOUR + 1
    assert after_two_lost_weeks.max_s <= 1.19 * 5.5 * SECONDS_PER_HOUR


def test_what_was_done_twice_in_four_weeks_may_be_done_again_after_easier_ones() -> None:
    after_two_easier_weeks = bounds(6, 6, 6, 4.2, 6, 4.2)
    assert after_two_easier_weeks.target_s == pytest.approx(1.15 * 5.1 * SECONDS_PER_HOUR, abs=1)
    after_an_easier_week = bounds(6, 6, 6, 6, 6, 4.2)
    assert after_an_easier_week.target_s >= 6 * SECONDS_PER_HOUR


ILL = Absence(first=OBSERVED.shift(-3).start, last=OBSERVED.shift(-2).start, kind=AbsenceKind.SICK)


def test_time_comes_back_within_weeks_after_an_illness_and_not_only_as_the_mean_forgets_it() -> (
    None
):
    lost = (6, 6, 6, 6, 0.5, 2, 3, 3.6)
    ill = bounds(*lost, athlete=ATHLETE.model_copy(update={"absences": (ILL,)}))
    assert ill.target_s == pytest.approx(1.25 * 3.6 * SECONDS_PER_HOUR, rel=0.01)
    for_no_reason = bounds(*lost)
    assert for_no_reason.max_s < ill.max_s
    later = (6, 6, 6, 0.5, 2, 3, 3.6, 5)
    assert bounds(*later, athlete=ATHLETE.model_copy(update={"absences": (ILL,)})).target_s >= (
        0.85 * 6 * SECONDS_PER_HOUR - 1
    )


def test_more_than_two_lost_weeks_are_no_short_break() -> None:
    ill = ATHLETE.model_copy(update={"absences": (ILL,)})
    lost = (6, 6, 6, 0, 0, 0, 3, 3.6)
    assert bounds(*lost, athlete=ill) == bounds(*lost)


def test_recovery_lowers_time() -> None:
    eased = bounds(6, 6, 6, 6, 6, phase=Phase.RECOVERY)
    six_hours_s = 6 * SECONDS_PER_HOUR
    assert 0.6 * six_hours_s <= eased.target_s <= eased.max_s <= 0.75 * six_hours_s


@pytest.mark.parametrize("signal", ["hrv", "resting_hr", "form"])
def test_a_red_signal_means_less_time_than_usual(signal: str) -> None:
    red = bounds(6, 6, 6, 6, 6, readiness=a_readiness(**{signal: Light.RED}))
    assert red.target_s < 0.9 * 6 * SECONDS_PER_HOUR


def test_two_amber_signals_hold_time_where_it_is() -> None:
    amber = bounds(6, 6, 6, 6, 6, readiness=a_readiness(hrv=Light.AMBER, sleep=Light.AMBER))
    assert amber.target_s < amber.usual_s


def test_a_taper_cuts_time_by_about_half() -> None:
    race = Race(date=OBSERVED.next().end + timedelta(weeks=1), priority=RacePriority.A)
    taper = bounds(
        6, 6, 6, 6, 6, phase=Phase.TAPER, athlete=ATHLETE.model_copy(update={"races": (race,)})
    )
    assert 0.4 * 6 * SECONDS_PER_HOUR <= taper.target_s <= 0.6 * 6 * SECONDS_PER_HOUR


def test_a_race_before_leaves_its_share_at_most() -> None:
    assert bounds(6, 6, 6, 6, 6, most_share=0.3).max_s <= 0.3 * 6 * SECONDS_PER_HOUR + 1


def test_one_trained_week_says_nothing_of_what_is_usual() -> None:
    found, why = time_bounds(Phase.BASE, hours_of(0, 0, 3), ATHLETE, OBSERVED, CALM)
    assert found is None
    assert "Too few weeks" in why


def test_the_reason_speaks_of_hours() -> None:
    _, why = time_bounds(Phase.BUILD, hours_of(6, 6, 6, 6), ATHLETE, OBSERVED, CALM)
    assert why == (
        "Your usual week has 6:00 h of endurance; this one has about 6:07 h, at most 6:52 h."
    )


def test_a_red_signal_asks_for_less_than_the_last_weeks_but_not_for_ever_less() -> None:
    red = a_readiness(hrv=Light.RED)
    steady = bounds(6, 6, 6, 6, 6, readiness=red)
    assert steady.target_s <= 0.7 * 6 * SECONDS_PER_HOUR + 1
    after_red_weeks = bounds(6, 6, 6, 6, 4.8, 4.5, 4.2, 4, readiness=red)
    assert after_red_weeks.target_s < 4.4 * SECONDS_PER_HOUR
    assert after_red_weeks.max_s >= 0.65 * 6 * SECONDS_PER_HOUR - 1


def test_a_red_light_never_brings_more_time_than_none() -> None:
    after_little = (5, 5, 5, 5, 5, 5, 3.3, 2.8, 2.4, 2.1, 2, 1.8, 1.8)
    calm, red = bounds(*after_little), bounds(*after_little, readiness=a_readiness(hrv=Light.RED))
    assert red.target_s <= calm.target_s
    assert red.max_s <= calm.max_s
