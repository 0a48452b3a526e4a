"""The receipt of a delivery: what of a published plan went where, and what stood there afterwards.

One document of plan_deliveries for each run, target and account. What is decided, and why, is said
in `domain.delivery`; how it is done belongs to `delivery`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import Field

from weekly_plan_assets.domain.delivery.calendar_fact import CalendarFact
from weekly_plan_assets.domain.delivery.decisions import (
    BY_HAND,
    WRITES,
    Decision,
    LeftBecause,
    SentEntry,
)
from weekly_plan_assets.domain.delivery.entries import (
    FieldDifference,
    FoundEntry,
    WantedEntry,
)
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.lineage.records.records import RunRecord
from weekly_plan_assets.storage.codec import whole_ms


def moment_now() -> datetime:
    """The present moment, as the store will give it back."""
    return whole_ms(datetime.now(UTC))


class DeliveryStatus(StrEnum):
    """How far a delivery got.

    `writing` stays only where the process was killed: the next delivery reads the calendar and goes
    on. `incomplete` says that something was refused, or that nobody knows whether it arrived.
    """

    WRITING = "writing"
    DELIVERED = "delivered"
    INCOMPLETE = "incomplete"
    TAKEN_BACK = "taken_back"


class WriteOutcomeKind(StrEnum):
    """What became of a request to write."""

    APPLIED = "applied"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class DeliveredFile(Document):
    """A file of a session in a folder."""

    name: str
    sha256: str = Field(alias="sha256")


class DeliveredEntry(Document):
    """One entry in one delivery.

    Attributes:
        wanted: What the plan wants; None where it is taken away.
        wanted_sha256: SHA-256 of it.
        before: What stood there.
        outcome: What became of the write; None where nothing was written.
        error: Why it was refused, or is not known.
        after: What stood there afterwards; None where nothing does, or nobody could read it.
        differences: What somebody had changed by hand, or where the calendar made something else of
            what it was sent.
        files: Its files, where the target is a folder.
    """

    session_id: str
    decision: Decision
    because: LeftBecause | None = None
    wanted: WantedEntry | None = None
    wanted_sha256: str | None = Field(default=None, alias="wantedSha256")
    before: FoundEntry | None = None
    outcome: WriteOutcomeKind | None = None
    error: str | None = None
    after: FoundEntry | None = None
    differences: tuple[FieldDifference, ...] = ()
    files: tuple[DeliveredFile, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether it is as it shall be: written, or left alone for a reason."""
        return self.decision not in WRITES or self.outcome is WriteOutcomeKind.APPLIED


class DeliveryPass(Document):
    """One delivery of the plan to the target.

    Attributes:
        asked_by: Who asked: `command`, or the Dagster run.
        is_take_back: Whether it was to take the week back.
    """

    at: datetime
    asked_by: str
    is_take_back: bool = False
    entries: tuple[DeliveredEntry, ...]


class EntryReading(Document):
    """An entry as a later reading found it.

    Attributes:
        because: What became of it: moved, edited, deleted or done; None where it is as it was sent.
    """

    session_id: str
    because: LeftBecause | None
    found: FoundEntry | None = None
    differences: tuple[FieldDifference, ...] = ()


class CalendarReading(Document):
    """A later look at what was delivered."""

    at: datetime
    entries: tuple[EntryReading, ...]


class DeliveryReceipt(RunRecord):
    """What became of a published plan in one account of one target.

    Attributes:
        target: `intervals` or `files`.
        account: The athlete whose calendar it is, or the folder.
        passes: The deliveries in which anything changed, oldest first.
        readings: Later looks at the calendar in which anything had changed, oldest first.
        checked_at: When it was last compared with the target.
    """

    target: str
    account: str
    status: DeliveryStatus
    passes: tuple[DeliveryPass, ...] = ()
    readings: tuple[CalendarReading, ...] = ()
    checked_at: datetime

    @property
    def latest(self) -> tuple[DeliveredEntry, ...]:
        """The entries of the last delivery."""
        return self.passes[-1].entries if self.passes else ()

    @property
    def is_whole(self) -> bool:
        """Whether everything arrived, or was taken back."""
        return self.status in {DeliveryStatus.DELIVERED, DeliveryStatus.TAKEN_BACK}

    @property
    def is_taken_back(self) -> bool:
        """Whether the athlete took it back last, if not all of it could be."""
        return bool(self.passes) and self.passes[-1].is_take_back

    @property
    def wanted(self) -> tuple[WantedEntry, ...]:
        """What the last delivery wanted."""
        return tuple(one.wanted for one in self.latest if one.wanted is not None)

    def facts(self) -> dict[str, EntryReading]:
        """What is known last of each session: what became of it, and where it stands."""
        known: dict[str, tuple[datetime, EntryReading]] = {}
        for at, reading in (
            *((one.at, _as_reading(entry)) for one in self.passes for entry in one.entries),
            *((one.at, entry) for one in self.readings for entry in one.entries),
        ):
            before = known.get(reading.session_id)
            if before is None or before[0] <= at:
                known[reading.session_id] = (at, reading)
        return {session_id: reading for session_id, (_, reading) in known.items()}

    def with_pass(self, one: DeliveryPass, status: DeliveryStatus) -> "DeliveryReceipt":
        """The receipt after one more delivery."""
        return self.model_copy(
            update={"status": status, "checked_at": moment_now(), "passes": (*self.passes, one)}
        )

    def changed_by_hand(self) -> dict[str, EntryReading]:
        """The sessions that the athlete moved, edited or deleted on the calendar."""
        return {key: one for key, one in self.facts().items() if one.because in BY_HAND}


