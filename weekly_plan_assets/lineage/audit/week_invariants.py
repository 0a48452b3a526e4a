"""What must hold between the rows of one week and the ledger of stored weeks."""

from collections.abc import Iterator

from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.lineage.audit.broken_invariant import BrokenInvariant, Invariant
from weekly_plan_assets.storage.codec import BsonDocument, content_hash
from weekly_plan_assets.storage.streams import RowsOfWeek
from weekly_plan_assets.storage.version_1_rows import is_version_1_row
from weekly_plan_assets.storage.week_rows import WEEKLY_METRICS
from weekly_plan_assets.storage.window_counts import week_hash

_NOT_HASHED = {"_id", "createdAt", "updatedAt", "contentHash"}


def broken_in_week(week: RowsOfWeek) -> Iterator[BrokenInvariant]:
    """The broken invariants of one week in one collection."""
    rows = [row for row in week.rows if not (week.kind == WEEKLY_METRICS and is_version_1_row(row))]
    yield from _not_whole(week, rows)
    for row in rows:
        yield from _changed(week, row)


def _not_whole(week: RowsOfWeek, rows: list[BsonDocument]) -> Iterator[BrokenInvariant]:
    entry = next(iter(week.entries), None)
    if entry is None and not rows:  # of version 1.0, which kept no ledger
        return
    stored = counted(len(rows), "row")
    if entry is None:
        problem = f"{stored} of a week that stored_weeks does not know"
    elif entry.get("rowCount") != len(rows):
        problem = f"it holds {stored}, where stored_weeks counted {entry.get('rowCount')}"
    elif entry.get("contentHash") != week_hash(str(row.get("contentHash")) for row in rows):
        problem = "the rows are others than those that stored_weeks has the hash of"
    else:
        return
    yield BrokenInvariant(
        invariant=Invariant.WEEKS_ARE_WHOLE,
        collection=week.kind.collection,
        key=_named(week, week.week_start),
        problem=problem,
        remedy=_read_again(week),
    )


def _changed(week: RowsOfWeek, row: BsonDocument) -> Iterator[BrokenInvariant]:
    content = {name: value for name, value in row.items() if name not in _NOT_HASHED}
    if row.get("contentHash") == content_hash(content):
        return
    key = row.get(week.kind.key)
    yield BrokenInvariant(
        invariant=Invariant.HASHES_MATCH,
        collection=week.kind.collection,
        key=_named(week, str(key)),
        problem=f"this row of week {week.week_start} was changed after it was stored",
        remedy=f"delete the row, then {_read_again(week)}",
    )


def _named(week: RowsOfWeek, key: str) -> str:
    return key if week.athlete_id is None else f"{key} of athlete {week.athlete_id}"


def _read_again(week: RowsOfWeek) -> str:
    monday = week.week_start
    return f"`weekly-plan backfill --from {monday} --to {monday} --force` stores the week again"
