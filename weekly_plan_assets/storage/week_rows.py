"""Rows that belong to training weeks: replaced a window at a time, loaded by week.

Serves activities, wellness and weekly_metrics. A ledger, `stored_weeks`, remembers which weeks were
stored and with which content, so that a week without a single row can be distinguished
from a week that was never read, and a week that was stored half-way is taken for neither.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from time import sleep
from typing import Any, Self

from pymongo.cursor import Cursor
from pymongo.database import Database

from weekly_plan_assets.common.garbage import without_garbage_collection
from weekly_plan_assets.domain.recorded.left_out import LeftOut
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument, content_hash, encode
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.errors import MissingWeekError, ShrinkingWindowError
from weekly_plan_assets.storage.index_set import INDEXES
from weekly_plan_assets.storage.left_out_rows import LEFT_OUT, left_out_by_week, left_out_in, may_be
from weekly_plan_assets.storage.one_athlete import require_only_athlete
from weekly_plan_assets.storage.retrying import retried
from weekly_plan_assets.storage.rows_of_others import removal_advice
from weekly_plan_assets.storage.upsert import NewDocument, Write, replacing_upsert, write_upserts
from weekly_plan_assets.storage.version_1_rows import as_weekly_metrics, is_version_1_row
from weekly_plan_assets.storage.window_counts import (
    Replacement,
    WeekAndHash,
    WindowCounts,
    row_hashes,
    week_and_hash,
    week_hash,
)

LEDGER = CollectionName.STORED_WEEKS
MAX_REMOVED_SHARE = 0.5
"""A source that no longer names more than half of a window's rows is not believed. Convention."""

UNSTAMPED: Mapping[str, int] = {"createdAt": 0, "updatedAt": 0}
"""Which fields of a row are read: all but the times of its writes."""

_GUARDED = frozenset(index.collection for index in INDEXES if index.unique)
"""Collections whose unique index refuses a second row of one key: those of others may lack one."""

_SETTLE_PAUSES_S = (0.1, 0.3, 1.0)
"""How long a reader waits for another run that is storing the same week at this moment."""


@dataclass(frozen=True, slots=True)
class RowKind:
    """A collection of week rows.

    Attributes:
        key: The document field that names a row of the athlete.
        day_field: The document field that begins with the row's local day.
    """

    collection: str
    key: str
    day_field: str


ACTIVITIES = RowKind(CollectionName.ACTIVITIES, key="id", day_field="start_date_local")
WELLNESS = RowKind(CollectionName.WELLNESS, key="id", day_field="id")
WEEKLY_METRICS = RowKind(CollectionName.WEEKLY_METRICS, key="weekStart", day_field="weekStart")


@dataclass(frozen=True, slots=True)
class StoredRows:
    """What a read found of an athlete.

    Attributes:
        rows: The rows.
        weeks: The weeks of the ledger.
        half_written: The weeks whose rows do not match it.
    """

    rows: list[BsonDocument]
    weeks: set[TrainingWeek]
    half_written: set[TrainingWeek]

    @classmethod
    def of(
        cls, athlete_id: str, rows: Iterable[BsonDocument], entries: Iterable[BsonDocument]
    ) -> Self:
        """What rows and entries of the ledger amount to; both are of this athlete."""
        hashes: dict[str, list[str]] = {}
        earlier: dict[str, BsonDocument] = {}
        read: list[BsonDocument] = []
        for row in rows:
            if is_version_1_row(row):
                earlier[row["weekStart"]] = row
            else:
                hashes.setdefault(row["weekStart"], []).append(row["contentHash"])
                read.append(row)
        ledger = {entry["weekStart"]: entry["contentHash"] for entry in entries}
        read = [row for row in read if row["weekStart"] not in earlier]
        return cls(
            rows=[*read, *(as_weekly_metrics(row, athlete_id) for row in earlier.values())],
            weeks={TrainingWeek.parse(week) for week in (*ledger, *earlier)},
            half_written={
                TrainingWeek.parse(week)
                for week in ledger.keys() | hashes.keys()
                if ledger.get(week) != week_hash(hashes.get(week, []))
            },
        )

    def in_order(self, kind: RowKind) -> list[BsonDocument]:
        """The rows by day and key, without the store's own stamps of time and hash."""
        for row in self.rows:
            row.pop("contentHash", None)
        return sorted(self.rows, key=lambda row: (row[kind.day_field], row[kind.key]))


