"""What must hold between the documents of one run, as they are stored."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ValidationError

from weekly_plan_assets.domain.athlete.athlete_id import UNKNOWN_ATHLETE
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.audit.broken_invariant import BrokenInvariant, Invariant
from weekly_plan_assets.lineage.records.delivery_receipt import DeliveryReceipt
from weekly_plan_assets.lineage.records.provenance import sha256_of
from weekly_plan_assets.lineage.records.reading import is_version_1_document
from weekly_plan_assets.lineage.records.records import (
    PlanAdherence,
    PlanningInputs,
    PlanningOutcome,
    PlanSnapshot,
    RunEvent,
    Status,
)
from weekly_plan_assets.lineage.records.version_1 import PlanSnapshotV1, RunArtifactsV1, RunEventV1
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.index_set import INDEXES
from weekly_plan_assets.storage.streams import DocumentsOfRun

RETENTION: Mapping[str, timedelta] = {
    index.collection: timedelta(seconds=index.expire_after_s)
    for index in INDEXES
    if index.expire_after_s is not None
}
"""How long the documents of a collection are kept, from when they were first written."""

_EXPIRING = timedelta(days=1)
"""Documents that are about to expire may be missing or not."""

_MODELS: Mapping[str, type[BaseModel]] = {
    CollectionName.RUN_EVENTS: RunEvent,
    CollectionName.RUN_ARTIFACTS: PlanningInputs,
    CollectionName.PLAN_SNAPSHOTS: PlanSnapshot,
    CollectionName.PLAN_ADHERENCE: PlanAdherence,
    CollectionName.PLAN_DELIVERIES: DeliveryReceipt,
}
_MODELS_V1: Mapping[str, type[BaseModel]] = {
    CollectionName.RUN_EVENTS: RunEventV1,
    CollectionName.RUN_ARTIFACTS: RunArtifactsV1,
    CollectionName.PLAN_SNAPSHOTS: PlanSnapshotV1,
}
_STAMPS = {"_id", "createdAt", "updatedAt", "runEvent"}
_IDENTITY = ("athleteId", "observedWeekStart", "weekStart", "weekEnd")

_RESTORE = "restore it from a backup (`weekly-plan db restore`), or delete it"
_RECORD = "`weekly-plan doctor --deep --repair` records how the run ended"


def broken_in_run(run: DocumentsOfRun, now: datetime) -> Iterator[BrokenInvariant]:
    """The broken invariants of one run, as if nobody worked on it any more.

    Args:
        run: All that is stored of it.
        now: Documents that expired before are not missed.
    """
    for collection, documents in run.by_collection.items():
        keys = Counter((one.get("target"), one.get("account")) for one in documents)
        if max(keys.values(), default=0) > 1:
            yield BrokenInvariant(
                invariant=Invariant.KEYS_ARE_UNIQUE,
                collection=collection,
                key=run.run_id,
                problem=f"{counted(len(documents), 'document')} with this runId",
                remedy="delete all but one, then run `weekly-plan db bootstrap`",
            )
    unreadable = list(_unreadable(run))
    yield from unreadable
    is_old = all(is_version_1_document(document) for (document, *_) in run.by_collection.values())
    if not unreadable and not is_old:
        yield from _Run.of(run, now).broken()


def _unreadable(run: DocumentsOfRun) -> Iterator[BrokenInvariant]:
    first_of_each = (
        (collection, document)
        for collection, documents in run.by_collection.items()
        for document in (
            documents if collection == CollectionName.PLAN_DELIVERIES else documents[:1]
        )
    )
    for collection, document in first_of_each:
        models = _MODELS_V1 if is_version_1_document(document) else _MODELS
        try:
            if collection in models:
                models[collection].model_validate(document)
            if collection == CollectionName.RUN_ARTIFACTS and document.get("outputRaw") is not None:
                (
                    RunArtifactsV1 if is_version_1_document(document) else PlanningOutcome
                ).model_validate(document)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            path = ".".join(str(step) for step in first["loc"])
            altered = path.endswith("provenance.digest")
            yield BrokenInvariant(
                invariant=Invariant.HASHES_MATCH if altered else Invariant.DOCUMENTS_ARE_READABLE,
                collection=collection,
                key=run.run_id,
                problem="its provenance was changed after it was written"
                if altered
                else f"{path} cannot be read: {first['msg'].removeprefix('Value error, ')}",
                remedy=_RESTORE,
            )


@dataclass(frozen=True, slots=True)
class _Run:
    """The documents of one run that can be read, of version 2.0."""

    run_id: str
    now: datetime
    event: BsonDocument | None
    artifacts: BsonDocument | None
    snapshot: BsonDocument | None
    adherence: BsonDocument | None
    delivery: BsonDocument | None

    @classmethod
    def of(cls, run: DocumentsOfRun, now: datetime) -> "_Run":
        return cls(
            run.run_id,
            now,
            run.one(CollectionName.RUN_EVENTS),
            run.one(CollectionName.RUN_ARTIFACTS),
            run.one(CollectionName.PLAN_SNAPSHOTS),
            run.one(CollectionName.PLAN_ADHERENCE),
            run.one(CollectionName.PLAN_DELIVERIES),
        )

    def broken(self) -> Iterator[BrokenInvariant]:
        yield from self._identity()
        yield from self._made_from()
        yield from self._event_is_there()
        yield from self._plan_and_success()
        yield from self._outcome()
        yield from self._hashes()

    @property
    def _all(self) -> dict[str, BsonDocument]:
        documents = {
            CollectionName.RUN_ARTIFACTS: self.artifacts,
            CollectionName.RUN_EVENTS: self.event,
            CollectionName.PLAN_SNAPSHOTS: self.snapshot,
            CollectionName.PLAN_ADHERENCE: self.adherence,
            CollectionName.PLAN_DELIVERIES: self.delivery,
        }
        return {name: document for name, document in documents.items() if document is not None}

    def _identity(self) -> Iterator[BrokenInvariant]:
        expected = self._expected_identity()
        for collection, document in self._all.items():
            for field, value in expected.items():
                found = document.get(field)
                if found != value and not (field == "athleteId" and value == UNKNOWN_ATHLETE):
                    yield self._joins_not(
                        collection, f"its {field} is {found}, where its run is about {value}"
                    )

    def _expected_identity(self) -> dict[str, Any]:
        """By the runId, which names the observed week, and by the document that was first."""
        first = next(iter(self._all.values()))
        identity = {field: first.get(field) for field in _IDENTITY}
        monday = self.run_id.rpartition(":")[2]
        try:
            week = TrainingWeek.parse(monday)
        except ValueError:  # from elsewhere
            return identity
        return identity | {
            "observedWeekStart": week.key,
            "weekStart": week.next().key,
            "weekEnd": week.next().end.isoformat(),
        }

    def _made_from(self) -> Iterator[BrokenInvariant]:
        if self.artifacts is None:
            for collection in (
                CollectionName.PLAN_SNAPSHOTS,
                CollectionName.PLAN_ADHERENCE,
                CollectionName.PLAN_DELIVERIES,
            ):
                if collection in self._all:
                    yield self._joins_not(collection, "the run_artifacts it was made from are gone")
            if self.event is not None and self.event.get("modelId") is not None:
                yield self._joins_not(
                    CollectionName.RUN_EVENTS, "the run_artifacts it was made from are gone"
                )
        if self.adherence is not None and self.snapshot is None:
            published = self.adherence["planCreatedAt"]
            if not self._may_have_expired(CollectionName.PLAN_SNAPSHOTS, published):
                yield self._joins_not(CollectionName.PLAN_ADHERENCE, "the plan it is about is gone")

    def _event_is_there(self) -> Iterator[BrokenInvariant]:
        # The event is written last, so its own time begins later.
        first = self.artifacts or self.snapshot
        if self.event is not None or first is None:
            return
        if not self._may_have_expired(CollectionName.RUN_EVENTS, first.get("createdAt")):
            yield self._broken(
                Invariant.ENDED_RUNS_HAVE_EVENTS,
                CollectionName.RUN_EVENTS,
                "no event says how this run ended",
                _RECORD,
            )

    def _plan_and_success(self) -> Iterator[BrokenInvariant]:
        says_success = self.event is not None and self.event["status"] == Status.SUCCESS
        if says_success and self.snapshot is None:
            yield self._plan_not(
                CollectionName.RUN_EVENTS, "it says success, but no plan is published", _RECORD
            )
        if self.snapshot is None:
            return
        if self.event is not None and not says_success:
            yield self._plan_not(
                CollectionName.RUN_EVENTS,
                f"it says {self.event['status']}, but a plan is published",
                _RECORD,
            )
        if self.artifacts is None:
            return
        attempts = {
            document.get("attempt")
            for document in (self.artifacts, self.snapshot, *([self.event] if says_success else []))
            if document is not None
        }
        if len(attempts) > 1:
            named = ", ".join(sorted(str(attempt) for attempt in attempts))
            yield self._plan_not(
                CollectionName.PLAN_SNAPSHOTS, f"the documents name the attempts {named}", _RESTORE
            )
        if _published(self.snapshot) != _validated(self.artifacts):
            yield self._plan_not(
                CollectionName.PLAN_SNAPSHOTS,
                "the published plan is not the one that was validated",
                _RESTORE,
            )

    def _outcome(self) -> Iterator[BrokenInvariant]:
        if self.artifacts is None:
            return
        status, plan = self.artifacts["status"], self.artifacts.get("outputValidated")
        errors: Sequence[str] = self.artifacts.get("errors") or ()
        if status == Status.STARTED:
            yield self._broken(
                Invariant.ARTIFACTS_ARE_WHOLE,
                CollectionName.RUN_ARTIFACTS,
                "it has no outcome, and nobody works on it",
                _RECORD,
            )
            return
        if (status == Status.SUCCESS) != (plan is not None):
            held = "no plan" if plan is None else "a plan"
            yield self._whole_not(f"its status is {status}, but it holds {held}")
        if self.artifacts.get("errorCount") != len(errors):
            known = self.artifacts.get("errorCount")
            yield self._whole_not(f"its count of errors is {known}, and it holds {len(errors)}")
        numbers = [attempt.get("attempt") for attempt in self.artifacts.get("attempts") or ()]
        if numbers and (numbers != sorted(numbers) or numbers[-1] != self.artifacts["attempt"]):
            yield self._whole_not(
                f"its attempts are {numbers}, and the last one is said to be "
                f"{self.artifacts['attempt']}"
            )

    def _hashes(self) -> Iterator[BrokenInvariant]:
        sealed: dict[str, str] = {}
        if self.artifacts is not None:
            sealed = self.artifacts["inputHashes"]
            for name, digest in sealed.items():
                if _is_kept(self.artifacts, name) and sha256_of(self.artifacts[name]) != digest:
                    yield self._altered(
                        CollectionName.RUN_ARTIFACTS, f"its {name} was changed after it froze"
                    )
        for collection, document in self._all.items():
            provenance = document.get("provenance")
            if provenance and self.artifacts is not None and provenance["inputHashes"] != sealed:
                yield self._altered(
                    collection, "its provenance names other inputs than run_artifacts"
                )
        if self.event is not None and "runEvent" in self.event:
            fields = {name: value for name, value in self.event.items() if name not in _STAMPS}
            if fields != self.event["runEvent"]:
                yield self._altered(
                    CollectionName.RUN_EVENTS, "it differs from its own copy in runEvent"
                )

    def _may_have_expired(self, collection: str, written: object) -> bool:
        if not isinstance(written, datetime):
            return True
        return written < self.now - RETENTION[collection] + _EXPIRING

    def _joins_not(self, collection: str, problem: str) -> BrokenInvariant:
        return self._broken(Invariant.DOCUMENTS_OF_A_RUN_JOIN, collection, problem, _RESTORE)

    def _plan_not(self, collection: str, problem: str, remedy: str) -> BrokenInvariant:
        return self._broken(Invariant.PLAN_EXACTLY_WITH_SUCCESS, collection, problem, remedy)

    def _whole_not(self, problem: str) -> BrokenInvariant:
        return self._broken(
            Invariant.ARTIFACTS_ARE_WHOLE, CollectionName.RUN_ARTIFACTS, problem, _RESTORE
        )

    def _altered(self, collection: str, problem: str) -> BrokenInvariant:
        return self._broken(Invariant.HASHES_MATCH, collection, problem, _RESTORE)

    def _broken(
        self, invariant: Invariant, collection: str, problem: str, remedy: str
    ) -> BrokenInvariant:
        return BrokenInvariant(
            invariant=invariant,
            collection=collection,
            key=self.run_id,
            problem=problem,
            remedy=remedy,
            can_be_repaired=remedy is _RECORD,
        )


def _published(snapshot: BsonDocument) -> tuple[Any, ...]:
    plan = snapshot["activityPlan"]
    return plan["nextWeek"], plan["days"], snapshot["justification"]


def _validated(artifacts: BsonDocument) -> tuple[Any, ...] | None:
    plan = artifacts.get("outputValidated")
    return None if plan is None else (plan["nextWeek"], plan["days"], plan["justification"])


def _is_kept(artifacts: BsonDocument, name: str) -> bool:
    """Whether an input was kept: the athlete's own file was hashed before it was."""
    return name in artifacts and (name != "athleteFile" or artifacts[name] is not None)
