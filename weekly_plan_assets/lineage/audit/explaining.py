"""A run explained: what was planned, from what, judged how, and what became of it.

Put together from the stored documents alone. A part that a run does not have is left out with the
reason; nothing is made up for it. How an explanation looks belongs to `cli`.
"""

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from weekly_plan_assets.domain.attempt import Attempt
from weekly_plan_assets.domain.guardrails import RuleOutcome, Severity, Verdict
from weekly_plan_assets.domain.metrics.coverage import DAY_KEYS, SESSION_NEEDS, Measured
from weekly_plan_assets.domain.metrics.fitness import FitnessState
from weekly_plan_assets.domain.plan.weekly_plan import SCHEMA_VERSION, PlanVersion, Reason
from weekly_plan_assets.lineage.audit.explanation import (
    ExplainedAttempt,
    ExplainedMetric,
    ExplainedVerdict,
    Explanation,
    JoinedDocument,
    LeftOutOfRun,
)
from weekly_plan_assets.lineage.records.metric_units import METRIC_UNITS, figures_of, metric_rows
from weekly_plan_assets.lineage.records.provenance import Provenance
from weekly_plan_assets.lineage.records.reading import AnyRun
from weekly_plan_assets.lineage.records.records import (
    ActivityPlan,
    PlanningInputs,
    RunRecord,
    Status,
)
from weekly_plan_assets.lineage.records.stored_run import StoredRun, StoredRunV1

_NOT_COVERED: Mapping[str, Measured] = {}
_OUTCOMES_IN_ORDER = (RuleOutcome.FAIL, RuleOutcome.NOT_EVALUATED, RuleOutcome.PASS)
_SESSIONS_COUNTED = {
    "any": "sessions",
    "run": "runs",
    "ride": "rides",
    "strength": "strength sessions",
    "endurance": "endurance sessions",
}


def explain(run: AnyRun) -> Explanation:
    """The explanation of a run, as far as its documents tell.

    Raises:
        ValueError: The run has no document that names its week.
    """
    return _explained_version_1(run) if isinstance(run, StoredRunV1) else _explained(run)


def metrics_of(
    observed: object, history: Sequence[object], coverage: Mapping[str, Measured] = _NOT_COVERED
) -> tuple[ExplainedMetric, ...]:
    """The metrics of a stored row beside their means over earlier rows; those it has."""
    figures = figures_of(observed)
    earlier = [figures_of(row) for row in history]
    return tuple(
        ExplainedMetric(
            name=name,
            unit=METRIC_UNITS[name],
            value=figures.get(name),
            history_mean=fmean(known) if known else None,
            history_weeks=len(known),
            coverage=coverage.get(name),
            counted=_counted(name),
        )
        for name, known in (
            (name, [row[name] for row in earlier if name in row]) for name in METRIC_UNITS
        )
        if name in figures or known
    )


def _counted(metric: str) -> str:
    if metric in DAY_KEYS:
        return "days"
    who, _ = SESSION_NEEDS.get(metric, ("any", ""))
    return _SESSIONS_COUNTED[who]


def _version(run: StoredRun) -> PlanVersion:
    """The contract of the run's plan; the newest where there is no plan."""
    plans = (run.snapshot, run.outcome and run.outcome.output_validated)
    return next((plan.schema_version for plan in plans if plan), SCHEMA_VERSION)


