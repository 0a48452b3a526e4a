"""What holds after every fault: the invariants of the lineage, with nobody at work any more."""

from dagster import DagsterInstance
from pymongo.database import Database

from weekly_plan_assets.runs.audit import broken_invariants
from weekly_plan_assets.storage.codec import BsonDocument


def assert_whole(database: Database[BsonDocument], instance: DagsterInstance) -> None:
    """Dagster's history and the store tell the same story, once, and to its end."""
    broken = [found.sentence for found in broken_invariants(database, instance, at_rest=True)]
    assert not broken, "\n".join(broken)
    known = set(instance.get_run_ids())
    unknown = set(database["run_events"].distinct("dagsterRunId")) - known
    assert not unknown, f"events of runs that Dagster does not know: {unknown}"
