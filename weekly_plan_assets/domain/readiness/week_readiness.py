"""All signals of an observed week together."""

from collections.abc import Sequence

from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.readiness.body_signals import body_signals
from weekly_plan_assets.domain.readiness.signal import Readiness
from weekly_plan_assets.domain.readiness.training_signals import training_signals
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.week import TrainingWeek


def readiness_of(
    metrics: WeeklyMetrics,
    history: Sequence[WeeklyMetrics],
    sessions: Sequence[CountedSession] = (),
    wellness: Sequence[WellnessDay] = (),
    *,
    planned_load: float | None = None,
) -> Readiness:
    """The signals of the observed week; what was measured too little is not evaluated.

    Nothing after the week's Sunday is looked at.

    Args:
        metrics: The observed week.
        history: Earlier weeks.
        sessions: Those of the observed week, and others.
        wellness: Raw days of the observed week and of the four before.
        planned_load: What was planned for the observed week; None if nothing was.
    """
    week = TrainingWeek(metrics.week_start)
    return Readiness(
        signals=(
            *body_signals(week, wellness),
            *training_signals(metrics, history, sessions, planned_load),
        )
    )
