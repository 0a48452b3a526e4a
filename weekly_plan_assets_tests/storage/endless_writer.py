"""A process that replaces a window of weeks again and again, until it is killed."""

import sys
from itertools import count

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage import upsert
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets.storage.week_rows import RowKind, WeekRows

WEEKS = [TrainingWeek.parse("2024-01-01"), TrainingWeek.parse("2024-01-08")]
_ROWS_PER_DAY = 20
ROWS_PER_WEEK = 7 * _ROWS_PER_DAY


def rows(version: str, number: int) -> list[BsonDocument]:
    """The rows of a version; of two versions in a row, half of the rows have the same keys."""
    first = number % 2 * (_ROWS_PER_DAY // 2)
    return [
        {"id": f"{day}/{place}", "at": day.isoformat(), "version": version}
        for week in WEEKS
        for day in week.days
        for place in range(first, first + _ROWS_PER_DAY)
    ]


def main(url: str, database: str, collection: str, athlete_id: str, prefix: str) -> None:
    """Write versions that begin with `prefix`, in batches so small that a kill falls between."""
    upsert._BATCH_ROWS = 20
    store = WeekRows(
        open_client(url)[database], RowKind(collection, key="id", day_field="at"), athlete_id
    )
    for number in count():
        store.replace(WEEKS, rows(f"{prefix}{number}", number))
        if number == 0:
            sys.stdout.write("writing\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
