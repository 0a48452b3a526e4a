"""Weekly metrics for tests: a quiet default week, and any week at all for hypothesis."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics

OBSERVED_MONDAY = date(2024, 5, 6)

COUNTS = (
    "activity_count",
    "unknown_load_count",
    "run_count",
    "ride_count",
    "vo2_sessions",
    "tempo_sessions",
    "long_runs",
    "strength_count",
)


def week(weeks_ago: int = 0, load: float | None = None, **measured: Any) -> WeeklyMetrics:
    """A week of five activities with this load, of none for load 0; nothing else is measured."""
    start = OBSERVED_MONDAY - timedelta(weeks=weeks_ago)
    fields: dict[str, Any] = dict.fromkeys(WeeklyMetrics.model_fields)
    fields |= dict.fromkeys(COUNTS, 0)
    fields |= {
        "athlete_id": "i1",
        "week_start": start,
        "week_end": start + timedelta(days=6),
        "activity_count": 0 if load == 0 else 5,
        "training_load": load,
    }
    return WeeklyMetrics(**fields | measured)


def weeks_of(*loads: float | None, **measured: Any) -> list[WeeklyMetrics]:
    """Weeks without a gap, oldest first, the last being the observed one."""
    return [week(len(loads) - 1 - i, load, **measured) for i, load in enumerate(loads)]


def _or_none(largest: float) -> st.SearchStrategy[float | None]:
    return st.none() | st.floats(min_value=0, max_value=largest)


@st.composite
def any_weeks(draw: st.DrawFn) -> list[WeeklyMetrics]:
    """An observed week, last, and up to four of the weeks before it, in any state."""
    ages = sorted(draw(st.sets(st.integers(1, 4))), reverse=True)
    counts = st.integers(0, 20)
    return [
        week(
            weeks_ago,
            draw(_or_none(2500)),
            **{name: draw(counts) for name in COUNTS},
            run_time_s=draw(_or_none(40 * 3600)),
            longest_run_time_s=draw(_or_none(40 * 3600)),
            ctl_end=draw(_or_none(200)),
            atl_end=draw(_or_none(300)),
            rest_hr_mean_bpm=draw(_or_none(120)),
            hrv_mean_ms=draw(_or_none(200)),
        )
        for weeks_ago in (*ages, 0)
    ]
