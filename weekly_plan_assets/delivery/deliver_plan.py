"""Deliver a published plan to the targets that were chosen."""

from typing import Protocol

from pymongo.database import Database

from weekly_plan_assets.delivery.calendar_delivery import CalendarDelivery
from weekly_plan_assets.delivery.deliverable import DeliverablePlan, DeliveryError
from weekly_plan_assets.delivery.folder_delivery import FolderDelivery
from weekly_plan_assets.delivery.receipts import Receipts
from weekly_plan_assets.domain.delivery.decisions import DecidedEntry
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.lineage.records.delivery_receipt import (
    DeliveryReceipt,
    TargetOutcome,
    latest_of,
)
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.settings import DeliveryTarget, Settings, SourceName
from weekly_plan_assets.sources.intervals_icu.calendar_client import (
    IntervalsCalendar,
)
from weekly_plan_assets.sources.intervals_icu.client import IntervalsClient
from weekly_plan_assets.sources.intervals_icu.credential_advice import advice_for
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
        SourceError: The account cannot be read.
    """
    if target is DeliveryTarget.FILES:
        folder = settings.deliver_dir
        if folder is None:
            raise DeliveryError("files need a folder to go to; set WEEKLY_PLAN_DELIVER_DIR")
        receipts = Receipts(database, target.value, str(folder))
        return FolderDelivery(folder, receipts, settings.today(), is_simulated=settings.is_sample)
    calendar = open_calendar(settings)
    receipts = Receipts(database, target.value, calendar.owner_id())
    return CalendarDelivery(calendar, receipts, settings.today())


def open_calendar(settings: Settings) -> IntervalsCalendar:
    """The calendar of the athlete whose key or token is set.

    Raises:
        DeliveryError: There is neither, or the data is the simulated athlete's.
    """
    credential = settings.intervals_credential
    if credential is None:
        raise DeliveryError(
            "the calendar of Intervals.icu needs a key or a token; set INTERVALS_API_KEY or "
            "INTERVALS_ACCESS_TOKEN"
        )
    if settings.is_sample:
        raise DeliveryError(
            "the plan of the simulated athlete is not put on anybody's calendar; use data of your "
            "own, or deliver it as files"
        )
    client = IntervalsClient(
        settings.intervals_base_url,
        credential,
        forbidden=advice_for(credential).may_not_deliver,
    )
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
        except WeeklyPlanError as error:
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
    require_own_calendar(target, delivery, plan, settings)
    newest = Lineage(database, snapshot.athlete_id).latest_snapshot(snapshot.planned_week)
    if newest is not None and newest.run_id != snapshot.run_id:
        return TargetOutcome(target, skipped="a newer plan for the week was published since")
    if needs_consent(target, delivery, snapshot.athlete_id):
        return TargetOutcome(
            target,
            problem="nothing was put on this calendar before; `weekly-plan deliver` shows what "
            "would be, and asks",
        )
    earlier = delivery.receipts.of_week(snapshot.athlete_id, snapshot.planned_week)
    if earlier and latest_of(earlier).is_taken_back:
        return TargetOutcome(
            target,
            skipped="the week was taken back; `weekly-plan deliver --week "
            f"{snapshot.observed_week_start}` delivers it again",
        )
    return TargetOutcome(target, delivery.deliver(plan, asked_by))


def needs_consent(target: DeliveryTarget, delivery: Delivery, athlete_id: str) -> bool:
    """Whether a person must agree first: a calendar is theirs, a folder was made for this."""
    return target is DeliveryTarget.INTERVALS and delivery.receipts.is_first(athlete_id)


def require_own_calendar(
    target: DeliveryTarget, delivery: Delivery, plan: DeliverablePlan, settings: Settings
) -> None:
    """Refuse to put the plan of an athlete of Intervals.icu on the calendar of another one.

    A plan from files may go to the calendar of any key: whose it is was agreed to by a person.

    Raises:
        DeliveryError: It is the plan of another athlete.
    """
    athlete_id, owner_id = plan.snapshot.athlete_id, delivery.receipts.account
    is_calendar = target is DeliveryTarget.INTERVALS
    if is_calendar and settings.source is SourceName.INTERVALS and owner_id != athlete_id:
        raise DeliveryError(
            f"the plan is of athlete {athlete_id}, but the calendar is that of athlete {owner_id}; "
            f"deliver with the key or token of {athlete_id}, set INTERVALS_ATHLETE_ID, or set "
            "WEEKLY_PLAN_SOURCE=folder if it was made from files"
        )