def _as_reading(entry: DeliveredEntry) -> EntryReading:
    return EntryReading(
        session_id=entry.session_id,
        because=entry.because,
        found=entry.after,
        differences=entry.differences,
    )


@dataclass(frozen=True, slots=True)
class TargetOutcome:
    """What became of a plan in one target.

    Attributes:
        receipt: None where nothing was delivered.
        skipped: Why nothing was to be delivered, in a sentence.
        problem: Why it could not be, in a sentence that says the way out.
    """

    target: str
    receipt: DeliveryReceipt | None = None
    skipped: str | None = None
    problem: str | None = None

    @property
    def is_right(self) -> bool:
        """Whether everything is where it shall be."""
        return self.problem is None and (self.receipt is None or self.receipt.is_whole)


def latest_of(receipts: Iterable[DeliveryReceipt]) -> DeliveryReceipt:
    """The receipt in which something was done last."""
    return max(receipts, key=lambda one: one.passes[-1].at if one.passes else one.checked_at)


def of_last_account(receipts: Sequence[DeliveryReceipt]) -> list[DeliveryReceipt]:
    """Those of the account in which something was done last."""
    if not receipts:
        return []
    account = latest_of(receipts).account
    return [one for one in receipts if one.account == account]


def entries_so_far(receipts: Iterable[DeliveryReceipt]) -> Iterator[DeliveredEntry]:
    """The entries of all deliveries, those of the oldest delivery first."""
    passes = [one for receipt in receipts for one in receipt.passes]
    for one in sorted(passes, key=lambda one: one.at):
        yield from one.entries


def facts_of_week(receipts: Iterable[DeliveryReceipt]) -> dict[str, CalendarFact]:
    """What is known last of each session of a week, by session id.

    Args:
        receipts: Those of all runs that planned the week, for the target that is a calendar.
    """
    facts: dict[str, CalendarFact] = {}
    for receipt in sorted(receipts, key=lambda one: one.checked_at):
        for session_id, reading in receipt.facts().items():
            found = reading.found
            facts[session_id] = CalendarFact(
                event_id=None if found is None else found.event_id,
                because=reading.because,
                activity_id=None if found is None else found.paired_activity_id,
            )
    return facts


def sent_before(receipts: Iterable[DeliveryReceipt]) -> Mapping[str, SentEntry]:
    """What was sent for each session of a week by all deliveries to one target so far.

    Args:
        receipts: Those of all runs that planned the week.
    """
    sent: dict[str, SentEntry] = {}
    for entry in entries_so_far(receipts):
        known = sent.get(entry.session_id)
        sent[entry.session_id] = _with(known or SentEntry(), entry)
    return sent


def _with(known: SentEntry, entry: DeliveredEntry) -> SentEntry:
    """What is known to be sent after one more delivery."""
    is_applied = entry.outcome is WriteOutcomeKind.APPLIED
    if entry.decision is Decision.REMOVE:
        return SentEntry(was_removed=True) if is_applied else known
    if entry.decision is Decision.LEAVE or entry.wanted is None:
        return known
    if entry.outcome is WriteOutcomeKind.REFUSED:
        return known
    if entry.decision is Decision.UNCHANGED or is_applied:
        return SentEntry(
            wanted=(entry.wanted,), found=entry.after or known.found, is_settled=bool(entry.after)
        )
    # It may have arrived or not, so what is there may be either.
    return SentEntry(
        wanted=(entry.wanted, *known.wanted), found=known.found, was_removed=known.was_removed
    )
