import pytest
from hypothesis import given, settings

from weekly_plan_assets.domain.envelope import LoadEnvelope, load_envelope
from weekly_plan_assets.domain.fitness import max_weekly_load_for_ramp
from weekly_plan_assets.domain.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.weekly_plan import Phase
from weekly_plan_assets_tests.domain.week_rows import any_weeks, week, weeks_of


def envelope_after(weeks: list[WeeklyMetrics]) -> LoadEnvelope:
    *history, observed = weeks
    return load_envelope(observed, history)


@settings(max_examples=150, deadline=None)
@given(weeks=any_weeks())
def test_bounds_are_ordered_and_never_empty_whatever_was_measured(
    weeks: list[WeeklyMetrics],
) -> None:
    envelope = envelope_after(weeks)
    assert envelope.min_load <= envelope.target_load <= envelope.max_load
    assert envelope.target_load >= 60
    assert envelope.longest_run_s >= 1800
    assert all(envelope.reasons)


def test_nothing_known_gives_a_small_week_without_hard_sessions() -> None:
    envelope = envelope_after([week(load=0)])
    assert (envelope.min_load, envelope.target_load, envelope.max_load) == (0, 80, 110)
    assert (envelope.phase, envelope.hard_sessions) == (Phase.BASE, 0)
    assert envelope.longest_run_s == 1800


def test_a_build_week_grows_a_little_over_the_recent_mean() -> None:
    envelope = envelope_after(weeks_of(900, 400, 250, 350, 400, longest_run_time_s=5400.0))
    assert envelope.phase is Phase.BUILD
    assert (envelope.min_load, envelope.target_load, envelope.max_load) == (280, 368, 455)
    assert envelope.hard_sessions == 2


def test_a_recovery_week_holds_60_to_70_percent_of_recent_load() -> None:
    envelope = envelope_after(weeks_of(400, 400, 400, longest_run_time_s=5400.0))
    assert envelope.phase is Phase.RECOVERY
    assert (envelope.min_load, envelope.target_load, envelope.max_load) == (240, 260, 280)
    assert envelope.hard_sessions == 0


def test_a_return_week_holds_half_of_the_load_before_the_break_and_half_of_its_runs() -> None:
    envelope = envelope_after(weeks_of(400, 400, 0, 0, 0, longest_run_time_s=6000.0))
    assert envelope.phase is Phase.RETURN
    assert (envelope.min_load, envelope.target_load, envelope.max_load) == (0, 200, 240)
    assert (envelope.longest_run_s, envelope.hard_sessions) == (3000, 0)


def test_ctl_caps_the_week_at_the_ramp() -> None:
    *history, observed = weeks_of(320, 200, 500, longest_run_time_s=5400.0)
    observed = observed.model_copy(update={"ctl_end": 5.0})
    envelope = load_envelope(observed, history)
    assert envelope.target_load == round(max_weekly_load_for_ramp(5.0, 5.0))
    assert envelope.max_load == round(max_weekly_load_for_ramp(5.0, 8.0))


def test_ctl_stands_in_where_no_load_is_known() -> None:
    envelope = envelope_after([week(ctl_end=40.0)])
    assert envelope.target_load == round(1.05 * 7 * 40)


def test_the_longest_run_counts_for_four_weeks() -> None:
    weeks = weeks_of(200, 300, 300, 200, 300, longest_run_time_s=3000.0)
    in_week = {"longest_run_time_s": 6000.0}
    fourth = [weeks[0], weeks[1].model_copy(update=in_week), *weeks[2:]]
    fifth = [weeks[0].model_copy(update=in_week), *weeks[1:]]
    assert envelope_after(fourth).longest_run_s == 6600
    assert envelope_after(fifth).longest_run_s == 3300


def test_the_minimum_never_asks_for_more_than_short_runs_can_hold() -> None:
    by_bike = envelope_after(weeks_of(200, 1000, 700, 1000, longest_run_time_s=None))
    assert by_bike.min_load < 150 < by_bike.target_load


@pytest.mark.parametrize(("rise_bpm", "hard"), [(2.9, 2), (3.0, 1), (5.0, 0)])
def test_a_raised_resting_heart_rate_costs_hard_sessions(rise_bpm: float, hard: int) -> None:
    *history, observed = weeks_of(320, 200, 300, rest_hr_mean_bpm=48.0)
    observed = observed.model_copy(update={"rest_hr_mean_bpm": 48.0 + rise_bpm})
    assert load_envelope(observed, history).hard_sessions == hard
