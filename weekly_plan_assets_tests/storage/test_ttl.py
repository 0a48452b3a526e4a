from datetime import UTC, datetime, timedelta

import pytest
from pymongo.database import Database

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.indexes import ensure_indexes
from weekly_plan_assets.storage.run_documents import RunDocuments
from weekly_plan_assets_tests.support.ttl_monitor import wait_for_whole_ttl_pass


@pytest.mark.slow
def test_the_server_removes_what_is_past_its_retention_and_nothing_else(
    database: Database[BsonDocument],
) -> None:
    ensure_indexes(database)
    ages_days = {
        "run_events": (0, 89, 91),
        "plan_snapshots": (0, 91, 364, 366),
        "weekly_metrics": (0, 3650),
        "run_artifacts": (0, 3650),
    }
    now = datetime.now(UTC)
    for collection, ages in ages_days.items():
        documents = [
            {"runId": str(age), "weekStart": str(age), "createdAt": now - timedelta(days=age)}
            for age in ages
        ]
        database[collection].insert_many(documents)
    wait_for_whole_ttl_pass(database)
    left = {
        collection: sorted(int(row["runId"]) for row in database[collection].find())
        for collection in ages_days
    }
    assert left == {
        "run_events": [0, 89],
        "plan_snapshots": [0, 91, 364],
        "weekly_metrics": [0, 3650],
        "run_artifacts": [0, 3650],
    }


def test_a_document_about_a_week_long_ago_is_not_expired_at_birth(
    database: Database[BsonDocument],
) -> None:
    ensure_indexes(database)
    events = RunDocuments(database, "run_events")
    events.merge({"runId": "r1", "observedWeekStart": "2019-01-07", "weekStart": "2019-01-14"})
    wait_for_whole_ttl_pass(database)
    assert events.find("r1")
