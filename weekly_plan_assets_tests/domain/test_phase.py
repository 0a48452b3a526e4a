import pytest

from weekly_plan_assets.domain.phase import form, season_phase, trained_weeks, weekly_load
from weekly_plan_assets.domain.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.weekly_plan import Phase
from weekly_plan_assets_tests.domain.week_rows import week, weeks_of


def phase_after(weeks: list[WeeklyMetrics]) -> Phase:
    *history, observed = weeks
    return season_phase(observed, history)[0]


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


@pytest.mark.parametrize(("atl", "phase"), [(80.0, Phase.BUILD), (80.1, Phase.RECOVERY)])
def test_high_fatigue_calls_for_recovery(atl: float, phase: Phase) -> None:
    *history, observed = weeks_of(320, 200, 300)
    observed = observed.model_copy(update={"ctl_end": 50.0, "atl_end": atl})
    assert phase_after([*history, observed]) is phase


def test_a_break_outweighs_fatigue() -> None:
    *history, observed = weeks_of(300, 300, 0, 0)
    observed = observed.model_copy(update={"ctl_end": 50.0, "atl_end": 99.0})
    assert phase_after([*history, observed]) is Phase.RETURN


def test_form_is_unknown_where_a_half_of_it_is() -> None:
    assert form(week(ctl_end=50.0)) is None
    assert form(week(ctl_end=50.0, atl_end=60.0)) == -10.0


def test_a_week_of_activities_without_load_is_unknown_and_an_empty_week_is_zero() -> None:
    assert weekly_load(week(load=None)) is None
    assert weekly_load(week(activity_count=0)) == 0.0


def test_a_week_below_a_tenth_of_the_busiest_was_no_training() -> None:
    weeks = weeks_of(300, 29, 30, None)
    assert trained_weeks(weeks) == (weeks[0], weeks[2], weeks[3])
