"""What became of delivered weeks on the calendar, for the adherence of their plans."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from pymongo.database import Database

from weekly_plan_assets.delivery.calendar_delivery import CalendarDelivery
from weekly_plan_assets.delivery.deliver_plan import open_calendar
from weekly_plan_assets.delivery.deliverable import DeliveryError
from weekly_plan_assets.delivery.receipts import Receipts
from weekly_plan_assets.domain.delivery.calendar_fact import CalendarFact
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.delivery_receipt import (
    DeliveryReceipt,
    facts_of_week,
    latest_of,
    of_last_account,
)
from weekly_plan_assets.settings import DeliveryTarget, Settings
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.plan_deliveries import delivered_weeks

log = logging.getLogger(__name__)


def facts_on_calendar(
    database: Database[BsonDocument],
    settings: Settings,
    athlete_id: str,
    deadlines: Mapping[TrainingWeek, datetime],
) -> dict[TrainingWeek, dict[str, CalendarFact]]:
    """What the calendar says of the sessions that were delivered for each planned week.

    A week that was not compared since it ended is read again, once; its receipt keeps what was
    found. Where the calendar cannot be read, what was found last counts.

    Args:
        database: Where the receipts are.
        settings: Those in force.
        athlete_id: Whose plans.
        deadlines: The planned weeks, and the moment at which each ends.

    Returns:
        The weeks that were delivered, by session id each.
    """
    found = delivered_weeks(database, athlete_id, DeliveryTarget.INTERVALS, list(deadlines))
    by_week: dict[TrainingWeek, list[DeliveryReceipt]] = {}
    for receipt in map(DeliveryReceipt.model_validate, found):
        by_week.setdefault(receipt.planned_week, []).append(receipt)
    return {
        week: facts_of_week(
            _up_to_date(database, settings, of_last_account(receipts), deadlines[week])
        )
        for week, receipts in by_week.items()
    }


def _up_to_date(
    database: Database[BsonDocument],
    settings: Settings,
    receipts: Sequence[DeliveryReceipt],
    ends: datetime,
) -> list[DeliveryReceipt]:
    latest = latest_of(receipts)
    if latest.checked_at > ends:
        return list(receipts)
    try:
        calendar = open_calendar(settings)
        kept = Receipts(database, DeliveryTarget.INTERVALS.value, calendar.owner_id())
        if kept.account != latest.account:  # another calendar knows nothing of it
            return list(receipts)
        again = CalendarDelivery(calendar, kept, settings.today()).look_again(latest)
    except (DeliveryError, SourceError) as error:
        log.warning(
            "what became of the week of %s on the calendar was not read again: %s",
            latest.planned_week,
            error,
        )
        return list(receipts)
    return [again if one.run_id == again.run_id else one for one in receipts]
