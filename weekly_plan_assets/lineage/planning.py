"""How planning inputs come about: from metrics and raw rows to the frozen record."""

from collections.abc import Sequence

from weekly_plan_assets.domain.activity import Activity
from weekly_plan_assets.domain.envelope import load_envelope
from weekly_plan_assets.domain.guardrails import PlanContext, registry_version
from weekly_plan_assets.domain.profile import Told, profile_of
from weekly_plan_assets.domain.readiness import readiness_of
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.domain.weekly_metrics import HISTORY_WEEKS, WeeklyMetrics
from weekly_plan_assets.domain.wellness import WellnessDay
from weekly_plan_assets.lineage.provenance import sha256_of
from weekly_plan_assets.lineage.records import PlanningInputs
from weekly_plan_assets.planners.base import Planner, PlanningRequest

NOTHING_TOLD = Told()
"""Of an athlete who is known by their recorded training alone."""


def freeze_inputs(
    *,
    run_id: str,
    athlete_id: str,
    metrics: Sequence[WeeklyMetrics],
    activities: Sequence[Activity],
    wellness: Sequence[WellnessDay],
    planner: Planner,
    told: Told = NOTHING_TOLD,
) -> PlanningInputs:
    """The record of what a planner is about to see.

    Args:
        run_id: The planning execution.
        athlete_id: Whose plan it is.
        metrics: The observed week last, before it the weeks of history that are stored.
        activities: Raw sessions of those weeks.
        wellness: Raw days of those weeks.
        planner: Who will be asked.
        told: What else is told of the athlete; what could not be known yet is left out.
    """
    *history, observed = metrics
    week = TrainingWeek(observed.week_start)
    known = told.known_after(week)
    athlete = profile_of(athlete_id, activities, known, week.next())
    readiness = readiness_of(observed, history, activities, wellness)
    envelope = load_envelope(observed, history, athlete, readiness, activities)
    context = PlanContext.after(observed, history, athlete, envelope)
    request = PlanningRequest(context, observed, tuple(history), tuple(activities))
    prompt = planner.render_prompt(request)
    return PlanningInputs(
        run_id=run_id,
        athlete_id=athlete_id,
        observed_week_start=week.start,
        week_start=week.next().start,
        week_end=week.next().end,
        prompt_version=planner.prompt_version,
        model_id=planner.model_id,
        prompt=prompt,
        metrics=observed,
        history=tuple(history),
        history_weeks_asked=HISTORY_WEEKS,
        athlete=athlete,
        sport_settings=known.sport_settings,
        calendar=known.calendar,
        envelope=envelope,
        registry_version=registry_version(),
        activities=tuple(activities),
        wellness=tuple(wellness),
        input_hashes={
            "metrics": sha256_of(observed),
            "history": sha256_of(history),
            "activities": sha256_of(activities),
            "wellness": sha256_of(wellness),
            "athlete": sha256_of(athlete),
            "athleteFile": sha256_of(known.file),
            "sportSettings": sha256_of(known.sport_settings),
            "calendar": sha256_of(known.calendar),
            "envelope": sha256_of(envelope),
            "prompt": sha256_of(prompt),
        },
    )
