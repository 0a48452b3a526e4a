"""Two runs side by side: metrics, envelope, load, sessions, verdicts, and who planned.

Put together from their explanations, so that what one run does not show is not shown here. How a
comparison looks belongs to `cli`.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeAlias

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.guardrails import RuleOutcome
from weekly_plan_assets.domain.plan.weekly_plan import PlannedDay, PlannedSession
from weekly_plan_assets.domain.week import DAY_NAMES
from weekly_plan_assets.lineage.audit.explaining import explain
from weekly_plan_assets.lineage.audit.explanation import ExplainedVerdict, Explanation
from weekly_plan_assets.lineage.records.reading import AnyRun
from weekly_plan_assets.lineage.records.version_1 import ActivityPlanV1, DayV1

AnyDay: TypeAlias = PlannedDay | DayV1
Value: TypeAlias = float | str | None

_WORDS_OF_A_SESSION = frozenset({"description", "goal"})
_WORDS_OF_A_DAY = frozenset({"activity", "distance_time", "intensity"})


class ComparedValue(Document):
    """One figure or text of both runs.

    Attributes:
        unit: Unit of a figure; None for a text.
        change: `b` less `a`, where both are figures.
    """

    name: str
    unit: str | None
    a: Value
    b: Value
    change: float | None
    differs: bool


class ComparedDay(Document):
    """One weekday of both planned weeks; a side is None if there is no plan.

    Attributes:
        differs: Whether sessions differ in more than the words that describe them. Version 1.0 has
            only words, so they are compared there.
    """

    weekday: str
    a: AnyDay | None
    b: AnyDay | None
    differs: bool


class ComparedVerdict(Document):
    """A rule whose verdict, version or threshold differs; a side is None if it was not asked."""

    rule_id: str
    a: ExplainedVerdict | None
    b: ExplainedVerdict | None


class Side(Document):
    """Which run stands on a side."""

    run_id: str
    athlete_id: str | None
    schema_version: str
    observed_week_start: date | None
    week_start: date
    week_end: date


class Comparison(Document):
    """Two runs side by side.

    Attributes:
        same_week: Whether both plan the same week; otherwise days are compared by weekday.
        making: Who planned, with which prompt and rules, and how it ended.
        verdicts: Those that differ.
    """

    a: Side
    b: Side
    same_week: bool
    making: tuple[ComparedValue, ...]
    metrics: tuple[ComparedValue, ...]
    envelope: tuple[ComparedValue, ...]
    plan: tuple[ComparedValue, ...]
    days: tuple[ComparedDay, ...]
    verdicts: tuple[ComparedVerdict, ...]


def compare(first: AnyRun, second: AnyRun) -> Comparison:
    """The comparison of two runs, of either version."""
    a, b = explain(first), explain(second)
    return Comparison(
        a=_side(a),
        b=_side(b),
        same_week=a.week_start == b.week_start,
        making=_values(_making(a), _making(b)),
        metrics=_values(_metrics(a), _metrics(b)),
        envelope=_values(_envelope(a), _envelope(b)),
        plan=_values(_plan(a), _plan(b)),
        days=tuple(_days(a, b)),
        verdicts=tuple(_verdicts(a, b)),
    )


_Stated: TypeAlias = Mapping[str, tuple[Value, str | None]]
"""Value and unit by name."""


def _side(explanation: Explanation) -> Side:
    return Side.model_validate(explanation.model_dump())


def _values(a: _Stated, b: _Stated) -> tuple[ComparedValue, ...]:
    """Names of either side, in their order; a name that neither knows is left out."""
    names = dict.fromkeys((*max(a, b, key=len), *a, *b))
    return tuple(
        _value(name, a.get(name, (None, None)), b.get(name, (None, None))) for name in names
    )


def _value(name: str, a: tuple[Value, str | None], b: tuple[Value, str | None]) -> ComparedValue:
    first, second = a[0], b[0]
    moved = None
    if isinstance(first, int | float) and isinstance(second, int | float):
        moved = float(second - first)
    return ComparedValue(
        name=name, unit=a[1] or b[1], a=first, b=second, change=moved, differs=first != second
    )


def _making(explanation: Explanation) -> _Stated:
    texts = {
        "status": explanation.status,
        "model": explanation.model_id,
        "prompt": explanation.prompt_version,
        "guardrails": explanation.registry_version,
        "schema version": explanation.schema_version,
        "package": explanation.provenance.code.package if explanation.provenance else None,
    }
    made: dict[str, tuple[Value, str | None]] = {name: (text, None) for name, text in texts.items()}
    if explanation.attempts:
        made["attempts"] = (len(explanation.attempts), "answers")
    return made


def _metrics(explanation: Explanation) -> _Stated:
    return {metric.name: (metric.value, metric.unit) for metric in explanation.metrics}


def _envelope(explanation: Explanation) -> _Stated:
    envelope = explanation.envelope
    if envelope is None:
        return {}
    lights = {signal.name: (signal.light.value, None) for signal in envelope.readiness.signals}
    return {
        "phase": (envelope.phase.value, None),
        "minimum load": (envelope.min_load, "load"),
        "target load": (envelope.target_load, "load"),
        "maximum load": (envelope.max_load, "load"),
        "longest run": (envelope.longest_run_s, "s"),
        "hard sessions": (envelope.hard_sessions, "sessions"),
        **lights,
    }


def _plan(explanation: Explanation) -> _Stated:
    plan = explanation.plan
    if plan is None:
        return {}
    week = plan.next_week
    if isinstance(plan, ActivityPlanV1):
        return {"phase": (week.phase, None), "objective": (week.objective, None)}
    sessions = [session for day in plan.days for session in day.sessions]
    return {
        "phase": (str(week.phase), None),
        "objective": (week.objective, None),
        "load": (plan.next_week.planned_load, "load"),
        "time": (sum(session.duration_s for session in sessions), "s"),
        "sessions": (len(sessions), "sessions"),
        "hard sessions": (sum(session.is_hard for session in sessions), "sessions"),
    }


def _days(a: Explanation, b: Explanation) -> Iterator[ComparedDay]:
    first, second = _by_weekday(a), _by_weekday(b)
    for number, weekday in enumerate(DAY_NAMES):
        one, other = first.get(number), second.get(number)
        if one is not None or other is not None:
            yield ComparedDay(
                weekday=weekday,
                a=one,
                b=other,
                differs=_compared_part(one) != _compared_part(other),
            )


def _by_weekday(explanation: Explanation) -> dict[int, AnyDay]:
    days: tuple[AnyDay, ...] = explanation.plan.days if explanation.plan else ()
    return {day.date.weekday(): day for day in days}


def _compared_part(day: AnyDay | None) -> object:
    """What of a day is compared."""
    if day is None:
        return None
    if isinstance(day, DayV1):
        return {name: getattr(day, name) for name in _WORDS_OF_A_DAY}
    return [_without_words(session) for session in day.sessions]


def _without_words(session: PlannedSession) -> object:
    return session.model_dump(exclude=set(_WORDS_OF_A_SESSION))


def _verdicts(a: Explanation, b: Explanation) -> Iterator[ComparedVerdict]:
    if not (a.verdicts and b.verdicts):  # nothing was judged on one side
        return
    first = {verdict.rule_id: verdict for verdict in a.verdicts}
    second = {verdict.rule_id: verdict for verdict in b.verdicts}
    for rule_id in dict.fromkeys((*first, *second)):
        one, other = first.get(rule_id), second.get(rule_id)
        if _judged(one) != _judged(other):
            yield ComparedVerdict(rule_id=rule_id, a=one, b=other)


def _judged(verdict: ExplainedVerdict | None) -> tuple[RuleOutcome, int | None, str] | None:
    """What a rule says and by which measure; what it observed is another in every plan."""
    return None if verdict is None else (verdict.outcome, verdict.version, verdict.threshold)
