"""Plans that the athlete changed on the calendar, by the receipts of their deliveries."""

from datetime import date

from pymongo.database import Database

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.lineage.records.delivery_receipt import DeliveryReceipt, EntryReading
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.plan_deliveries import all_deliveries


class HandChangedPlan(Document):
    """A delivered plan of which sessions were moved, edited or deleted by hand.

    Attributes:
        week_start: The planned week.
        entries: The sessions, as they were found last.
    """

    run_id: str
    athlete_id: str
    week_start: date
    target: str
    entries: tuple[EntryReading, ...]


def plans_changed_by_hand(
    database: Database[BsonDocument], athlete_id: str | None = None
) -> tuple[HandChangedPlan, ...]:
    """The delivered plans that were changed by hand, by planned week.

    Nothing is asked of a calendar: what counts is what was found there last.

    Args:
        database: Where the receipts are.
        athlete_id: Only this athlete's; None: everybody's.
    """
    receipts = (DeliveryReceipt.model_validate(one) for one in all_deliveries(database, athlete_id))
    return tuple(
        HandChangedPlan(
            run_id=receipt.run_id,
            athlete_id=receipt.athlete_id,
            week_start=receipt.week_start,
            target=receipt.target,
            entries=tuple(changed.values()),
        )
        for receipt in receipts
        if (changed := receipt.changed_by_hand())
    )
