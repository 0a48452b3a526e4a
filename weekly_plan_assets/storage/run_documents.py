"""Documents keyed by athlete and runId: written in parts by upsert, found by run or by week.

Serves run_artifacts, plan_snapshots and run_events. What their fields mean is said in `lineage`.
Each write names the athlete, by whom the collection may be sharded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import bson
from pymongo import DESCENDING, WriteConcern
from pymongo.database import Database
from pymongo.errors import WriteError

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import DocumentSizeError, MissingWeekError, UpsertError
from weekly_plan_assets.storage.retrying import retried, with_retries
from weekly_plan_assets.storage.upsert import (
    inserting_upsert,
    merging_update,
    merging_upsert,
    write_upserts,
)

_DURABLE = WriteConcern(w="majority", j=True)
"""A server that is killed has what it acknowledged: without the journal it may lose 100 ms.

The journal is in order; so it has all that was written before, rows of weeks included.
"""


MOST_BYTES = 10_000_000
"""Of what is written at once: MongoDB takes documents of up to 16 MiB, and what a planner answered
joins what it was asked with."""


@dataclass(frozen=True, slots=True)
class RunDocuments:
    """The documents of one collection that are keyed by runId."""

    database: Database[BsonDocument]
    collection: str

    def merge(self, fields: BsonDocument) -> bool:
        """Write `fields` of the document that they name, leaving its other fields.

        Args:
            fields: Its `athleteId` and `runId` among them. A document of another code location may
                do without the athlete.

        Returns:
            Whether the document is new.

        Raises:
            KeyError: `fields` names no runId.
            DocumentSizeError: They are too much for a document.
            UpsertError: The server refused the document.
        """
        return self.merge_all([fields]) == 1

    def merge_all(self, documents: Sequence[BsonDocument]) -> int:
        """Write fields of several documents at once, each as `merge` does.

        Returns:
            How many of the documents are new.

        Raises:
            DocumentSizeError: One of them is too much for a document; none is written.
            UpsertError: The server refused one of them; the others may be written.
        """
        for fields in documents:
            self._require_room(fields)
        upserts = [merging_upsert(_key(fields), fields) for fields in documents]
        collection = self.database.get_collection(self.collection, write_concern=_DURABLE)
        inserted, _ = write_upserts(collection, upserts)
        return inserted

    def _require_room(self, fields: BsonDocument) -> None:
        size = len(bson.encode(fields))
        if size > MOST_BYTES:
            largest = max(fields, key=lambda name: len(bson.encode({name: fields[name]})))
            raise DocumentSizeError(
                f"{self.collection} cannot keep run {fields['runId']}: it takes {size} bytes, most "
                f"of them in {largest}, and {MOST_BYTES} are allowed; remove at the source what is "
                "no training, or has huge fields of its own"
            )

    def insert_all(self, documents: Sequence[BsonDocument]) -> int:
        """Write documents at once, leaving those that are there as they are.

        Returns:
            How many were written.

        Raises:
            UpsertError: The server refused one of them; the others may be written.
        """
        inserts = [inserting_upsert(_key(one), one) for one in documents]
        collection = self.database.get_collection(self.collection, write_concern=_DURABLE)
        inserted, _ = write_upserts(collection, inserts)
        return inserted

    def merge_while(self, seen: BsonDocument | None, fields: BsonDocument) -> bool:
        """As `merge`, but only while the document still has the values that were seen in it.

        Args:
            seen: Values of some of its fields, whose it was (`athleteId`) among them; None: there
                was no document.
            fields: As in `merge`; where the document was somebody else's, it becomes theirs.

        Returns:
            Whether it was written; False where another process wrote it since.

        Raises:
            UpsertError: The server refused the document.
        """
        if seen is None:
            return self.insert_all([fields]) == 1
        collection = self.database.get_collection(self.collection, write_concern=_DURABLE)
        found = {**seen, "runId": fields["runId"]}
        try:
            # Repeated after it was applied, it finds nothing: the caller then reads again.
            update = with_retries(lambda: collection.update_one(found, merging_update(fields)))
        except WriteError as error:
            raise UpsertError(
                f"{self.collection}: the document of run {fields['runId']} was refused, because "
                f"{(error.details or {}).get('errmsg', error)}"
            ) from error
        return update.matched_count == 1

    @retried
    def find(
        self, run_id: str, *, holding: Iterable[str] = (), only: Iterable[str] = ()
    ) -> BsonDocument | None:
        """The document of `run_id`, if it is there and has the fields `holding`.

        Args:
            run_id: The document's runId.
            holding: Fields that must be there.
            only: The fields that are read; none: all.
        """
        query = {**_present(holding), "runId": run_id}
        return self.database[self.collection].find_one(query, _fields(only))

    @retried
    def find_each(
        self, run_ids: Iterable[str], *, without: Iterable[str] = ()
    ) -> dict[str, BsonDocument]:
        """By runId, those of the documents that are there.

        Args:
            run_ids: The documents' runIds.
            without: Fields that are not read.
        """
        fields = {"_id": 0, **dict.fromkeys(without, 0)}
        found = self.database[self.collection].find({"runId": {"$in": list(run_ids)}}, fields)
        return {one["runId"]: one for one in found}

    @retried
    def newest_for(
        self, week: TrainingWeek, week_field: str, athlete_id: str
    ) -> BsonDocument | None:
        """The document of that week which was written last; None if there is none."""
        return self.database[self.collection].find_one(
            {week_field: week.key, "athleteId": athlete_id},
            {"_id": 0},
            sort=[("updatedAt", DESCENDING)],
        )

    @retried
    def latest(
        self,
        week: TrainingWeek,
        *,
        athlete_id: str | None = None,
        holding: Iterable[str] = (),
        only: Iterable[str] = (),
    ) -> BsonDocument:
        """The newest document made from the observed week `week` that has the fields `holding`.

        Args:
            week: The partition.
            athlete_id: Only this athlete's documents; None: anybody's.
            holding: Fields that must be there: a document is written in parts.
            only: The fields that are read; none: all.

        Raises:
            MissingWeekError: There is none.
        """
        query = {**_present(holding), "observedWeekStart": week.key}
        if athlete_id is not None:
            query["athleteId"] = athlete_id
        document = self.database[self.collection].find_one(
            query, _fields(only), sort=[("createdAt", DESCENDING)]
        )
        if document is None:
            raise MissingWeekError(
                f"{self.collection} has no finished document made from the week {week}: "
                "run the weekly_plan job for that week first"
            )
        return document


def _key(fields: BsonDocument) -> BsonDocument:
    """What names a document: the whole shard key, as far as the fields say whose it is."""
    run = {"runId": fields["runId"]}
    return {"athleteId": fields["athleteId"], **run} if "athleteId" in fields else run


def _fields(only: Iterable[str]) -> dict[str, int]:
    return {"_id": 0, **dict.fromkeys(only, 1)}


def _present(fields: Iterable[str]) -> BsonDocument:
    return {field: {"$exists": True} for field in fields}
