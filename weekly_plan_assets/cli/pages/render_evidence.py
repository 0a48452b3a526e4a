"""The evidence of a run, as parts of a page: rules, attempts, adherence, provenance, documents."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from weekly_plan_assets.cli.pages.page import Bullets, Cell, PageTable, Part
from weekly_plan_assets.common.figures_in_words import duration, figure, fitness
from weekly_plan_assets.domain.adherence import PlannedAndDone
from weekly_plan_assets.domain.adherence import SessionOutcome as Became
from weekly_plan_assets.domain.guardrails import RuleOutcome
from weekly_plan_assets.lineage.audit.explanation import (
    ExplainedAttempt,
    ExplainedVerdict,
    JoinedDocument,
)
from weekly_plan_assets.lineage.records.provenance import Provenance
from weekly_plan_assets.lineage.records.records import PlanAdherence

HASH_SHOWN = 12
"""Hexadecimal digits that are shown of a hash."""

_VERDICT_STYLES = {
    RuleOutcome.PASS: "green",
    RuleOutcome.FAIL: "red",
    RuleOutcome.NOT_EVALUATED: "yellow",
}
_BECAME_STYLES = {Became.DONE: "green", Became.MISSED: "red"}


def rule_parts(verdicts: Sequence[ExplainedVerdict]) -> Iterator[Part]:
    """Every rule with its verdict, the failures first."""
    if not verdicts:
        return
    counts = ", ".join(
        f"{sum(verdict.outcome is outcome for verdict in verdicts)} {_words(outcome)}"
        for outcome in RuleOutcome
    )
    yield f"On the answer that decided: {counts}."
    yield PageTable(
        ("Rule", "Verdict", "Observed", "Threshold"),
        [
            (
                verdict.rule_id + ("" if verdict.version is None else f" v{verdict.version}"),
                (_verdict(verdict), _VERDICT_STYLES[verdict.outcome]),
                verdict.observed,
                verdict.threshold,
            )
            for verdict in verdicts
        ],
    )


def _verdict(verdict: ExplainedVerdict) -> str:
    """Mark a rule that stops no plan as a warning where it did not pass."""
    words = _words(verdict.outcome)
    return words if verdict.outcome is RuleOutcome.PASS else f"{words} ({verdict.severity})"


def _words(outcome: RuleOutcome) -> str:
    return outcome.replace("_", " ")


def attempt_parts(attempts: Sequence[ExplainedAttempt]) -> Iterator[Part]:
    """Every attempt, and why it was rejected."""
    if not attempts:
        return
    yield PageTable(
        ("Attempt", "Answer", "By", "Tokens read", "written", "US$", "s", "Ended"),
        [
            (
                str(one.attempt),
                ("rejected", "red") if one.errors else ("valid", "green"),
                (one.model or "") + ("rules (fallback)" if one.fallback else ""),
                figure(one.input_tokens),
                figure(one.output_tokens),
                "-" if one.cost_usd is None else f"{one.cost_usd:.4f}",
                f"{one.duration_s:.1f}",
                one.finish_reason or "",
            )
            for one in attempts
        ],
        right=frozenset({0, 3, 4, 5, 6}),
    )
    said = [
        *((f"attempt {one.attempt}: {text}", "dim") for one in attempts for text in _sent(one)),
        *(((f"attempt {one.attempt}: {text}"), "red") for one in attempts for text in one.errors),
        *(((f"attempt {one.attempt}: {text}"), "dim") for one in attempts for text in one.notes),
    ]
    if said:
        yield Bullets(said)


def _sent(attempt: ExplainedAttempt) -> Iterator[str]:
    """What the provider had already when the attempt was sent."""
    if attempt.continued:
        yield "the provider still held the conversation, and was sent only what was wrong"
    if attempt.cached_tokens:
        yield f"{attempt.cached_tokens} of the tokens read came from the provider's cache"


def adherence_parts(adherence: PlanAdherence | None) -> Iterator[Part]:
    """What was done of the plan, session by session."""
    if adherence is None:
        return
    counts = ", ".join(f"{adherence.count(outcome)} {outcome}" for outcome in Became)
    yield f"Sessions: {counts}, {len(adherence.added)} added."
    unknown = adherence.unknown_load_count
    without = f", without those of {unknown} sessions whose load is not known" if unknown else ""
    yield (
        f"Load planned {figure(adherence.load_planned)}, done "
        f"{figure(adherence.load_done)}{without}."
    )
    if not adherence.in_time:
        yield "The plan was published too late to be followed, in a backfill say.", "yellow"
    yield f"Predicted {fitness(adherence.predicted)}; measured {fitness(adherence.actual)}."
    rows = [_done_row(session) for session in adherence.sessions]
    rows += [
        (
            str(one.day),
            one.type or "activity",
            "added",
            "",
            str(one.day),
            "" if one.duration_s is None else duration(one.duration_s),
            figure(one.load),
        )
        for one in adherence.added
    ]
    yield PageTable(
        ("Day", "Session", "Result", "Planned", "Done on", "Time", "Load"),
        rows,
        right=frozenset({3, 5, 6}),
    )


def _done_row(session: PlannedAndDone) -> tuple[Cell, ...]:
    planned = f"{duration(session.planned_duration_s)}, {figure(session.planned_load)}"
    done_s = session.done_duration_s
    return (
        str(session.day),
        f"{session.sport} {session.kind}",
        (session.outcome, _BECAME_STYLES.get(session.outcome, "yellow")),
        planned,
        "" if session.done_day is None else str(session.done_day),
        "" if done_s is None else duration(done_s),
        "" if session.done_load is None else figure(session.done_load),
    )


def provenance_parts(provenance: Provenance | None) -> Iterator[Part]:
    """Which code, run and inputs it comes from."""
    if provenance is None:
        return
    origin, code, planner = provenance.origin, provenance.code, provenance.planner
    rows: list[tuple[str, str]] = [
        ("package", code.package),
        ("git revision", code.git_revision or "not run from a clone"),
        ("Dagster run", origin.dagster_run_id),
        ("root run", origin.root_run_id),
        ("retry", str(origin.retry_number)),
        ("partition", origin.partition),
        ("guardrails", provenance.registry_version or "-"),
        ("started", _moment(provenance.started_at)),
        ("ended", _moment(provenance.ended_at)),
    ]
    if planner is not None:
        rows += [("planner", planner.model_id), ("prompt", planner.prompt_version)]
        rows += [(name, str(value)) for name, value in planner.settings.items()]
    rows += [
        (f"hash of {name}", digest[:HASH_SHOWN]) for name, digest in provenance.input_hashes.items()
    ]
    yield PageTable(("What", "Value"), rows)


def _moment(at: datetime | None) -> str:
    return "-" if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC"


def document_parts(documents: Sequence[JoinedDocument]) -> Iterator[Part]:
    """The documents of the runId, found or not."""
    yield PageTable(
        ("Collection", "Document"),
        [
            (one.collection, ("found", "green") if one.found else ("not found", "yellow"))
            for one in documents
        ],
    )
