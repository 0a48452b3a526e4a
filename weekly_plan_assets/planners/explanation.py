"""The words around a planned week: its objective, its warnings, its reasons with their numbers.

A reason cites only metrics that were measured, with the value as it is stored.
"""

from collections.abc import Sequence
from statistics import fmean

from weekly_plan_assets.domain.phase import form
from weekly_plan_assets.domain.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.weekly_plan import (
    Evidence,
    Phase,
    PlannedDay,
    Reason,
    Sport,
)
from weekly_plan_assets.planners.base import PlanningRequest

OBJECTIVES = {
    Phase.BASE: "Build an aerobic base with regular, mostly easy training.",
    Phase.BUILD: "Raise fitness with few hard sessions, well apart, and plenty of easy training.",
    Phase.SPECIFIC: "Practise the effort of the goal race while easy training carries the load.",
    Phase.TAPER: "Shed fatigue before the race and keep some intensity.",
    Phase.RACE_WEEK: "Arrive at the race rested.",
    Phase.RECOVERY: "Recover from the past weeks, so that their training takes effect.",
    Phase.RETURN: "Come back to regular training with short and easy sessions.",
}

ZONES_BY_FEEL = (
    "No heart-rate zones are known: keep easy sessions at a pace at which you can talk in whole "
    "sentences, and steer hard ones by feel."
)


def warnings(request: PlanningRequest) -> tuple[str, ...]:
    """What the athlete should know before starting; empty where all is known and well."""
    context, metrics = request.context, request.metrics
    found = []
    if context.envelope.phase is Phase.RETURN:
        found.append("This is the first week back after a break: stop early rather than late.")
    if context.athlete.hr_bounds(1).bpm_high is None:
        found.append(ZONES_BY_FEEL)
    if metrics.hrv_mean_ms is None:
        found.append("HRV was not measured in the observed week.")
    if metrics.rest_hr_mean_bpm is None:
        found.append("Resting heart rate was not measured in the observed week.")
    if metrics.ctl_end is None or metrics.atl_end is None:
        found.append("Fitness and fatigue (CTL, ATL) were not known in the observed week.")
    if metrics.unknown_load_count:
        found.append(
            f"Activities of the observed week without a known load: {metrics.unknown_load_count}; "
            "its true load is higher than its sum."
        )
    return tuple(found)


def justification(request: PlanningRequest, days: Sequence[PlannedDay]) -> tuple[Reason, ...]:
    """Why the week looks as it does. What was not measured gives no reason."""
    reasons = (
        _load_reason(request, days),
        _form_reason(request),
        _long_run_reason(request, days),
        _hard_reason(request, days),
    )
    return tuple(reason for reason in reasons if reason is not None)


def _load_reason(request: PlanningRequest, days: Sequence[PlannedDay]) -> Reason:
    envelope = request.context.envelope
    load = sum(day.planned_load for day in days)
    return Reason(
        text=(
            f"The week holds a load of {load:.0f}; from the past weeks and CTL follow a target of "
            f"{envelope.target_load} and bounds of {envelope.min_load} and {envelope.max_load}."
        ),
        evidence=_cite(request, "activity_count", "training_load", "ctl_end"),
    )


def _form_reason(request: PlanningRequest) -> Reason | None:
    observed = form(request.metrics)
    if observed is None:
        return None
    phase = request.context.envelope.phase.value
    return Reason(
        text=f"Form (CTL - ATL) ended the observed week at {observed:.1f}; a {phase} week follows.",
        evidence=_cite(request, "ctl_end", "atl_end"),
    )


def _long_run_reason(request: PlanningRequest, days: Sequence[PlannedDay]) -> Reason | None:
    sessions = [session for day in days for session in day.sessions]
    runs_s = [session.duration_s for session in sessions if session.sport is Sport.RUN]
    evidence = _cite(request, "longest_run_time_s")
    if not runs_s or not evidence:
        return None
    return Reason(
        text=(
            f"The longest run takes {max(runs_s) // 60} min; past runs allow "
            f"{request.context.envelope.longest_run_s // 60} min."
        ),
        evidence=evidence,
    )


def _hard_reason(request: PlanningRequest, days: Sequence[PlannedDay]) -> Reason:
    hard = sum(session.is_hard for day in days for session in day.sessions)
    return Reason(
        text=f"Hard sessions this week: {hard}, at most "
        f"{request.context.envelope.hard_sessions} allowed.",
        evidence=_cite(request, "vo2_sessions", "tempo_sessions", "rest_hr_mean_bpm"),
    )


def _cite(request: PlanningRequest, *names: str) -> tuple[Evidence, ...]:
    """Evidence for those of the metrics that were measured; the baseline is the history's mean."""
    cited = []
    for name in names:
        value = getattr(request.metrics, name)
        if value is None:
            continue
        past = [known for week in request.history if (known := getattr(week, name)) is not None]
        cited.append(
            Evidence(
                metric=WeeklyMetrics.model_fields[name].alias or name,
                value=value,
                baseline=fmean(past) if past else None,
            )
        )
    return tuple(cited)