def _explained(run: StoredRun) -> Explanation:
    inputs, outcome, event = run.inputs, run.outcome, run.event
    record = _some_record(run)
    attempts = outcome.attempts if outcome else ()
    plan, reasons = _planned(run)
    return Explanation(
        run_id=run.run_id,
        schema_version=_version(run),
        athlete_id=record.athlete_id,
        observed_week_start=record.observed_week_start,
        week_start=record.week_start,
        week_end=record.week_end,
        status=_status(run),
        model_id=inputs.model_id if inputs else event and event.model_id,
        prompt_version=inputs and inputs.prompt_version,
        registry_version=inputs and inputs.registry_version,
        published=run.snapshot is not None,
        plan=plan,
        reasons=reasons,
        predicted=_predicted(run),
        metrics=_metrics(inputs) if inputs else (),
        history=tuple(week.week_start for week in inputs.history) if inputs else (),
        thresholds=inputs.athlete.thresholds if inputs else (),
        envelope=inputs and inputs.envelope,
        verdicts=_verdicts(attempts[-1]) if attempts else (),
        attempts=tuple(_attempt(one) for one in attempts),
        errors=_errors(run),
        provenance=_provenance(run),
        adherence=run.adherence,
        deliveries=run.deliveries,
        documents=_documents(
            run_events=event,
            run_artifacts=inputs,
            plan_snapshots=run.snapshot,
            plan_adherence=run.adherence,
            plan_deliveries=run.deliveries or None,
        ),
        left_out=tuple(_left_out(run)),
    )


def _some_record(run: StoredRun) -> RunRecord:
    """The one that knows most; the event of a run that broke early knows no athlete."""
    record = run.inputs or run.snapshot or run.event
    if record is None:
        raise ValueError(f"run {run.run_id} has no document")
    return record


def _status(run: StoredRun) -> str:
    if run.snapshot is not None:
        return Status.SUCCESS
    stated = run.event or run.outcome or run.inputs
    return stated.status if stated else Status.FAILURE


def _planned(run: StoredRun) -> tuple[ActivityPlan | None, tuple[Reason, ...]]:
    """The plan as it was published, else as it was answered."""
    if run.snapshot is not None:
        return run.snapshot.activity_plan, run.snapshot.justification
    plan = run.outcome.output_validated if run.outcome else None
    if plan is None:
        return None, ()
    return (
        ActivityPlan(next_week=plan.next_week, days=plan.days, warnings=plan.warnings),
        plan.justification,
    )


def _predicted(run: StoredRun) -> FitnessState | None:
    made = run.snapshot or run.outcome
    return made.predicted if made else None


def _provenance(run: StoredRun) -> Provenance | None:
    """The provenance of the planning; that of the run if it never came to planning."""
    records = (run.inputs, run.snapshot, run.event)
    return next((one.provenance for one in records if one and one.provenance), None)


def _errors(run: StoredRun) -> tuple[str, ...]:
    stated = run.event or run.outcome
    return stated.errors if stated and run.snapshot is None else ()


def _metrics(inputs: PlanningInputs) -> tuple[ExplainedMetric, ...]:
    coverage = inputs.metrics.coverage
    return metrics_of(
        inputs.metrics.model_dump(),
        [week.model_dump() for week in inputs.history],
        coverage.metrics if coverage else {},
    )


def _verdicts(attempt: Attempt) -> tuple[ExplainedVerdict, ...]:
    return tuple(
        ExplainedVerdict(
            rule_id=verdict.rule_id,
            version=verdict.version if "version" in verdict.model_fields_set else None,
            severity=verdict.severity,
            outcome=verdict.outcome,
            observed=verdict.observed,
            threshold=verdict.threshold,
            statement=verdict.statement,
        )
        for verdict in sorted(attempt.verdicts, key=_failures_first)
    )


def _failures_first(verdict: Verdict) -> tuple[int, bool]:
    return _OUTCOMES_IN_ORDER.index(verdict.outcome), verdict.severity is not Severity.ERROR


def _attempt(attempt: Attempt) -> ExplainedAttempt:
    return ExplainedAttempt.model_validate(attempt.model_dump())


def _documents(**by_collection: object | None) -> tuple[JoinedDocument, ...]:
    return tuple(
        JoinedDocument(collection=name, found=document is not None)
        for name, document in by_collection.items()
    )


