from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import log
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.readiness import Light, Readiness, Signal, readiness_of
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import count_sessions
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets_tests.support.week_rows import OBSERVED_MONDAY, any_weeks, week

WEEK = TrainingWeek(OBSERVED_MONDAY)
GREEN, AMBER, RED, NOT_EVALUATED = Light
SIGNALS = ("hrv", "resting_hr", "sleep", "form", "monotony", "ramp", "adherence")


def day(number: int) -> date:
    """A day of the observed week, counted from its Monday."""
    return WEEK.start + timedelta(days=number)


def nights(key: str, values: Mapping[int, Any]) -> list[WellnessDay]:
    return [
        WellnessDay.model_validate({"id": day(number).isoformat(), key: value})
        for number, value in values.items()
    ]


def signal(
    name: str,
    wellness: Sequence[WellnessDay] = (),
    activities: Sequence[Activity] = (),
    history: Sequence[WeeklyMetrics] = (),
    planned_load: float | None = None,
    **measured: Any,
) -> Signal:
    found = readiness_of(
        week(**measured),
        history,
        count_sessions(activities),
        wellness,
        planned_load=planned_load,
    ).signal(name)
    assert found is not None
    return found


def hrv(baseline: Sequence[float], now: Sequence[float]) -> list[WellnessDay]:
    """Nights from 28 days before the week on, and nights of the week, in ms."""
    return nights("hrv", dict(enumerate(baseline, -28)) | dict(enumerate(now)))


def resting(now_bpm: float) -> list[WellnessDay]:
    return nights("restingHR", dict.fromkeys(range(-28, 0), 48) | dict.fromkeys(range(7), now_bpm))


def trained(*loads: float | None, **told: Any) -> list[Activity]:
    """A session of an hour on each day of the week from Monday on; no session where it is 0."""
    return [
        Activity.model_validate(
            {
                "id": f"a{number}",
                "start_date_local": f"{day(number)}T07:00:00",
                "type": "Run",
                "moving_time": 3600,
                "icu_training_load": load,
                **told,
            }
        )
        for number, load in enumerate(loads)
        if load != 0
    ]


def test_hrv_is_the_weeks_mean_of_ln_rmssd_against_half_an_sd_of_the_28_days_before() -> None:
    found = signal("hrv", hrv([50, 70] * 14, [60] * 7))
    assert found.light is GREEN
    assert found.value == pytest.approx(log(60), abs=1e-3)
    assert found.baseline == pytest.approx((log(50) + log(70)) / 2, abs=1e-3)
    assert found.low is not None
    assert found.high is not None
    # Fourteen of each: the SD of 28 values is half their distance times sqrt(28 / 27).
    assert found.high - found.low == pytest.approx(log(70 / 50) / 2 * (28 / 27) ** 0.5, abs=2e-3)
    assert (found.measured, found.needed, found.unit) == (7, 3, "ln ms")


@pytest.mark.parametrize(
    ("now_ms", "light"), [(48, RED), (54, AMBER), (56, GREEN), (63, GREEN), (66, AMBER)]
)
def test_hrv_off_its_band_is_amber_and_far_below_it_red(now_ms: float, light: Light) -> None:
    assert signal("hrv", hrv([50, 70] * 14, [now_ms] * 3)).light is light


def test_a_week_a_hair_below_the_band_is_amber_as_long_as_nothing_else_says_so() -> None:
    nights_ms = [52, 56, 53, 56, 53, 57, 52]
    low = hrv([50, 70] * 14, nights_ms)
    found = signal("hrv", low)
    assert found.value is not None
    assert found.low is not None
    assert found.low - 0.02 < found.value < found.low
    assert found.light is AMBER
    assert signal("hrv", [*low, *resting(50.9)]).light is AMBER
    with_heart_rate = signal("hrv", [*low, *resting(51)])
    assert with_heart_rate.light is RED
    assert with_heart_rate.text.endswith("with a raised resting heart rate.")


def test_hrv_below_the_band_on_each_of_five_nights_is_red() -> None:
    assert signal("hrv", hrv([50, 70] * 14, [54] * 4)).light is AMBER
    assert signal("hrv", hrv([50, 70] * 14, [54] * 5)).light is RED
    assert signal("hrv", hrv([50, 70] * 14, [53, 53, 53, 53, 53, 57])).light is AMBER


def test_hrv_that_never_changes_is_inside_its_band() -> None:
    assert signal("hrv", hrv([61.3] * 28, [61.3] * 7)).light is GREEN


