"""What a delivery would do, and what it did, as parts of a page: for `deliver` and `explain`."""

from collections.abc import Iterator, Sequence

from weekly_plan_assets.cli.pages.page import Bullets, Cell, PageTable, Part
from weekly_plan_assets.domain.delivery.decisions import DecidedEntry, Decision, LeftBecause
from weekly_plan_assets.domain.delivery.entries import FieldDifference
from weekly_plan_assets.domain.plan.session_id import parse_own_id
from weekly_plan_assets.lineage.records.delivery_receipt import (
    DeliveredEntry,
    DeliveryReceipt,
    DeliveryStatus,
    EntryReading,
    WriteOutcomeKind,
)
from weekly_plan_assets.settings.choices import DeliveryTarget

_TO_DO = {
    Decision.CREATE: "create",
    Decision.UPDATE: "update",
    Decision.UNCHANGED: "is there as planned",
    Decision.REMOVE: "remove",
}
_DONE = {
    Decision.CREATE: "created",
    Decision.UPDATE: "updated",
    Decision.UNCHANGED: "was there as planned",
    Decision.REMOVE: "removed",
}
_LEFT = {
    LeftBecause.MOVED: "left where you moved it",
    LeftBecause.EDITED: "left as you edited it",
    LeftBecause.DELETED: "left out: you deleted it, or moved it far away",
    LeftBecause.DONE: "left: done",
    LeftBecause.PAST: "left: the day is over",
    LeftBecause.RACE: "left out: your own race is there",
    LeftBecause.TWICE: "left: it is there more than once; delete one of them",
    LeftBecause.UNKNOWN_ORIGIN: "left: it is not known who wrote it; delete it to have it made new",
}
_STATUS = {
    DeliveryStatus.WRITING: "interrupted; the next delivery finds out what arrived",
    DeliveryStatus.DELIVERED: "delivered",
    DeliveryStatus.INCOMPLETE: "not delivered in full; deliver again",
    DeliveryStatus.TAKEN_BACK: "taken back",
}
_STATUS_STYLES = {DeliveryStatus.DELIVERED: "green", DeliveryStatus.TAKEN_BACK: "yellow"}


def preview_table(decided: Sequence[DecidedEntry]) -> PageTable:
    """What a delivery would do, a line a session."""
    rows: list[tuple[Cell, ...]] = [
        (
            _day(one),
            _title(one),
            _LEFT[one.because] if one.because else _TO_DO[one.decision],
            _changes(one.differences),
        )
        for one in decided
    ]
    return PageTable(("Day", "Session", "Would", "Difference"), rows)


def delivery_parts(receipt: DeliveryReceipt) -> Iterator[Part]:
    """What the last delivery to a target did, and what became of it since."""
    style = _STATUS_STYLES.get(receipt.status, "red")
    when = f"{receipt.checked_at:%Y-%m-%d %H:%M} UTC"
    yield f"{_place(receipt)}: {_STATUS[receipt.status]}, last compared {when}", style
    rows: list[tuple[Cell, ...]] = [
        (_day(one), _title(one), _became(one), _changes(one.differences)) for one in receipt.latest
    ]
    if rows:
        yield PageTable(("Day", "Session", "Result", "Difference"), rows)
    files = _files(receipt)
    if files:
        yield "Files:"
        yield Bullets(files)
    since = [*_since(receipt)]
    if since:
        yield "Since then, on the calendar:"
        yield Bullets(since)


def delivered_in_words(receipt: DeliveryReceipt, *, is_new: bool) -> str:
    """The counts of a delivery in a sentence.

    Args:
        receipt: That of the target.
        is_new: Whether anything changed with this delivery.
    """
    if not is_new:
        return f"{_place(receipt)}: everything was there already, so nothing was sent"
    counts: dict[str, int] = {}
    for one in receipt.latest:
        word = "left alone" if one.decision is Decision.LEAVE else _DONE[one.decision]
        word = word if one.is_settled else "not delivered"
        counts[word] = counts.get(word, 0) + 1
    said = ", ".join(f"{count} {word}" for word, count in counts.items())
    return f"{_place(receipt)}: {said or 'nothing to deliver'}"


def _place(receipt: DeliveryReceipt) -> str:
    """The target with the calendar or the folder that it stands for."""
    if receipt.target == DeliveryTarget.FILES:
        return f"{receipt.target} in {receipt.account}"
    return f"{receipt.target}, calendar of athlete {receipt.account}"


def _files(receipt: DeliveryReceipt) -> list[str]:
    """The names of the files of the sessions that are in the folder."""
    return [
        file.name
        for entry in receipt.latest
        if entry.decision is not Decision.REMOVE
        for file in entry.files
    ]


def _became(entry: DeliveredEntry) -> Cell:
    if entry.because is not None:
        return _LEFT[entry.because]
    if entry.is_settled:
        return _DONE[entry.decision]
    refused = entry.outcome is WriteOutcomeKind.REFUSED
    what = "refused" if refused else "not known whether it arrived"
    return f"{_TO_DO[entry.decision]}: {what}: {entry.error or 'the process was killed'}", "red"


def _since(receipt: DeliveryReceipt) -> Iterator[str]:
    for reading in receipt.readings:
        for one in reading.entries:
            yield f"{reading.at:%Y-%m-%d}: {reading_in_words(one)}"


def reading_in_words(reading: EntryReading) -> str:
    """What was found of a session on the calendar."""
    name = reading.session_id if reading.found is None else reading.found.name
    because = "as it was sent" if reading.because is None else _LEFT[reading.because]
    errors = "" if reading.found is None else "; ".join(reading.found.push_errors)
    said = [f"{name}: {because}", _changes(reading.differences), errors]
    return "; ".join(part for part in said if part)


def _changes(differences: Sequence[FieldDifference]) -> str:
    """Which fields differ; with both sides where they are short."""
    return "; ".join(
        one.field
        if one.field == "description"
        else f"{one.field}: {one.wanted or 'none'} / {one.found or 'none'}"
        for one in differences
    )


def _day(entry: DecidedEntry | DeliveredEntry) -> str:
    known = entry.wanted or entry.before
    own = parse_own_id(entry.session_id)
    day = (own and own.day) if known is None else known.day
    return "" if day is None else f"{day:%a} {day}"


def _title(entry: DecidedEntry | DeliveredEntry) -> str:
    known = entry.wanted or entry.before
    return "what was delivered before" if known is None else known.name or ""
