"""What is known of an athlete, as tables: a line a row, what is missing left empty.

No character that a delimiter is made of occurs in it, whatever somebody named their activity.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.sport_heart import ZONE_COUNT
from weekly_plan_assets.domain.athlete.targets import own_target
from weekly_plan_assets.domain.athlete.thresholds import ThresholdMeasure
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.readiness import RAISED
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.implausible_values import plausible_rows
from weekly_plan_assets.domain.units import METRES_PER_KM, SECONDS_PER_HOUR, SECONDS_PER_MINUTE
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.decisions.contract import DecidedDay

SESSION_WEEKS = 3
"""So far back single sessions are listed; the figures of weeks go further."""

NIGHTS = 14

LONGEST_NAME = 40

COLUMNS = {
    "trainingLoad": ("training_load", ".0f"),
    "activityCount": ("activity_count", ".0f"),
    "longestRunTime": ("longest_run_time_s", ".0f"),
    "ctlEnd": ("ctl_end", ".1f"),
    "atlEnd": ("atl_end", ".1f"),
    "hrvMean": ("hrv_mean_ms", ".1f"),
    "restHrMean": ("rest_hr_mean_bpm", ".1f"),
    "sleepScoreMean": ("sleep_score_mean", ".0f"),
    "vo2Sessions": ("vo2_sessions", ".0f"),
    "tempoSessions": ("tempo_sessions", ".0f"),
}
"""Columns of the table of weeks, which reasons may rest on: field, and how it is shown."""

_ESCAPED = {ord(char): f"\\u{ord(char):04x}" for char in "<>&`"}


def data_tables(request: PlanningRequest) -> str:
    """All that is known of the athlete but their id."""
    athlete = request.context.athlete
    parts = [
        ("athlete", _athlete(athlete)),
        ("what the athlete wrote", _notes(request)),
        ("races", _races(request)),
        ("zones, bpm", _zones(athlete)),
        ("weeks", _weeks((*request.history, request.metrics))),
        ("signals of last week that are not as usual", _signals(request)),
        ("nights", _nights(request)),
        ("sessions", _sessions(request)),
        ("workouts planned of late", _workouts(request)),
    ]
    texts = []
    for title, lines in parts:
        rows = list(lines)
        if rows:
            texts.append("\n".join([f"# {title}", *rows]))
    return "\n".join(texts).translate(_ESCAPED)


def _athlete(athlete: Athlete) -> Iterator[str]:
    sports = ", ".join(sport.name.lower() for sport in athlete.endurance_sports)
    yield f"sports: {sports}; experience: {athlete.experience.value}"
    habit = athlete.known_habit
    if habit is not None:
        shares = ", ".join(
            f"{sport.sport.name.lower()} {sport.share:.0%} of time, usually "
            f"{sport.usual_s // SECONDS_PER_MINUTE} min, longest "
            f"{sport.longest_s // SECONDS_PER_MINUTE}"
            for sport in habit.sports
        )
        often = f"{habit.sessions_per_week:g} sessions on {habit.days_per_week:g} days"
        yield f"habit: {often}; {shares}"
        days = zip(DecidedDay, habit.weekday_shares, strict=True)
        yield "weeks with training on: " + ", ".join(f"{day} {share:.0%}" for day, share in days)
    for one in athlete.thresholds:
        target = own_target(one)
        unit = "W" if one.measure is ThresholdMeasure.POWER else "s a km or 100 m"
        yield f"threshold {one.sport.name.lower()}: {target.high:g} {unit} ({one.source.value})"


def _notes(request: PlanningRequest) -> Iterator[str]:
    if request.notes is not None:
        yield " ".join(request.notes.split())


def _races(request: PlanningRequest) -> Iterator[str]:
    monday = request.context.planned_week.start
    for race in request.context.athlete.races:
        if race.date < monday - timedelta(weeks=2):
            continue
        sport = "" if race.sport is None else race.sport.name.lower()
        km = "" if race.distance_m is None else f"{race.distance_m / METRES_PER_KM:g} km"
        target = "" if race.target_time_s is None else f"target {race.target_time_s} s"
        row = (str(race.date), race.priority.value, sport, km, target, _name(race.name))
        yield " | ".join(row)


def _zones(athlete: Athlete) -> Iterator[str]:
    for sport in athlete.endurance_sports:
        bounds = [athlete.training_bounds(zone, sport) for zone in range(1, ZONE_COUNT + 1)]
        if sport is not Sport.SWIM and bounds[0].bpm_high is not None:
            yield f"{sport.name.lower()}: up to {', '.join(str(one.bpm_high) for one in bounds)}"


def _weeks(weeks: Sequence[WeeklyMetrics]) -> Iterator[str]:
    """The observed week last; a column that nothing is known of is left out."""
    shown = {
        name: [_figure(getattr(week, field), form) for week in weeks]
        for name, (field, form) in COLUMNS.items()
    }
    known = {name: values for name, values in shown.items() if any(values)}
    yield " | ".join(["week", *known])
    for number, week in enumerate(weeks):
        yield " | ".join([str(week.week_start), *(values[number] for values in known.values())])


def _signals(request: PlanningRequest) -> Iterator[str]:
    for signal in request.context.envelope.readiness.with_light(*RAISED):
        yield f"{signal.light.value}: {signal.text}"


def _nights(request: PlanningRequest) -> Iterator[str]:
    first = request.context.planned_week.start - timedelta(days=NIGHTS)
    rows = [
        (
            str(one.day),
            _figure(one.hrv_rmssd_ms, ".0f"),
            _figure(one.resting_hr_bpm, ".0f"),
            _figure(one.sleep_s and one.sleep_s / SECONDS_PER_HOUR, ".1f"),
        )
        for one in request.wellness
        if first <= one.day < request.context.planned_week.start
    ]
    if any(any(values) for _, *values in rows):
        yield "day | HRV ms | resting bpm | sleep h"
        for row in rows:
            yield " | ".join(row)


def _sessions(request: PlanningRequest) -> Iterator[str]:
    """The sessions of the last weeks, without values that nobody has."""
    first = request.context.planned_week.start - timedelta(weeks=SESSION_WEEKS)
    recent = [row for row in request.activities if row.day >= first]
    if recent:
        yield "day | sport | min | km | load | bpm | min in zones 1 to 5 | W | RPE | name"
    rows = plausible_rows([activity.model_dump() for activity in recent])
    for activity, row in zip(recent, rows, strict=True):
        yield " | ".join(_session(activity, row))


def _session(activity: Activity, row: dict[str, Any]) -> Iterator[str]:
    time_s = row["elapsed_time"] if row["moving_time"] is None else row["moving_time"]
    extras = activity.model_extra or {}
    zones = activity.hr_zone_times_s or ()
    yield f"{activity.day:%a %d %b}"
    yield activity.type or ""
    yield _figure(time_s and time_s / SECONDS_PER_MINUTE, ".0f")
    yield _figure(row["distance"] and row["distance"] / METRES_PER_KM, ".1f")
    yield _figure(row["icu_training_load"], ".0f")
    yield _figure(row["average_heartrate"], ".0f")
    yield " ".join(f"{zone_s / SECONDS_PER_MINUTE:.0f}" for zone_s in zones)
    yield _figure(activity.weighted_power_w, ".0f")
    yield _figure(extras.get("icu_rpe"), ".0f")
    yield _name(activity.name)


def _workouts(request: PlanningRequest) -> Iterator[str]:
    monday = request.context.planned_week.start
    for one in request.workouts:
        if one.day >= monday - timedelta(weeks=6):
            yield f"{one.day} {one.family}/{one.level} {'done' if one.is_done else 'not done'}"


def _figure(value: Any, form: str) -> str:
    """A number in its form; empty for what is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return format(value, form) if is_number else ""


def _name(name: str | None) -> str:
    """Foreign words as one cell of a table."""
    return " ".join((name or "").replace("|", "/").split())[:LONGEST_NAME]