def test_hrv_needs_three_nights_of_the_week_and_twelve_before_it() -> None:
    assert signal("hrv", hrv([50, 70] * 14, [60] * 2)).light is NOT_EVALUATED
    assert signal("hrv", hrv([50, 70] * 14, [60] * 3)).light is GREEN
    late = [0.0] * 17 + [50, 70] * 5 + [50]
    assert signal("hrv", hrv(late, [60] * 7)).light is NOT_EVALUATED
    assert "11 of the 28 days" in signal("hrv", hrv(late, [60] * 7)).text
    assert signal("hrv", hrv([0.0] * 16 + [50, 70] * 6, [60] * 7)).light is GREEN


def test_a_night_of_zero_and_one_beyond_any_heart_do_not_count() -> None:
    clean = signal("hrv", hrv([50, 70] * 14, [60] * 5))
    dirty = signal("hrv", hrv([50, 70] * 14, [60] * 5 + [0, 900]))
    assert dirty == clean


def test_sdnn_is_never_taken_for_rmssd() -> None:
    rows = nights("hrvSDNN", dict.fromkeys(range(-28, 7), 60))
    found = signal("hrv", rows)
    assert (found.light, found.value, found.measured) == (NOT_EVALUATED, None, 0)


def test_nothing_after_the_observed_sunday_is_looked_at() -> None:
    rows = hrv([50, 70] * 14, [60] * 7)
    later = nights("hrv", dict.fromkeys(range(7, 20), 5))
    sessions = trained(50, 0, 50, 0, 50, 0, 90)
    next_week = [
        row.model_copy(
            update={"id": f"b{row.id}", "start_date_local": row.start_date_local + timedelta(7)}
        )
        for row in sessions
    ]
    known = readiness_of(week(), (), count_sessions(sessions), rows)
    longer = count_sessions([*sessions, *next_week])
    assert readiness_of(week(), (), longer, [*rows, *later]) == known


@pytest.mark.parametrize(("bpm", "light"), [(50.9, GREEN), (51, AMBER), (52.9, AMBER), (53, RED)])
def test_resting_heart_rate_is_amber_3_bpm_over_its_baseline_and_red_5(
    bpm: float, light: Light
) -> None:
    found = signal("resting_hr", resting(bpm))
    assert (found.light, found.baseline, found.high) == (light, 48.0, 51.0)


def test_resting_heart_rate_without_a_baseline_is_not_evaluated() -> None:
    rows = nights("restingHR", dict.fromkeys(range(7), 55))
    assert signal("resting_hr", rows).light is NOT_EVALUATED


@pytest.mark.parametrize(("hours", "light"), [(6.9, AMBER), (7.0, GREEN)])
def test_sleep_is_amber_below_seven_hours_over_14_days(hours: float, light: Light) -> None:
    rows = nights("sleepSecs", dict.fromkeys(range(-7, 7), 3600 * hours))
    before = nights("sleepSecs", dict.fromkeys(range(-28, -7), 3600))
    found = signal("sleep", [*before, *rows])
    assert (found.light, found.value, found.measured) == (light, hours, 14)


def test_sleep_needs_seven_nights_and_a_night_of_zero_is_none() -> None:
    six = nights("sleepSecs", dict.fromkeys(range(6), 30_000) | {6: 0})
    assert signal("sleep", six).light is NOT_EVALUATED
    assert signal("sleep", nights("sleepSecs", dict.fromkeys(range(7), 30_000))).light is GREEN


@pytest.mark.parametrize(
    ("atl", "light"), [(40.0, GREEN), (80.0, GREEN), (80.1, RED), (None, NOT_EVALUATED)]
)
def test_form_is_flagged_below_minus_30(atl: float | None, light: Light) -> None:
    assert signal("form", ctl_end=50.0, atl_end=atl).light is light


@pytest.mark.parametrize(
    ("rise", "light"), [(-9.0, GREEN), (8.0, GREEN), (8.1, AMBER), (10.0, AMBER), (10.1, RED)]
)
def test_a_ramp_over_8_is_amber_and_over_10_red(rise: float, light: Light) -> None:
    found = signal("ramp", history=[week(1, ctl_end=40.0)], ctl_end=40.0 + rise)
    assert (found.light, found.value) == (light, rise)


def test_the_ramp_needs_the_week_before_and_no_older_one() -> None:
    assert signal("ramp", history=[week(2, ctl_end=40.0)], ctl_end=60.0).light is NOT_EVALUATED


