"""An explanation of a run: what one page shows. `explaining` puts it together."""

from datetime import date, datetime
from typing import Literal

from weekly_plan_assets.domain.athlete.thresholds import Threshold
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope
from weekly_plan_assets.domain.guardrails import RuleOutcome, Severity
from weekly_plan_assets.domain.metrics.coverage import Measured
from weekly_plan_assets.domain.metrics.fitness import FitnessState
from weekly_plan_assets.domain.plan.weekly_plan import Reason
from weekly_plan_assets.lineage.records.delivery_receipt import DeliveryReceipt
from weekly_plan_assets.lineage.records.provenance import Provenance
from weekly_plan_assets.lineage.records.records import ActivityPlan, PlanAdherence
from weekly_plan_assets.lineage.records.version_1 import ActivityPlanV1


class ExplainedMetric(Document):
    """A metric of the observed week.

    Attributes:
        name: As in weekly_metrics.
        history_mean: Over the weeks of history that have it; None if none has.
        history_weeks: How many have it.
        coverage: What the value rests on; None if it was not kept.
        counted: What the coverage counts, `days` or `runs`, say.
    """

    name: str
    unit: str
    value: float | None
    history_mean: float | None
    history_weeks: int
    coverage: Measured | None
    counted: str


class ExplainedVerdict(Document):
    """What one rule said of the answer that decided.

    Attributes:
        version: None if it was not kept.
    """

    rule_id: str
    version: int | None
    severity: Severity
    outcome: RuleOutcome
    observed: str
    threshold: str
    statement: str


class ExplainedAttempt(Document):
    """One answer of the planner, and why it was rejected; `errors` is empty for a valid one.

    Attributes:
        notes: What of it was read otherwise than it stood there, added or left out.
        cached_tokens: Those of `input_tokens` that the provider had in its cache.
        cost_usd: By the price list of the day, an estimate.
        continued: Whether the provider was sent only what was wrong with the answer before.
    """

    attempt: int
    errors: tuple[str, ...]
    notes: tuple[str, ...] = ()
    model: str | None
    fallback: bool
    input_tokens: int | None
    output_tokens: int | None
    cached_tokens: int | None = None
    cost_usd: float | None = None
    continued: bool = False
    duration_s: float
    finish_reason: str | None
    started_at: datetime


class JoinedDocument(Document):
    """A document that the runId joins, and whether it is there."""

    collection: str
    found: bool


class LeftOutOfRun(Document):
    """A part that is not shown, and why."""

    part: str
    reason: str


class Explanation(Document):
    """A planning execution on one page.

    Attributes:
        schema_version: Schema version of the documents that it was read from.
        athlete_id: None if version 1.0 names none.
        observed_week_start: The week that the plan was made from; None likewise.
        status: How it ended; None if no document says.
        model_id: Who planned; None if that is not known.
        plan: What was planned, published or not.
        reasons: Why, with the numbers behind it.
        predicted: Fitness at the end of the planned week, if all of it is done.
        metrics: Metrics of the observed week.
        history: Mondays of the earlier weeks that were known.
        thresholds: Power or pace that targets were made of, with where each came from.
        envelope: With the signals of readiness.
        verdicts: On the answer that decided, the failures first.
        errors: Why there is no plan.
        deliveries: What of the plan went where, and what became of it there.
    """

    run_id: str
    schema_version: Literal["1.0", "2.0", "3.0"]
    athlete_id: str | None
    observed_week_start: date | None
    week_start: date
    week_end: date
    status: str | None
    model_id: str | None
    prompt_version: str | None
    registry_version: str | None = None
    published: bool
    plan: ActivityPlan | ActivityPlanV1 | None
    reasons: tuple[Reason, ...]
    predicted: FitnessState | None = None
    metrics: tuple[ExplainedMetric, ...]
    history: tuple[date, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    envelope: LoadEnvelope | None = None
    verdicts: tuple[ExplainedVerdict, ...] = ()
    attempts: tuple[ExplainedAttempt, ...] = ()
    errors: tuple[str, ...]
    provenance: Provenance | None = None
    adherence: PlanAdherence | None = None
    deliveries: tuple[DeliveryReceipt, ...] = ()
    documents: tuple[JoinedDocument, ...]
    left_out: tuple[LeftOutOfRun, ...]
