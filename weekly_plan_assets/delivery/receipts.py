"""The receipts of deliveries, as they are kept in plan_deliveries, and the claim to a week."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from secrets import token_hex
from time import monotonic, sleep

from pymongo.database import Database

from weekly_plan_assets.common.process_identity import ProcessIdentity
from weekly_plan_assets.delivery.deliverable import DeliverablePlan, DeliveryError
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.delivery_receipt import (
    DeliveryReceipt,
    DeliveryStatus,
    moment_now,
)
from weekly_plan_assets.storage.codec import BsonDocument, encode
from weekly_plan_assets.storage.plan_deliveries import (
    claim_week,
    deliveries_of_week,
    holder_of,
    keep_delivery,
    release_week,
    was_ever_begun,
    was_ever_delivered,
)

WAIT_S = 60.0
"""How long a delivery waits for another one of the same week and target, which takes seconds."""

_LOOK_AGAIN_S = 0.2


def new_holder() -> str:
    """This process and one of its claims, so that two threads do not hold the same one."""
    return f"{ProcessIdentity.current().text()} {token_hex(4)}"


def is_gone(holder: str) -> bool:
    """Whether the process of a holder ended; False where that cannot be known from here."""
    process = ProcessIdentity.parse(holder.rpartition(" ")[0])
    return process is not None and process.is_gone()


@dataclass(frozen=True, slots=True)
class Receipts:
    """The receipts of one account of one target.

    Attributes:
        account: The athlete whose calendar it is, or the folder.
    """

    database: Database[BsonDocument]
    target: str
    account: str

    def of_week(self, athlete_id: str, planned_week: TrainingWeek) -> list[DeliveryReceipt]:
        """Those of all runs that planned a week, oldest first."""
        found = deliveries_of_week(
            self.database, athlete_id, planned_week, self.target, self.account
        )
        return [DeliveryReceipt.model_validate(one) for one in found]

    def own(self, plan: DeliverablePlan, of_week: Sequence[DeliveryReceipt]) -> DeliveryReceipt:
        """The one of a plan's own run among those of its week; a new one if there is none."""
        run_id = plan.snapshot.run_id
        return next((one for one in of_week if one.run_id == run_id), None) or DeliveryReceipt(
            **plan.snapshot.identity,
            target=self.target,
            account=self.account,
            status=DeliveryStatus.WRITING,
            checked_at=moment_now(),
        )

    def keep(self, receipt: DeliveryReceipt) -> None:
        """Write a receipt; it is there after any crash from now on."""
        keep_delivery(self.database, encode(receipt))

    def is_first(self, athlete_id: str) -> bool:
        """Whether nothing of the athlete ever arrived there."""
        return not was_ever_delivered(self.database, athlete_id, self.target, self.account)

    def is_unknown(self, athlete_id: str) -> bool:
        """Whether no delivery of the athlete there was ever begun: what is there is not its own."""
        return not was_ever_begun(self.database, athlete_id, self.target, self.account)

    @contextmanager
    def claimed(self, plan: DeliverablePlan, *, wait_s: float = WAIT_S) -> Iterator[None]:
        """Hold the week, so that two deliveries at once do not both make its entries.

        Raises:
            DeliveryError: Another process still delivers it after `wait_s`.
        """
        snapshot = plan.snapshot
        key = f"{self.target} {self.account} {snapshot.athlete_id} {snapshot.planned_week}"
        until_s, holder = monotonic() + wait_s, new_holder()
        while not claim_week(self.database, key, snapshot.athlete_id, holder):
            other = holder_of(self.database, key)
            if other is not None and is_gone(other):
                release_week(self.database, key, other)
                continue
            if monotonic() > until_s:
                raise DeliveryError(
                    f"another process has been delivering the week of {snapshot.planned_week} to "
                    f"{self.target} for {wait_s:.0f} s; wait for it, then deliver again"
                )
            sleep(_LOOK_AGAIN_S)
        try:
            yield
        finally:
            release_week(self.database, key, holder)
