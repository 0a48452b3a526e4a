"""What became of a write, by what the calendar holds when it is read again.

An answer alone proves little: a request may be applied though its answer is lost, and a calendar
may make something else of what it is sent.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from weekly_plan_assets.domain.delivery.decisions import Decision
from weekly_plan_assets.domain.delivery.entries import (
    FieldDifference,
    FoundEntry,
    differences_between,
    differences_from,
    dropped_steps,
)
from weekly_plan_assets.lineage.records.delivery_receipt import DeliveredEntry, WriteOutcomeKind
from weekly_plan_assets.sources.intervals_icu.calendar_client import WriteOutcome

_NOT_THERE = "it was not on the calendar when that was read again; deliver again later"
_STILL_THERE = "it was still on the calendar when that was read again; deliver again later"
_CHANGED = "what stands on the calendar is neither the new nor the old entry; it is left as it is"
_AS_BEFORE = "it stood on the calendar as before when that was read again; deliver again later"


@dataclass(frozen=True, slots=True)
class Written:
    """An entry whose write was sent, or may have been sent by a process that was killed."""

    entry: DeliveredEntry

    @classmethod
    def of(cls, entry: DeliveredEntry, outcome: WriteOutcome) -> Self:
        """The entry with what the answer said."""
        said = {"outcome": WriteOutcomeKind(outcome.kind), "error": outcome.error}
        return cls(entry.model_copy(update=said))

    @property
    def session_id(self) -> str:
        """The session's id."""
        return self.entry.session_id

    def unread(self, why: str) -> "Written":
        """The same where the calendar could not be read again: what was not refused is not known.

        Args:
            why: What went wrong with the reading.
        """
        if self.entry.outcome is WriteOutcomeKind.REFUSED:
            return self
        return self._became(WriteOutcomeKind.UNKNOWN, f"it could not be read again: {why}")

    def settled(self, own: Sequence[FoundEntry]) -> "Written":
        """The same with what the calendar holds now; what was refused stays so, unless it is gone.

        Args:
            own: The entries of its week that are ours.
        """
        same = [one for one in own if one.session_id == self.session_id]
        if self.entry.before is not None:  # a copy that the athlete made is not ours
            same = [one for one in same if one.event_id == self.entry.before.event_id]
        found = same[0] if same else None
        is_gone = found is None and self.entry.decision is Decision.REMOVE
        if self.entry.outcome is WriteOutcomeKind.REFUSED and not is_gone:
            return self
        match self.entry.decision:
            case Decision.REMOVE:
                return self._removed(found)
            case Decision.UPDATE:
                return self._updated(found)
            case _:
                return self._created(found)

    def _created(self, found: FoundEntry | None) -> "Written":
        if found is None:
            return self._became(WriteOutcomeKind.UNKNOWN, self.entry.error or _NOT_THERE)
        return self._applied(found) if self._is_ours(found) else self._unclear()

    def _updated(self, found: FoundEntry | None) -> "Written":
        entry = self.entry
        if found is None:
            return self._became(WriteOutcomeKind.UNKNOWN, entry.error or _NOT_THERE)
        if self._is_as_before(found):
            unchanged = self._became(WriteOutcomeKind.UNKNOWN, entry.error or _AS_BEFORE)
            return Written(unchanged.entry.model_copy(update={"after": found}))
        return self._applied(found) if self._is_ours(found) else self._unclear()

    def _is_ours(self, found: FoundEntry) -> bool:
        """Whether what is there is what was sent, or what the calendar made of it just now.

        After a kill, or where nobody has an answer, what is neither the new nor the old entry may
        be the athlete's.
        """
        wanted = self.entry.wanted
        is_new = wanted is not None and not differences_from(wanted, found)
        return is_new or self.entry.outcome is WriteOutcomeKind.APPLIED

    def _is_as_before(self, found: FoundEntry) -> bool:
        """Whether it still is what it was to replace."""
        wanted, before = self.entry.wanted, self.entry.before
        if before is None or (wanted is not None and not differences_from(wanted, found)):
            return False
        has_steps = wanted is None or wanted.has_steps
        return not differences_between(before, found, has_steps=has_steps)

    def _unclear(self) -> "Written":
        return self._became(WriteOutcomeKind.UNKNOWN, _CHANGED)

    def _removed(self, found: FoundEntry | None) -> "Written":
        if found is None:
            return self._became(WriteOutcomeKind.APPLIED, None)
        still = self._became(WriteOutcomeKind.UNKNOWN, self.entry.error or _STILL_THERE)
        return Written(still.entry.model_copy(update={"after": found}))

    def _applied(self, found: FoundEntry) -> "Written":
        wanted = self.entry.wanted
        differences: tuple[FieldDifference, ...] = ()
        if wanted is not None:
            differences = (*differences_from(wanted, found), *dropped_steps(wanted, found))
        update = {
            "outcome": WriteOutcomeKind.APPLIED,
            "error": None,
            "after": found,
            "differences": differences,
        }
        return Written(self.entry.model_copy(update=update))

    def _became(self, outcome: WriteOutcomeKind, error: str | None) -> "Written":
        update = {"outcome": outcome, "error": error, "after": None}
        return Written(self.entry.model_copy(update=update))


def unsettled(written: Iterable[Written]) -> Iterator[Written]:
    """Those of which nobody knows whether they arrived."""
    return (one for one in written if one.entry.outcome is WriteOutcomeKind.UNKNOWN)
