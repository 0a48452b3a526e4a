"""Processes that are killed at any moment leave a state from which the next run goes on."""

import signal
import time
from collections import Counter
from random import Random
from threading import Event

import psutil
import pytest

from weekly_plan_assets_tests.faults.scene import IN_A_STEP, Scene
from weekly_plan_assets_tests.support.dagster_ui import wait_for

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

SEED = 20240122
KILLS_OF_A_RUN = 20
KILLS_OF_MONGOD = 5


def seconds_of_a_run(scene: Scene) -> float:
    """How long a run takes whose past is stored."""
    assert scene.run().returncode == 0
    started_s = time.monotonic()
    assert scene.run().returncode == 0
    return time.monotonic() - started_s


def test_a_run_killed_at_any_moment_leaves_nothing_half_done_for_the_next(scene: Scene) -> None:
    whole_run_s = seconds_of_a_run(scene)
    chance = Random(SEED)  # noqa: S311 - moments to kill at
    asked, in_a_step = Event(), Event()

    def note(path: str) -> None:
        asked.set()
        if path.endswith(IN_A_STEP):
            in_a_step.set()

    scene.intervals.asked = note
    with scene.store() as database:
        for number in range(KILLS_OF_A_RUN):
            database["weekly_metrics"].delete_many({})
            asked.clear()
            in_a_step.clear()
            process = scene.start()
            if number % 2:
                # Half of a run is imports; the moments that matter come after.
                time.sleep(whole_run_s * chance.uniform(0.4, 1.0))
            elif number % 4:
                # However busy the machine is, this falls into the reading of the past.
                assert asked.wait(60)
                time.sleep(whole_run_s * chance.uniform(0.0, 0.3))
            else:
                # And this into the planning.
                assert in_a_step.wait(60)
                time.sleep(whole_run_s * chance.uniform(0.0, 0.05))
            process.send_signal(signal.SIGKILL)
            process.communicate()
    scene.intervals.asked = lambda path: None
    scene.assert_goes_on()
    statuses = Counter(event["status"] for event in scene.events())
    assert statuses["success"] >= 3
    assert statuses["failure"] >= 1, "no kill fell into a run; the moments are chosen badly"


def test_a_mongod_killed_during_writes_comes_back_with_all_that_was_written(
    embedded: Scene,
) -> None:
    whole_run_s = seconds_of_a_run(embedded)
    chance = Random(SEED)  # noqa: S311 - moments to kill at
    killed = 0
    for _ in range(KILLS_OF_MONGOD):
        process = embedded.start()
        mongod = wait_for(embedded.mongod, "the embedded server", 60)
        time.sleep(whole_run_s * chance.uniform(0.2, 0.7))
        if mongod.is_running():
            mongod.kill()
            killed += 1
        process.communicate(timeout=90)
    assert killed >= 3, "the moments are chosen badly"
    embedded.assert_goes_on()


def test_a_mongod_killed_within_a_step_is_started_again_and_the_same_run_succeeds(
    embedded: Scene,
) -> None:
    def kill_once(path: str) -> None:
        if path.endswith(IN_A_STEP) and (mongod := embedded.mongod()) and not killed:
            mongod.kill()
            psutil.wait_procs([mongod], timeout=5)
            killed.append(mongod)

    assert embedded.run().returncode == 0
    killed: list[psutil.Process] = []
    embedded.intervals.asked = kill_once
    try:
        done = embedded.run()
    finally:
        embedded.intervals.asked = lambda path: None
    assert killed
    assert done.returncode == 0, done.stderr
    embedded.assert_whole()
