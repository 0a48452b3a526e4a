"""The delivery asset: the published plan on the athlete's calendar, or in a folder of files.

It is part of the graph only where WEEKLY_PLAN_DELIVER names a target. A target that cannot be
reached leaves the plan published and the run successful: the receipt says what is missing, the
check `plan_is_delivered` shows it, and the next delivery goes on from there.
"""

from dagster import AssetExecutionContext, MaterializeResult, asset

from weekly_plan_assets.defs.assets.groups import DELIVERY, documented_in, in_group
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.defs.resources import SourceResource
from weekly_plan_assets.delivery.deliver_plan import deliver_unasked
from weekly_plan_assets.delivery.deliverable import DeliverablePlan
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.lineage.records.records import PlanSnapshot
from weekly_plan_assets.ui.materializations import delivery_metadata


@asset(
    **in_group(DELIVERY),
    kinds={"python", "mongodb"},
    metadata=documented_in("data_lineage.md", "plan_deliveries"),
)
def delivery(
    context: AssetExecutionContext,
    source: SourceResource,
    mongo: MongoResource,
    plan: PlanSnapshot,
) -> MaterializeResult[None]:
    """The plan where the athlete meets it: on the calendar and the watch, or as files.

    Each target keeps a receipt in plan_deliveries. What the athlete moved, edited, deleted or did
    on the calendar stays as it is.
    """
    database = mongo.database()
    deliverable = DeliverablePlan.stored(Lineage(database), plan)
    outcomes = deliver_unasked(deliverable, source.settings, database, context.run.run_id)
    for one in outcomes:
        if one.problem is not None:
            context.log.warning("not delivered to %s: %s", one.target, one.problem)
    return MaterializeResult(metadata=delivery_metadata(outcomes))
