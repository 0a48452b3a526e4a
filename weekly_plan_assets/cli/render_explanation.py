"""A run explained, as a page: what was planned, and what it rests on.

How its rules, attempts and documents look is told in `render_evidence`.
"""

from collections.abc import Iterator

from weekly_plan_assets.cli.page import Bullets, Cell, Page, Part, Section, Table
from weekly_plan_assets.cli.render import rest_word
from weekly_plan_assets.cli.render_evidence import (
    adherence_parts,
    attempt_parts,
    document_parts,
    provenance_parts,
    rule_parts,
)
from weekly_plan_assets.domain.coverage import Measured
from weekly_plan_assets.domain.readiness import Light, Signal
from weekly_plan_assets.domain.weekly_plan import PlannedDay, Reason
from weekly_plan_assets.lineage.explanation import ExplainedMetric, Explanation
from weekly_plan_assets.lineage.version_1 import ActivityPlanV1
from weekly_plan_assets.presentation.figures import SHOWN_UNITS, duration, figure, fitness, zone

_LIGHT_STYLES = {Light.GREEN: "green", Light.AMBER: "yellow", Light.RED: "red"}


def explanation_page(told: Explanation, *notices: str) -> Page:
    """The page of one run.

    Args:
        told: The explanation.
        notices: What the reader must know before the rest.
    """
    source = f", from the week of {told.observed_week_start}" if told.observed_week_start else ""
    return Page(
        title=f"Plan for {told.week_start} to {told.week_end}{source}",
        lines=[f"runId {told.run_id}", *((notice, "yellow") for notice in notices), *_ended(told)],
        sections=[
            Section("What was planned", [*_plan_parts(told)]),
            Section("Why", [*_reason_parts(told.reasons)]),
            Section("From which numbers", [*_metric_parts(told)]),
            Section("Readiness", [*_readiness_parts(told)]),
            Section("Load envelope", [*_envelope_parts(told)]),
            Section("Rules", [*rule_parts(told.verdicts)]),
            Section("Attempts", [*attempt_parts(told.attempts)]),
            Section("What was done of it", [*adherence_parts(told.adherence)]),
            Section("Provenance", [*provenance_parts(told.provenance)]),
            Section("Documents", [*document_parts(told.documents)]),
            Section(
                "Not told here",
                [Bullets([f"{gap.part}: {gap.reason}" for gap in told.left_out])]
                if told.left_out
                else [],
            ),
        ],
    )


def _ended(told: Explanation) -> Iterator[Cell]:
    if told.athlete_id is not None:
        yield f"athlete {told.athlete_id}"
    planner = f" by {told.model_id}" if told.model_id else ""
    prompt = f", prompt {told.prompt_version}" if told.prompt_version else ""
    rules = f", guardrails {told.registry_version}" if told.registry_version else ""
    style = "green" if told.status == "success" else "red"
    yield f"{told.status or 'unknown end'}{planner}{prompt}{rules}", style
    for error in told.errors:
        yield error, "red"


def _plan_parts(told: Explanation) -> Iterator[Part]:
    plan = told.plan
    if plan is None:
        return
    if isinstance(plan, ActivityPlanV1):
        yield f"{plan.next_week.phase}. {plan.next_week.objective}"
        yield Table(
            ("Day", "Activity", "Distance, time", "Intensity", "Goal, note"),
            [
                (
                    f"{day.day_name} {day.date}",
                    day.activity,
                    day.distance_time or "",
                    day.intensity or "",
                    " ".join(filter(None, (day.goal, day.note))),
                )
                for day in plan.days
            ],
        )
        return
    week = plan.next_week
    yield f"Phase {week.phase}, load {week.planned_load:g}. {week.objective}"
    yield Table(
        ("Day", "Session", "Time", "Load", "Zone"),
        [row for day in plan.days for row in _day_rows(day)],
        right=frozenset({2, 3}),
    )
    if told.predicted is not None:
        yield f"At its end, if all is done: {fitness(told.predicted)}."
    if plan.warnings:
        yield Bullets([(warning, "yellow") for warning in plan.warnings])


