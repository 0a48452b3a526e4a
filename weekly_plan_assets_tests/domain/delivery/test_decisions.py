from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weekly_plan_assets.domain.delivery.decisions import (
    DecidedEntry,
    Decision,
    LeftBecause,
    SentEntry,
    decide,
)
from weekly_plan_assets.domain.delivery.entries import FoundEntry, WantedEntry

MONDAY = date(2026, 3, 2)
WEDNESDAY = MONDAY + timedelta(days=2)
TODAY = MONDAY
ID = f"weekly-plan:{MONDAY}:{WEDNESDAY}:1"


def wanted(**other: Any) -> WantedEntry:
    fields: dict[str, Any] = {
        "session_id": ID,
        "day": WEDNESDAY,
        "type": "Run",
        "name": "Easy run",
        "description": "- 45m Z2 HR",
        "moving_time_s": 2700,
        "target": "HR",
        "has_steps": True,
    }
    return WantedEntry(**fields | other)


def found(entry: WantedEntry, **other: Any) -> FoundEntry:
    fields = entry.model_dump(by_alias=False, exclude={"has_steps", "is_race"})
    return FoundEntry(**{"event_id": "7", **fields} | other)


def sent(entry: WantedEntry, **other: Any) -> dict[str, SentEntry]:
    return {entry.session_id: SentEntry(wanted=(entry,), found=found(entry, **other))}


def only(*decided: DecidedEntry) -> DecidedEntry:
    (one,) = decided
    return one


def test_what_is_not_there_is_created() -> None:
    assert only(*decide([wanted()], [], {}, today=TODAY)).decision is Decision.CREATE


def test_what_is_there_as_wanted_is_not_sent_again() -> None:
    decided = only(*decide([wanted()], [found(wanted())], sent(wanted()), today=TODAY))
    assert (decided.decision, decided.because) == (Decision.UNCHANGED, None)


def test_a_new_plan_updates_what_nobody_touched_and_says_what_changes() -> None:
    new = wanted(name="Tempo run", description="- 20m Z3 HR")
    decided = only(*decide([new], [found(wanted())], sent(wanted()), today=TODAY))
    assert decided.decision is Decision.UPDATE
    assert {one.field for one in decided.differences} == {"name", "description"}


def test_what_a_new_plan_no_longer_wants_is_removed() -> None:
    decided = only(*decide([], [found(wanted())], sent(wanted()), today=TODAY))
    assert decided.decision is Decision.REMOVE


@pytest.mark.parametrize("new", [wanted(), wanted(name="Tempo run"), None])
@pytest.mark.parametrize(
    ("by_hand", "because"),
    [
        ({"day": WEDNESDAY + timedelta(days=1)}, LeftBecause.MOVED),
        ({"day": WEDNESDAY + timedelta(days=9)}, LeftBecause.MOVED),
        ({"name": "Easy run with Ana"}, LeftBecause.EDITED),
        ({"description": "- 30m Z2 HR"}, LeftBecause.EDITED),
        ({"type": "Ride"}, LeftBecause.EDITED),
        ({"paired_activity_id": "i9"}, LeftBecause.DONE),
    ],
)
def test_the_hand_of_the_athlete_wins(
    new: WantedEntry | None, by_hand: dict[str, Any], because: LeftBecause
) -> None:
    there = found(wanted(), **by_hand)
    decided = only(*decide([new] if new else [], [there], sent(wanted()), today=TODAY))
    assert (decided.decision, decided.because) == (Decision.LEAVE, because)
    changed = {one.field for one in decided.differences}
    assert changed == set(by_hand) - {"paired_activity_id"}


def test_what_the_athlete_deleted_stays_deleted() -> None:
    decided = only(*decide([wanted(name="Other")], [], sent(wanted()), today=TODAY))
    assert (decided.decision, decided.because) == (Decision.LEAVE, LeftBecause.DELETED)


