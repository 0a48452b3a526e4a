"""Reading the lineage: the run-keyed documents as records, newest first.

What is shown of them lies in `cli`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from pymongo import DESCENDING
from pymongo.database import Database

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.plan_adherence import PlanAdherence
from weekly_plan_assets.lineage.records import (
    PlanningInputs,
    PlanningOutcome,
    PlanSnapshot,
    RunEvent,
)
from weekly_plan_assets.lineage.stored_run import StoredRun, StoredRunV1
from weekly_plan_assets.lineage.version_1 import PlanSnapshotV1, RunArtifactsV1, RunEventV1
from weekly_plan_assets.storage.codec import BsonDocument

Record = TypeVar("Record", bound=Document)

AnySnapshot: TypeAlias = PlanSnapshot | PlanSnapshotV1
AnyEvent: TypeAlias = RunEvent | RunEventV1
AnyRun: TypeAlias = StoredRun | StoredRunV1


@dataclass(frozen=True, slots=True)
class Lineage:
    """The lineage kept in one database.

    Attributes:
        athlete_id: Only this athlete's documents, and those that name none; None: anybody's. A
            runId is nobody else's, so what is found by runId is not filtered.
    """

    database: Database[BsonDocument]
    athlete_id: str | None = None

    def run(self, run_id: str) -> AnyRun | None:
        """Everything kept of `run_id`; None where nothing is."""
        event = self._find("run_events", run_id)
        artifacts = self._find("run_artifacts", run_id)
        snapshot = self._find("plan_snapshots", run_id)
        adherence = self._find("plan_adherence", run_id)
        return run_of(run_id, event, artifacts, snapshot, adherence)

    def snapshot(self, run_id: str) -> AnySnapshot | None:
        """The plan that `run_id` published."""
        document = self._find("plan_snapshots", run_id)
        return None if document is None else snapshot_of(document)

    def latest_snapshot(self, planned_week: TrainingWeek | None = None) -> AnySnapshot | None:
        """The newest plan; for `planned_week` where one is given, else for the latest week."""
        query = {} if planned_week is None else {"weekStart": planned_week.key}
        newest = [("weekStart", DESCENDING), ("createdAt", DESCENDING)]
        document = self.database["plan_snapshots"].find_one(
            self._own(query), {"_id": 0}, sort=newest
        )
        return None if document is None else snapshot_of(document)

    def events(self, limit: int) -> list[AnyEvent]:
        """The newest `limit` run events."""
        documents = self.database["run_events"].find(self._own({}), {"_id": 0}, limit=limit)
        return [event_of(document) for document in documents.sort("createdAt", DESCENDING)]

    def _find(self, collection: str, run_id: str) -> BsonDocument | None:
        return self.database[collection].find_one({"runId": run_id}, {"_id": 0})

    def _own(self, query: Mapping[str, Any]) -> BsonDocument:
        if self.athlete_id is None:
            return dict(query)
        # None matches documents without the field too: version 1.0 names no athlete.
        return {**query, "athleteId": {"$in": [self.athlete_id, None]}}


def run_of(
    run_id: str,
    event: BsonDocument | None,
    artifacts: BsonDocument | None,
    snapshot: BsonDocument | None,
    adherence: BsonDocument | None,
) -> AnyRun | None:
    """The stored documents of one runId as records; None where there is no document.

    Raises:
        pydantic.ValidationError: A document is malformed, or its provenance was altered.
    """
    documents = [event, artifacts, snapshot]
    if all(document is None for document in documents):
        return None
    if all(document is None or _is_version_1(document) for document in documents):
        return StoredRunV1(
            run_id=run_id,
            event=_as(RunEventV1, event),
            artifacts=_as(RunArtifactsV1, artifacts),
            snapshot=_as(PlanSnapshotV1, snapshot),
        )
    answered = artifacts is not None and artifacts.get("outputRaw") is not None
    return StoredRun(
        run_id=run_id,
        event=_as(RunEvent, event),
        inputs=_as(PlanningInputs, artifacts),
        outcome=_as(PlanningOutcome, artifacts) if answered else None,
        snapshot=_as(PlanSnapshot, snapshot),
        adherence=_as(PlanAdherence, adherence),
    )


def snapshot_of(document: BsonDocument) -> AnySnapshot:
    """A stored plan, in its own version."""
    if _is_version_1(document):
        return PlanSnapshotV1.model_validate(document)
    return PlanSnapshot.model_validate(document)


def event_of(document: BsonDocument) -> AnyEvent:
    """A stored run event, in its own version."""
    if _is_version_1(document):
        return RunEventV1.model_validate(document)
    return RunEvent.model_validate(document)


def _as(model: type[Record], document: BsonDocument | None) -> Record | None:
    return None if document is None else model.model_validate(document)


def _is_version_1(document: BsonDocument) -> bool:
    """Version 2.0 always names the observed week."""
    return "observedWeekStart" not in document
