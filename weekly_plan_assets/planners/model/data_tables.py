"""What is known of an athlete, as tables: a line a row, what is missing left empty.

No character that a delimiter is made of occurs in it, whatever somebody named their activity. How
many rows and how much of foreign words there may be is bounded, and with it what a week costs; what
was trained belongs to `session_tables`.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from weekly_plan_assets.common.figures_in_words import threshold_in_words
from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.sport_heart import ZONE_COUNT
from weekly_plan_assets.domain.envelope.season import season_blocks
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.readiness import RAISED
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.units import METRES_PER_KM, SECONDS_PER_HOUR, SECONDS_PER_MINUTE
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.decisions.contract import DecidedDay
from weekly_plan_assets.planners.model.session_tables import (
    last_plan,
    recorded_sessions,
    workouts_of_late,
)
from weekly_plan_assets.planners.model.table_rows import figure_cell, foreign_cell, rows_of

NIGHTS = 14
MOST_RACES = 8
MOST_CALENDAR_NOTES = 5
LONGEST_CALENDAR_NOTE = 120

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

_NIGHTS_TITLE = f"the last {NIGHTS} nights, Monday to Sunday twice"
_HARMLESS = str.maketrans("<>&`", "\u2039\u203a+'")
"""For characters that delimiters are made of: others that look like them, and are no longer."""


def data_tables(request: PlanningRequest, most_sessions: int) -> str:
    """All that is known of the athlete but their id.

    Args:
        request: The week.
        most_sessions: So many single sessions are listed; the figures of weeks speak of all.
    """
    athlete = request.context.athlete
    parts = [
        ("athlete", _athlete(athlete)),
        ("what the athlete wrote", _notes(request)),
        ("what the athlete wrote into the calendar", _calendar_notes(request)),
        ("races", _races(request)),
        ("season, by blocks up to the next A race", _season(request)),
        ("zones, bpm", _zones(athlete)),
        ("weeks", _weeks((*request.history, request.metrics))),
        ("signals of last week that are not as usual", _signals(request)),
        (_NIGHTS_TITLE, _nights(request)),
        ("sessions", recorded_sessions(request, most_sessions)),
        ("last week's plan", last_plan(request)),
        ("workouts planned of late, by level", workouts_of_late(request)),
    ]
    texts = []
    for title, lines in parts:
        rows = list(lines)
        if rows:
            texts.append("\n".join([f"# {title}", *rows]))
    return "\n".join(texts).translate(_HARMLESS)


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
        since = "" if one.as_of is None else f", {one.as_of}"
        sport = one.sport.name.lower()
        yield f"threshold {sport}: {threshold_in_words(one)} (from {one.source.value}{since})"
    yield f"cycle: {athlete.build_weeks} weeks of load, then an easier one"


def _notes(request: PlanningRequest) -> Iterator[str]:
    if request.notes is not None:
        # A line of theirs cannot look like the title of a table.
        yield " ".join(request.notes.split()).lstrip("# ")


def _calendar_notes(request: PlanningRequest) -> Iterator[str]:
    for note in request.calendar_notes[-MOST_CALENDAR_NOTES:]:
        yield f"{note.day:%a %d %b}: {foreign_cell(note.text, LONGEST_CALENDAR_NOTE)}"


def _races(request: PlanningRequest) -> Iterator[str]:
    monday = request.context.planned_week.start
    races = [
        race for race in request.context.athlete.races if race.date >= monday - timedelta(weeks=2)
    ]
    for race in sorted(races, key=lambda one: one.date)[:MOST_RACES]:
        sport = "" if race.sport is None else race.sport.name.lower()
        km = "" if race.distance_m is None else f"{race.distance_m / METRES_PER_KM:g} km"
        target = "" if race.target_time_s is None else f"target {race.target_time_s} s"
        row = (str(race.date), race.priority.value, sport, km, target, foreign_cell(race.name))
        yield " | ".join(row)


def _season(request: PlanningRequest) -> Iterator[str]:
    for block in season_blocks(request.context.athlete, request.context.planned_week):
        weeks = f"{block.weeks} week{'s' if block.weeks > 1 else ''}"
        here = "" if block.number is None else f", this is week {block.number}"
        yield f"{block.phase.value}: {weeks} to {block.last.end}{here}"


def _zones(athlete: Athlete) -> Iterator[str]:
    for sport in athlete.endurance_sports:
        bounds = [athlete.training_bounds(zone, sport) for zone in range(1, ZONE_COUNT + 1)]
        if sport is not Sport.SWIM and bounds[0].bpm_high is not None:
            yield f"{sport.name.lower()}: up to {', '.join(str(one.bpm_high) for one in bounds)}"


def _weeks(weeks: Sequence[WeeklyMetrics]) -> Iterator[str]:
    """The observed week last; a column that nothing is known of is left out."""
    yield from rows_of(
        [
            {"week": str(week.week_start)}
            | {
                name: figure_cell(getattr(week, field), form)
                for name, (field, form) in COLUMNS.items()
            }
            for week in weeks
        ]
    )


def _signals(request: PlanningRequest) -> Iterator[str]:
    for signal in request.context.envelope.readiness.with_light(*RAISED):
        yield f"{signal.light.value}: {signal.text}"


def _nights(request: PlanningRequest) -> Iterator[str]:
    """A line a measure with a figure for each night; a measure that was never taken is left out."""
    first = request.context.planned_week.start - timedelta(days=NIGHTS)
    known = {one.day: one for one in request.wellness}
    nights = [known.get(first + timedelta(days=number)) for number in range(NIGHTS)]
    measures = {
        "HRV ms": [_figure_of(night, "hrv_rmssd_ms", ".0f") for night in nights],
        "resting bpm": [_figure_of(night, "resting_hr_bpm", ".0f") for night in nights],
        "sleep h": [_figure_of(night, "sleep_s", ".1f", SECONDS_PER_HOUR) for night in nights],
    }
    for name, figures in measures.items():
        if any(figures):
            yield f"{name}: {' '.join(figure or '-' for figure in figures)}"


def _figure_of(night: WellnessDay | None, field: str, form: str, unit: int = 1) -> str:
    value = getattr(night, field, None)
    return figure_cell(None if value is None else value / unit, form)
