"""What to do with each entry: from what was sent last, what is there, and what is wanted now.

The athlete's hand wins: what they moved, edited or deleted is left as they left it, and what is
over or done is not touched.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum

from weekly_plan_assets.domain.delivery.entries import (
    FieldDifference,
    FoundEntry,
    WantedEntry,
    differences_between,
    differences_from,
    last_day_of,
)
from weekly_plan_assets.domain.document import Document


class Decision(StrEnum):
    """What is done with an entry."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REMOVE = "remove"
    LEAVE = "leave"


class LeftBecause(StrEnum):
    """Why an entry is left alone.

    `unknown_origin` has an id of ours, but nothing is stored that says what was sent; `race` is a
    race that the athlete has on the calendar already; `twice` is there more than once, and nobody
    knows which of them was sent.
    """

    MOVED = "moved"
    EDITED = "edited"
    DELETED = "deleted"
    DONE = "done"
    PAST = "past"
    RACE = "race"
    TWICE = "twice"
    UNKNOWN_ORIGIN = "unknown_origin"


BY_HAND = frozenset({LeftBecause.MOVED, LeftBecause.EDITED, LeftBecause.DELETED})
"""What only a person does."""

WRITES = frozenset({Decision.CREATE, Decision.UPDATE, Decision.REMOVE})


class SentEntry(Document):
    """What is known to have been sent for a session, over all earlier deliveries.

    Attributes:
        wanted: What was sent, the newest first; more than one where it is not known which of them
            arrived.
        found: How it stood on the calendar when it was last known to be as a delivery left it;
            None where nobody could read it again.
        is_settled: Whether that is what the calendar made of the newest of `wanted`.
        was_removed: Whether it was taken from the calendar by a delivery since.
    """

    wanted: tuple[WantedEntry, ...] = ()
    found: FoundEntry | None = None
    is_settled: bool = False
    was_removed: bool = False

    @property
    def is_confirmed(self) -> bool:
        """Whether it was seen on the calendar."""
        return self.found is not None and not self.was_removed


class DecidedEntry(Document):
    """What is done with one entry, and why.

    Attributes:
        wanted: None where the plan does not want it any more.
        before: What is on the calendar; None where nothing is.
        because: Why it is left alone; None where it is not.
        differences: What somebody changed by hand, or what an update changes.
    """

    session_id: str
    decision: Decision
    because: LeftBecause | None = None
    wanted: WantedEntry | None = None
    before: FoundEntry | None = None
    differences: tuple[FieldDifference, ...] = ()


def decide(
    wanted: Sequence[WantedEntry],
    found: Sequence[FoundEntry],
    sent: Mapping[str, SentEntry],
    *,
    today: date,
    race_days: Collection[date] = (),
) -> tuple[DecidedEntry, ...]:
    """Decide on every entry that is wanted or found.

    Args:
        wanted: What the plan wants; nothing to take all of it back.
        found: Entries of the same week that are ours.
        sent: What was sent before, by session id.
        today: The athlete's local day. What is before it is past.
        race_days: Days on which the calendar holds a race of the athlete's own.
    """
    there: dict[str, list[FoundEntry]] = {}
    for one in found:
        there.setdefault(one.session_id, []).append(one)
    ids = {one.session_id: one for one in wanted}
    decided = [
        _decided(
            session_id,
            ids.get(session_id),
            there.get(session_id, []),
            sent.get(session_id),
            today,
            race_days,
        )
        for session_id in (*ids, *(one for one in there if one not in ids))
    ]
    return tuple(_kept_for_another(one, decided) for one in decided)


def _decided(
    session_id: str,
    wanted: WantedEntry | None,
    there: Sequence[FoundEntry],
    sent: SentEntry | None,
    today: date,
    race_days: Collection[date],
) -> DecidedEntry:
    there = _ours(there, sent)
    before = there[0] if there else None
    because, changed = next(_left(wanted, there, sent, today, race_days), (None, ()))
    decision = Decision.LEAVE
    if because is None:
        decision, changed = _wish(wanted, before, sent, race_days)
    return DecidedEntry(
        session_id=session_id,
        decision=decision,
        because=because,
        wanted=wanted,
        before=before,
        differences=changed,
    )


