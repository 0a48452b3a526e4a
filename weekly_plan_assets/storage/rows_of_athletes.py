"""Week rows of several athletes, read at once.

How the rows of one athlete are stored and read belongs to `week_rows`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from pymongo.database import Database

from weekly_plan_assets.domain.recorded.left_out import LeftOut
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.left_out_rows import left_out_in
from weekly_plan_assets.storage.retrying import retried
from weekly_plan_assets.storage.week_rows import (
    LEDGER,
    UNSTAMPED,
    RowKind,
    StoredRows,
    WeekRows,
)


class RowsOfAthletes:
    """The rows of some weeks of several athletes: read in two queries, given out one by one."""

    def __init__(
        self,
        database: Database[BsonDocument],
        kind: RowKind,
        athlete_ids: Collection[str],
        weeks: Collection[TrainingWeek],
    ) -> None:
        self._database = database
        self._kind = kind
        self._weeks = weeks
        self._rows, self._entries = self._read(athlete_ids)

    def load(self, athlete_id: str, *, required: Sequence[TrainingWeek]) -> list[BsonDocument]:
        """The rows of one of the athletes; they and the errors are those of `WeekRows.load`."""
        stored = StoredRows.of(
            athlete_id, self._rows.get(athlete_id, ()), self._entries.get(athlete_id, ())
        )
        if stored.half_written or not stored.weeks.issuperset(required):
            # It waits where another run is storing a week, and says what is missing.
            alone = WeekRows(self._database, self._kind, athlete_id)
            return alone.load(self._weeks, required=required)
        return stored.in_order(self._kind)

    def left_out(self, athlete_id: str) -> dict[TrainingWeek, list[LeftOut]]:
        """What the source sent of the athlete that could not be used, by week."""
        return left_out_in(self._entries.get(athlete_id, ()))

    @retried
    def _read(
        self, athlete_ids: Collection[str]
    ) -> tuple[dict[str, list[BsonDocument]], dict[str, list[BsonDocument]]]:
        weeks = sorted(week.key for week in self._weeks)
        theirs = {"athleteId": {"$in": sorted(athlete_ids)}, "weekStart": {"$in": weeks}}
        rows = self._database[self._kind.collection].find(theirs, {**UNSTAMPED, "_id": 0})
        entries = self._database[LEDGER].find({**theirs, "collection": self._kind.collection})
        return _by_athlete(rows), _by_athlete(entries)


def _by_athlete(documents: Iterable[BsonDocument]) -> dict[str, list[BsonDocument]]:
    found: dict[str, list[BsonDocument]] = defaultdict(list)
    for document in documents:
        found[document["athleteId"]].append(document)
    return found
