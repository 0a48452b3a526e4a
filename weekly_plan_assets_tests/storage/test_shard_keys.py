"""Each write of one document says on which shard it is, were the collections sharded by athlete.

There is no mongos here. What MongoDB 6.0 asks of a sharded collection is looked for in the commands
that are sent to a single server: an upsert needs the whole shard key in its filter, by value, and
any other write of one document that key or the `_id`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from dagster import DagsterInstance
from pymongo import monitoring
from pymongo.database import Database

from weekly_plan_assets.delivery.folder_delivery import FolderDelivery
from weekly_plan_assets.delivery.receipts import Receipts
from weekly_plan_assets.lineage.audit.abandoned import close_abandoned
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets.storage.indexes import ensure_indexes, take_several_athletes
from weekly_plan_assets_tests.support.deliveries import a_plan
from weekly_plan_assets_tests.support.graph import Graph, activity, wellness_day, write_export
from weekly_plan_assets_tests.support.planned_roster import planned_roster_in

FIRST, SECOND = "2024-01-08", "2024-01-15"
BY_ID = {
    CollectionName.NOTIFICATIONS,
    CollectionName.EVALUATIONS,
    CollectionName.EVALUATION_ANSWERS,
}
"""About no athlete, or about several; found by their `_id`."""


@dataclass(frozen=True)
class Write:
    """A write of one document; an insert is an upsert whose filter is the document."""

    collection: str
    condition: dict[str, Any]
    is_upsert: bool

    @property
    def names_its_shard(self) -> bool:
        whose, itself = self.condition.get("athleteId"), self.condition.get("_id")
        if self.collection in BY_ID:
            return itself is not None
        return isinstance(whose, str) or (itself is not None and not self.is_upsert)


@dataclass
class Writes(monitoring.CommandListener):
    """The writes of one document that this process sends, by clients that it opens from now on."""

    sent: list[Write] = field(default_factory=list)

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        command = event.command
        for update in command.get("updates", ()):
            if not update.get("multi"):
                upsert = bool(update.get("upsert"))
                self.sent.append(Write(command["update"], dict(update["q"]), upsert))
        if event.command_name == "insert":
            self.sent += [
                Write(command["insert"], dict(one), is_upsert=True) for one in command["documents"]
            ]
        for deletion in command.get("deletes", ()):
            if deletion["limit"] == 1:
                self.sent.append(Write(command["delete"], dict(deletion["q"]), is_upsert=False))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Of no interest."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Of no interest."""

    def upserted(self) -> set[str]:
        return {write.collection for write in self.sent if write.is_upsert}

    def astray(self) -> list[Write]:
        return [write for write in self.sent if not write.names_its_shard]


@pytest.fixture(scope="module")
def listened(mongo_url: str) -> tuple[str, Writes]:
    """A URL of the server that no client of this process has, and what will be sent there."""
    writes = Writes()
    monitoring.register(writes)
    return f"{mongo_url.rstrip('/')}/?appName=shard-keys", writes


@pytest.fixture
def writes(listened: tuple[str, Writes]) -> Writes:
    listened[1].sent.clear()
    return listened[1]


@pytest.fixture
def watched(
    listened: tuple[str, Writes], database: Database[BsonDocument]
) -> Iterator[Database[BsonDocument]]:
    with open_client(listened[0]) as client:
        yield client[database.name]


def test_an_upsert_of_a_cohort_names_the_whole_shard_key(
    listened: tuple[str, Writes], writes: Writes, tmp_path: Path
) -> None:
    with planned_roster_in(listened[0], tmp_path):
        assert writes.astray() == []
    assert writes.upserted() >= {
        *("activities", "wellness", "weekly_metrics", "stored_weeks", "run_artifacts"),
        *("plan_snapshots", "run_events", "cohort_members", "cohort_runs"),
    }


def test_an_upsert_of_the_assets_of_one_athlete_names_the_whole_shard_key(
    listened: tuple[str, Writes],
    writes: Writes,
    watched: Database[BsonDocument],
    tmp_path: Path,
) -> None:
    days = [f"2024-01-{day:02}" for day in range(1, 22)]
    sessions = [activity(f"a{day}", f"{day}T07:00:00") for day in days[::2]]
    write_export(tmp_path, sessions, [wellness_day(day) for day in days])
    ensure_indexes(watched)
    take_several_athletes(watched)
    with DagsterInstance.ephemeral() as instance:
        graph = Graph(watched, listened[0], tmp_path, instance)
        graph.plan_and_record(FIRST)
        graph.plan_and_record(SECOND)
    assert writes.astray() == []
    assert writes.upserted() >= {"plan_adherence", "run_artifacts", "plan_snapshots", "run_events"}


def test_a_delivery_names_the_whole_shard_key(
    writes: Writes, watched: Database[BsonDocument], tmp_path: Path
) -> None:
    plan, snapshot, _ = a_plan()
    receipts = Receipts(watched, "files", "folder")
    FolderDelivery(tmp_path, receipts, snapshot.week_start).deliver(plan, "command")
    assert writes.astray() == []
    assert writes.upserted() == {"plan_deliveries", "delivery_claims"}


@pytest.mark.parametrize("known", ["i1", "unknown"])
def test_closing_an_abandoned_run_names_the_whole_shard_key(
    known: str, writes: Writes, watched: Database[BsonDocument]
) -> None:
    run_id = f"{uuid4()}:{FIRST}"
    week = {"runId": run_id, "observedWeekStart": FIRST}
    stored = {**week, "athleteId": "i1", "status": "started"}
    ensure_indexes(watched)
    watched["run_artifacts"].insert_one({**stored, "updatedAt": datetime.now(UTC)})
    watched["run_events"].insert_one({**week, "athleteId": known, "updatedAt": datetime.now(UTC)})
    assert close_abandoned(watched, run_id) is not None
    assert writes.astray() == []
    (event,) = watched["run_events"].find()
    assert (event["athleteId"], event["status"]) == ("i1", "failure")