def _left_out(run: StoredRun) -> Iterator[LeftOutOfRun]:
    """What is not shown, and why, in the order of the page."""
    planned, _ = _planned(run)
    if planned is None:
        yield LeftOutOfRun(part="plan", reason=_why_no_plan(run))
    elif run.snapshot is None:
        yield LeftOutOfRun(
            part="publication",
            reason=f"plan_snapshots does not hold this run: {_NO_PLAN}.",
        )
    if planned is not None and _predicted(run) is None:
        yield LeftOutOfRun(part="predicted", reason=_why_no_prediction(run))
    if run.inputs is None:
        broke = run.event is not None and run.snapshot is None
        yield LeftOutOfRun(
            part="metrics, readiness, envelope, rules and attempts",
            reason="The run broke before its inputs were kept."
            if broke
            else "run_artifacts does not hold this run.",
        )
    elif run.outcome is None:
        yield LeftOutOfRun(part="rules and attempts", reason=_WITHOUT_ANSWER)
    elif not run.outcome.attempts[-1].verdicts:
        yield LeftOutOfRun(
            part="rules", reason="The last answer is no plan, so there is nothing to judge."
        )
    if _provenance(run) is None:
        yield LeftOutOfRun(
            part="provenance", reason="It was not kept yet when this run was stored."
        )
    if run.adherence is None:
        yield LeftOutOfRun(part="adherence", reason=_why_no_adherence(run))
    if run.event is None:
        yield LeftOutOfRun(
            part="run event",
            reason=f"run_events does not hold this run: {_NO_EVENT}.",
        )


_NO_PLAN = "it published no plan, or more than 365 days ago"
_NO_EVENT = "it has not ended, was not recorded yet, or ended more than 90 days ago"
_WITHOUT_ANSWER = "The run broke, or is not over, before an answer of the planner was kept."


def _why_no_plan(run: StoredRun) -> str:
    if run.outcome is not None:
        return "No attempt was valid, so nothing was published."
    if run.inputs is not None:
        return _WITHOUT_ANSWER
    return "The run broke before a planner was asked."


def _why_no_prediction(run: StoredRun) -> str:
    if run.inputs and run.inputs.metrics.ctl_end is None:
        return "CTL and ATL at the end of the observed week were not known."
    return "Predicted fitness was not kept yet when this run was stored."


def _why_no_adherence(run: StoredRun) -> str:
    if run.snapshot is None:
        return "No plan was published that could have been followed."
    week = run.snapshot.planned_week
    return f"What was done of it is not known before the week of {week} is read and looked at."


def _explained_version_1(run: StoredRunV1) -> Explanation:
    artifacts, snapshot, event = run.artifacts, run.snapshot, run.event
    record = artifacts or snapshot or event
    if record is None:
        raise ValueError(f"run {run.run_id} has no document")
    history = metric_rows(artifacts.history) if artifacts else []
    stated = event or artifacts
    return Explanation(
        run_id=run.run_id,
        schema_version="1.0",
        athlete_id=record.athlete_id,
        observed_week_start=None,
        week_start=record.week_start,
        week_end=record.week_end,
        status=stated.status if stated else None,
        model_id=artifacts and artifacts.model_id,
        prompt_version=artifacts and artifacts.prompt_version,
        published=snapshot is not None,
        plan=snapshot and snapshot.activity_plan,
        reasons=tuple(Reason(text=text) for text in snapshot.justification) if snapshot else (),
        metrics=metrics_of(artifacts.metrics, history) if artifacts else (),
        errors=stated.errors if stated else (),
        documents=_documents(run_events=event, run_artifacts=artifacts, plan_snapshots=snapshot),
        left_out=tuple(_left_out_of_version_1(run)),
    )


def _left_out_of_version_1(run: StoredRunV1) -> Iterator[LeftOutOfRun]:
    if run.snapshot is None:
        yield LeftOutOfRun(
            part="plan", reason=f"plan_snapshots does not hold this run: {_NO_PLAN}."
        )
    if run.event is None:
        yield LeftOutOfRun(
            part="run event", reason=f"run_events does not hold this run: {_NO_EVENT}."
        )
    if run.artifacts is None:
        yield LeftOutOfRun(part="metrics", reason="run_artifacts does not hold this run.")
    elif not figures_of(run.artifacts.metrics):
        yield LeftOutOfRun(part="metrics", reason="None were kept in a form that can be read.")
    yield LeftOutOfRun(
        part="readiness, envelope, rules, attempts, provenance and adherence",
        reason="Documents of schema version 1.0 do not hold them.",
    )