def _day_rows(day: PlannedDay) -> Iterator[tuple[Cell, ...]]:
    label = f"{day.day_name} {day.date}"
    if not day.sessions:
        yield label, rest_word(day), "", "", ""
    for session in day.sessions:
        name = f"{session.sport} {session.kind}"
        yield (
            label,
            (name, "bold" if session.is_hard else ""),
            duration(session.duration_s),
            f"{session.planned_load:g}",
            zone(session.intensity),
        )
        label = ""


def _reason_parts(reasons: tuple[Reason, ...]) -> Iterator[Part]:
    if reasons:
        yield Bullets([_reason(reason) for reason in reasons])


def _reason(reason: Reason) -> str:
    numbers = "; ".join(
        f"{one.metric} {figure(one.value)}"
        + ("" if one.baseline is None else f", mean {figure(one.baseline)}")
        for one in reason.evidence
    )
    return f"{reason.text} [{numbers}]" if numbers else reason.text


def _metric_parts(told: Explanation) -> Iterator[Part]:
    if not told.metrics:
        return
    if told.history:
        yield f"Mean of the known weeks before: {', '.join(map(str, told.history))}."
    covered = any(metric.coverage for metric in told.metrics)
    yield Table(
        ("Metric", "Unit", "Observed", "Mean before", "Weeks", *(("Coverage",) if covered else ())),
        [_metric_row(metric)[: 6 if covered else 5] for metric in told.metrics],
        right=frozenset({2, 3, 4}),
    )


def _metric_row(metric: ExplainedMetric) -> tuple[Cell, ...]:
    return (
        metric.name,
        SHOWN_UNITS.get(metric.unit, metric.unit),
        figure(metric.value, metric.unit),
        figure(metric.history_mean, metric.unit),
        str(metric.history_weeks),
        "" if metric.coverage is None else _coverage(metric.coverage, metric.counted),
    )


def _coverage(measured: Measured, counted: str) -> Cell:
    sources = "".join(f", {source}" for source in measured.sources)
    text = f"{measured.measured} of {measured.of} {counted}{sources}"
    return (text, "yellow") if measured.measured < measured.of else text


def _readiness_parts(told: Explanation) -> Iterator[Part]:
    signals = told.envelope.readiness.signals if told.envelope else ()
    if signals:
        yield Table(
            ("Signal", "Light", "Value", "Baseline", "Usual", "Finding"),
            [_signal_row(signal) for signal in signals],
            right=frozenset({2, 3}),
        )


def _signal_row(signal: Signal) -> tuple[Cell, ...]:
    return (
        signal.name,
        (signal.light.replace("_", " "), _LIGHT_STYLES.get(signal.light, "dim")),
        figure(signal.value, signal.unit),
        figure(signal.baseline, signal.unit),
        _usual(signal),
        signal.text,
    )


def _usual(signal: Signal) -> str:
    low, high = (figure(bound, signal.unit) for bound in (signal.low, signal.high))
    if signal.low is None:
        return "" if signal.high is None else f"to {high}"
    return f"from {low}" if signal.high is None else f"{low} to {high}"


def _envelope_parts(told: Explanation) -> Iterator[Part]:
    envelope = told.envelope
    if envelope is None:
        return
    yield (
        f"Phase {envelope.phase}. Load {envelope.min_load} to {envelope.max_load}, target "
        f"{envelope.target_load}. Hard sessions: at most {envelope.hard_sessions}; at most "
        f"{100 * envelope.max_hard_share:.0f} % of endurance time in zone 3 and above. Longest "
        f"run: {duration(envelope.longest_run_s)}."
    )
    limited = [day for day in envelope.days if day.available_s is not None]
    if limited:
        yield Table(
            ("Day", "Room", "Because"),
            [(str(day.date), duration(day.available_s or 0), day.reason or "") for day in limited],
            right=frozenset({1}),
        )
    yield Bullets(envelope.reasons)
