"""Weeks that are to be read again, because their source said that something in them has changed.

A mark is made where the source says so, and found by the sensor that starts the reading. It goes
when the ledger shows that the week was stored since the reading was asked for, so what fails for an
athlete, or is killed, is asked for again. Who marks which weeks is decided in `webserver`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ASCENDING, DeleteOne, UpdateOne
from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.retrying import retried
from weekly_plan_assets.storage.upsert import write_upserts
from weekly_plan_assets.storage.week_rows import ACTIVITIES, LEDGER, WEEKLY_METRICS, WELLNESS

FIRST_RETRY = timedelta(minutes=15)
"""After this, a reading that has not ended is asked for again; then after twice that, and so on."""

MOST_TRIES = 9
"""The last of them is asked for almost three days after the first."""

_MOST_MARKS = 10_000
"""Looked at together; the others come next."""

_READ = (ACTIVITIES.collection, WELLNESS.collection, WEEKLY_METRICS.collection)
"""A week is read again once all of these were stored."""


@dataclass(frozen=True, slots=True)
class ReadMark:
    """A week of an athlete that is to be read again.

    Attributes:
        marked_at: When it was last marked.
        asked_at: When its reading was last asked for; None if it was not yet.
        tries: How often its reading was asked for.
    """

    athlete_id: str
    week: TrainingWeek
    marked_at: datetime
    asked_at: datetime | None = None
    tries: int = 0

    @property
    def key(self) -> str:
        """The `_id` of its document."""
        return f"{self.athlete_id} {self.week}"

    @property
    def as_it_is(self) -> BsonDocument:
        """The query that finds it unless it was marked again since."""
        return {"_id": self.key, "markedAt": self.marked_at}

    def is_due(self, now: datetime) -> bool:
        """Whether its reading is to be asked for."""
        if self.asked_at is None:
            return True
        return now >= self.asked_at + FIRST_RETRY * (1 << max(self.tries - 1, 0))


def mark_weeks(
    database: Database[BsonDocument], athlete_id: str, weeks: Iterable[TrainingWeek]
) -> None:
    """Mark weeks of an athlete as to be read again; marking one twice is as marking it once."""
    now = datetime.now(UTC)
    marks = [ReadMark(athlete_id, week, now) for week in weeks]
    upserts = [
        UpdateOne(
            {"_id": one.key},
            {
                "$set": {"athleteId": athlete_id, "weekStart": one.week.key, "markedAt": now},
                "$unset": {"askedAt": "", "tries": ""},
            },
            upsert=True,
        )
        for one in marks
    ]
    if upserts:
        write_upserts(database[CollectionName.READ_MARKS], upserts)


@retried
def read_marks(database: Database[BsonDocument]) -> list[ReadMark]:
    """The marks that are there: those whose reading was not asked for yet, then the oldest."""
    found = database[CollectionName.READ_MARKS].find({}, limit=_MOST_MARKS)
    in_turn = found.sort([("askedAt", ASCENDING), ("markedAt", ASCENDING)])
    return [
        ReadMark(
            one["athleteId"],
            TrainingWeek.parse(one["weekStart"]),
            one["markedAt"],
            one.get("askedAt"),
            one.get("tries", 0),
        )
        for one in in_turn
    ]


@retried
def note_asked(database: Database[BsonDocument], marks: Sequence[ReadMark]) -> None:
    """Note that the reading of these weeks is asked for now."""
    update: BsonDocument = {"$set": {"askedAt": datetime.now(UTC)}, "$inc": {"tries": 1}}
    if marks:
        writes = [UpdateOne(one.as_it_is, update) for one in marks]
        database[CollectionName.READ_MARKS].bulk_write(writes, ordered=False)


@retried
def remove_marks(database: Database[BsonDocument], marks: Sequence[ReadMark]) -> None:
    """Remove marks, but for those that were made again since they were looked at."""
    if marks:
        writes = [DeleteOne(one.as_it_is) for one in marks]
        database[CollectionName.READ_MARKS].bulk_write(writes, ordered=False)


@retried
def marks_read_since(database: Database[BsonDocument], marks: Sequence[ReadMark]) -> list[ReadMark]:
    """Those whose week was stored whole since its reading was asked for."""
    asked = [one for one in marks if one.asked_at is not None]
    query: dict[str, Any] = {
        "athleteId": {"$in": sorted({one.athlete_id for one in asked})},
        "weekStart": {"$in": sorted({one.week.key for one in asked})},
        "collection": {"$in": list(_READ)},
    }
    stored = {
        (one["athleteId"], one["weekStart"], one["collection"]): one["updatedAt"]
        for one in database[LEDGER].find(query)
    }

    def is_read(mark: ReadMark) -> bool:
        ends = [stored.get((mark.athlete_id, mark.week.key, name)) for name in _READ]
        return all(end is not None and end > mark.asked_at for end in ends)

    return [one for one in asked if is_read(one)]


@retried
def has_stored_weeks(database: Database[BsonDocument], athlete_id: str) -> bool:
    """Whether anything of the athlete was ever read."""
    query = {"collection": ACTIVITIES.collection, "athleteId": athlete_id}
    return database[LEDGER].find_one(query, {"_id": 1}) is not None


@retried
def stored_activity_weeks(
    database: Database[BsonDocument], athlete_id: str, activity_ids: Sequence[str]
) -> set[TrainingWeek]:
    """The weeks in which the store has these activities of an athlete."""
    query = {"athleteId": athlete_id, "id": {"$in": list(activity_ids)}}
    found = database[ACTIVITIES.collection].find(query, {"weekStart": 1})
    return {TrainingWeek.parse(one["weekStart"]) for one in found}