def test_monotony_is_mean_by_sd_of_the_seven_days_and_strain_load_times_monotony() -> None:
    found = signal("monotony", activities=trained(100, 0, 100, 0, 100, 0, 100))
    # Mean 400 / 7, SD 49.49 of three rest days and four alike.
    assert found.value == pytest.approx(1.155, abs=1e-3)
    assert found.light is GREEN
    assert found.text.endswith("strain was 462.")


def test_days_that_are_alike_are_monotonous() -> None:
    found = signal("monotony", activities=trained(60, 62, 60, 64, 60, 60, 0))
    assert (found.light, found.high) == (AMBER, 2.0)
    assert signal("monotony", activities=trained(*[60] * 7)).value == 10.0


def test_monotony_needs_the_load_of_four_in_five_sessions() -> None:
    assert signal("monotony", activities=trained(50, 60, 70, 80, None)).light is GREEN
    thin = signal("monotony", activities=trained(50, 60, 70, None, None))
    assert (thin.light, thin.measured, thin.needed) == (NOT_EVALUATED, 3, 4)
    assert signal("monotony").light is NOT_EVALUATED
    assert signal("monotony", activities=trained(0.0001, None)).light is NOT_EVALUATED


def test_a_session_of_two_devices_counts_once_and_an_implausible_load_not_at_all() -> None:
    once = trained(100, 0, 90, 0, 80, 0, 100)
    twins = [row.model_copy(update={"id": f"{row.id} of an app"}) for row in once]
    assert signal("monotony", activities=[*once, *twins]) == signal("monotony", activities=once)
    wrong = signal("monotony", activities=trained(100, -90, 80, 70, 60))
    assert (wrong.measured, wrong.light) == (4, GREEN)


@pytest.mark.parametrize(
    ("done", "planned", "light"),
    [
        (240.0, 300.0, GREEN),
        (239.0, 300.0, AMBER),
        (361.0, 300.0, AMBER),
        (0.0, 300.0, AMBER),
        (None, 300.0, NOT_EVALUATED),
        (300.0, None, NOT_EVALUATED),
        (300.0, 0.0, NOT_EVALUATED),
        (300.0, 2.2e-309, NOT_EVALUATED),
        (300.0, 0.5, NOT_EVALUATED),
        (300.0, 1.0, AMBER),
        (1.7e308, 300.0, AMBER),
    ],
)
def test_adherence_is_load_done_by_load_planned(
    done: float | None, planned: float | None, light: Light
) -> None:
    assert signal("adherence", load=done, planned_load=planned).light is light


def test_adherence_is_not_evaluated_where_little_load_is_known() -> None:
    found = signal("adherence", load=100.0, planned_load=300.0, unknown_load_count=2)
    assert (found.light, found.measured, found.needed) == (NOT_EVALUATED, 3, 4)


def test_a_signal_that_is_not_there_is_not_evaluated() -> None:
    assert Readiness().light("hrv") is NOT_EVALUATED
    assert Readiness().signal("hrv") is None


bpm = st.none() | st.floats(-10, 300)
rows = st.builds(
    lambda number, hrv_ms, resting_bpm, sleep_s: WellnessDay(
        day=day(number), hrv_rmssd_ms=hrv_ms, resting_hr_bpm=resting_bpm, sleep_s=sleep_s
    ),
    st.integers(-40, 10),
    st.none() | st.floats(-10, 900),
    bpm,
    st.none() | st.floats(-10, 200_000),
)


@settings(max_examples=100, deadline=None)
@given(
    weeks=any_weeks(),
    wellness=st.lists(rows, max_size=50),
    loads=st.lists(st.none() | st.floats(-50, 900), max_size=7),
    planned=st.none() | st.floats(0, 900),
)
def test_whatever_was_measured_every_signal_answers_and_shows_what_it_rests_on(
    weeks: list[WeeklyMetrics],
    wellness: list[WellnessDay],
    loads: list[float | None],
    planned: float | None,
) -> None:
    *history, observed = weeks
    sessions = count_sessions(trained(*loads))
    found = readiness_of(observed, history, sessions, wellness, planned_load=planned)
    assert tuple(one.name for one in found.signals) == SIGNALS
    for one in found.signals:
        assert one.text
        assert one.source
        if one.light is not NOT_EVALUATED:
            assert one.value is not None
            assert one.measured >= one.needed
    assert Readiness.model_validate_json(found.model_dump_json(by_alias=True)) == found
