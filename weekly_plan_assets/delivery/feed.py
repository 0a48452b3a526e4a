"""The feed of delivered weeks: the planned one, and those before it for a while.

A calendar that reads a feed drops what is no longer in it, so that weeks do not vanish as soon as
the next one is planned; what was taken away stays for a while as cancelled.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from pymongo.database import Database

from weekly_plan_assets.delivery.deliverable import DeliverablePlan
from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.delivery.decisions import WRITES, Decision
from weekly_plan_assets.lineage.records.delivery_receipt import (
    DeliveredEntry,
    DeliveryReceipt,
    entries_so_far,
)
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.lineage.records.records import PlanSnapshot
from weekly_plan_assets.rendering.calendar_file import CancelledSession, week_calendar
from weekly_plan_assets.rendering.rendered_session import RenderedSession, rendered_week
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.plan_deliveries import delivered_weeks

FEED = "week.ics"

WEEKS_AROUND = 4
"""So many weeks before the planned one stay in the feed, and so many after it."""


def feed_of(
    database: Database[BsonDocument],
    plan: DeliverablePlan,
    receipts: Sequence[DeliveryReceipt],
    own: DeliveryReceipt,
) -> bytes:
    """The feed with a plan as it is delivered now.

    Args:
        database: Where earlier deliveries and plans are.
        plan: The plan.
        receipts: Those of the planned week, the one of this delivery among them.
        own: The one of this delivery.
    """
    earlier = _receipts(database, plan, range(-WEEKS_AROUND, 0), own)
    later = _receipts(database, plan, range(1, WEEKS_AROUND + 1), own)
    here = _kept_sessions(plan.snapshot, plan.athlete, own)
    every = [*earlier, *receipts, *later]
    return week_calendar(
        [*_sessions_of(database, earlier), *here, *_sessions_of(database, later)],
        owner=plan.snapshot.athlete_id,
        stamp=datetime.now(UTC),
        sequences=_sequences(every),
        cancelled=tuple(_cancelled(every)),
    )


def later_weeks(
    database: Database[BsonDocument], plan: DeliverablePlan, own: DeliveryReceipt
) -> list[DeliveryReceipt]:
    """The receipts of later weeks that were delivered to the same place, and not taken back."""
    found = _receipts(database, plan, range(1, WEEKS_AROUND + 1), own)
    return [one for one in found if not one.is_taken_back]


def _receipts(
    database: Database[BsonDocument],
    plan: DeliverablePlan,
    apart: Iterable[int],
    own: DeliveryReceipt,
) -> list[DeliveryReceipt]:
    """The receipts of weeks that are so many weeks apart from the planned one, for its place."""
    weeks = [plan.snapshot.planned_week.shift(number) for number in apart]
    athlete_id = plan.snapshot.athlete_id
    found = delivered_weeks(database, athlete_id, own.target, weeks, own.account)
    return [DeliveryReceipt.model_validate(one) for one in found]


def _sessions_of(
    database: Database[BsonDocument], receipts: Sequence[DeliveryReceipt]
) -> Iterator[RenderedSession]:
    """The sessions of earlier weeks, as the run that was delivered last planned them."""
    latest = {one.week_start: one for one in sorted(receipts, key=lambda one: one.checked_at)}
    lineage = Lineage(database)
    for _, receipt in sorted(latest.items()):
        snapshot = lineage.snapshot(receipt.run_id)
        if not isinstance(snapshot, PlanSnapshot):
            continue
        inputs = lineage.inputs(receipt.run_id)
        athlete = None if inputs is None else inputs.athlete
        yield from _kept_sessions(snapshot, athlete, receipt)


def _kept_sessions(
    snapshot: PlanSnapshot, athlete: Athlete | None, receipt: DeliveryReceipt
) -> Iterator[RenderedSession]:
    """The sessions of a plan that its last delivery did not take away."""
    kept = {one.session_id for one in receipt.wanted}
    for one in rendered_week(snapshot.activity_plan.days, athlete):
        if one.session_id in kept:
            yield one


def _sequences(receipts: Sequence[DeliveryReceipt]) -> dict[str, int]:
    """How often each session was written after its first time."""
    written = Counter(one.session_id for one in entries_so_far(receipts) if one.decision in WRITES)
    return {session_id: count - 1 for session_id, count in written.items()}


def _cancelled(receipts: Sequence[DeliveryReceipt]) -> Iterator[CancelledSession]:
    """What was taken away and did not come back."""
    last: dict[str, DeliveredEntry] = {}
    known: dict[str, CancelledSession] = {}
    for entry in entries_so_far(receipts):
        last[entry.session_id] = entry
        if entry.wanted is not None:
            known[entry.session_id] = CancelledSession(
                entry.session_id, entry.wanted.day, entry.wanted.name
            )
    for session_id, entry in last.items():
        if entry.decision is Decision.REMOVE and session_id in known:
            yield known[session_id]
