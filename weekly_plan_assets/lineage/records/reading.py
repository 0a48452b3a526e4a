"""Reading the lineage: the run-keyed documents as records, newest first.

What is shown of them belongs to `cli`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from pydantic import ValidationError
from pymongo import DESCENDING
from pymongo.database import Database

from weekly_plan_assets.domain.athlete.athlete_id import UNKNOWN_ATHLETE
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.delivery_receipt import DeliveryReceipt
from weekly_plan_assets.lineage.records.records import (
    PlanAdherence,
    PlanningInputs,
    PlanningOutcome,
    PlanSnapshot,
    RunEvent,
)
from weekly_plan_assets.lineage.records.stored_run import StoredRun, StoredRunV1
from weekly_plan_assets.lineage.records.version_1 import PlanSnapshotV1, RunArtifactsV1, RunEventV1
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.errors import StoreError
from weekly_plan_assets.storage.plan_deliveries import deliveries_of_run
from weekly_plan_assets.storage.retrying import retried

Record = TypeVar("Record", bound=Document)

AnySnapshot: TypeAlias = PlanSnapshot | PlanSnapshotV1
AnyEvent: TypeAlias = RunEvent | RunEventV1
AnyRun: TypeAlias = StoredRun | StoredRunV1

LATEST = "latest"
"""Stands for the newest run wherever a runId is asked for."""

_RUN_COLLECTIONS = (
    CollectionName.RUN_ARTIFACTS,
    CollectionName.RUN_EVENTS,
    CollectionName.PLAN_SNAPSHOTS,
)
"""Each holds a run that the others may lack: it broke early, or its documents were due."""

_CANDIDATES_NAMED = 5

_CREATED = {"$convert": {"input": "$createdAt", "to": "date", "onError": None, "onNull": None}}
"""The time of a document, also where version 1.0 wrote it as text; without a zone it is UTC."""


class UnknownRunError(StoreError):
    """No run, or more than one, is meant by what was given; the message says how to find it."""


class UnreadableRunError(StoreError):
    """A document of the lineage is malformed, or its provenance was altered; names the run."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """The lineage kept in one database.

    Attributes:
        athlete_id: Only this athlete's documents, and those that name none; None: anybody's. A
            runId is nobody else's, so what is found by runId is not filtered.
    """

    database: Database[BsonDocument]
    athlete_id: str | None = None

    @retried
    def resolve(self, run_id_or_prefix: str) -> str:
        """The whole runId of what a person gives: a runId, the beginning of one, or `latest`.

        Raises:
            UnknownRunError: No run is meant by it, or several are; then they are named.
        """
        if run_id_or_prefix == LATEST:
            return self._newest()
        itself = {"runId": run_id_or_prefix}
        if any(self.database[name].find_one(itself, {"_id": 1}) for name in _RUN_COLLECTIONS):
            return run_id_or_prefix
        beginning = self._own({"runId": {"$regex": f"^{re.escape(run_id_or_prefix)}"}})
        found = {
            run_id
            for name in _RUN_COLLECTIONS
            for run_id in self.database[name].distinct("runId", beginning)
        }
        if len(found) == 1:
            return str(found.pop())
        if not found:
            raise UnknownRunError(
                f"no run is, or begins with, {run_id_or_prefix!r}; `weekly-plan runs` lists them"
            )
        named = ", ".join(sorted(found)[:_CANDIDATES_NAMED])
        more = len(found) - _CANDIDATES_NAMED
        raise UnknownRunError(
            f"{len(found)} runs begin with {run_id_or_prefix!r}: {named}"
            f"{f' and {more} more' if more > 0 else ''}; give more of the runId"
        )

    def stored_run(self, run_id_or_prefix: str) -> AnyRun:
        """Everything kept of the run that is meant, as `resolve` takes it.

        Raises:
            UnknownRunError: No run is meant by it, or several are.
            UnreadableRunError: A document is malformed, or its provenance was altered.
        """
        run_id = self.resolve(run_id_or_prefix)
        run = self.run(run_id)
        if run is None:  # deleted since it was found
            raise UnknownRunError(f"nothing is stored of run {run_id} any more")
        return run

    def run(self, run_id: str) -> AnyRun | None:
        """Everything kept of `run_id`; None if nothing is.

        Raises:
            UnreadableRunError: A document is malformed, or its provenance was altered.
        """
        event = self._find(CollectionName.RUN_EVENTS, run_id)
        artifacts = self._find(CollectionName.RUN_ARTIFACTS, run_id)
        snapshot = self._find(CollectionName.PLAN_SNAPSHOTS, run_id)
        adherence = self._find(CollectionName.PLAN_ADHERENCE, run_id)
        deliveries = deliveries_of_run(self.database, run_id)
        with _readable(run_id):
            return stored_run_from(run_id, event, artifacts, snapshot, adherence, deliveries)

    def inputs(self, run_id: str) -> PlanningInputs | None:
        """What `run_id` planned from, without its other documents; None if it is not stored.

        Raises:
            UnreadableRunError: The document is malformed, or its provenance was altered.
        """
        artifacts = self._find(CollectionName.RUN_ARTIFACTS, run_id)
        with _readable(run_id):
            return _as(PlanningInputs, artifacts)

    def snapshot(self, run_id: str) -> AnySnapshot | None:
        """The plan that `run_id` published.

        Raises:
            UnreadableRunError: The document is malformed, or its provenance was altered.
        """
        return _snapshot(self._find(CollectionName.PLAN_SNAPSHOTS, run_id))

    @retried
    def latest_snapshot(self, planned_week: TrainingWeek | None = None) -> AnySnapshot | None:
        """The newest plan; for `planned_week` where one is given, else for the latest week.

        Raises:
            UnreadableRunError: The document is malformed, or its provenance was altered.
        """
        query = {} if planned_week is None else {"weekStart": planned_week.key}
        newest = [("weekStart", DESCENDING), ("createdAt", DESCENDING)]
        document = self.database[CollectionName.PLAN_SNAPSHOTS].find_one(
            self._own(query), {"_id": 0}, sort=newest
        )
        return _snapshot(document)

    @retried
    def snapshot_before(self, snapshot: PlanSnapshot) -> PlanSnapshot | None:
        """The plan that was published before this one for the same week; None if it is the first.

        Raises:
            UnreadableRunError: The document is malformed, or its provenance was altered.
        """
        plans = self.database[CollectionName.PLAN_SNAPSHOTS]
        itself = {"athleteId": snapshot.athlete_id, "runId": snapshot.run_id}
        own = plans.find_one(itself, {"createdAt": 1})
        if own is None:
            return None
        same = {"athleteId": snapshot.athlete_id, "weekStart": snapshot.planned_week.key}
        earlier = {**same, "createdAt": {"$lt": own["createdAt"]}}
        newest = [("createdAt", DESCENDING)]
        found = _snapshot(plans.find_one(earlier, {"_id": 0}, sort=newest))
        return found if isinstance(found, PlanSnapshot) else None

    @retried
    def run_of_week(self, week: TrainingWeek) -> tuple[str, TrainingWeek] | None:
        """The newest run that planned from `week`, else the newest that planned it.

        A run that published a plan comes before later ones that did not.

        Returns:
            Its runId and the week that it planned; None if there is none.
        """
        newest = [("createdAt", DESCENDING)]
        for planned in (week.next(), week):
            for name in (
                CollectionName.PLAN_SNAPSHOTS,
                CollectionName.RUN_EVENTS,
                CollectionName.RUN_ARTIFACTS,
            ):
                query = self._own({"weekStart": planned.key})
                found = self.database[name].find_one(query, {"runId": 1}, sort=newest)
                if found is not None:
                    return str(found["runId"]), planned
        return None

    @retried
    def athlete_of(self, run_id: str) -> str | None:
        """Whose run it is; None if no document of it says so."""
        named = {"runId": run_id, "athleteId": {"$nin": [None, UNKNOWN_ATHLETE]}}
        found = (self.database[name].find_one(named, {"athleteId": 1}) for name in _RUN_COLLECTIONS)
        return next((str(one["athleteId"]) for one in found if one is not None), None)

    def event(self, run_id: str) -> AnyEvent | None:
        """How `run_id` ended; None if that is not recorded: it is under way, or was killed.

        Raises:
            UnreadableRunError: The document is malformed, or its provenance was altered.
        """
        document = self._find(CollectionName.RUN_EVENTS, run_id)
        with _readable(run_id):
            return None if document is None else event_of(document)

    @retried
    def events(self, limit: int, week: TrainingWeek | None = None) -> list[AnyEvent]:
        """The newest `limit` run events, of `week` only where one is given, observed or planned.

        Runs that broke before it was known whose they are belong to everybody.

        Raises:
            UnreadableRunError: A document is malformed, or its provenance was altered.
        """
        events = []
        match = self._own({}, UNKNOWN_ATHLETE)
        if week is not None:
            match["weekStart"] = {"$in": [week.key, week.next().key]}
        for document in self._newest_first(
            CollectionName.RUN_EVENTS, {"$unset": "_id"}, limit, match
        ):
            with _readable(document.get("runId")):
                events.append(event_of(document))
        return events

    @retried
    def runs_with_inputs(self) -> list[str]:
        """The runIds of all run_artifacts, by observed week."""
        found = self.database[CollectionName.RUN_ARTIFACTS].find(self._own({}), {"runId": 1})
        return [str(document["runId"]) for document in found.sort("observedWeekStart", 1)]

    @retried
    def athletes(self) -> list[str]:
        """Whose weeks and runs the database holds; whom a document does not name is no one."""
        named = {"athleteId": {"$nin": [None, UNKNOWN_ATHLETE]}}
        weeks = self.database[CollectionName.STORED_WEEKS].distinct(
            "athleteId", {**named, "collection": CollectionName.WEEKLY_METRICS}
        )
        return sorted(
            {*weeks, *self.database[CollectionName.RUN_EVENTS].distinct("athleteId", named)}
        )

    def _newest(self) -> str:
        """The runId of the document that was written last."""
        shape = {"$project": {"_id": 0, "runId": 1, "at": 1}}
        newest = [
            (document["at"], document["runId"])
            for name in _RUN_COLLECTIONS
            for document in self._newest_first(name, shape, 1)
        ]
        if not newest:
            whose = "" if self.athlete_id is None else f" of athlete {self.athlete_id}"
            raise UnknownRunError(
                f"the database {self.database.name} holds no run{whose} yet; `weekly-plan run` "
                "makes one"
            )
        return str(max(newest, key=_by_time)[1])

    def _newest_first(
        self,
        collection: str,
        shape: BsonDocument,
        limit: int,
        match: BsonDocument | None = None,
    ) -> Iterator[BsonDocument]:
        """By the time itself: a text and a date would not sort among each other."""
        yield from self.database[collection].aggregate(
            [
                {"$match": self._own({}) if match is None else match},
                {"$set": {"at": _CREATED}},
                {"$sort": {"at": DESCENDING, "runId": DESCENDING}},
                {"$limit": limit},
                shape,
            ]
        )

    @retried
    def _find(self, collection: str, run_id: str) -> BsonDocument | None:
        return self.database[collection].find_one({"runId": run_id}, {"_id": 0})

    def _own(self, query: Mapping[str, Any], *others: str) -> BsonDocument:
        if self.athlete_id is None:
            return dict(query)
        # None matches documents without the field too: version 1.0 names no athlete.
        return {**query, "athleteId": {"$in": [self.athlete_id, None, *others]}}


def _by_time(found: tuple[datetime | None, str]) -> float:
    """A document without a readable time counts as the oldest."""
    at, _ = found
    return 0.0 if at is None else at.timestamp()


@contextmanager
def _readable(run_id: str | None) -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise UnreadableRunError(
            f"what is stored of run {run_id} cannot be read as {error.title}: "
            f"{where}: {first['msg'].removeprefix('Value error, ')}"
        ) from error


def _snapshot(document: BsonDocument | None) -> AnySnapshot | None:
    if document is None:
        return None
    with _readable(document.get("runId")):
        return snapshot_of(document)


def stored_run_from(
    run_id: str,
    event: BsonDocument | None,
    artifacts: BsonDocument | None,
    snapshot: BsonDocument | None,
    adherence: BsonDocument | None,
    deliveries: Sequence[BsonDocument] = (),
) -> AnyRun | None:
    """The stored documents of one runId as records; None if there is no document.

    Raises:
        pydantic.ValidationError: A document is malformed, or its provenance was altered.
    """
    documents = [event, artifacts, snapshot]
    if all(document is None for document in documents):
        return None
    if all(document is None or is_version_1_document(document) for document in documents):
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
        deliveries=tuple(DeliveryReceipt.model_validate(one) for one in deliveries),
    )


def snapshot_of(document: BsonDocument) -> AnySnapshot:
    """A stored plan, in its own version."""
    if is_version_1_document(document):
        return PlanSnapshotV1.model_validate(document)
    return PlanSnapshot.model_validate(document)


def event_of(document: BsonDocument) -> AnyEvent:
    """A stored run event, in its own version."""
    if is_version_1_document(document):
        return RunEventV1.model_validate(document)
    return RunEvent.model_validate(document)


def _as(model: type[Record], document: BsonDocument | None) -> Record | None:
    return None if document is None else model.model_validate(document)


def is_version_1_document(document: BsonDocument) -> bool:
    """Version 2.0 always names the observed week."""
    return "observedWeekStart" not in document
