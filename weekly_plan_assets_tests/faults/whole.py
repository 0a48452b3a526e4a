"""What holds after every fault: nothing is told twice, nothing is half done, everything joins."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from dagster import AssetKey, DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter
from pymongo.database import Database

from weekly_plan_assets.jobs import CLOSE_WEEK
from weekly_plan_assets.storage.codec import BsonDocument

UNFINISHED = [
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]
KEYS = {
    "run_events": "runId",
    "run_artifacts": "runId",
    "plan_snapshots": "runId",
    "plan_adherence": "runId",
    "weekly_metrics": "weekStart",
    "activities": "id",
    "wellness": "id",
}


def assert_whole(database: Database[BsonDocument], instance: DagsterInstance) -> None:
    """Dagster's history and the store tell the same story, once, and to its end."""
    for collection, key in KEYS.items():
        counts = Counter(row[key] for row in database[collection].find())
        assert set(counts.values()) <= {1}, collection
    assert not instance.get_runs(RunsFilter(statuses=UNFINISHED)), "a run never ends"
    events = {row["runId"]: row for row in database["run_events"].find()}
    _assert_every_end_is_told(instance, events)
    _assert_all_join(database, events)


def _assert_every_end_is_told(instance: DagsterInstance, events: dict[str, dict[str, Any]]) -> None:
    runs = [run for run in instance.get_runs() if _was_to_publish(run)]
    for run in runs:
        told = [run_id for run_id in _run_ids(run) if run_id in events]
        assert told, f"{run.run_id} ended with {run.status} and has no event"
        if run.status is DagsterRunStatus.SUCCESS:
            assert events[told[0]]["status"] == "success", run.run_id
    known = {run.run_id for run in runs}
    assert {event["dagsterRunId"] for event in events.values()} <= known


def _assert_all_join(database: Database[BsonDocument], events: dict[str, dict[str, Any]]) -> None:
    published = {row["runId"] for row in database["plan_snapshots"].find()}
    artifacts = {row["runId"]: row for row in database["run_artifacts"].find()}
    assert published == {id_ for id_, event in events.items() if event["status"] == "success"}
    assert published <= artifacts.keys() <= events.keys()
    for row in artifacts.values():
        assert row["status"] in {"success", "failure"}
        assert (row["outputValidated"] is not None) == (row["status"] == "success")


def _was_to_publish(run: DagsterRun) -> bool:
    if run.asset_selection:  # empty, too, for a whole job
        return AssetKey("plan") in run.asset_selection
    return run.job_name != CLOSE_WEEK


def _run_ids(run: DagsterRun) -> Iterator[str]:
    """Its own; or that of the run with whose execution it went on."""
    week = run.tags["dagster/partition"]
    yield f"{run.run_id}:{week}"
    if run.root_run_id:
        yield f"{run.root_run_id}:{week}"