def _ours(there: Sequence[FoundEntry], sent: SentEntry | None) -> Sequence[FoundEntry]:
    """The entries of an id; of a copy that the athlete made, only the one that was sent."""
    if len(there) > 1 and sent is not None and sent.found is not None:
        known = [one for one in there if one.event_id == sent.found.event_id]
        return known or there
    return there


Left = tuple[LeftBecause, tuple[FieldDifference, ...]]


def _left(
    wanted: WantedEntry | None,
    there: Sequence[FoundEntry],
    sent: SentEntry | None,
    today: date,
    race_days: Collection[date],
) -> Iterator[Left]:
    """The reasons to leave it alone, the strongest first, each with what was changed by hand."""
    if len(there) > 1:
        yield LeftBecause.TWICE, ()
    for entry in there:
        if entry.is_done:
            yield LeftBecause.DONE, ()
    if not there and sent is not None and sent.is_confirmed:
        yield LeftBecause.DELETED, ()
    for entry in there:
        yield from _by_hand(wanted, entry, sent)
    last_days = [last_day_of(one.day, one.category) for one in there]
    if wanted is not None:
        last_days.append(last_day_of(wanted.day, wanted.category))
    if any(day < today for day in last_days):
        yield LeftBecause.PAST, ()
    if not there and wanted is not None and wanted.is_race and wanted.day in race_days:
        yield LeftBecause.RACE, ()


def _by_hand(
    wanted: WantedEntry | None, entry: FoundEntry, sent: SentEntry | None
) -> Iterator[Left]:
    if sent is None or not (sent.wanted or sent.found):
        if wanted is None or differences_from(wanted, entry):
            yield LeftBecause.UNKNOWN_ORIGIN, ()
        return
    possible = [differences_from(one, entry) for one in sent.wanted]
    if sent.found is not None:
        has_steps = not sent.wanted or sent.wanted[0].has_steps
        possible.insert(0, differences_between(sent.found, entry, has_steps=has_steps))
    if all(possible):
        changed = min(possible, key=len)
        was_moved = any(one.field == "day" for one in changed)
        yield LeftBecause.MOVED if was_moved else LeftBecause.EDITED, changed


def _kept_for_another(one: DecidedEntry, decided: Sequence[DecidedEntry]) -> DecidedEntry:
    """The decision; an entry stays that holds what a place of the same day can no longer hold.

    Sessions of a day change places in a new plan. Where the athlete has done or moved the first of
    them, what the plan now has in its place may stand in the second.
    """
    if one.decision not in {Decision.UPDATE, Decision.REMOVE} or one.before is None:
        return one
    held = (one.before.day, one.before.type, one.before.name)
    for other in decided:
        if other.wanted is None or other.because not in {*BY_HAND, LeftBecause.DONE}:
            continue
        if held == (other.wanted.day, other.wanted.type, other.wanted.name):
            update = {"decision": Decision.UNCHANGED, "wanted": None, "differences": ()}
            return one.model_copy(update=update)
    return one


def _wish(
    wanted: WantedEntry | None,
    before: FoundEntry | None,
    sent: SentEntry | None,
    race_days: Collection[date],
) -> tuple[Decision, tuple[FieldDifference, ...]]:
    """What the plan wants done with an entry that nobody else has touched."""
    if wanted is None or (before is not None and wanted.is_race and wanted.day in race_days):
        return Decision.REMOVE, ()
    if before is None:
        return Decision.CREATE, ()
    changes = differences_from(wanted, before)
    if not changes or _is_what_was_made_of(wanted, before, sent):
        return Decision.UNCHANGED, ()
    return Decision.UPDATE, changes


def _is_what_was_made_of(wanted: WantedEntry, before: FoundEntry, sent: SentEntry | None) -> bool:
    """Whether this is what the calendar made of the same entry when it was sent.

    A calendar may change what it is sent; sending it again would change nothing.
    """
    if sent is None or sent.found is None or not sent.wanted or not sent.is_settled:
        return False
    unchanged = not differences_between(sent.found, before, has_steps=wanted.has_steps)
    return unchanged and sent.wanted[0] == wanted
