"""Whether a published plan is where its athlete looks, by the receipts of its deliveries."""

from collections.abc import Iterator, Sequence

from pymongo.database import Database

from weekly_plan_assets.domain.delivery.decisions import LeftBecause
from weekly_plan_assets.domain.delivery.entries import STEPS_FIELD
from weekly_plan_assets.lineage.records.delivery_receipt import (
    DeliveryReceipt,
    latest_of,
    of_last_account,
)
from weekly_plan_assets.lineage.records.records import PlanSnapshot
from weekly_plan_assets.settings import DeliveryTarget, Settings
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.plan_deliveries import deliveries_of_week

_UNCLEAR = frozenset({LeftBecause.TWICE, LeftBecause.UNKNOWN_ORIGIN})


def missing_arrivals(
    database: Database[BsonDocument], settings: Settings, snapshot: PlanSnapshot
) -> Iterator[str]:
    """What of a plan did not arrive in the targets of the settings, a sentence each.

    Nothing is missing of a week that is over, or that was taken back.

    Args:
        database: Where the receipts are.
        settings: Those in force.
        snapshot: The plan.
    """
    if snapshot.planned_week.end < settings.today():
        return
    for target in settings.delivery_targets:
        receipts = _receipts(database, settings, snapshot, target)
        yield from (f"{target}: {one}" for one in missing_of_run(receipts, snapshot.run_id))


def _receipts(
    database: Database[BsonDocument],
    settings: Settings,
    snapshot: PlanSnapshot,
    target: DeliveryTarget,
) -> list[DeliveryReceipt]:
    """Those of a plan's week in the folder of the settings, or on the calendar of the last one."""
    is_folder = target is DeliveryTarget.FILES
    found = deliveries_of_week(
        database,
        snapshot.athlete_id,
        snapshot.planned_week,
        target.value,
        str(settings.deliver_dir) if is_folder else None,
    )
    return of_last_account([DeliveryReceipt.model_validate(one) for one in found])


def missing_of_run(receipts: Sequence[DeliveryReceipt], run_id: str) -> Iterator[str]:
    """What of a run's plan did not arrive, or not as it is meant, a sentence each.

    Args:
        receipts: Those of its week, for one account of one target.
        run_id: The run.
    """
    if receipts and latest_of(receipts).is_taken_back:
        return
    own = next((one for one in receipts if one.run_id == run_id), None)
    if own is None:
        yield "nothing of this plan was delivered; `weekly-plan deliver` does it"
        return
    facts = own.facts()
    for entry in own.latest:
        name = (
            entry.session_id if entry.wanted is None else f"{entry.wanted.day}, {entry.wanted.name}"
        )
        if not entry.is_settled:
            yield f"{name}: {entry.error or 'the process was killed; deliver again'}"
        known = facts.get(entry.session_id)
        for sentence in () if known is None or known.found is None else known.found.push_errors:
            yield f"{name}: {sentence}"
        if entry.because in _UNCLEAR:
            yield f"{name}: it is there more than once, or nobody knows who wrote it; it was left"
        for one in entry.differences:
            if one.field == STEPS_FIELD:
                read = one.found or "no steps"
                yield f"{name}: the calendar reads {read} instead of {one.wanted}"
