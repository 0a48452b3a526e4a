"""What the doctor finds of the targets of deliveries, each tried for real without writing to it."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pymongo.database import Database

from weekly_plan_assets.delivery.deliver_plan import needs_consent, open_calendar, open_delivery
from weekly_plan_assets.delivery.deliverable import DeliverablePlan
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.lineage.records.records import PlanSnapshot
from weekly_plan_assets.settings import DeliveryTarget, Settings
from weekly_plan_assets.sources.intervals_icu.calendar_entry import Device
from weekly_plan_assets.storage.codec import BsonDocument


@dataclass(frozen=True, slots=True)
class TargetFinding:
    """One finding about a target, in a sentence; not right where something is to be done."""

    text: str
    is_right: bool = True


def targets_found(
    settings: Settings, database: Database[BsonDocument], athlete_id: str | None = None
) -> Iterator[TargetFinding]:
    """What is right and what is not with each target of the settings.

    Args:
        settings: Those in force.
        database: Where plans and receipts are.
        athlete_id: Whose plans; None if the database holds one athlete.

    Raises:
        WeeklyPlanError: A target cannot be opened or read.
    """
    for target in settings.delivery_targets:
        if target is DeliveryTarget.INTERVALS:
            yield from _devices_found(open_calendar(settings).devices())
        yield from _dry_run(target, settings, Lineage(database, athlete_id))
        if target is DeliveryTarget.FILES and settings.deliver_dir is not None:
            folder = settings.deliver_dir
            if folder.exists() and not os.access(folder, os.W_OK):
                yield TargetFinding(
                    f"{folder} cannot be written; change its owner or mode", is_right=False
                )


def _devices_found(devices: tuple[Device, ...]) -> Iterator[TargetFinding]:
    connected = [one for one in devices if one.connected]
    for one in connected:
        if one.uploads_workouts:
            yield TargetFinding(f"{one.name} is connected and takes planned workouts")
        else:
            yield TargetFinding(
                f"{one.name} is connected, but takes no planned workouts; tick the box for them "
                "under Settings, Connections on Intervals.icu",
                is_right=False,
            )
    if not connected:
        yield TargetFinding(
            "no watch or bike computer that takes workouts is connected to Intervals.icu, so plans "
            "end at the calendar",
            is_right=False,
        )


def _dry_run(
    target: DeliveryTarget, settings: Settings, lineage: Lineage
) -> Iterator[TargetFinding]:
    """What a delivery of the latest plan would do."""
    database = lineage.database
    snapshot = lineage.latest_snapshot()
    if not isinstance(snapshot, PlanSnapshot):
        yield TargetFinding(
            f"{target}: the database {database.name} holds no plan yet that could be delivered"
        )
        return
    plan = DeliverablePlan.stored(lineage, snapshot)
    delivery = open_delivery(target, settings, database)
    counts = Counter(one.decision.value for one in delivery.preview(plan))
    said = ", ".join(f"{name} {count}" for name, count in counts.items())
    week = f"the week of {snapshot.week_start}"
    yield TargetFinding(f"{target}: a delivery of {week} would do this: {said or 'nothing'}")
    if needs_consent(target, delivery, snapshot.athlete_id):
        yield TargetFinding(
            f"{target}: the first delivery has to be agreed to: `weekly-plan deliver`",
            is_right=False,
        )
