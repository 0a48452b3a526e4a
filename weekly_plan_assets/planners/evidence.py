"""What a reason rests on: metrics of the week, as they are stored, and sessions before it.

The reasons themselves belong to `plan_reasons` and `season_reasons`.
"""

from datetime import timedelta

from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics, mean_over
from weekly_plan_assets.domain.plan.weekly_plan import Evidence, Sport
from weekly_plan_assets.domain.recorded.sport_types import ACTIVITY_TYPES_BY_SPORT
from weekly_plan_assets.planners.base import PlanningRequest

METRICS_OF_SIGNAL = {
    "hrv": ("hrv_mean_ms",),
    "resting_hr": ("rest_hr_mean_bpm",),
    "sleep": ("sleep_score_mean",),
    "form": ("ctl_end", "atl_end"),
    "ramp": ("ramp_rate_mean",),
}
"""The metrics that a signal of readiness shows in; monotony and adherence show in the load."""


def longest_of_late_s(request: PlanningRequest, sport: Sport, memory: timedelta) -> int:
    """Seconds of the longest session of a sport in so long a time before the week; 0 for none."""
    types, monday = ACTIVITY_TYPES_BY_SPORT[sport], request.context.planned_week.start
    return max(
        (
            one.duration_s or 0
            for one in request.sessions
            if one.activity.type in types and monday - memory <= one.activity.day < monday
        ),
        default=0,
    )


def cited(request: PlanningRequest, *names: str) -> tuple[Evidence, ...]:
    """Evidence for those of the metrics that were measured; the baseline is the history's mean."""
    evidence = []
    for name in names:
        value = getattr(request.metrics, name)
        if value is None:
            continue
        evidence.append(
            Evidence(
                metric=WeeklyMetrics.model_fields[name].alias or name,
                value=value,
                baseline=mean_over(request.history, name),
            )
        )
    return tuple(evidence)
