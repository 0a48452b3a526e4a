"""A run explained, as a page: what was planned, and what it rests on.

How its rules, attempts and documents look belongs to `render_evidence`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from weekly_plan_assets.cli.pages.page import Bullets, Cell, Page, PageTable, Part, Section
from weekly_plan_assets.cli.pages.render import rest_word
from weekly_plan_assets.cli.pages.render_delivery import delivery_parts
from weekly_plan_assets.cli.pages.render_evidence import (
    adherence_parts,
    attempt_parts,
    document_parts,
    provenance_parts,
    rule_parts,
)
from weekly_plan_assets.common.figures_in_words import (
    SHOWN_UNITS,
    duration,
    figure,
    fitness,
    threshold_in_words,
    zone,
)
from weekly_plan_assets.domain.athlete.thresholds import ThresholdSource
from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope
from weekly_plan_assets.domain.metrics.coverage import Measured
from weekly_plan_assets.domain.plan.weekly_plan import PlannedDay, Reason, Sport
from weekly_plan_assets.domain.readiness import Light, Signal
from weekly_plan_assets.lineage.audit.explanation import ExplainedMetric, Explanation
from weekly_plan_assets.lineage.records.version_1 import ActivityPlanV1

_SOURCES = {
    ThresholdSource.FILE: "athlete file",
    ThresholdSource.SETTINGS: "settings at the source",
    ThresholdSource.ESTIMATE: "estimate of the source",
    ThresholdSource.SESSION: "race or hard session",
}

_LIGHT_STYLES = {Light.GREEN: "green", Light.AMBER: "yellow", Light.RED: "red"}


def explanation_page(explanation: Explanation, *notices: str) -> Page:
    """The page of one run.

    Args:
        explanation: The explanation.
        notices: What the reader must know before the rest.
    """
    source = (
        f", from the week of {explanation.observed_week_start}"
        if explanation.observed_week_start
        else ""
    )
    return Page(
        title=f"Plan for {explanation.week_start} to {explanation.week_end}{source}",
        lines=[
            f"runId {explanation.run_id}",
            *((notice, "yellow") for notice in notices),
            *_ended(explanation),
        ],
        sections=[
            Section("What was planned", [*_plan_parts(explanation)]),
            Section("Why", [*_reason_parts(explanation.reasons)]),
            Section("From which numbers", [*_metric_parts(explanation)]),
            Section("Readiness", [*_readiness_parts(explanation)]),
            Section("Thresholds", [*_threshold_parts(explanation)]),
            Section("Load envelope", [*_envelope_parts(explanation)]),
            Section("Rules", [*rule_parts(explanation.verdicts)]),
            Section("Attempts", [*attempt_parts(explanation.attempts)]),
            Section("What was done of it", [*adherence_parts(explanation.adherence)]),
            Section(
                "Where it went",
                [part for one in explanation.deliveries for part in delivery_parts(one)],
            ),
            Section("Provenance", [*provenance_parts(explanation.provenance)]),
            Section("Documents", [*document_parts(explanation.documents)]),
            Section(
                "Not shown here",
                [Bullets([f"{gap.part}: {gap.reason}" for gap in explanation.left_out])]
                if explanation.left_out
                else [],
            ),
        ],
    )


def _ended(explanation: Explanation) -> Iterator[Cell]:
    if explanation.athlete_id is not None:
        yield f"athlete {explanation.athlete_id}"
    planner = f" by {explanation.model_id}" if explanation.model_id else ""
    prompt = f", prompt {explanation.prompt_version}" if explanation.prompt_version else ""
    rules = f", guardrails {explanation.registry_version}" if explanation.registry_version else ""
    style = "green" if explanation.status == "success" else "red"
    yield f"{explanation.status or 'unknown end'}{planner}{prompt}{rules}", style
    for error in explanation.errors:
        yield error, "red"


def _plan_parts(explanation: Explanation) -> Iterator[Part]:
    plan = explanation.plan
    if plan is None:
        return
    if isinstance(plan, ActivityPlanV1):
        yield f"{plan.next_week.phase}. {plan.next_week.objective}"
        yield PageTable(
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
    yield PageTable(
        ("Day", "Session", "Time", "Load", "Zone"),
        [row for day in plan.days for row in _day_rows(day)],
        right=frozenset({2, 3}),
    )
    if explanation.predicted is not None:
        yield f"At its end, if all is done: {fitness(explanation.predicted)}."
    if plan.warnings:
        yield Bullets([(warning, "yellow") for warning in plan.warnings])


def _day_rows(day: PlannedDay) -> Iterator[tuple[Cell, ...]]:
    label = f"{day.day_name} {day.date}"
    if not day.sessions:
        yield label, rest_word(day), "", "", ""
    for session in day.sessions:
        yield (
            label,
            (session.title, "bold" if session.is_hard else ""),
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


def _metric_parts(explanation: Explanation) -> Iterator[Part]:
    if not explanation.metrics:
        return
    if explanation.history:
        yield f"Mean of the known weeks before: {', '.join(map(str, explanation.history))}."
    covered = any(metric.coverage for metric in explanation.metrics)
    usual = _usual_sources(explanation.metrics)
    if usual:
        yield f"Measured by {', '.join(usual)}, where nothing else is named."
    yield PageTable(
        ("Metric", "Unit", "Observed", "Mean before", "Weeks", *(("Coverage",) if covered else ())),
        [_metric_row(metric, usual)[: 6 if covered else 5] for metric in explanation.metrics],
        right=frozenset({2, 3, 4}),
    )


def _usual_sources(metrics: Sequence[ExplainedMetric]) -> tuple[str, ...]:
    """The sources that most metrics have in common; none where only one metric has them."""
    named = Counter(one.coverage.sources for one in metrics if one.coverage)
    del named[()]
    (sources, count), *_ = named.most_common(1) or [((), 0)]
    return sources if count > 1 else ()


def _metric_row(metric: ExplainedMetric, usual: tuple[str, ...]) -> tuple[Cell, ...]:
    return (
        metric.name,
        SHOWN_UNITS.get(metric.unit, metric.unit),
        figure(metric.value, metric.unit),
        figure(metric.history_mean, metric.unit),
        str(metric.history_weeks),
        "" if metric.coverage is None else _coverage(metric.coverage, metric.counted, usual),
    )


def _coverage(measured: Measured, counted: str, usual: tuple[str, ...]) -> Cell:
    named = () if measured.sources == usual else measured.sources
    sources = "".join(f", {source}" for source in named)
    text = f"{measured.measured} of {measured.of} {counted}{sources}"
    return (text, "yellow") if measured.measured < measured.of else text


def _readiness_parts(explanation: Explanation) -> Iterator[Part]:
    signals = explanation.envelope.readiness.signals if explanation.envelope else ()
    if signals:
        yield PageTable(
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


def _threshold_parts(explanation: Explanation) -> Iterator[Part]:
    """What targets were made of, and where each threshold came from."""
    if explanation.thresholds:
        yield PageTable(
            ("Sport", "Threshold", "From", "Of", "Confidence"),
            [
                (
                    one.sport.value,
                    threshold_in_words(one),
                    _SOURCES[one.source],
                    "" if one.as_of is None else str(one.as_of),
                    one.confidence.value,
                )
                for one in explanation.thresholds
            ],
        )


def _longest(envelope: LoadEnvelope) -> str:
    """How long the longest session may be, in the sport that has one."""
    sport = envelope.long_sport or Sport.RUN
    longest_s = envelope.longest_s(sport)
    return "" if longest_s is None else f" Longest {sport.name.lower()}: {duration(longest_s)}."


def _envelope_parts(explanation: Explanation) -> Iterator[Part]:
    envelope = explanation.envelope
    if envelope is None:
        return
    yield (
        f"Phase {envelope.phase}. Load {envelope.min_load} to {envelope.max_load}, target "
        f"{envelope.target_load}. Hard sessions: at most {envelope.hard_sessions}; at most "
        f"{100 * envelope.max_hard_share:.0f} % of endurance time in zone 3 and above."
        f"{_longest(envelope)}"
    )
    limited = [day for day in envelope.days if day.available_s is not None]
    if limited:
        yield PageTable(
            ("Day", "Room", "Because"),
            [(str(day.date), duration(day.available_s or 0), day.reason or "") for day in limited],
            right=frozenset({1}),
        )
    yield Bullets(envelope.reasons)