@dataclass(frozen=True, slots=True)
class WeekRows:
    """The rows of one athlete in one collection.

    Attributes:
        max_removed_share: Share of a window's stored rows that replacing it may remove.
        among_others: Whether the database is known to hold several athletes; else it is asked.
    """

    database: Database[BsonDocument]
    kind: RowKind
    athlete_id: str
    max_removed_share: float = MAX_REMOVED_SHARE
    among_others: bool = False

    @property
    def collection(self) -> str:
        """Where the rows are kept."""
        return self.kind.collection

    @property
    def _key(self) -> str:
        return self.kind.key

    @without_garbage_collection()
    def replace(
        self,
        weeks: Collection[TrainingWeek],
        rows: Iterable[BsonDocument],
        left_out: Sequence[LeftOut] = (),
    ) -> WindowCounts:
        """Make the stored rows of `weeks` equal `rows`; rows that are not among them go.

        Rows whose content is unchanged are not written. A stored row stays as it is where the
        source sent a row that could not be used and may be the same: it has not gone. The ledger is
        written last, with a hash over each week's rows: a week whose rows do not match it was
        interrupted half-way.

        Args:
            weeks: The window.
            rows: What the source has in it.
            left_out: What the source sent of it that could not be used; the ledger remembers it.

        Raises:
            ValueError: A row lies outside `weeks`, or two rows have the same key.
            OtherAthleteError: The collection holds another athlete's rows.
            ShrinkingWindowError: More rows than `max_removed_share` would go; nothing is written.
        """
        self.require_own()
        stored = self._in_window(weeks)
        wanted, changed = self._compared(rows, weeks, stored)
        stored |= self._named([key for key in changed if key not in stored])
        kept = [
            row
            for key, row in stored.items()
            if key not in wanted and any(may_be(key, row, one) for one in left_out)
        ]
        staying = {row[self._key] for row in kept}
        gone = [key for key in stored if key not in wanted and key not in staying]
        self._refuse_to_shrink(weeks, len(gone), stored, wanted)
        write_upserts(self.database[self.collection], self._writes(changed, stored))
        self._remove(gone, weeks)
        hashes = row_hashes(weeks, [*wanted.values(), *map(week_and_hash, kept)])
        self._write_ledger(hashes, left_out_by_week(left_out, weeks))
        mondays = {row["weekStart"] for row in stored.values()}
        self._settle({TrainingWeek.parse(monday) for monday in mondays} - set(weeks))
        return Replacement(wanted, changed, stored, kept, gone).counts(hashes)

    def load(
        self, weeks: Collection[TrainingWeek], *, required: Iterable[TrainingWeek]
    ) -> list[BsonDocument]:
        """The rows of `weeks`, by day and key, without the store's own stamps of time and hash.

        Raises:
            MissingWeekError: One of the `required` weeks was never stored, or a run was killed
                while it stored one of the `weeks`.
        """
        stored = self._read(weeks)
        for pause_s in _SETTLE_PAUSES_S:
            if not stored.half_written:
                break
            sleep(pause_s)
            stored = self._read(weeks)
        if stored.half_written:
            raise MissingWeekError(
                f"{self.collection} of week {min(stored.half_written)} was left half-written by a "
                f"run that was interrupted: materialize {self.collection} for that week again"
            )
        for week in required:
            if week not in stored.weeks:
                raise MissingWeekError(
                    f"{self.collection} has no week {week} of athlete {self.athlete_id}: "
                    f"materialize {self.collection} for that week first"
                )
        return stored.in_order(self.kind)

    def stored_weeks(self, among: Collection[TrainingWeek]) -> set[TrainingWeek]:
        """Those of the weeks `among` that were stored whole, with or without rows."""
        stored = self._read(among, {"weekStart": 1, "contentHash": 1})
        return stored.weeks - stored.half_written

    @retried
    def left_out(self, weeks: Collection[TrainingWeek]) -> dict[TrainingWeek, list[LeftOut]]:
        """What the source sent for these weeks that could not be used, when they were stored."""
        in_question = {**_in_weeks(weeks), "collection": self.collection, LEFT_OUT: {"$exists": 1}}
        return left_out_in(self.database[LEDGER].find(self._filter(in_question)))

    @retried
    def _read(
        self, weeks: Collection[TrainingWeek], projection: Mapping[str, int] | None = None
    ) -> StoredRows:
        rows = list(self._find_weeks(weeks, projection or UNSTAMPED))
        of_collection = {**_in_weeks(weeks), "collection": self.collection}
        entries = self.database[LEDGER].find(self._filter(of_collection))
        return StoredRows.of(self.athlete_id, rows, entries)

    def require_own(self) -> None:
        """Refuse a second athlete, unless the database may hold several.

        Raises:
            OtherAthleteError: The collection holds another athlete's rows.
        """
        if not self.among_others:
            require_only_athlete(self.database, LEDGER, self.collection, self.athlete_id)

    def _refuse_to_shrink(
        self,
        weeks: Collection[TrainingWeek],
        gone: int,
        stored: Collection[str],
        wanted: Collection[str],
    ) -> None:
        """An empty answer of a source in trouble must not wipe out what is stored."""
        if gone > self.max_removed_share * len(stored):
            new = set(wanted) - set(stored) if self._key != self.kind.day_field else ()
            advice = removal_advice(self.database[self.collection], self.athlete_id, new)
            first, last = min(weeks), max(weeks)
            of_weeks = f"week of {first}" if first == last else f"weeks of {first} to {last}"
            raise ShrinkingWindowError(
                f"{self.collection} of the {of_weeks} holds "
                f"{counted(len(stored), 'row')}, of which the source no longer names {gone}, "
                f"so nothing was changed; {advice}"
            )

    def _compared(
        self,
        rows: Iterable[BsonDocument],
        weeks: Collection[TrainingWeek],
        stored: Mapping[str, BsonDocument],
    ) -> tuple[dict[str, WeekAndHash], dict[str, BsonDocument]]:
        """By key week and hash of all `rows`, and the documents of those that `stored` lacks."""
        wanted: dict[str, WeekAndHash] = {}
        changed: dict[str, BsonDocument] = {}
        monday_of = cache(partial(self._monday_in, frozenset(weeks)))
        for row in rows:
            key = row[self._key]
            monday = monday_of(row[self.kind.day_field][:10])
            if key in wanted:
                raise ValueError(
                    f"{self.collection} was given two rows with {self._key} {key!r}; "
                    "a source names each row once"
                )
            document = {**row, "athleteId": self.athlete_id, "weekStart": monday}
            hashed = content_hash(document)
            wanted[key] = monday, hashed
            if key not in stored or stored[key].get("contentHash") != hashed:
                document["contentHash"] = hashed
                changed[key] = document
        return wanted, changed

    def _monday_in(self, weeks: Collection[TrainingWeek], day: str) -> str:
        week = TrainingWeek.containing(date.fromisoformat(day))
        if week not in weeks:
            raise ValueError(
                f"a row of {self.collection} lies on {day}, outside the weeks {min(weeks)} to "
                f"{max(weeks)} that are being stored; a source answers for the days it was asked"
            )
        return week.key

    def _writes(
        self, changed: Mapping[str, BsonDocument], stored: Mapping[str, BsonDocument]
    ) -> Iterator[Write]:
        """The writes of the `changed` rows, each in its turn."""
        is_guarded = self.collection in _GUARDED
        for key, row in changed.items():
            write = NewDocument if is_guarded and key not in stored else replacing_upsert
            # A row of version 1.0 may name nobody; another run may name it meanwhile.
            is_nobodys = key in stored and stored[key].get("athleteId") is None
            own = self._own if is_nobodys else self._filter
            yield write(own({self._key: key}), row)

    @retried
    def _in_window(self, weeks: Collection[TrainingWeek]) -> dict[str, BsonDocument]:
        return {row[self._key]: row for row in self._find_weeks(weeks, self._compared_fields)}

    @retried
    def _named(self, keys: Sequence[str]) -> dict[str, BsonDocument]:
        """Stored rows that lie in other weeks and are about to move."""
        if not keys:
            return {}
        found = self._find({self._key: {"$in": keys}}, self._compared_fields)
        return {row[self._key]: row for row in found}

    @property
    def _compared_fields(self) -> Mapping[str, int]:
        fields = {self._key: 1, "contentHash": 1, "weekStart": 1}
        return {**fields, "athleteId": 1} if self.kind == WEEKLY_METRICS else fields

    def _find_weeks(
        self, weeks: Collection[TrainingWeek], fields: Mapping[str, int]
    ) -> Cursor[BsonDocument]:
        # Asked for all weeks, the server finds the index by key as good as that by week, and then
        # takes it for one week too, reading all of them. The order shows which is meant.
        return self._find(_in_weeks(weeks), fields).sort("weekStart")

    def _find(
        self, condition: Mapping[str, Any], fields: Mapping[str, int]
    ) -> Cursor[BsonDocument]:
        return self.database[self.collection].find(self._own(condition), {**fields, "_id": 0})

    @retried
    def _remove(self, keys: list[str], weeks: Collection[TrainingWeek]) -> None:
        if not keys:
            return
        # A row that another run has moved to its own week since it was read is not ours to remove.
        still_here = self._own({**_in_weeks(weeks), self._key: {"$in": keys}})
        self.database[self.collection].delete_many(still_here)

    def _settle(self, weeks: Collection[TrainingWeek]) -> None:
        """Bring the ledger of weeks that lost a row to another week in line with what is left."""
        if weeks:
            stored = self._read(weeks, {"weekStart": 1, "contentHash": 1})
            keys = {week.key for week in stored.weeks}
            left = [row for row in stored.rows if row["weekStart"] in keys]
            hashes = row_hashes(stored.weeks, map(week_and_hash, left))
            self._write_ledger(hashes, self.left_out(stored.weeks))

    def _write_ledger(
        self,
        hashes: Mapping[str, Sequence[str]],
        left_out: Mapping[TrainingWeek, Sequence[LeftOut]],
    ) -> None:
        """Remember the weeks of `hashes`, which holds the content hashes of each week's rows."""
        upserts = []
        for week, of_rows in hashes.items():
            content: BsonDocument
            identity = self._filter({"collection": self.collection, "weekStart": week})
            content = {"rowCount": len(of_rows), "contentHash": week_hash(of_rows)}
            if missing := left_out.get(TrainingWeek.parse(week)):
                content[LEFT_OUT] = encode(missing)
            upserts.append(replacing_upsert(identity, {**identity, **content}))
        write_upserts(self.database[LEDGER], upserts)

    def _filter(self, condition: Mapping[str, Any]) -> BsonDocument:
        return {"athleteId": self.athlete_id, **condition}

    def _own(self, condition: Mapping[str, Any]) -> BsonDocument:
        """The athlete's rows; metrics of version 1.0 that name nobody are theirs, too."""
        if self.kind != WEEKLY_METRICS:
            return self._filter(condition)
        # None matches rows without the field. A database of several athletes has no such rows.
        return {"athleteId": {"$in": [self.athlete_id, None]}, **condition}


def left_out_of(
    database: Database[BsonDocument], athlete_id: str, weeks: Collection[TrainingWeek]
) -> dict[TrainingWeek, list[LeftOut]]:
    """What sources sent for these weeks, activities or wellness, that could not be used."""
    left_out: dict[TrainingWeek, list[LeftOut]] = {}
    for kind in (ACTIVITIES, WELLNESS):
        for week, found in WeekRows(database, kind, athlete_id).left_out(weeks).items():
            left_out.setdefault(week, []).extend(found)
    return left_out


def _in_weeks(weeks: Iterable[TrainingWeek]) -> BsonDocument:
    return {"weekStart": {"$in": sorted(week.key for week in weeks)}}
