"""The run event of an execution, and its closed artifacts, from how its Dagster run ended.

How a run ended is read in `runs.facts`, or taken from the store in `audit.abandoned` where no
history knows the run. When an event is written, and whether it replaces another one, is decided
there and in `runs.events`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.code_version import code_version
from weekly_plan_assets.lineage.records.provenance import Provenance, RunOrigin
from weekly_plan_assets.lineage.records.records import RunEvent, Status
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.run_documents import RunDocuments


@dataclass(frozen=True, slots=True)
class ExecutionEnd:
    """How an execution ended, by its Dagster run.

    Attributes:
        origin: The run, as its documents name it.
        root_run_id: The first run of a chain of re-executions.
        errors: Why it broke; not used where the plan was published.
    """

    origin: RunOrigin
    root_run_id: str
    dagster_status: str
    job_name: str
    will_retry: bool
    errors: tuple[str, ...]
    started_at: datetime | None
    ended_at: datetime

    def event(
        self,
        run_id: str,
        week: TrainingWeek,
        athlete_id: str,
        inputs: BsonDocument,
        *,
        published: bool,
    ) -> RunEvent:
        """The run event of an execution; a published plan makes it a success.

        Args:
            run_id: The execution.
            week: The observed week.
            athlete_id: The athlete it was for.
            inputs: The execution's run_artifacts document; empty where it stored none.
            published: Whether its plan is stored.
        """
        # Inputs that were closed by an earlier look at this end hold its errors too.
        every = dict.fromkeys((*self.errors, *(inputs.get("errors") or ())))
        errors = () if published else tuple(every)
        return RunEvent(
            run_id=run_id,
            athlete_id=athlete_id,
            observed_week_start=week.start,
            week_start=week.next().start,
            week_end=week.next().end,
            status=Status.SUCCESS if published else Status.FAILURE,
            attempt=inputs.get("attempt"),
            model_id=inputs.get("modelId"),
            errors=errors,
            error_count=len(errors),
            dagster_run_id=self.origin.dagster_run_id,
            dagster_status=self.dagster_status,
            job_name=self.job_name,
            root_run_id=self.root_run_id,
            retry_number=self.origin.retry_number,
            will_retry=self.will_retry,
            started_at=self.started_at,
            ended_at=self.ended_at,
            provenance=self._provenance(inputs),
            tokens=_sum_of(inputs, "inputTokens", "outputTokens"),
            cost_usd=_sum_of(inputs, "costUsd"),
        )

    def _provenance(self, inputs: BsonDocument) -> Provenance:
        """As far as the run got: without hashes where it broke before its inputs were stored."""
        return Provenance.of(
            input_hashes=inputs.get("inputHashes", {}),
            registry_version=inputs.get("registryVersion"),
            code=code_version(),
            origin=self.origin,
            planner=(inputs.get("provenance") or {}).get("planner"),
            started_at=self.started_at,
            ended_at=self.ended_at,
        )


def _sum_of(inputs: BsonDocument, *keys: str) -> Any:
    """The sum over all attempts; None where none of them has a value."""
    known = [
        one[key] for one in inputs.get("attempts") or () for key in keys if one.get(key) is not None
    ]
    return sum(known) if known else None


def close_artifacts(
    database: Database[BsonDocument], event: RunEvent, inputs: BsonDocument | None
) -> None:
    """Close an execution that broke before the planner's answer was stored.

    Args:
        database: Where run_artifacts is.
        event: The execution's event.
        inputs: Its run_artifacts document as it was read; None if it stored none.
    """
    if inputs is None or inputs["status"] != Status.STARTED:
        return
    outcome = {
        "runId": event.run_id,
        "status": Status.FAILURE.value,
        "attempt": None,
        "attempts": [],
        "outputRaw": None,
        "outputValidated": None,
        "errors": list(event.errors),
        "errorCount": event.error_count,
    }
    # Not if an answer was stored since.
    still_open = {"status": Status.STARTED.value, "athleteId": inputs.get("athleteId")}
    RunDocuments(database, CollectionName.RUN_ARTIFACTS).merge_while(still_open, outcome)
