"""What was delivered is made again from the stored plan, exported with it, and named if changed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from weekly_plan_assets.domain.delivery.decisions import LeftBecause
from weekly_plan_assets.lineage.audit.bundle import read_bundle, write_bundle
from weekly_plan_assets.lineage.audit.changed_by_hand import plans_changed_by_hand
from weekly_plan_assets.lineage.audit.explaining import explain
from weekly_plan_assets.lineage.audit.replay import replay
from weekly_plan_assets.lineage.records.delivery_receipt import (
    CalendarReading,
    DeliveryReceipt,
    EntryReading,
)
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.lineage.records.stored_run import StoredRun
from weekly_plan_assets.storage.codec import encode
from weekly_plan_assets_tests.support.deliveries import deliver_to_folder
from weekly_plan_assets_tests.support.graph import Graph, activity, wellness_day, write_export

WEEK = "2024-01-08"


@pytest.fixture
def receipt(graph: Graph, tmp_path: Path) -> DeliveryReceipt:
    """A week that was planned and delivered."""
    days = [f"2024-01-{day:02d}" for day in range(1, 15)]
    write_export(
        graph.export_dir,
        [activity(day, f"{day}T07:00:00") for day in days[::2]],
        [wellness_day(day) for day in days],
    )
    graph.metrics("2024-01-01", "2024-01-01")
    run_id = graph.plan_and_record(WEEK)
    return deliver_to_folder(graph.database, run_id, tmp_path / "out")


def stored(graph: Graph, receipt: DeliveryReceipt) -> StoredRun:
    run = Lineage(graph.database).run(receipt.run_id)
    assert isinstance(run, StoredRun)
    return run


def test_a_replay_makes_what_was_delivered_again(graph: Graph, receipt: DeliveryReceipt) -> None:
    run = stored(graph, receipt)
    assert run.deliveries == (receipt,)
    assert replay(run).differences == ()


@pytest.mark.parametrize("field", ["name", "description", "movingTimeS", "target"])
def test_a_receipt_that_was_altered_differs_from_what_is_made_again(
    graph: Graph, receipt: DeliveryReceipt, field: str
) -> None:
    wanted = f"passes.0.entries.0.wanted.{field}"
    value = 1 if field == "movingTimeS" else "altered"
    graph.database["plan_deliveries"].update_one({}, {"$set": {wanted: value}})
    (found,) = replay(stored(graph, receipt)).differences
    first = receipt.latest[0].session_id
    assert found.path == f"deliveries[files folder].passes[0].{first}.{field}"
    assert found.stored == value


def test_an_export_carries_the_receipts_of_both_folders(
    graph: Graph, receipt: DeliveryReceipt, tmp_path: Path
) -> None:
    other = receipt.model_copy(update={"account": "another folder"})
    graph.database["plan_deliveries"].insert_one(
        {**encode(other), "createdAt": datetime.now(UTC), "updatedAt": datetime.now(UTC)}
    )
    run = read_bundle(write_bundle(graph.database, receipt.run_id, tmp_path / "bundles"))
    assert isinstance(run, StoredRun)
    assert {one.account for one in run.deliveries} == {"folder", "another folder"}


def test_an_export_carries_the_receipt_and_is_read_back(
    graph: Graph, receipt: DeliveryReceipt, tmp_path: Path
) -> None:
    folder = write_bundle(graph.database, receipt.run_id, tmp_path / "bundles")
    assert (folder / "plan_deliveries-files.json").is_file()
    assert (folder / "schemas" / "plan_deliveries.schema.json").is_file()
    run = read_bundle(folder)
    assert isinstance(run, StoredRun)
    assert run.deliveries == (receipt,)
    assert replay(run).differences == ()


def test_an_explanation_shows_where_the_plan_went(graph: Graph, receipt: DeliveryReceipt) -> None:
    explained = explain(stored(graph, receipt))
    assert explained.deliveries == (receipt,)
    found = {one.collection: one.found for one in explained.documents}
    assert found["plan_deliveries"]


def test_plans_that_were_changed_by_hand_are_named(graph: Graph, receipt: DeliveryReceipt) -> None:
    assert plans_changed_by_hand(graph.database) == ()
    moved = EntryReading(session_id=receipt.latest[0].session_id, because=LeftBecause.MOVED)
    done = EntryReading(session_id=receipt.latest[-1].session_id, because=LeftBecause.DONE)
    reading = CalendarReading(at=datetime(2030, 1, 1, tzinfo=UTC), entries=(moved, done))
    changed = receipt.model_copy(update={"readings": (reading,)})
    graph.database["plan_deliveries"].update_one({}, {"$set": encode(changed)})
    (found,) = plans_changed_by_hand(graph.database, receipt.athlete_id)
    assert (found.run_id, found.entries) == (receipt.run_id, (moved,))
    assert plans_changed_by_hand(graph.database, "somebody else") == ()
