"""What an athlete has trained of late, as tables: each session, and what it was meant to be."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from weekly_plan_assets.domain.adherence import SESSION_WEEKS, PlannedAndDone, SessionOutcome
from weekly_plan_assets.domain.athlete.thresholds import pace_metres
from weekly_plan_assets.domain.done_workouts import DoneWorkout
from weekly_plan_assets.domain.envelope.unfinished_week import days_to_come
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.activity import STRENGTH_TYPES, Activity
from weekly_plan_assets.domain.recorded.implausible_values import plausible_rows
from weekly_plan_assets.domain.recorded.sport_types import SPORTS_BY_ACTIVITY_TYPE
from weekly_plan_assets.domain.units import METRES_PER_KM, SECONDS_PER_MINUTE
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.model.table_rows import figure_cell, foreign_cell, rows_of

MOST_SESSION_NOTES = 5
LONGEST_SESSION_NOTE = 60

WORKOUT_WEEKS = 6
"""So far back workouts of plans are named. Project convention."""

_PACED = frozenset({Sport.RUN, Sport.SWIM})


def recorded_sessions(request: PlanningRequest, most: int) -> Iterator[str]:
    """The sessions of the last weeks, oldest first, without values that nobody has.

    Args:
        request: Whose they are.
        most: So many are listed, the latest.
    """
    first = request.context.planned_week.start - timedelta(weeks=SESSION_WEEKS)
    recent = [one for one in request.activities if one.day >= first and not _is_stub(one)]
    recent = recent[-most:]
    meant = {one.activity_id: one for one in request.planned_of_late if one.activity_id}
    rows = plausible_rows([activity.model_dump() for activity in recent])
    cells = [
        _cells(activity, row, meant.get(activity.id))
        for activity, row in zip(recent, rows, strict=True)
    ]
    noted = [row for row in cells if row["note"]]
    for row in noted[:-MOST_SESSION_NOTES]:
        row["note"] = ""
    yield from rows_of(cells)


def _is_stub(activity: Activity) -> bool:
    """Whether nothing is known of it but its day."""
    return activity.type is None and activity.name is None


def _cells(
    activity: Activity, row: Mapping[str, Any], meant: PlannedAndDone | None
) -> dict[str, str]:
    time_s = row["elapsed_time"] if row["moving_time"] is None else row["moving_time"]
    extras = activity.model_extra or {}
    # Heart rate says little of strength work.
    zones = () if activity.type in STRENGTH_TYPES else activity.hr_zone_times_s or ()
    watts = figure_cell(activity.weighted_power_w, ".0f")
    return {
        "day": f"{activity.day:%a %d %b}",
        "sport": foreign_cell(activity.type),
        "min": figure_cell(time_s and time_s / SECONDS_PER_MINUTE, ".0f"),
        "km": figure_cell(row["distance"] and row["distance"] / METRES_PER_KM, ".1f"),
        "min/km, min/100 m swum, W": _pace(activity, time_s, row["distance"]) or watts,
        "bpm": figure_cell(row["average_heartrate"], ".0f"),
        "min in zones 1 to 5": " ".join(f"{one / SECONDS_PER_MINUTE:.0f}" for one in zones),
        "load": figure_cell(row["icu_training_load"], ".0f"),
        "RPE": figure_cell(extras.get("icu_rpe"), ".0f"),
        "feel (5 weak)": figure_cell(extras.get("feel"), ".0f"),
        "planned as, min": "" if meant is None else _meant(meant),
        "name": foreign_cell(activity.name),
        "note": foreign_cell(extras.get("description"), LONGEST_SESSION_NOTE),
    }


def _pace(activity: Activity, time_s: float | None, distance_m: float | None) -> str:
    """The pace of runs and swims; that of rides says little."""
    sport = SPORTS_BY_ACTIVITY_TYPE.get(activity.type or "")
    if sport is None or sport not in _PACED or not time_s or not distance_m:
        return ""
    pace_s = round(time_s / distance_m * pace_metres(sport))
    return f"{pace_s // SECONDS_PER_MINUTE}:{pace_s % SECONDS_PER_MINUTE:02}"


def _meant(planned: PlannedAndDone) -> str:
    """What a session was planned as; its workout by name, where it was one of the library."""
    minutes = f"{planned.planned_duration_s / SECONDS_PER_MINUTE:.0f}"
    return " ".join([planned.kind.value, *([planned.workout] if planned.workout else []), minutes])


def last_plan(request: PlanningRequest) -> Iterator[str]:
    """The load of the observed week's plan and what became of it, and what was missed of late.

    Nothing is missed of the days of a week that are still to come.
    """
    to_come = days_to_come(request.metrics, request.sessions)
    known = [one for one in request.planned_of_late if one.activity_id or one.day not in to_come]
    week = [one for one in known if one.day >= request.metrics.week_start]
    if week:
        planned = sum(one.planned_load for one in week)
        done = figure_cell(request.metrics.training_load, ".0f") or "-"
        counts = Counter(one.outcome for one in week)
        became = ", ".join(f"{counts[one]} {one.value}" for one in SessionOutcome if counts[one])
        yield f"load planned {planned:.0f}, done {done}; sessions: {became}"
    for one in known:
        if one.outcome is SessionOutcome.MISSED:
            yield f"missed: {one.day:%a %d %b} {one.sport.name.lower()} {_meant(one)} min"
        if one.by_hand is not None:
            what = f"{one.day:%a %d %b} {one.sport.name.lower()} {_meant(one)} min"
            yield f"{one.by_hand.value} by the athlete on the calendar: {what}"


def workouts_of_late(request: PlanningRequest) -> Iterator[str]:
    """The library's workouts of the last weeks' plans: a line a family."""
    first = request.context.planned_week.start - timedelta(weeks=WORKOUT_WEEKS)
    families: dict[str, list[DoneWorkout]] = {}
    for one in request.workouts:
        if one.day >= first:
            families.setdefault(one.family, []).append(one)
    for family, workouts in families.items():
        levels = ", ".join(
            f"{one.level} {'done' if one.is_done else 'not done'} {one.day:%d %b}"
            for one in workouts
        )
        yield f"{family}: {levels}"
