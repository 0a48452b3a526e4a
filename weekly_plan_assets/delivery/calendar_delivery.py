"""The delivery of a plan to the calendar of Intervals.icu.

Read, decide, note what is about to be written, write, read again, settle. No write is taken for
done or for lost before the calendar was read again, so that a request that was cut off, and a
process that was killed, leave one entry for each session and a receipt that is true.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from time import sleep

from weekly_plan_assets.delivery.calendar_fields import fields_to_create, fields_to_update, found_of
from weekly_plan_assets.delivery.deliverable import DeliverablePlan
from weekly_plan_assets.delivery.receipts import Receipts
from weekly_plan_assets.delivery.settling import Written, unsettled
from weekly_plan_assets.domain.delivery.decisions import (
    BY_HAND,
    WRITES,
    DecidedEntry,
    Decision,
    LeftBecause,
    decide,
)
from weekly_plan_assets.domain.delivery.entries import FoundEntry, WantedEntry
from weekly_plan_assets.domain.plan.session_id import week_prefix
from weekly_plan_assets.domain.recorded.calendar import RACE_CATEGORIES
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.delivery_receipt import (
    CalendarReading,
    DeliveredEntry,
    DeliveryPass,
    DeliveryReceipt,
    DeliveryStatus,
    EntryReading,
    entries_so_far,
    moment_now,
    sent_before,
)
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.intervals_icu.calendar_client import IntervalsCalendar

AROUND = timedelta(days=14)
"""How far from its week a session is looked for that the athlete has moved."""

PAUSES_S = (1.0, 3.0)
"""Before the calendar is read again for a write of which nobody knows whether it arrived."""


@dataclass(frozen=True, slots=True)
class CalendarState:
    """What the calendar holds around a week.

    Attributes:
        own: Entries that are ours.
        race_days: Days on which the athlete has a race of their own.
    """

    own: tuple[FoundEntry, ...]
    race_days: frozenset[date]


@dataclass(frozen=True)
class CalendarDelivery:
    """Delivers to one athlete's calendar.

    Attributes:
        today: The athlete's local day.
        pauses_s: See `PAUSES_S`.
    """

    calendar: IntervalsCalendar
    receipts: Receipts
    today: date
    pauses_s: Sequence[float] = field(default=PAUSES_S)

    def preview(
        self, plan: DeliverablePlan, *, take_back: bool = False
    ) -> tuple[DecidedEntry, ...]:
        """What a delivery would do; nothing is written, not even a receipt.

        Raises:
            SourceError: The calendar cannot be read.
        """
        snapshot = plan.snapshot
        stored = self.receipts.of_week(snapshot.athlete_id, snapshot.planned_week)
        state = self._read(snapshot.planned_week, _ever_wanted(stored))
        earlier = [settled_after_a_crash(one, state.own) for one in stored]
        return self._decided(() if take_back else plan.entries, state, earlier)

    def deliver(
        self, plan: DeliverablePlan, asked_by: str, *, take_back: bool = False
    ) -> DeliveryReceipt:
        """Bring the calendar into line with the plan, as far as it is not the athlete's own affair.

        Args:
            plan: The plan.
            asked_by: Who asked: `command`, or the Dagster run.
            take_back: Remove what was delivered instead.

        Returns:
            The receipt, as it is stored.

        Raises:
            SourceError: The calendar cannot be read, and nothing was written.
            DeliveryError: Another process is delivering the same week.
        """
        with self.receipts.claimed(plan):
            week = plan.snapshot.planned_week
            stored = self.receipts.of_week(plan.snapshot.athlete_id, week)
            state = self._read(week, _ever_wanted(stored))
            earlier = [settled_after_a_crash(one, state.own) for one in stored]
            for before, now in zip(stored, earlier, strict=True):
                if now != before:
                    self.receipts.keep(now)
            decided = self._decided(() if take_back else plan.entries, state, earlier)
            own = self.receipts.own(plan, earlier)
            writing = _Writing(asked_by, own, is_take_back=take_back)
            entries = [_untouched(one) for one in decided]
            todo = [one for one in entries if one.decision in WRITES]
            if todo:
                # What is about to be written is known after a crash, or it would look like an edit.
                self.receipts.keep(writing.receipt(entries, DeliveryStatus.WRITING))
                entries = self._written(week, entries)
            done = writing.receipt(entries, _status(entries))
            self.receipts.keep(done)
            return done

    def look_again(self, receipt: DeliveryReceipt) -> DeliveryReceipt:
        """Note what became of a delivery since: moved, edited, deleted, done, refused by a device.

        Returns:
            The receipt, as it is stored; with a reading more if anything has changed.

        Raises:
            SourceError: The calendar cannot be read.
        """
        stored = self.receipts.of_week(receipt.athlete_id, receipt.planned_week)
        state = self._read(receipt.planned_week, _ever_wanted(stored))
        earlier = [settled_after_a_crash(one, state.own) for one in stored]
        own = next((one for one in earlier if one.run_id == receipt.run_id), receipt)
        known, now = own.facts(), moment_now()
        found = (_reading_of(one) for one in self._decided(own.wanted, state, earlier))
        news = tuple(one for one in found if known.get(one.session_id) != one)
        readings = (*own.readings, CalendarReading(at=now, entries=news)) if news else own.readings
        looked = own.model_copy(update={"checked_at": now, "readings": readings})
        self.receipts.keep(looked)
        return looked

    def _read(self, week: TrainingWeek, sent: Collection[WantedEntry]) -> CalendarState:
        """What the calendar holds around a week.

        Args:
            week: The planned week.
            sent: What is or was to be there. An entry without any id that has its day, name and
                text is ours too: not every calendar may give back the ids that it was sent.
        """
        entries = self.calendar.entries(week.start - AROUND, week.end + AROUND)
        prefix = week_prefix(week.start)
        by_content = {(one.day, one.name, one.description.strip()): one for one in sent}
        own: list[FoundEntry] = []
        race_days = set()
        for one in sorted(entries, key=lambda one: one.id):
            content = (one.day, one.name or "", (one.description or "").strip())
            if (one.external_id or "").startswith(prefix):
                own.append(found_of(one, one.external_id or ""))
            elif one.external_id is None and content in by_content:
                own.append(found_of(one, by_content[content].session_id))
            elif one.category in RACE_CATEGORIES:
                race_days.add(one.day)
        return CalendarState(own=tuple(own), race_days=frozenset(race_days))

    def _decided(
        self,
        wanted: Sequence[WantedEntry],
        state: CalendarState,
        earlier: Sequence[DeliveryReceipt],
    ) -> tuple[DecidedEntry, ...]:
        return decide(
            wanted,
            state.own,
            sent_before(earlier),
            today=self.today,
            race_days=state.race_days,
        )

    def _written(
        self, week: TrainingWeek, entries: Sequence[DeliveredEntry]
    ) -> list[DeliveredEntry]:
        """Write what is to be written, and settle it by reading."""
        written = {one.session_id: one for one in entries if one.decision in WRITES}
        sent = {one.session_id: one for one in self._sent(list(written.values()))}
        try:
            sent = self._read_again(week, sent)
            again = [
                one for one in unsettled(sent.values()) if one.entry.decision is not Decision.CREATE
            ]
            if again:
                # What replaces or removes can be sent twice; a second create could make a double.
                sent |= {one.session_id: one for one in self._sent([one.entry for one in again])}
                sent = self._read_again(week, sent)
        except SourceError as error:
            sent = {key: one.unread(str(error)) for key, one in sent.items()}
        return [sent[one.session_id].entry if one.session_id in sent else one for one in entries]

    def _read_again(self, week: TrainingWeek, sent: dict[str, Written]) -> dict[str, Written]:
        for pause_s in (0.0, *self.pauses_s):
            sleep(pause_s)
            wanted = [one.entry.wanted for one in sent.values() if one.entry.wanted is not None]
            own = self._read(week, wanted).own
            sent = {key: one.settled(own) for key, one in sent.items()}
            if not list(unsettled(sent.values())):
                break
        return sent

    def _sent(self, entries: Sequence[DeliveredEntry]) -> Iterator[Written]:
        """Send the requests: one for all that is new, one for each change and removal."""
        new = [one for one in entries if one.decision is Decision.CREATE]
        yield from self._created(new)
        for one in entries:
            if one.before is None:
                continue
            if one.decision is Decision.UPDATE and one.wanted is not None:
                event_id, fields = one.before.event_id, fields_to_update(one.wanted)
                yield Written.of(one, self.calendar.update(event_id, fields))
            elif one.decision is Decision.REMOVE:
                # The note of a week stands on its Monday, and changes until its Sunday.
                not_before = min(self.today, one.before.day)
                yield Written.of(one, self.calendar.delete(one.before.event_id, not_before))

    def _created(self, new: Sequence[DeliveredEntry]) -> Iterator[Written]:
        if not new:
            return
        outcome = self.calendar.create(
            [fields_to_create(one.wanted) for one in new if one.wanted is not None]
        )
        if outcome.kind == "refused" and len(new) > 1:
            # One bad entry has all of them refused; alone, only that one is.
            for one in new:
                yield from self._created([one])
            return
        yield from (Written.of(one, outcome) for one in new)


@dataclass(frozen=True)
class _Writing:
    """One delivery on its way into a receipt."""

    asked_by: str
    earlier: DeliveryReceipt
    is_take_back: bool
    at: datetime = field(default_factory=moment_now)

    def receipt(self, entries: Sequence[DeliveredEntry], status: DeliveryStatus) -> DeliveryReceipt:
        """The receipt with this delivery, or without it where nothing is written or new."""
        known = self.earlier.facts()
        is_news = (
            any(
                one.decision in WRITES
                or one.session_id not in known
                or known[one.session_id].because != one.because
                or _push_errors(known[one.session_id].found) != _push_errors(one.after)
                for one in entries
            )
            or self.is_take_back != self.earlier.is_taken_back
        )
        if not is_news:
            return self.earlier.model_copy(update={"status": status, "checked_at": moment_now()})
        this = DeliveryPass(
            at=self.at,
            asked_by=self.asked_by,
            is_take_back=self.is_take_back,
            entries=tuple(entries),
        )
        return self.earlier.with_pass(this, status)


def _ever_wanted(receipts: Sequence[DeliveryReceipt]) -> list[WantedEntry]:
    """All that was ever to be put on the calendar for a week."""
    return [one.wanted for one in entries_so_far(receipts) if one.wanted is not None]


def _push_errors(found: FoundEntry | None) -> tuple[str, ...]:
    return () if found is None else found.push_errors


def _untouched(decided: DecidedEntry) -> DeliveredEntry:
    """The entry before anything is written."""
    is_write = decided.decision in WRITES
    return DeliveredEntry(
        session_id=decided.session_id,
        decision=decided.decision,
        because=decided.because,
        wanted=decided.wanted,
        wanted_sha256=None if decided.wanted is None else decided.wanted.sha256,
        before=decided.before,
        after=None if is_write else decided.before,
        differences=() if is_write else decided.differences,
    )


def _reading_of(decided: DecidedEntry) -> EntryReading:
    """What a later look found; that a day is over is no news."""
    is_fact = decided.because in {*BY_HAND, LeftBecause.DONE}
    return EntryReading(
        session_id=decided.session_id,
        because=decided.because if is_fact else None,
        found=decided.before,
        differences=decided.differences if is_fact else (),
    )


def _status(entries: Sequence[DeliveredEntry]) -> DeliveryStatus:
    if not all(one.is_settled for one in entries):
        return DeliveryStatus.INCOMPLETE
    is_taken_back = all(one.wanted is None for one in entries)
    return DeliveryStatus.TAKEN_BACK if is_taken_back else DeliveryStatus.DELIVERED


def settled_after_a_crash(receipt: DeliveryReceipt, own: Sequence[FoundEntry]) -> DeliveryReceipt:
    """A receipt with writes of which nobody knows, settled by what the calendar holds now."""
    if receipt.status not in {DeliveryStatus.WRITING, DeliveryStatus.INCOMPLETE}:
        return receipt
    *passes, last = receipt.passes
    entries = tuple(
        one if one.is_settled else Written(one).settled(own).entry for one in last.entries
    )
    settled = last.model_copy(update={"entries": entries})
    return receipt.model_copy(update={"passes": (*passes, settled), "status": _status(entries)})
