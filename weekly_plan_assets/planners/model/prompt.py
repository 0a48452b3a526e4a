"""The words that a model is asked with: a template file with the request's numbers in it.

The athlete's data stands between two delimiter lines, as JSON in which no character that a
delimiter is made of occurs: whatever somebody named their activity, it cannot leave the block.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from importlib.resources import files
from string import Template
from typing import Any, NamedTuple

from weekly_plan_assets.domain.athlete.athlete import Athlete, Language
from weekly_plan_assets.domain.athlete.sport_heart import ZONE_COUNT
from weekly_plan_assets.domain.athlete.targets import HR_SETTLES_S, targets_of
from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope
from weekly_plan_assets.domain.envelope.race_effort import race_effort
from weekly_plan_assets.domain.envelope.season import races_in
from weekly_plan_assets.domain.guardrails import PlanContext, Severity, guardrails_in_force
from weekly_plan_assets.domain.metrics.weekly_metrics import HISTORY_WEEKS, WeeklyMetrics
from weekly_plan_assets.domain.plan.session_load import STRENGTH_LOAD_PER_HOUR
from weekly_plan_assets.domain.plan.session_parts import ZONES_BY_INTENT, stretch
from weekly_plan_assets.domain.plan.weekly_plan import Sport, WeeklyPlan
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.implausible_values import plausible_rows
from weekly_plan_assets.domain.week import DAY_NAMES_BY_LANGUAGE
from weekly_plan_assets.planners.base import PlanningRequest

TEMPLATE_PATH = files("weekly_plan_assets.planners") / "prompts" / "weekly_plan.md"

DATA_OPENS = "<athlete_data>"
DATA_CLOSES = "</athlete_data>"
_ESCAPED = {ord(char): f"\\u{ord(char):04x}" for char in "<>&`"}

_LANGUAGES = {Language.ENGLISH: "English", Language.SPANISH: "Spanish"}
_DUTY = {Severity.ERROR: "must", Severity.WARNING: "should"}
_ZONES = range(1, ZONE_COUNT + 1)


class PromptTemplate(NamedTuple):
    """The parts of the template file. Its first line names the version."""

    version: str
    instructions: Template
    data: Template
    rejection: Template


def read_template() -> PromptTemplate:
    """The template that ships with the package."""
    text = TEMPLATE_PATH.read_text(encoding="utf-8")
    head, rest = text.split("=== instructions ===\n")
    instructions, rest = rest.split("=== data ===\n")
    data, rejection = rest.split("=== rejection ===\n")
    return PromptTemplate(
        head.removeprefix("version:").strip(),
        Template(instructions),
        Template(data),
        Template(rejection.strip()),
    )


def render_prompt(template: PromptTemplate, request: PlanningRequest) -> str:
    """The whole prompt, instructions and data; the same request gives the same bytes."""
    envelope, week = request.context.envelope, request.context.planned_week
    language = request.context.athlete.language
    facts = {
        "week_start": week.start,
        "week_end": week.end,
        "schema": _json(WeeklyPlan.model_json_schema(by_alias=True)),
        "rules": "\n".join(
            f"- {rule.id} ({_DUTY[rule.severity]}): {rule.statement} Measure: {rule.threshold}."
            for rule in guardrails_in_force()
        ),
        "phase": envelope.phase.value,
        "min_load": envelope.min_load,
        "target_load": envelope.target_load,
        "max_load": envelope.max_load,
        "time": _time(envelope),
        "longest_run_s": envelope.longest_run_s,
        "hard_sessions": envelope.hard_sessions,
        "races": "".join(_races(request.context)),
        "zone_loads": "; ".join(_zone_loads(request.context.athlete)),
        "strength_load": f"{STRENGTH_LOAD_PER_HOUR:.1f}",
        "language": _LANGUAGES[language],
        "day_names": ", ".join(DAY_NAMES_BY_LANGUAGE[language]),
        "data": data_block(request),
    }
    return template.instructions.substitute(facts) + template.data.substitute(facts)


def split_prompt(prompt: str) -> tuple[str, str]:
    """The instructions, and the data with the question: a message each. Joined, the prompt."""
    at = prompt.index(f"\n{DATA_OPENS}\n") + 1
    return prompt[:at], prompt[at:]


def render_rejection(template: PromptTemplate, errors: Sequence[str]) -> str:
    """What is said to a rejected answer: its violations by rule id, one a line."""
    return template.rejection.substitute(
        errors="\n".join(f"- {' '.join(error.split())}" for error in errors)
    )


def data_block(request: PlanningRequest) -> str:
    """All that is known of the athlete but their id, as JSON that no delimiter can occur in."""
    athlete = request.context.athlete
    sections: dict[str, Any] = {
        "athlete": athlete.model_dump(mode="json", exclude={"athlete_id"})
        | {"strengthWeekdays": sorted(athlete.strength_weekdays)},
        "zones": {
            sport.value: [
                athlete.training_bounds(zone, sport).model_dump(mode="json") for zone in _ZONES
            ]
            for sport in Sport
            if sport is not Sport.STRENGTH
        },
        "targets": {sport.value: _targets(athlete, sport) for sport in athlete.endurance_sports},
        "envelope": request.context.envelope.model_dump(mode="json"),
        "metrics": _week(request.metrics),
        "history": [_week(week) for week in request.history],
        "activities": _activities(_recent(request)),
    }
    lines = (f"{_json(name)}: {_json(value)}" for name, value in sections.items())
    return "{\n" + ",\n".join(lines) + "\n}"


def _targets(athlete: Athlete, sport: Sport) -> Mapping[str, Any]:
    """What steers a stretch of each intent: one that is long enough for a heart rate."""
    return {
        intent.value: [
            target.model_dump(mode="json")
            for target in targets_of(stretch(zones[-1], HR_SETTLES_S, intent), athlete, sport)
        ]
        for intent, zones in ZONES_BY_INTENT.items()
    }


def _zone_loads(athlete: Athlete) -> Iterator[str]:
    """What an hour of each sport brings, by zone."""
    for sport in athlete.endurance_sports:
        loads = ", ".join(f"{load:.1f}" for load in athlete.load_rates(sport).by_zone)
        yield f"{sport.value} {loads}"


def _time(envelope: LoadEnvelope) -> str:
    """A line on the time of the week; none where too little is known to say what is usual."""
    if envelope.max_time_s is None:
        return ""
    rest = ""
    if envelope.no_run_until is not None:
        rest = (
            f" After the last race there is no run until {envelope.no_run_until} and no hard "
            f"session until {envelope.no_hard_until}."
        )
    return (
        f"- The endurance sessions take about {envelope.target_time_s} seconds without races, at "
        f"most {envelope.max_time_s}; usual are {envelope.usual_time_s}.{rest}\n"
    )


def _races(context: PlanContext) -> Iterator[str]:
    """What is estimated of each race of the week, a line each."""
    for race in races_in(context.athlete, context.planned_week):
        effort = race_effort(race, context.athlete)
        yield (
            f"\n- Race on {race.date}: {effort.sport.value}, {effort.duration_s} s in zone "
            f"{effort.zone}, load {effort.load}."
        )


def _week(metrics: WeeklyMetrics) -> Mapping[str, Any]:
    """A week's metrics, with their coverage in short: `5 of 7`."""
    known = metrics.model_dump(mode="json", exclude={"athlete_id", "coverage"})
    if metrics.coverage is None:
        return known
    covered = metrics.coverage.metrics.items()
    return known | {"coverage": {name: f"{of.measured} of {of.of}" for name, of in covered}}


def _recent(request: PlanningRequest) -> list[Activity]:
    """The sessions of the weeks whose metrics are shown; earlier ones are in the habit."""
    first = request.metrics.week_start - timedelta(weeks=HISTORY_WEEKS)
    return [row for row in request.activities if row.day >= first]


def _activities(activities: Sequence[Activity]) -> list[Mapping[str, Any]]:
    """The sessions, without values that nobody has: they would be taken for what is usual."""
    rows = plausible_rows([activity.model_dump() for activity in activities])
    return [
        {
            "date": activity.day.isoformat(),
            "type": activity.type,
            "name": activity.name,
            "durationS": row["elapsed_time"] if row["moving_time"] is None else row["moving_time"],
            "distanceM": row["distance"],
            "load": row["icu_training_load"],
        }
        for activity, row in zip(activities, rows, strict=True)
    ]


def _json(value: object) -> str:
    """Compact ASCII JSON without `<`, `>`, `&` and backticks, which stand only in its texts."""
    return json.dumps(value, separators=(",", ":")).translate(_ESCAPED)
