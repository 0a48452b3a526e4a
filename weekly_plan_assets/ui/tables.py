"""Tables of the UI: plans, reasons, signals, rules, and what became of planned sessions.

A table is shown in place however long it is, and its text is never taken for markup.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from dagster import (
    MetadataValue,
    TableColumn,
    TableMetadataValue,
    TableRecord,
    TableSchema,
)

from weekly_plan_assets.common.figures_in_words import duration, zone
from weekly_plan_assets.common.plain_text import plain
from weekly_plan_assets.domain.adherence import WeekAdherence
from weekly_plan_assets.domain.guardrails import RuleOutcome, Verdict
from weekly_plan_assets.domain.plan.weekly_plan import PlannedDay
from weekly_plan_assets.domain.readiness import Signal
from weekly_plan_assets.lineage.records.delivery_receipt import DeliveryReceipt, TargetOutcome

Cell = str | float | None

_HOLDING_BLANK = "\u00a0"
_WORST_FIRST = (RuleOutcome.FAIL, RuleOutcome.NOT_EVALUATED, RuleOutcome.PASS)


def plan_table(days: Iterable[PlannedDay]) -> TableMetadataValue:
    """A line a session, and one for each day of rest."""
    rows: list[tuple[Cell, ...]] = []
    for day in days:
        if not day.sessions:
            rows.append((_day(day.date), "rest", None, None, None))
        for session in day.sessions:
            what, took = session.title, _time(session.duration_s)
            found = (_day(day.date), what, took, session.planned_load, zone(session.intensity))
            rows.append(found)
    return table({"day": str, "session": str, "time": str, "load": float, "zone": str}, rows)


def sentences(head: str, texts: Iterable[str]) -> TableMetadataValue:
    """A line a sentence."""
    return table({head: str}, ((text,) for text in texts))


def signal_table(signals: Iterable[Signal]) -> TableMetadataValue:
    """A line a signal of readiness: its light, and the sentence that says what was found."""
    rows = ((signal.name, signal.light.value, signal.text) for signal in signals)
    return table(dict.fromkeys(("signal", "light", "finding"), str), rows)


def rule_table(verdicts: Sequence[Verdict]) -> TableMetadataValue:
    """A line a rule: broken ones first, in full, then those that could not be judged."""
    rows = (
        (one.rule_id, one.outcome.value, _found(one))
        for one in sorted(verdicts, key=lambda one: _WORST_FIRST.index(one.outcome))
    )
    return table(dict.fromkeys(("rule", "outcome", "observed"), str), rows)


def adherence_table(done: WeekAdherence) -> TableMetadataValue:
    """A line a planned session with what became of it, and one for each that was added."""
    rows: list[tuple[Cell, ...]] = [
        (
            _day(one.day),
            f"{one.sport} {one.kind}",
            one.outcome.value,
            _done(one.planned_duration_s, one.planned_load),
            _done(one.done_duration_s, one.done_load) if one.activity_id else "",
        )
        for one in done.sessions
    ]
    rows += [
        (_day(one.day), one.type, "added", "", _done(one.duration_s, one.load))
        for one in done.added
    ]
    return table(dict.fromkeys(("day", "session", "became", "planned", "done"), str), rows)


def targets_table(outcomes: Sequence[TargetOutcome]) -> TableMetadataValue:
    """A line a target: how the delivery ended, or why there was none."""
    rows = (
        (
            one.target,
            "not delivered" if one.receipt is None else one.receipt.status.value,
            one.problem or one.skipped or "",
        )
        for one in outcomes
    )
    return table(dict.fromkeys(("target", "status", "why"), str), rows)


def delivery_table(receipt: DeliveryReceipt) -> TableMetadataValue:
    """A line a session of the last delivery to a target."""
    rows = (
        (
            one.session_id,
            one.decision.value,
            "" if one.because is None else one.because.value,
            "" if one.outcome is None else one.outcome.value,
            one.error or "",
        )
        for one in receipt.latest
    )
    columns = ("session", "decision", "left_because", "outcome", "error")
    return table(dict.fromkeys(columns, str), rows)


def table(columns: Mapping[str, type], rows: Iterable[Sequence[Cell]]) -> TableMetadataValue:
    """A table of named columns, each of text or of numbers."""
    schema = TableSchema(
        [
            TableColumn(name, "float" if kind is float else "string")
            for name, kind in columns.items()
        ]
    )
    records = [
        TableRecord({name: _cell(value) for name, value in zip(columns, row, strict=True)})
        for row in rows
    ]
    return MetadataValue.table(records, schema)


def _cell(value: Cell) -> Cell:
    return plain(value) if isinstance(value, str) else value


def _found(verdict: Verdict) -> str:
    if verdict.outcome is RuleOutcome.FAIL:
        return f"{verdict.statement} Here {verdict.observed}."
    return verdict.observed


def _day(day: date) -> str:
    # The UI breaks lines at any blank, and its columns are narrow.
    return f"{day:%a %d %b}".replace(" ", _HOLDING_BLANK)


def _time(duration_s: int) -> str:
    return duration(duration_s).replace(" ", _HOLDING_BLANK)


def _done(duration_s: int | None, load: float | None) -> str:
    parts = [] if duration_s is None else [_time(duration_s)]
    return ", ".join([*parts, "load not known" if load is None else f"load {load:g}"])
