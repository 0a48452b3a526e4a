"""A plan in a folder: the files, the feed, the page, and what a later plan makes of them."""

import io
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import fitdecode
import pytest
from icalendar import Calendar
from pymongo.database import Database

from weekly_plan_assets.delivery.deliverable import DeliverablePlan, DeliveryError
from weekly_plan_assets.delivery.folder_delivery import FolderDelivery
from weekly_plan_assets.delivery.receipts import Receipts
from weekly_plan_assets.domain.plan.weekly_plan import PlannedDay
from weekly_plan_assets.lineage.records.delivery_receipt import (
    DeliveryPass,
    DeliveryStatus,
    moment_now,
)
from weekly_plan_assets.storage.codec import BsonDocument, encode
from weekly_plan_assets.storage.indexes import ensure_indexes
from weekly_plan_assets.storage.plan_deliveries import keep_delivery
from weekly_plan_assets_tests.support.deliveries import a_plan, replanned

PLAN, SNAPSHOT, INPUTS = a_plan()
MONDAY = SNAPSHOT.week_start
RUNS = 4


def folder(database: Database[BsonDocument], path: Path, today: date = MONDAY) -> FolderDelivery:
    return FolderDelivery(path, Receipts(database, "files", "folder"), today)


def without(number: int) -> Sequence[PlannedDay]:
    """The week without one of its sessions."""
    left = [one for day in SNAPSHOT.activity_plan.days for one in day.sessions]
    return [
        day.model_copy(
            update={"sessions": tuple(one for one in day.sessions if one != left[number])}
        )
        for day in SNAPSHOT.activity_plan.days
    ]


def events(path: Path) -> dict[str, Any]:
    content = (path / "week.ics").read_bytes()
    return {str(one["UID"]): one for one in Calendar.from_ical(content).walk("VEVENT")}


def decisions(delivery: FolderDelivery, plan: DeliverablePlan) -> list[str]:
    return [one.decision.value for one in delivery.preview(plan)]


def test_a_week_becomes_a_file_a_session_a_feed_and_a_page(
    database: Database[BsonDocument], tmp_path: Path
) -> None:
    receipt = folder(database, tmp_path / "out").deliver(PLAN, "command")
    assert receipt.status is DeliveryStatus.DELIVERED
    names = sorted(one.name for one in (tmp_path / "out").iterdir())
    assert len([name for name in names if name.endswith(".fit")]) == RUNS
    assert {"week.ics", "week.html"} < set(names)
    assert len(events(tmp_path / "out")) == RUNS
    for path in (tmp_path / "out").glob("*.fit"):
        with fitdecode.FitReader(io.BytesIO(path.read_bytes())) as reader:
            assert any(getattr(frame, "name", "") == "workout_step" for frame in reader)
    assert {one.name for entry in receipt.latest for one in entry.files} == {
        name for name in names if name.endswith(".fit")
    }


def test_what_is_handed_on_can_be_read_by_the_program_that_hands_it_on(
    database: Database[BsonDocument], tmp_path: Path
) -> None:
    folder(database, tmp_path / "out").deliver(PLAN, "command")
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o755
    assert {one.stat().st_mode & 0o777 for one in (tmp_path / "out").iterdir()} == {0o644}


def test_a_second_folder_has_a_receipt_of_its_own_and_the_first_one_stays_ours(
    database: Database[BsonDocument], tmp_path: Path
) -> None:
    ensure_indexes(database)
    first, second = (
        FolderDelivery(path, Receipts(database, "files", str(path)), MONDAY)
        for path in (tmp_path / "first", tmp_path / "second")
    )
    first.deliver(PLAN, "command")
    second.deliver(PLAN, "command")
    assert database["plan_deliveries"].count_documents({}) == 2
    assert set(decisions(first, PLAN)) == {"unchanged"}
    first.deliver(PLAN, "command", take_back=True)
    assert not list((tmp_path / "first").glob("*.fit"))
    assert len(list((tmp_path / "second").glob("*.fit"))) == RUNS
    assert set(decisions(second, PLAN)) == {"unchanged"}


def test_a_later_week_in_another_folder_is_no_part_of_this_one(
    database: Database[BsonDocument], tmp_path: Path
) -> None:
    week = timedelta(days=7)
    later = {"week_start": MONDAY + week, "week_end": SNAPSHOT.week_end + week, "run_id": "later"}
    elsewhere = Receipts(database, "files", "elsewhere").own(PLAN, [])
    done = DeliveryPass(at=moment_now(), asked_by="command", entries=())
    keep_delivery(database, encode(elsewhere.with_pass(done, DeliveryStatus.DELIVERED)))
    database["plan_deliveries"].update_one({}, {"$set": encode(elsewhere.model_copy(update=later))})
    folder(database, tmp_path).deliver(PLAN, "command")
    assert (tmp_path / "week.html").is_file()


def test_delivering_again_writes_nothing(database: Database[BsonDocument], tmp_path: Path) -> None:
    delivery = folder(database, tmp_path)
    first = delivery.deliver(PLAN, "command")
    before = {one: one.stat().st_mtime_ns for one in tmp_path.iterdir()}
    again = delivery.deliver(PLAN, "command")
    assert again.passes == first.passes
    assert {one: one.stat().st_mtime_ns for one in tmp_path.iterdir()} == before


