"""What the IO manager adds to the writing of 100,000 rows: new ones, and the same again.

The floor is pymongo's `bulk_write` of the very same operations, already made, into a collection
with the same indexes on the same server. Written again unchanged, no row is written at all; there
the floor is reading the hashes of the stored rows.
"""

from statistics import median

from pymongo import MongoClient
from pymongo.database import Database

from benchmarks.figures import Figure, own_state, seconds, show
from benchmarks.many_rows import ManyRows
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets.storage.embedded import EmbeddedServer
from weekly_plan_assets.storage.indexes import ensure_indexes
from weekly_plan_assets.storage.upsert import replacing_upsert
from weekly_plan_assets.storage.week_rows import ACTIVITIES

ROWS_A_WEEK = 100
WEEKS = 1_000
REPEATS = 3
LIMIT = 1.3
DATABASES = ("bench_own", "bench_raw")
BATCH_ROWS = 5_000
"""As many operations at once as `write_upserts` sends."""


def main() -> None:
    """Measure, and show a table, or JSON with `--json`."""
    with EmbeddedServer(own_state() / "db").lease() as url:
        figures = measure(url, WEEKS, ROWS_A_WEEK, REPEATS)
    show("Upserts by the IO manager", figures, rows=WEEKS * ROWS_A_WEEK)


def measure(url: str, weeks: int, rows_a_week: int, repeats: int) -> list[Figure]:
    """The figures on the server at `url`; its databases `bench_*` are dropped."""
    rows = ManyRows.of(weeks, rows_a_week)
    with open_client(url) as client:
        try:
            times = [_measure(url, client, rows) for _ in range(repeats)]
        finally:
            for name in DATABASES:
                client.drop_database(name)
    first_s, floor_s, again_s, hashes_s = (median(column) for column in zip(*times, strict=True))
    return [
        Figure("new rows", first_s, floor_s, LIMIT),
        Figure("the same rows again", again_s, hashes_s),
    ]


def _measure(url: str, client: MongoClient[BsonDocument], rows: ManyRows) -> list[float]:
    own, raw = (client[name] for name in DATABASES)
    for database in (own, raw):
        client.drop_database(database.name)
        ensure_indexes(database)
    first_s = rows.store(url, own.name)
    floor_s = raw_s(own, raw)
    again_s = rows.store(url, own.name)
    hashes_s = seconds(lambda: list(own[ACTIVITIES.collection].find({}, {"contentHash": 1})))
    return [first_s, floor_s, again_s, hashes_s]


def raw_s(own: Database[BsonDocument], raw: Database[BsonDocument]) -> float:
    """Seconds of bulk_write alone, for what the IO manager has written to `own`.

    Raises:
        RuntimeError: Not every row came out as a document of its own.
    """
    documents = list(own[ACTIVITIES.collection].find({}, dict.fromkeys(STAMPS, 0)))
    upserts = [
        replacing_upsert({name: row[name] for name in ("athleteId", "id")}, row)
        for row in documents
    ]
    collection = raw[ACTIVITIES.collection]

    def write() -> None:
        for start in range(0, len(upserts), BATCH_ROWS):
            collection.bulk_write(upserts[start : start + BATCH_ROWS], ordered=False)

    took_s = seconds(write)
    if collection.count_documents({}) != len(documents):
        raise RuntimeError(f"{raw.name} does not hold the {len(documents)} rows of {own.name}")
    return took_s


STAMPS = ("_id", "createdAt", "updatedAt")
"""What the store adds to a row as it writes it."""


if __name__ == "__main__":
    main()
