"""A plan on a calendar over real sockets: what is sent, what is left, and what the receipt says."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from weekly_plan_assets.delivery.arrivals import missing_of_run
from weekly_plan_assets.delivery.deliverable import DeliverablePlan
from weekly_plan_assets.domain.plan.weekly_plan import PlannedDay
from weekly_plan_assets.lineage.records.delivery_receipt import (
    DeliveredEntry,
    DeliveryReceipt,
    DeliveryStatus,
    facts_of_week,
)
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.support.calendar_server.server import CalendarServer
from weekly_plan_assets_tests.support.deliveries import (
    Desk,
    a_calendar,
    a_plan,
    calendar_of,
    delivered,
    entry_named,
    named,
    replanned,
)
from weekly_plan_assets_tests.support.intervals_server import Fault, Request

PLAN, SNAPSHOT, INPUTS = a_plan()
MONDAY = SNAPSHOT.week_start
NAMES = {one.name for one in PLAN.entries}
TEMPO, STRIDES, EASY, LONG = (one.name for one in PLAN.entries[1:])


@pytest.fixture
def server() -> Iterator[CalendarServer]:
    with a_calendar() as one:
        yield one


@pytest.fixture
def desk(server: CalendarServer, database: Database[BsonDocument]) -> Desk:
    return Desk(server, database, MONDAY)


def entries(receipt: DeliveryReceipt) -> dict[str, DeliveredEntry]:
    return {named(one): one for one in receipt.latest}


def outcomes(receipt: DeliveryReceipt) -> dict[str, tuple[str, str | None]]:
    """Decision, and the outcome or the reason to leave it, by name."""
    return {
        name: (one.decision.value, one.outcome or one.because)
        for name, one in entries(receipt).items()
    }


def with_sessions(days: Any = SNAPSHOT.activity_plan.days, **names: str | None) -> list[PlannedDay]:
    """The week with other names of sessions; None takes the session out."""
    changed = []
    for day in days:
        sessions = []
        for session in day.sessions:
            name = names.get(session.title.replace(" ", "_"), session.title)
            if name is not None:
                sessions.append(session.model_copy(update={"name": name}))
        changed.append(day.model_copy(update={"sessions": tuple(sessions)}))
    return changed


def done(activity_id: str, day: int) -> dict[str, str]:
    return {"id": activity_id, "start_date_local": f"2025-04-{day:02d}T08:00:00"}


def test_a_first_delivery_makes_one_entry_a_session_and_a_note(desk: Desk) -> None:
    receipt = desk.deliver(PLAN)
    assert receipt.status is DeliveryStatus.DELIVERED
    assert {one["name"] for one in delivered(desk.server)} == NAMES
    assert len(delivered(desk.server)) == len(PLAN.entries)
    assert set(outcomes(receipt).values()) == {("create", "applied")}
    assert all(one.after and one.differences == () for one in receipt.latest)
    tempo = entry_named(desk.server, TEMPO)
    assert tempo["start_date_local"] == f"{MONDAY + timedelta(days=1)}T00:00:00"
    assert (tempo["category"], tempo["type"], tempo["moving_time"]) == ("WORKOUT", "Run", 2400)
    note = next(one for one in delivered(desk.server) if one["category"] == "NOTE")
    assert note["for_week"] is True
    assert SNAPSHOT.run_id in note["description"]


def test_delivering_again_sends_nothing_but_reads(desk: Desk) -> None:
    first = desk.deliver(PLAN)
    desk.server.requests.clear()
    again = desk.deliver(PLAN)
    assert {one.method for one in desk.server.requests} == {"GET"}
    assert again.passes == first.passes
    assert again.checked_at > first.checked_at
    assert again.status is DeliveryStatus.DELIVERED


def test_a_dry_run_writes_nothing_at_all(desk: Desk) -> None:
    assert set(desk.decisions(PLAN).values()) == {("create", None)}
    assert desk.server.writes == []
    assert desk.database["plan_deliveries"].count_documents({}) == 0
    desk.deliver(PLAN)
    assert set(desk.decisions(PLAN).values()) == {("unchanged", None)}


def test_a_new_plan_of_the_week_changes_the_same_entries(desk: Desk) -> None:
    desk.deliver(PLAN)
    ids = {one["external_id"]: one["id"] for one in delivered(desk.server)}
    desk.server.requests.clear()
    days = with_sessions(**{TEMPO.replace(" ", "_"): "Hill run", EASY.replace(" ", "_"): None})
    receipt = desk.deliver(replanned(SNAPSHOT, INPUTS, days, "r2:2025-03-31"))
    assert outcomes(receipt) == {
        PLAN.entries[0].name: ("update", "applied"),  # its note names the run
        "Hill run": ("update", "applied"),
        STRIDES: ("unchanged", None),
        LONG: ("unchanged", None),
        EASY: ("remove", "applied"),
    }
    assert {one["external_id"]: one["id"] for one in delivered(desk.server)} == {
        key: value for key, value in ids.items() if key != PLAN.entries[3].session_id
    }
    assert [one.method for one in desk.server.writes] == ["PUT", "PUT", "DELETE"]
    assert all(b"start_date_local" not in one.body for one in desk.server.writes)


def test_the_athlete_moves_edits_deletes_does_and_adds(desk: Desk) -> None:
    """The whole week of an athlete with a will of their own, and a new plan on top of it."""
    server = desk.server
    desk.deliver(PLAN)
    friday = MONDAY + timedelta(days=4)
    server.move(entry_named(server, TEMPO)["id"], friday)
    server.edit(entry_named(server, STRIDES)["id"], description="- 30m Z2 HR")
    server.delete(entry_named(server, EASY)["id"])
    server.do(entry_named(server, LONG)["id"], done("i77", 13))
    evening = f"{friday}T19:00:00"
    server.add(name="Choir", category="NOTE", start_date_local=evening, description="sing")
    choir = dict(entry_named(server, "Choir"))
    before = [dict(one) for one in server.events]
    names = {name.replace(" ", "_"): f"{name} 2" for name in (TEMPO, STRIDES, EASY, LONG)}
    plan = replanned(SNAPSHOT, INPUTS, with_sessions(**names), "r2:2025-03-31")
    server.requests.clear()

    receipt = desk.deliver(plan)
    because = {name: of for name, (_, of) in outcomes(receipt).items()}
    assert because == {
        PLAN.entries[0].name: "applied",
        f"{TEMPO} 2": "moved",
        f"{STRIDES} 2": "edited",
        f"{EASY} 2": "deleted",
        f"{LONG} 2": "done",
    }
    assert len(server.writes) == 1
    assert [one for one in server.events if one["category"] != "NOTE"] == [
        one for one in before if one["category"] != "NOTE"
    ]
    assert entry_named(server, "Choir") == choir
    moved = entries(receipt)[f"{TEMPO} 2"]
    (difference,) = moved.differences
    tuesday = MONDAY + timedelta(days=1)
    assert (difference.field, difference.wanted, difference.found) == (
        "day",
        str(tuesday),
        str(friday),
    )
    assert receipt.status is DeliveryStatus.DELIVERED

    again = desk.deliver(plan)
    assert again.passes == receipt.passes
    facts = facts_of_week([again])
    by_name = {named(one): facts[one.session_id] for one in receipt.latest}
    assert by_name[f"{LONG} 2"].activity_id == "i77"
    assert by_name[f"{EASY} 2"].by_hand == "deleted"
    assert by_name[f"{TEMPO} 2"].by_hand == "moved"


def test_the_week_is_taken_back_but_for_what_is_the_athletes(desk: Desk) -> None:
    server = desk.server
    desk.deliver(PLAN)
    server.edit(entry_named(server, STRIDES)["id"], name="With Ana")
    receipt = desk.deliver(PLAN, take_back=True)
    assert receipt.status is DeliveryStatus.TAKEN_BACK
    assert [one["name"] for one in delivered(server)] == ["With Ana"]
    back = desk.deliver(PLAN)
    assert outcomes(back)[TEMPO] == ("create", "applied")
    assert outcomes(back)[STRIDES] == ("leave", "edited")


def test_the_note_of_a_week_that_has_begun_is_taken_back_with_its_sessions(
    server: CalendarServer, database: Database[BsonDocument]
) -> None:
    Desk(server, database, MONDAY).deliver(PLAN)
    Desk(server, database, MONDAY + timedelta(days=2)).deliver(PLAN, take_back=True)
    assert [one["name"] for one in delivered(server)] == [TEMPO]


def test_what_was_sent_to_one_account_is_unknown_to_another(
    server: CalendarServer, database: Database[BsonDocument]
) -> None:
    Desk(server, database, MONDAY).deliver(PLAN)
    other = Desk(server, database, MONDAY, account="i999")
    assert other.delivery.receipts.is_first(SNAPSHOT.athlete_id)
    assert other.delivery.receipts.of_week(SNAPSHOT.athlete_id, SNAPSHOT.planned_week) == []


def test_the_past_is_not_touched_and_today_still_is(desk: Desk) -> None:
    thursday = MONDAY + timedelta(days=3)
    desk.today = thursday
    receipt = desk.deliver(PLAN)
    assert outcomes(receipt)[TEMPO] == ("leave", "past")
    assert outcomes(receipt)[STRIDES] == ("create", "applied")  # today's
    assert {one["name"] for one in delivered(desk.server)} == NAMES - {TEMPO}


def lost(**how: Any) -> Fault:
    return Fault(applies_first=True, **how)


LOST = {
    "a time-out": {"delay_s": 1.5},
    "a cut connection": {"hangs_up": True},
    "half an answer": {"breaks_off": True, "body": b"[]"},
    "a bad gateway": {"status": 502},
    "too many requests": {"status": 429},
    "a page of HTML": {"content_type": "text/html", "body": b"<html>hello</html>"},
    "an empty list": {"body": b"[]"},
}


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
def test_a_write_whose_answer_is_lost_is_settled_by_reading(
    desk: Desk, fault: dict[str, Any]
) -> None:
    desk.server.write_faults.append(lost(**fault))
    receipt = desk.deliver(PLAN)
    assert receipt.status is DeliveryStatus.DELIVERED
    assert set(outcomes(receipt).values()) == {("create", "applied")}
    assert len(delivered(desk.server)) == len(PLAN.entries)
    assert len(desk.server.writes) == 1


@pytest.mark.parametrize(
    "fault", [{"delay_s": 1.5}, {"hangs_up": True}, {"status": 503}, {"status": 429}]
)
def test_a_write_that_never_arrived_is_named_and_made_by_the_next_delivery(
    desk: Desk, fault: dict[str, Any]
) -> None:
    desk.server.write_faults.append(Fault(**fault))
    receipt = desk.deliver(PLAN)
    assert receipt.status is DeliveryStatus.INCOMPLETE
    assert set(outcomes(receipt).values()) == {("create", "unknown")}
    assert all(one.error for one in receipt.latest)
    assert len(desk.server.writes) == 1  # a second one might have made a double
    assert desk.deliver(PLAN).status is DeliveryStatus.DELIVERED
    assert len(delivered(desk.server)) == len(PLAN.entries)


def test_a_change_that_never_arrived_is_sent_once_more(desk: Desk) -> None:
    desk.deliver(PLAN)
    days = with_sessions(**{TEMPO.replace(" ", "_"): "Hill run"})
    plan = replanned(SNAPSHOT, INPUTS, days, "r2:2025-03-31")
    desk.server.write_faults.extend([None, Fault(status=503)])
    receipt = desk.deliver(plan)
    assert outcomes(receipt)["Hill run"] == ("update", "applied")
    assert entry_named(desk.server, "Hill run")
    assert receipt.status is DeliveryStatus.DELIVERED


def test_one_bad_entry_does_not_keep_the_others_from_the_calendar(desk: Desk) -> None:
    bad = PLAN.entries[2].model_copy(update={"name": "x" * 81})
    plan = DeliverablePlan(SNAPSHOT, None, (*PLAN.entries[:2], bad, *PLAN.entries[3:]))
    receipt = desk.deliver(plan)
    assert receipt.status is DeliveryStatus.INCOMPLETE
    refused = entries(receipt)[bad.name]
    assert refused.outcome == "refused"
    assert refused.error is not None
    assert "Name is too long" in refused.error
    assert {one["name"] for one in delivered(desk.server)} == NAMES - {STRIDES}


def test_a_key_that_may_not_write_is_said_so(desk: Desk) -> None:
    desk.server.key_may_write = False
    receipt = desk.deliver(PLAN)
    assert receipt.status is DeliveryStatus.INCOMPLETE
    assert {one.outcome for one in receipt.latest} == {"refused"}
    assert all("CALENDAR:WRITE" in str(one.error) for one in receipt.latest)
    assert delivered(desk.server) == []


def test_a_calendar_that_cannot_be_read_is_not_written(desk: Desk) -> None:
    desk.server.always = Fault(status=500)
    with pytest.raises(SourceError):
        desk.deliver(PLAN)
    assert desk.server.writes == []
    assert desk.database["delivery_claims"].count_documents({}) == 0


def test_a_calendar_that_cannot_be_read_again_leaves_a_receipt_that_says_so(desk: Desk) -> None:
    server = desk.server
    server.faults.append(None)
    server.always = Fault(status=500)
    receipt = desk.deliver(PLAN)
    assert receipt.status is DeliveryStatus.INCOMPLETE
    assert {one.outcome for one in receipt.latest} == {"unknown"}
    server.always = None
    again = desk.deliver(PLAN)
    assert again.status is DeliveryStatus.DELIVERED
    assert len(delivered(server)) == len(PLAN.entries)


@pytest.mark.parametrize("matches", [True, False])
def test_two_deliveries_at_once_make_one_entry_a_session(
    server: CalendarServer, database: Database[BsonDocument], *, matches: bool
) -> None:
    server.of_keys = "matches" if matches else "duplicates"
    desk = Desk(server, database, MONDAY)
    other = replanned(SNAPSHOT, INPUTS, SNAPSHOT.activity_plan.days, "r2:2025-03-31")
    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(desk.deliver, [PLAN, other, PLAN, other]))
    assert {one.status for one in receipts} == {DeliveryStatus.DELIVERED}
    assert len(delivered(server)) == len(PLAN.entries)
    assert database["plan_deliveries"].count_documents({}) == 2
    assert database["delivery_claims"].count_documents({}) == 0


def test_a_process_that_was_killed_after_the_write_is_repaired_by_the_next(desk: Desk) -> None:
    class Killed(BaseException):
        pass

    delivery = desk.delivery
    created = delivery.calendar.create

    def create_and_die(events: Any) -> Any:
        created(events)
        raise Killed

    delivery.calendar.create = create_and_die  # type: ignore[method-assign]
    with pytest.raises(Killed):
        delivery.deliver(PLAN, "command")
    (stored,) = delivery.receipts.of_week(SNAPSHOT.athlete_id, SNAPSHOT.planned_week)
    assert stored.status is DeliveryStatus.WRITING
    assert {one.outcome for one in stored.latest} == {None}

    desk.server.requests.clear()
    receipt = desk.deliver(PLAN)
    assert desk.server.writes == []
    assert receipt.status is DeliveryStatus.DELIVERED
    assert set(outcomes(receipt).values()) == {("create", "applied")}
    assert all(one.after for one in receipt.latest)
    assert len(delivered(desk.server)) == len(PLAN.entries)


def test_what_the_calendar_makes_of_a_text_is_noted_and_not_sent_for_ever(
    server: CalendarServer, database: Database[BsonDocument]
) -> None:
    def normalise(_: Request) -> None:
        for one in delivered(server):
            if one["description"]:
                one["description"] = one["description"].replace("Main set", "Main Set") + "\n"

    server.carried_out = normalise
    desk = Desk(server, database, MONDAY)
    receipt = desk.deliver(PLAN)
    assert receipt.status is DeliveryStatus.DELIVERED
    tempo = entries(receipt)[TEMPO]
    assert [one.field for one in tempo.differences] == ["description"]
    server.requests.clear()
    desk.deliver(PLAN)
    assert server.writes == []


HILLS = with_sessions(**{TEMPO.replace(" ", "_"): "Hill run"})
HILL_PLAN = replanned(SNAPSHOT, INPUTS, HILLS, "r2:2025-03-31")


def cut_off(desk: Desk, plan: DeliverablePlan, *, after_write: bool) -> None:
    """A delivery that ends before or after its first change, as if its process were killed."""

    class Killed(BaseException):
        pass

    delivery = desk.delivery
    create, update = delivery.calendar.create, delivery.calendar.update

    def killed(write: Any) -> Any:
        def then_killed(*arguments: Any) -> None:
            if after_write:
                write(*arguments)
            raise Killed

        return then_killed

    delivery.calendar.create = killed(create)  # type: ignore[method-assign]
    delivery.calendar.update = killed(update)  # type: ignore[method-assign]
    with pytest.raises(Killed):
        delivery.deliver(plan, "command")


@pytest.mark.parametrize("after_write", [True, False])
@pytest.mark.parametrize("change", [{"name": "Mine"}, {"description": "- 30m Z2 HR"}])
def test_an_edit_after_a_delivery_that_was_cut_off_is_still_an_edit(
    desk: Desk, change: dict[str, str], *, after_write: bool
) -> None:
    desk.deliver(PLAN)
    note = entry_named(desk.server, PLAN.entries[0].name)
    cut_off(desk, HILL_PLAN, after_write=after_write)
    desk.server.edit(note["id"], **change)
    receipt = desk.deliver(HILL_PLAN)
    left = next(one for one in receipt.latest if one.session_id == note["external_id"])
    assert (left.decision, left.because) == ("leave", "edited")
    assert change.items() <= desk.server.event(note["id"]).items()


def test_an_edit_after_a_first_delivery_that_was_cut_off_is_still_an_edit(desk: Desk) -> None:
    cut_off(desk, PLAN, after_write=True)
    desk.server.move(entry_named(desk.server, TEMPO)["id"], MONDAY + timedelta(days=4))
    assert outcomes(desk.deliver(HILL_PLAN))["Hill run"] == ("leave", "moved")


@pytest.mark.parametrize("after_write", [True, False])
def test_a_change_that_was_cut_off_arrives_with_the_next_delivery(
    desk: Desk, *, after_write: bool
) -> None:
    desk.deliver(PLAN)
    cut_off(desk, HILL_PLAN, after_write=after_write)
    assert desk.deliver(HILL_PLAN).status is DeliveryStatus.DELIVERED
    assert entry_named(desk.server, "Hill run")


def test_changes_that_a_server_in_trouble_refused_arrive_when_it_is_well(desk: Desk) -> None:
    desk.deliver(PLAN)
    desk.server.write_faults.extend([Fault(status=503)] * 10)
    assert desk.deliver(HILL_PLAN).status is DeliveryStatus.INCOMPLETE
    desk.server.write_faults.clear()
    assert outcomes(desk.deliver(HILL_PLAN))["Hill run"] == ("update", "applied")
    assert entry_named(desk.server, "Hill run")


def test_a_calendar_that_takes_a_change_and_ignores_it_is_not_believed(desk: Desk) -> None:
    desk.deliver(PLAN)
    before = deepcopy(desk.server.events)

    def ignore(_: Request) -> None:
        desk.server.events[:] = deepcopy(before)

    desk.server.carried_out = ignore
    receipt = desk.deliver(HILL_PLAN)
    assert receipt.status is DeliveryStatus.INCOMPLETE
    assert outcomes(receipt)["Hill run"] == ("update", "unknown")


def test_a_calendar_that_gives_no_ids_back_gets_nothing_twice(desk: Desk) -> None:
    server = desk.server

    def forget(_: Request) -> None:
        for one in server.events:
            one["external_id"] = None

    server.carried_out = forget
    receipt = desk.deliver(PLAN)
    assert receipt.status is DeliveryStatus.DELIVERED
    count = len(server.events)
    assert count == len(PLAN.entries)
    server.requests.clear()
    assert desk.deliver(PLAN).status is DeliveryStatus.DELIVERED
    assert server.writes == []
    names = {TEMPO.replace(" ", "_"): "Hill run"}
    new = replanned(SNAPSHOT, INPUTS, with_sessions(**names), "r2:2025-03-31")
    assert outcomes(desk.deliver(new))["Hill run"] == ("update", "applied")
    assert len(server.events) == count


def test_a_target_that_the_calendar_drops_is_named(
    server: CalendarServer, database: Database[BsonDocument]
) -> None:
    heart, _, _ = a_plan(max_hr_bpm=190, threshold_hr_bpm=168, resting_hr_bpm=48)
    assert any(one.summary and one.summary.targets for one in heart.entries)
    desk = Desk(server, database, MONDAY)

    def drop(_: Request) -> None:
        for one in delivered(server):
            for step in (one["workout_doc"] or {"steps": []})["steps"]:
                step.pop("hr", None)

    whole = desk.deliver(heart)
    assert all(one.differences == () for one in whole.latest)
    assert not list(missing_of_run([whole], whole.run_id))
    desk.deliver(heart, take_back=True)
    server.carried_out = drop
    receipt = desk.deliver(heart)
    changed = {one.field for entry in receipt.latest for one in entry.differences}
    assert changed == {"steps"}
    said = list(missing_of_run([receipt], receipt.run_id))
    assert any("0 with a target" in one for one in said)


def test_a_copy_that_the_athlete_made_is_theirs(desk: Desk) -> None:
    desk.deliver(PLAN)
    copy = {**entry_named(desk.server, TEMPO)}
    copy.pop("id")
    made = desk.server.add(**copy)
    before = dict(desk.server.event(made) or {})
    days = with_sessions(**{TEMPO.replace(" ", "_"): "Hill run"})
    receipt = desk.deliver(replanned(SNAPSHOT, INPUTS, days, "r2:2025-03-31"))
    assert outcomes(receipt)["Hill run"] == ("update", "applied")
    assert desk.server.event(made) == before


def test_an_entry_that_is_there_twice_is_left_where_nobody_knows_which_was_sent(
    desk: Desk,
) -> None:
    for _ in range(2):
        desk.server.add(
            name=TEMPO,
            category="WORKOUT",
            external_id=PLAN.entries[1].session_id,
            start_date_local=f"{PLAN.entries[1].day}T00:00:00",
        )
    assert outcomes(desk.deliver(PLAN))[TEMPO] == ("leave", "twice")


def test_what_a_device_refused_stands_in_the_receipt(desk: Desk) -> None:
    desk.deliver(PLAN)
    long_id = entry_named(desk.server, LONG)["id"]
    desk.server.add_push_error(long_id, "Wahoo", "no power target")
    looked = desk.delivery.look_again(desk.deliver(PLAN))
    found = [one for one in looked.facts().values() if one.found and one.found.push_errors]
    assert [one.found.push_errors for one in found if one.found] == [
        ("Wahoo refused it: no power target",)
    ]


def test_a_later_look_writes_nothing_and_keeps_what_became_of_the_week(desk: Desk) -> None:
    receipt = desk.deliver(PLAN)
    server = desk.server
    server.delete(entry_named(server, EASY)["id"])
    server.do(entry_named(server, TEMPO)["id"], done("i5", 8))
    server.requests.clear()
    desk.today = MONDAY + timedelta(days=8)
    looked = desk.delivery.look_again(receipt)
    assert server.writes == []
    assert {one.because for one in looked.readings[-1].entries} == {"deleted", "done"}
    assert desk.delivery.look_again(looked).readings == looked.readings


RACE_DAY = MONDAY + timedelta(days=6)
RACE = {"date": str(RACE_DAY), "priority": "A", "distance_km": 10, "name": "Spring"}


def races_of(receipt: DeliveryReceipt) -> list[tuple[str, str | None]]:
    return [
        (one.decision, one.because) for one in receipt.latest if one.wanted and one.wanted.is_race
    ]


def test_a_race_goes_to_a_calendar_that_does_not_have_it(desk: Desk) -> None:
    plan, _, _ = a_plan(races=[RACE])
    assert races_of(desk.deliver(plan)) == [("create", None)]


def test_a_race_of_the_athletes_own_is_not_put_beside_itself(desk: Desk) -> None:
    plan, _, _ = a_plan(races=[RACE])
    start = f"{RACE_DAY}T09:00:00"
    own = desk.server.add(name="Spring", category="RACE_A", start_date_local=start, type="Run")
    before = dict(entry_named(desk.server, "Spring"))
    assert races_of(desk.deliver(plan)) == [("leave", "race")]
    assert desk.server.event(own) == before


def test_devices_are_named_with_what_the_athlete_has_ticked(server: CalendarServer) -> None:
    server.connect("garmin")
    server.connect("wahoo", uploads=False)
    found = {one.name: one for one in calendar_of(server).devices()}
    assert found["Garmin"].connected
    assert found["Garmin"].uploads_workouts
    assert found["Wahoo"].connected
    assert not found["Wahoo"].uploads_workouts
    assert not found["Zwift"].connected
