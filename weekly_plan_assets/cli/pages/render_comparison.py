"""Two runs side by side, as a page."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from weekly_plan_assets.cli.pages.page import Cell, Page, PageTable, Part, Section
from weekly_plan_assets.cli.pages.render import rest_word
from weekly_plan_assets.common.figures_in_words import SHOWN_UNITS, change, duration, figure, zone
from weekly_plan_assets.domain.plan.weekly_plan import SCHEMA_VERSION
from weekly_plan_assets.lineage.audit.comparing import (
    AnyDay,
    ComparedDay,
    ComparedValue,
    ComparedVerdict,
    Comparison,
    Side,
    Value,
)
from weekly_plan_assets.lineage.audit.explanation import ExplainedVerdict
from weekly_plan_assets.lineage.records.version_1 import DayV1

DIFFERS = "*"
"""Marks what differs and is no figure."""


def comparison_page(compared: Comparison, *notices: str) -> Page:
    """The page of two runs.

    Args:
        compared: The comparison.
        notices: What the reader must know before the rest.
    """
    return Page(
        title="Two plans side by side",
        lines=[
            f"A: {_side(compared.a)}",
            f"B: {_side(compared.b)}",
            *((notice, "yellow") for notice in notices),
            *([] if compared.same_week else ["Different weeks, so days are set by weekday."]),
            f"Change is B less A; {DIFFERS} marks what differs otherwise.",
        ],
        sections=[
            Section("Who planned", [*_values(compared.making)]),
            Section("Metrics of the observed week", [*_values(compared.metrics)]),
            Section("Readiness and load envelope", [*_values(compared.envelope)]),
            Section("Plan", [*_values(compared.plan)]),
            Section("Day by day", [*_days(compared.days)]),
            Section("Verdicts that differ", [*_verdicts(compared.verdicts)]),
        ],
    )


def _side(side: Side) -> str:
    version = (
        "" if side.schema_version == SCHEMA_VERSION else f", schema version {side.schema_version}"
    )
    athlete = "" if side.athlete_id is None else f"athlete {side.athlete_id}, "
    source = "" if side.observed_week_start is None else f" from {side.observed_week_start}"
    return f"{athlete}{side.week_start} to {side.week_end}{source}, runId {side.run_id}{version}"


def _values(values: Sequence[ComparedValue]) -> Iterator[Part]:
    if values:
        yield PageTable(
            ("", "A", "B", "Change", "Unit"),
            [_value_row(value) for value in values],
            right=frozenset({3}),
        )


def _value_row(value: ComparedValue) -> tuple[Cell, ...]:
    moved = change(value.change, value.unit) or (DIFFERS if value.differs else "")
    return (
        value.name,
        _shown(value.a, value.unit),
        _shown(value.b, value.unit),
        (moved, "bold yellow"),
        SHOWN_UNITS.get(value.unit or "", value.unit or ""),
    )


def _shown(value: Value, unit: str | None) -> str:
    return value.replace("_", " ") if isinstance(value, str) else figure(value, unit)


def _days(days: Sequence[ComparedDay]) -> Iterator[Part]:
    if days:
        yield PageTable(
            ("Day", "A", "B", "Differs"),
            [
                (day.weekday, *row, (DIFFERS if day.differs else "", "bold yellow"))
                if number == 0
                else ("", *row, "")
                for day in days
                for number, row in enumerate(
                    zip_longest(_sessions(day.a), _sessions(day.b), fillvalue="")
                )
            ],
        )


def _sessions(day: AnyDay | None) -> list[str]:
    if day is None:
        return ["no plan"]
    if isinstance(day, DayV1):
        return [", ".join(filter(None, (day.activity, day.distance_time, day.intensity)))]
    return [
        f"{session.title}, {duration(session.duration_s)}, load "
        f"{session.planned_load:g}{f', {shown}' if (shown := zone(session.intensity)) else ''}"
        for session in day.sessions
    ] or [rest_word(day)]


def _verdicts(verdicts: Sequence[ComparedVerdict]) -> Iterator[Part]:
    if verdicts:
        yield PageTable(
            ("Rule", "A", "B"),
            [(verdict.rule_id, _verdict(verdict.a), _verdict(verdict.b)) for verdict in verdicts],
        )


def _verdict(verdict: ExplainedVerdict | None) -> str:
    if verdict is None:
        return "not asked"
    version = "" if verdict.version is None else f" v{verdict.version}"
    return f"{verdict.outcome.replace('_', ' ')}{version}: {verdict.observed}"
