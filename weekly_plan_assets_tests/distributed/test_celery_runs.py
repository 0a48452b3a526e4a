"""The distributed proof: two cohorts on real servers, of which whatever can be killed is killed.

One story, because its servers take most of the time: a process of a worker's pool is killed in the
middle of a run, then a whole worker; later the primary of the replica set. What is launched again
plans what is missing, once, and nothing is mixed up.
"""

import time
from collections.abc import Iterable, Iterator

import psutil
import pytest

from weekly_plan_assets.runs.code_location import RECONCILE_RUNS
from weekly_plan_assets.runs.launcher import LOST, reported_process
from weekly_plan_assets_tests.distributed.machines import Worker
from weekly_plan_assets_tests.distributed.roster_scene import (
    BROKEN,
    EACH,
    RosterScene,
    roster_on_servers,
)
from weekly_plan_assets_tests.faults.dagster_processes import TERMINATE
from weekly_plan_assets_tests.faults.whole import assert_whole
from weekly_plan_assets_tests.support.dagster_ui import wait_for

pytestmark = [pytest.mark.distributed, pytest.mark.timeout(420)]

UNDER_WAY = 8
"""Plans that a run has stored when it is killed."""

WITH_RUN_ID = ("run_artifacts", "plan_snapshots", "run_events", "cohort_runs")
WITHOUT = ("activities", "wellness", "weekly_metrics", "stored_weeks")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RosterScene]:
    with roster_on_servers(tmp_path_factory.mktemp("distributed")) as scene:
        yield scene


def worker_of(scene: RosterScene, run_id: str, workers: list[Worker]) -> Worker:
    """The worker that executes a run."""
    process = reported_process(scene.instance, run_id)
    assert process is not None
    parent = psutil.Process(process.pid).ppid()
    return next(one for one in workers if one.process.pid == parent)


def wait_until_under_way(scene: RosterScene, run_id: str, plans: int = UNDER_WAY) -> None:
    deadline_s = time.monotonic() + 60
    while len(scene.planned_by(run_id)) < plans:
        assert time.monotonic() < deadline_s, f"run {run_id} plans nothing"
        time.sleep(0.02)


def start_workers(scene: RosterScene, *names: str) -> list[Worker]:
    workers = [scene.machines.start_worker(name) for name in names]
    for one in workers:
        one.wait()
    return workers


def terminate_one(scene: RosterScene) -> str:
    """Terminate a run that reads earlier weeks again, as the UI does."""
    run_id = scene.close_weeks(next(iter(scene.cohorts)))
    wait_for(lambda: scene.machines.ui.status(run_id) == "STARTED", f"run {run_id}", 60)
    answer = scene.machines.ui.ask(TERMINATE, id=run_id)["terminateRun"]
    assert answer["__typename"] == "TerminateRunSuccess", answer
    return run_id


def kill_in_the_middle(scene: RosterScene, workers: list[Worker]) -> dict[str, str]:
    """Plan both cohorts; kill a pool's process under one run, and the worker of the other.

    One after another: a run is between its first chunk and its last for a second or two.
    """
    first, second = scene.cohorts
    by_child = scene.plan(first)
    wait_until_under_way(scene, by_child)
    process = reported_process(scene.instance, by_child)
    assert process is not None
    psutil.Process(process.pid).kill()
    by_worker = scene.plan(second)
    wait_until_under_way(scene, by_worker)
    pool = worker_of(scene, by_worker, workers).kill()
    assert pool
    psutil.wait_procs(pool, timeout=5)
    assert not any(one.is_running() for one in pool), "a pool goes on without its worker"
    return {first: by_child, second: by_worker}


def all_of(scene: RosterScene) -> set[str]:
    return {one.id for cohort in scene.cohorts.values() for one in cohort.athletes}


def test_every_athlete_has_a_plan_or_a_failure_whatever_is_killed(scene: RosterScene) -> None:
    workers = start_workers(scene, "first", "second")
    scene.machines.wait()
    scene.read_earlier_weeks()
    terminated = terminate_one(scene)

    killed = kill_in_the_middle(scene, workers)
    third = scene.machines.start_worker("third")
    before: dict[str, set[str]] = {}
    for key, run_id in killed.items():
        assert scene.end_of(run_id) == "FAILURE"
        before[key] = scene.planned_by(run_id)
        assert UNDER_WAY <= len(before[key]) < EACH - 1, "the run was killed too late"
    assert LOST in said_of(scene, killed.values())
    for key, run_id in killed.items():
        ends = scene.events_of(run_id, EACH)
        assert ends == {"success": len(before[key]), "failure": EACH - len(before[key])}

    third.wait()
    again = {key: scene.plan(key) for key in scene.cohorts}
    wait_until_under_way(scene, again[next(iter(again))], 2)
    scene.mongo.kill_primary()
    for key, run_id in again.items():
        assert scene.end_of(run_id) == "SUCCESS"
        members = {one.id for one in scene.cohorts[key].athletes}
        assert scene.planned_by(run_id) == members - before[key] - {BROKEN}
        failed = members & {BROKEN}
        ends = scene.events_of(run_id, len(members - before[key]))
        assert ends["success"] == len(members - before[key] - failed)
        assert ends["failure"] == len(failed)

    assert scene.end_of(terminated) == "CANCELED"
    assert_each_has_one_end(scene)
    assert_nothing_is_mixed_up(scene)
    # The daily look brings events up to date that the sensor wrote too early.
    assert scene.end_of(scene.machines.launch(RECONCILE_RUNS, {})) == "SUCCESS"
    assert_whole(scene.database, scene.instance)


def said_of(scene: RosterScene, run_ids: Iterable[str]) -> str:
    """What the logs of runs say of their failures."""
    logs = [entry for run_id in run_ids for entry in scene.instance.all_logs(run_id)]
    return "\n".join(entry.user_message or entry.message for entry in logs)


def assert_each_has_one_end(scene: RosterScene) -> None:
    """A plan for everybody but the one who is broken, whose failures are recorded."""
    plans = [one["athleteId"] for one in scene.database["plan_snapshots"].find()]
    assert sorted(plans) == sorted(all_of(scene) - {BROKEN}), "each is planned for once"
    failures = scene.database["run_events"].find({"athleteId": BROKEN})
    assert {one["status"] for one in failures} == {"failure"}
    run_ids = [one["runId"] for one in scene.database["run_events"].find()]
    assert len(run_ids) == len(set(run_ids)), "an execution has one event"
    artifacts = scene.database["run_artifacts"].distinct("runId")
    assert set(scene.database["plan_snapshots"].distinct("runId")) <= set(artifacts)


def assert_nothing_is_mixed_up(scene: RosterScene) -> None:
    """A document that names an execution is of the athlete whom that execution names."""
    for name in WITH_RUN_ID:
        documents = scene.database[name].find({}, {"runId": 1, "athleteId": 1}).to_list()
        assert documents
        for one in documents:
            assert one["runId"].split(":")[1] == one["athleteId"], (name, one)
    for name in WITHOUT:
        assert set(scene.database[name].distinct("athleteId")) == all_of(scene), name