def test_what_a_delivery_removed_comes_back_with_a_plan_that_wants_it() -> None:
    removed = {ID: SentEntry(was_removed=True)}
    assert only(*decide([wanted()], [], removed, today=TODAY)).decision is Decision.CREATE


def test_what_may_never_have_arrived_is_created() -> None:
    unknown = {ID: SentEntry(wanted=(wanted(),))}
    assert only(*decide([wanted()], [], unknown, today=TODAY)).decision is Decision.CREATE


def test_what_arrived_though_nobody_knew_is_no_edit() -> None:
    old, lost, new = wanted(), wanted(name="Lost"), wanted(name="New")
    both = {ID: SentEntry(wanted=(lost, old), found=found(old))}
    for there in (old, lost):
        decided = only(*decide([new], [found(there)], both, today=TODAY))
        assert decided.decision is Decision.UPDATE
    other = only(*decide([new], [found(wanted(name="Mine"))], both, today=TODAY))
    assert other.because is LeftBecause.EDITED


def test_a_change_that_may_not_have_arrived_is_sent_again() -> None:
    old, lost = wanted(), wanted(name="Lost")
    unknown = {ID: SentEntry(wanted=(lost, old), found=found(old))}
    assert only(*decide([lost], [found(old)], unknown, today=TODAY)).decision is Decision.UPDATE


def test_a_session_that_takes_the_place_of_one_that_was_done_keeps_its_own() -> None:
    second = ID.replace(":1", ":2")
    easy, long = wanted(), wanted(session_id=second, name="Long run")
    both = sent(easy) | sent(long)
    there = [found(easy, paired_activity_id="i1"), found(long)]
    plan = [wanted(name="Long run")]
    first, kept = decide(plan, there, both, today=WEDNESDAY)
    assert (first.because, kept.decision) == (LeftBecause.DONE, Decision.UNCHANGED)
    swapped = [wanted(name="Long run"), wanted(session_id=second)]
    moved = [found(easy, day=WEDNESDAY + timedelta(days=1)), found(long)]
    first, kept = decide(swapped, moved, both, today=TODAY)
    assert (first.because, kept.decision) == (LeftBecause.MOVED, Decision.UNCHANGED)


def test_a_race_that_the_athlete_adds_later_takes_the_place_of_ours() -> None:
    race = wanted(is_race=True)
    decided = only(*decide([race], [found(race)], sent(race), today=TODAY, race_days={WEDNESDAY}))
    assert decided.decision is Decision.REMOVE


def test_what_the_calendar_made_of_it_is_not_sent_again_and_again() -> None:
    made = found(wanted(), description="- 45m Z2 HR normalised by the calendar")
    known = {ID: SentEntry(wanted=(wanted(),), found=made, is_settled=True)}
    assert only(*decide([wanted()], [made], known, today=TODAY)).decision is Decision.UNCHANGED
    new = only(*decide([wanted(name="New")], [made], known, today=TODAY))
    assert new.decision is Decision.UPDATE


@pytest.mark.parametrize("there", [[], [found(wanted())]])
@pytest.mark.parametrize("new", [[], [wanted(name="New")]])
def test_the_past_is_left_as_it_is(there: list[FoundEntry], new: list[WantedEntry]) -> None:
    tomorrow = WEDNESDAY + timedelta(days=1)
    known = sent(wanted()) if there else {}
    for decided in decide(new, there, known, today=tomorrow):
        assert (decided.decision, decided.because) == (Decision.LEAVE, LeftBecause.PAST)


def test_the_session_of_today_may_still_change() -> None:
    new = wanted(name="New")
    decided = only(*decide([new], [found(wanted())], sent(wanted()), today=WEDNESDAY))
    assert decided.decision is Decision.UPDATE


def test_the_note_of_a_week_changes_until_the_week_is_over() -> None:
    note = wanted(session_id="note", day=MONDAY, category="NOTE", type=None, has_steps=False)
    new = note.model_copy(update={"description": "new"})
    for days, decision in ((6, Decision.UPDATE), (7, Decision.LEAVE)):
        today = MONDAY + timedelta(days=days)
        assert only(*decide([new], [found(note)], sent(note), today=today)).decision is decision


