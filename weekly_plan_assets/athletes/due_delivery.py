"""Where a plan should be by now, and whether it is, by the receipts of its week.

The same rule as that of `delivery.arrivals`, for many athletes at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.lineage.records.delivery_receipt import DeliveryStatus
from weekly_plan_assets.settings import DeliveryTarget


class _Pass(Document):
    at: datetime
    is_take_back: bool = False


class ReceiptSeen(Document):
    """The receipt of a delivery, without its entries."""

    run_id: str
    target: str
    account: str
    status: DeliveryStatus
    checked_at: datetime
    passes: tuple[_Pass, ...] = ()

    @property
    def is_partial(self) -> bool:
        """Whether something did not arrive."""
        return self.status in {DeliveryStatus.INCOMPLETE, DeliveryStatus.WRITING}

    @property
    def last_at(self) -> datetime:
        """When something was done last."""
        return self.passes[-1].at if self.passes else self.checked_at

    @property
    def is_taken_back(self) -> bool:
        """Whether the week was taken back last."""
        return bool(self.passes) and self.passes[-1].is_take_back


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """Where a plan should be.

    Attributes:
        accounts: The targets, each with its folder; None for a calendar, which is that of the
            last delivery.
        deliver: The command that delivers.
    """

    accounts: tuple[tuple[str, str | None], ...] = ()
    deliver: str = "weekly-plan deliver"

    def missing(self, receipts: Sequence[ReceiptSeen], run_id: str) -> Iterator[str]:
        """The targets that have nothing of a run's plan, unless its week was taken back.

        Args:
            receipts: Those of its week.
            run_id: The run.
        """
        for target, folder in self.accounts:
            found = [one for one in receipts if one.target == target]
            account = folder or (_latest(found).account if found else None)
            there = [one for one in found if one.account == account]
            is_taken_back = bool(there) and _latest(there).is_taken_back
            if not is_taken_back and all(one.run_id != run_id for one in there):
                yield target

    def way_out(self, targets: Iterable[str]) -> str:
        """What to do where a plan is in none of these targets."""
        return (
            f"nothing of it is in {', '.join(targets)}; `{self.deliver}` shows what would be "
            "written, and asks"
        )


def _latest(receipts: Sequence[ReceiptSeen]) -> ReceiptSeen:
    return max(receipts, key=lambda one: one.last_at)


NOT_DUE = DueDelivery()
"""Nowhere: no target is set, or the week is over."""


def due_delivery(
    targets: Iterable[str], folder: Path | None, athlete_id: str | None = None
) -> DueDelivery:
    """Where plans should be by the settings.

    Args:
        targets: Names of targets.
        folder: The folder of those that write files.
        athlete_id: The athlete of a roster; None without one.
    """
    accounts = tuple(
        (str(one), str(folder) if one == DeliveryTarget.FILES else None) for one in targets
    )
    whose = "" if athlete_id is None else f" --athlete {athlete_id}"
    return DueDelivery(accounts, f"weekly-plan deliver{whose}") if accounts else NOT_DUE
