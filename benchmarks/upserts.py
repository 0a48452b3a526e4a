"""What the IO manager adds to the writing of 100,000 rows: new ones, and the same again.

The floor is pymongo's `insert_many` of the very same documents, already made, into a collection
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
from weekly_plan_assets.storage.week_rows import ACTIVITIES

ROWS_A_WEEK = 100
WEEKS = 1_000
REPEATS = 3
LIMIT_NEW, LIMIT_UNCHANGED = 1.5, 3.0
DATABASES = ("bench_own", "bench_raw")


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
        Figure("new rows", first_s, floor_s, LIMIT_NEW),
        Figure("the same rows again", again_s, hashes_s, LIMIT_UNCHANGED),
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
    """Seconds of insert_many alone, for what the IO manager has written to `own`.

    Raises:
        RuntimeError: Not every row came out as a document of its own.
    """
    documents = list(own[ACTIVITIES.collection].find({}, {"_id": 0}))
    collection = raw[ACTIVITIES.collection]
    took_s = seconds(lambda: collection.insert_many(documents, ordered=False))
    if collection.count_documents({}) != len(documents):
        raise RuntimeError(f"{raw.name} does not hold the {len(documents)} rows of {own.name}")
    return took_s


if __name__ == "__main__":
    main()