def test_a_race_that_stands_on_the_calendar_is_not_put_there_again() -> None:
    race = wanted(is_race=True)
    decided = only(*decide([race], [], {}, today=TODAY, race_days={WEDNESDAY}))
    assert (decided.decision, decided.because) == (Decision.LEAVE, LeftBecause.RACE)
    assert only(*decide([race], [], {}, today=TODAY)).decision is Decision.CREATE
    easy = only(*decide([wanted()], [], {}, today=TODAY, race_days={WEDNESDAY}))
    assert easy.decision is Decision.CREATE


def test_an_entry_of_unknown_origin_is_taken_over_only_if_it_is_as_wanted() -> None:
    same = only(*decide([wanted()], [found(wanted())], {}, today=TODAY))
    assert same.decision is Decision.UNCHANGED
    other = only(*decide([wanted()], [found(wanted(name="?"))], {}, today=TODAY))
    assert (other.decision, other.because) == (Decision.LEAVE, LeftBecause.UNKNOWN_ORIGIN)
    surplus = only(*decide([], [found(wanted())], {}, today=TODAY))
    assert surplus.because is LeftBecause.UNKNOWN_ORIGIN


def test_of_an_entry_that_is_there_twice_only_the_one_that_was_sent_is_ours() -> None:
    there = [found(wanted(), event_id="8"), found(wanted())]
    decided = only(*decide([wanted(name="New")], there, sent(wanted()), today=TODAY))
    assert decided.decision is Decision.UPDATE
    assert decided.before is not None
    assert decided.before.event_id == "7"
    nobody = only(*decide([wanted(name="New")], there, {}, today=TODAY))
    assert (nobody.decision, nobody.because) == (Decision.LEAVE, LeftBecause.TWICE)


def test_a_duration_that_the_calendar_calculates_is_no_difference() -> None:
    there = found(wanted(), moving_time_s=9999)
    assert only(*decide([wanted()], [there], sent(wanted()), today=TODAY)).decision is (
        Decision.UNCHANGED
    )
    plain = wanted(has_steps=False)
    there = found(plain, moving_time_s=9999)
    by_hand = only(*decide([plain], [there], sent(plain), today=TODAY))
    assert by_hand.because is LeftBecause.EDITED
    unsent = only(*decide([plain], [there], {}, today=TODAY))
    assert unsent.because is LeftBecause.UNKNOWN_ORIGIN


names = st.sampled_from(["a", "b", "c"])
days = st.integers(-3, 9).map(lambda number: MONDAY + timedelta(days=number))


@given(
    new=st.none() | names,
    there=st.none() | st.tuples(names, days, st.booleans()),
    last=st.none() | st.tuples(names, st.booleans()),
    today=days,
)
def test_nothing_is_written_over_what_differs_from_all_that_was_sent(
    new: str | None,
    there: tuple[str, date, bool] | None,
    last: tuple[str, bool] | None,
    today: date,
) -> None:
    entries = []
    if there is not None:
        name, day, is_done = there
        entries = [found(wanted(name=name), day=day, paired_activity_id="i1" if is_done else None)]
    known = {}
    if last is not None:
        name, is_seen = last
        entry = wanted(name=name)
        known = {ID: SentEntry(wanted=(entry,), found=found(entry) if is_seen else None)}
    for decided in decide([] if new is None else [wanted(name=new)], entries, known, today=today):
        if decided.decision in {Decision.UPDATE, Decision.REMOVE}:
            assert there is not None
            assert last is not None
            assert there[:2] == (last[0], WEDNESDAY)
            assert not there[2]
            assert today <= WEDNESDAY
        if decided.decision is Decision.CREATE:
            assert there is None
            assert today <= WEDNESDAY
            assert last is None or not last[1]
