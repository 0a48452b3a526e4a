"""Where the plan of a week is, by the receipts of its deliveries."""

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from pymongo.database import Database

from weekly_plan_assets.delivery.deliver_plan import Delivery, open_delivery
from weekly_plan_assets.delivery.deliverable import DeliveryError
from weekly_plan_assets.lineage.records.delivery_receipt import DeliveryReceipt, latest_of
from weekly_plan_assets.lineage.records.records import PlanSnapshot
from weekly_plan_assets.settings import DeliveryTarget, Settings
from weekly_plan_assets.sources.intervals_icu.credential_advice import advice_for
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.plan_deliveries import deliveries_of_week


@dataclass(frozen=True, slots=True)
class Place:
    """One calendar or folder.

    Attributes:
        account: The athlete whose calendar it is, or the folder; None for that of the settings.
    """

    target: DeliveryTarget
    account: str | None = None

    def open(self, settings: Settings, database: Database[BsonDocument]) -> Delivery:
        """The delivery to it.

        Raises:
            DeliveryError: A setting that it needs is missing, or is that of another account.
            SourceError: The account cannot be read.
        """
        if self.target is DeliveryTarget.FILES and self.account is not None:
            settings = settings.model_copy(update={"deliver_dir": Path(self.account)})
        delivery = open_delivery(self.target, settings, database)
        found = delivery.receipts.account
        if self.account not in {None, found}:
            credential = advice_for(settings.intervals_credential)
            raise DeliveryError(
                f"the plan is on the calendar of athlete {self.account}, but the {credential.noun} "
                f"is that of athlete {found}; set {credential.variable} to the {credential.noun} "
                f"of athlete {self.account}"
            )
        return delivery


def places_of_week(database: Database[BsonDocument], snapshot: PlanSnapshot) -> list[Place]:
    """Where a plan for the week was delivered, as far as it was not taken back since."""
    places = []
    for target in DeliveryTarget:
        found = deliveries_of_week(
            database, snapshot.athlete_id, snapshot.planned_week, target.value
        )
        receipts = sorted(map(DeliveryReceipt.model_validate, found), key=attrgetter("account"))
        for account, group in groupby(receipts, key=attrgetter("account")):
            if not latest_of(group).is_taken_back:
                places.append(Place(target, account))
    return places
