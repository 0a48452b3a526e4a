"""Deliver a published plan to the targets that were chosen."""

from collections.abc import Sequence
from typing import Protocol

from pymongo.database import Database

from weekly_plan_assets.delivery.calendar_delivery import CalendarDelivery
from weekly_plan_assets.delivery.deliverable import DeliverablePlan, DeliveryError
from weekly_plan_assets.delivery.folder_delivery import FolderDelivery
from weekly_plan_assets.delivery.receipts import Receipts
from weekly_plan_assets.domain.delivery.decisions import DecidedEntry
from weekly_plan_assets.lineage.records.delivery_receipt import (
    DeliveryReceipt,
    DeliveryStatus,
    TargetOutcome,
)
from weekly_plan_assets.settings import DeliveryTarget, Settings, SourceName
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.intervals_icu.calendar_client import IntervalsCalendar
from weekly_plan_assets.sources.intervals_icu.client import IntervalsClient
from weekly_plan_assets.storage.codec import BsonDocument


class Delivery(Protocol):
    """Brings a plan to one target."""

    @property
    def receipts(self) -> Receipts:
        """Where its receipts are kept."""
        ...

    def preview(
        self, plan: DeliverablePlan, *, take_back: bool = False
    ) -> tuple[DecidedEntry, ...]:
        """What a delivery would do; nothing is written."""
        ...

    def deliver(
        self, plan: DeliverablePlan, asked_by: str, *, take_back: bool = False
    ) -> DeliveryReceipt:
        """Do it, and return the receipt as it is stored."""
        ...


def open_delivery(
    target: DeliveryTarget, settings: Settings, database: Database[BsonDocument]
) -> Delivery:
    """The delivery to one target, with what the settings say of it.

    Raises:
        DeliveryError: A setting that it needs is missing, or the plan is nobody's.
    """
    receipts = Receipts(database, target.value)
    if target is DeliveryTarget.FILES:
        if settings.deliver_dir is None:
            raise DeliveryError("files need a folder to go to; set WEEKLY_PLAN_DELIVER_DIR")
        return FolderDelivery(
            settings.deliver_dir, receipts, settings.today(), is_simulated=settings.is_sample
        )
    return CalendarDelivery(open_calendar(settings), receipts, settings.today())


def open_calendar(settings: Settings) -> IntervalsCalendar:
    """The calendar of the athlete whose key is set.

    Raises:
        DeliveryError: There is no key, or the data is the simulated athlete's.
    """
    if settings.intervals_api_key is None:
        raise DeliveryError("the calendar of Intervals.icu needs a key; set INTERVALS_API_KEY")
    if settings.is_sample:
        raise DeliveryError(
            "the plan of the simulated athlete is not put on anybody's calendar; use data of your "
            "own, or deliver it as files"
        )
    client = IntervalsClient(settings.intervals_base_url, settings.intervals_api_key)
    return IntervalsCalendar(client, settings.intervals_athlete_id)


def deliver_unasked(
    plan: DeliverablePlan,
    settings: Settings,
    database: Database[BsonDocument],
    asked_by: str,
) -> tuple[TargetOutcome, ...]:
    """Deliver to all targets of the settings, as far as a run may do so by itself.

    It may not put anything on a calendar for the first time: a person has seen what a delivery
    does, and agreed, before. Nor does it deliver again what a person took back.

    Args:
        plan: The plan.
        settings: Those in force.
        database: Where receipts are kept.
        asked_by: The Dagster run.

    Returns:
        What became of it in each target; one that cannot be reached says why, and stops no other.
    """
    if plan.snapshot.planned_week.end < settings.today():
        over = "the planned week is over"
        return tuple(TargetOutcome(target, skipped=over) for target in settings.delivery_targets)
    outcomes = []
    for target in settings.delivery_targets:
        try:
            outcomes.append(_delivered(target, plan, settings, database, asked_by))
        except (DeliveryError, SourceError) as error:
            outcomes.append(TargetOutcome(target, problem=str(error)))
    return tuple(outcomes)


def _delivered(
    target: DeliveryTarget,
    plan: DeliverablePlan,
    settings: Settings,
    database: Database[BsonDocument],
    asked_by: str,
) -> TargetOutcome:
    delivery, snapshot = open_delivery(target, settings, database), plan.snapshot
    if needs_consent(target, delivery, snapshot.athlete_id):
        return TargetOutcome(
            target,
            problem="nothing was put on this calendar before; `weekly-plan deliver` shows what "
            "would be, and asks",
        )
    earlier = delivery.receipts.of_week(snapshot.athlete_id, snapshot.planned_week)
    if earlier and latest_of(earlier).status is DeliveryStatus.TAKEN_BACK:
        return TargetOutcome(
            target,
            skipped=f"the week was taken back; `weekly-plan deliver --week {snapshot.week_start}` "
            "delivers it again",
        )
    return TargetOutcome(target, delivery.deliver(plan, asked_by))


def needs_consent(target: DeliveryTarget, delivery: Delivery, athlete_id: str) -> bool:
    """Whether a person must agree first: a calendar is theirs, a folder was made for this."""
    return target is DeliveryTarget.INTERVALS and delivery.receipts.is_first(athlete_id)


def latest_of(receipts: Sequence[DeliveryReceipt]) -> DeliveryReceipt:
    """The receipt in which something was done last."""
    return max(receipts, key=lambda one: one.passes[-1].at if one.passes else one.checked_at)


def require_own_calendar(plan: DeliverablePlan, settings: Settings, own_id: str | None) -> None:
    """Refuse to put a plan on the calendar of somebody else.

    Args:
        plan: The plan.
        settings: Those in force.
        own_id: The athlete whose calendar it is; None if that is not known.

    Raises:
        DeliveryError: It is the plan of another athlete of Intervals.icu.
    """
    athlete_id = plan.snapshot.athlete_id
    if settings.source is SourceName.INTERVALS and own_id not in {None, athlete_id}:
        raise DeliveryError(
            f"the plan is of athlete {athlete_id}, but the key is of athlete {own_id}; deliver "
            f"with the key of {athlete_id}, or set INTERVALS_ATHLETE_ID"
        )