def test_a_new_plan_replaces_its_files_and_cancels_what_it_dropped(
    database: Database[BsonDocument], tmp_path: Path
) -> None:
    delivery = folder(database, tmp_path)
    delivery.deliver(PLAN, "command")
    (tmp_path / "mine.fit").write_bytes(b"mine")
    other = replanned(SNAPSHOT, INPUTS, without(0), "r2:2025-03-31")
    assert decisions(delivery, other) == ["unchanged"] * (RUNS - 1) + ["remove"]
    receipt = delivery.deliver(other, "command")
    assert receipt.status is DeliveryStatus.DELIVERED
    assert len(list(tmp_path.glob("2025-*.fit"))) == RUNS - 1
    assert (tmp_path / "mine.fit").read_bytes() == b"mine"
    gone = [one for one in events(tmp_path).values() if one["STATUS"] == "CANCELLED"]
    assert [one["SEQUENCE"] for one in gone] == [1]
    back = delivery.deliver(PLAN, "command")
    assert {one.decision for one in back.latest} == {"create", "unchanged"}
    assert len(list(tmp_path.glob("2025-*.fit"))) == RUNS
    again = {one["SEQUENCE"] for one in events(tmp_path).values() if one["STATUS"] == "CONFIRMED"}
    assert again == {0, 2}


def test_a_session_that_is_called_otherwise_leaves_no_old_file(
    database: Database[BsonDocument], tmp_path: Path
) -> None:
    delivery = folder(database, tmp_path)
    delivery.deliver(PLAN, "command")
    days = [
        day.model_copy(
            update={
                "sessions": tuple(one.model_copy(update={"name": "Hills"}) for one in day.sessions)
            }
        )
        for day in SNAPSHOT.activity_plan.days
    ]
    delivery.deliver(replanned(SNAPSHOT, INPUTS, days, "r2:2025-03-31"), "command")
    assert {one.name.split("-", 4)[-1] for one in tmp_path.glob("*.fit")} == {"hills.fit"}
    assert {one["SEQUENCE"] for one in events(tmp_path).values()} == {1}


def test_the_past_stays_and_a_file_that_was_lost_is_made_again(
    database: Database[BsonDocument], tmp_path: Path
) -> None:
    delivery = folder(database, tmp_path)
    delivery.deliver(PLAN, "command")
    lost = max(tmp_path.glob("*.fit"))
    lost.unlink()
    later = folder(database, tmp_path, MONDAY + timedelta(days=3))
    assert decisions(later, PLAN) == ["leave", "unchanged", "unchanged", "update"]
    later.deliver(PLAN, "command")
    assert lost.is_file()
    assert len(events(tmp_path)) == RUNS


def test_taking_back_removes_what_is_still_to_come(
    database: Database[BsonDocument], tmp_path: Path
) -> None:
    delivery = folder(database, tmp_path)
    delivery.deliver(PLAN, "command")
    receipt = delivery.deliver(PLAN, "command", take_back=True)
    assert receipt.status is DeliveryStatus.TAKEN_BACK
    assert list(tmp_path.glob("*.fit")) == []
    assert not (tmp_path / "week.html").exists()
    assert {one["STATUS"] for one in events(tmp_path).values()} == {"CANCELLED"}
    assert delivery.deliver(PLAN, "command", take_back=True).passes == receipt.passes


def test_a_folder_that_cannot_be_written_is_named_and_the_next_delivery_goes_on(
    database: Database[BsonDocument], tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file in the way")
    with pytest.raises(DeliveryError, match="WEEKLY_PLAN_DELIVER_DIR"):
        folder(database, tmp_path / "out").deliver(PLAN, "command")
    (tmp_path / "out").unlink()
    receipt = folder(database, tmp_path / "out").deliver(PLAN, "command")
    assert receipt.status is DeliveryStatus.DELIVERED
    assert len(list((tmp_path / "out").glob("*.fit"))) == RUNS


def test_files_that_no_delivery_wrote_are_not_written_over(
    database: Database[BsonDocument], tmp_path: Path
) -> None:
    (tmp_path / "week.html").write_text("mine")
    with pytest.raises(DeliveryError, match=r"week\.html is there already"):
        folder(database, tmp_path).deliver(PLAN, "command")
    assert [one.name for one in tmp_path.iterdir()] == ["week.html"]
    assert (tmp_path / "week.html").read_text() == "mine"


def test_a_week_of_rest_makes_the_folder_ours(
    database: Database[BsonDocument], tmp_path: Path
) -> None:
    week = timedelta(days=7)
    days = [day.model_copy(update={"sessions": ()}) for day in SNAPSHOT.activity_plan.days]
    rest = SNAPSHOT.activity_plan.model_copy(update={"days": tuple(days)})
    dates = {"week_start": MONDAY - week, "week_end": SNAPSHOT.week_end - week}
    earlier = SNAPSHOT.model_copy(update={"run_id": "rest", "activity_plan": rest, **dates})
    folder(database, tmp_path).deliver(DeliverablePlan.of(earlier, INPUTS), "command")
    assert (tmp_path / "week.ics").is_file()
    assert folder(database, tmp_path).deliver(PLAN, "command").status is DeliveryStatus.DELIVERED


def test_taking_back_that_was_cut_off_is_finished_by_the_next(
    database: Database[BsonDocument], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = folder(database, tmp_path)
    delivery.deliver(PLAN, "command")
    with monkeypatch.context() as broken:

        def refuse(self: Path, missing_ok: bool = False) -> None:  # noqa: FBT001, FBT002
            raise PermissionError(13, "Permission denied", str(self))

        broken.setattr(Path, "unlink", refuse)
        with pytest.raises(DeliveryError, match="cannot be written"):
            delivery.deliver(PLAN, "command", take_back=True)
    assert len(list(tmp_path.glob("2025-*.fit"))) == RUNS
    assert delivery.deliver(PLAN, "command", take_back=True).status is DeliveryStatus.TAKEN_BACK
    assert list(tmp_path.glob("2025-*.fit")) == []
