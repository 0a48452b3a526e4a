"""`weekly-plan dev` whose parts are killed, stopped and hindered, and that is itself killed."""

import re
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import psutil
import pytest

from weekly_plan_assets.runs.launcher import LOST, reported_process
from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.faults.dev_process import (
    PARTS,
    Dev,
    running_dev,
    started_dev,
)
from weekly_plan_assets_tests.faults.processes import left_after, none_left_behind, processes_of
from weekly_plan_assets_tests.faults.scene import IN_A_STEP, WEEK, Door, Scene
from weekly_plan_assets_tests.support.dagster_ui import DagsterUi, free_port, wait_for

pytestmark = [pytest.mark.faults, pytest.mark.timeout(420)]

JOB = "weekly_plan"
ASSETS = [
    "activities",
    "wellness",
    "weekly_metrics",
    "planning_inputs",
    "plan",
    "artifacts",
    "adherence",
]
FIRST_WEEK = date(2024, 1, 1)
WEEKS = [f"{FIRST_WEEK + timedelta(weeks=number)}" for number in range(8)]
RUNS_BESIDE = 20
ENDED = {"SUCCESS", "FAILURE", "CANCELED"}
BACKFILL_ENDED = {"COMPLETED", "COMPLETED_SUCCESS", "COMPLETED_FAILED", "FAILED", "CANCELED"}
WHOLE_AGAIN_S = 30.0
WHOLE_AGAIN_BESIDE_RUNS_S = 60.0  # twenty processes and the parts share the cores


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "dev.out"


@pytest.fixture
def dev(embedded: Scene, output: Path) -> Iterator[Dev]:
    with running_dev(embedded, output) as dev:
        yield dev


def wait_for_ends(dev: Dev, timeout_s: float = 240) -> dict[str, str]:
    wait_for(lambda: set(dev.ui.runs().values()) <= ENDED, "the end of all runs", timeout_s)
    return dev.ui.runs()


def wait_for_events(dev: Dev, run_ids: list[str]) -> dict[str, BsonDocument]:
    """The one event of each run, as soon as the sensor has written them all."""

    def written() -> bool:
        return {event["dagsterRunId"] for event in dev.scene.events()} >= set(run_ids)

    wait_for(written, "the run events", 90)
    events = [event for event in dev.scene.events() if event["dagsterRunId"] in run_ids]
    assert len(events) == len(run_ids)
    return {event["dagsterRunId"]: event for event in events}


def weeks_with_event(dev: Dev) -> set[str]:
    return {event["runId"].rpartition(":")[2] for event in dev.scene.events()}


def wait_for_backfill(dev: Dev, backfill: str) -> str:
    wait_for(lambda: dev.ui.backfill_status(backfill) in BACKFILL_ENDED, "the backfill", 300)
    return dev.ui.backfill_status(backfill)


@pytest.mark.alone
def test_parts_killed_in_turn_beside_runs_and_a_backfill_are_whole_again_and_no_run_is_lost(
    dev: Dev,
) -> None:
    backfill = dev.ui.backfill(ASSETS, WEEKS)
    beside = [dev.scene.start() for _ in range(RUNS_BESIDE)]
    wait_for(lambda: dev.ui.runs_of_backfill(backfill) > 0, "a run of the backfill", 60)
    for name in PARTS:
        killed_s = dev.kill(name)
        dev.seconds_until_whole(killed_s, WHOLE_AGAIN_BESIDE_RUNS_S)
    for process in beside:
        process.communicate(timeout=180)
    assert [process.returncode for process in beside] == [0] * RUNS_BESIDE
    if wait_for_backfill(dev, backfill) != "COMPLETED_SUCCESS":
        # The run that read all the weeks went down with its code server: it says so, and no more.
        assert "FAILURE" in wait_for_ends(dev).values()
        assert wait_for_backfill(dev, dev.ui.backfill(ASSETS, WEEKS)) == "COMPLETED_SUCCESS"
    statuses = wait_for_ends(dev)
    wait_for(lambda: weeks_with_event(dev) >= {*WEEKS}, "an event of every week", 120)
    events = dev.scene.events()
    assert len({event["dagsterRunId"] for event in events}) == len(events)
    for event in events:
        assert (statuses[event["dagsterRunId"]] == "SUCCESS") == (event["status"] == "success")
    for name in PARTS:
        assert f"the {name} was killed by SIGKILL and is started again" in dev.said
    assert dev.stop() == 0
    dev.scene.assert_goes_on()


@pytest.mark.alone
def test_a_run_under_way_ends_with_its_code_server_and_is_recorded_as_failed(dev: Dev) -> None:
    with Door(dev.scene.intervals, IN_A_STEP) as door:
        run_id = dev.ui.materialize(JOB, WEEK)
        assert door.reached.wait(timeout=60)
        (worker,) = [
            child
            for child in dev.part("code server").children()
            if "--multiprocessing-fork" in child.cmdline()
        ]
        killed_s = dev.kill("code server")
        psutil.wait_procs([worker], timeout=2)
        assert not worker.is_running()
    dev.seconds_until_whole(killed_s, WHOLE_AGAIN_S)
    again = dev.ui.materialize(JOB, WEEK)
    statuses = wait_for_ends(dev)
    assert (statuses[run_id], statuses[again]) == ("FAILURE", "SUCCESS")
    events = wait_for_events(dev, [run_id, again])
    assert events[run_id]["status"] == "failure"
    assert dev.stop() == 0
    dev.scene.assert_goes_on()


@pytest.mark.alone
def test_a_run_killed_while_it_starts_is_settled_by_the_next_code_server(dev: Dev) -> None:
    run_id = dev.ui.materialize(JOB, WEEK)
    wait_for_process_of(dev, run_id)
    killed_s = dev.kill("code server")
    status = dev.ui.status(run_id)
    assert status == "STARTING"
    dev.seconds_until_whole(killed_s, WHOLE_AGAIN_S)
    event = wait_for_events(dev, [run_id])[run_id]
    if wait_for_ends(dev)[run_id] == "FAILURE":
        assert event["status"] == "failure"
        assert LOST in event["errors"][0]
    else:
        # The daemon had no answer of the code server yet, and so gave the run to the next one.
        assert event["status"] == "success"


def wait_for_process_of(dev: Dev, run_id: str) -> None:
    """Return as soon as the process of a run is known, which is before the run begins."""
    with dev.scene.history() as instance:
        while reported_process(instance, run_id) is None:
            time.sleep(0.02)


def test_a_dead_mongod_and_a_dead_guard_are_replaced(dev: Dev) -> None:
    mongod, guard = dev.scene.mongod(), dev.guard()
    assert mongod is not None
    mongod.kill()
    guard.kill()
    wait_for(lambda: dev.scene.mongod() not in {None, mongod}, "mongod", 60)
    wait_for(lambda: dev.guard() != guard, "the guard", 60)
    run_id = dev.ui.materialize(JOB, WEEK)
    assert wait_for_ends(dev)[run_id] == "SUCCESS"
    assert dev.stop() == 0
    assert processes_of(dev.scene.state) == []


def test_a_dev_that_is_killed_leaves_nothing_and_the_next_one_settles_its_runs(
    dev: Dev, output: Path
) -> None:
    with Door(dev.scene.intervals, IN_A_STEP) as door:
        run_id = dev.ui.materialize(JOB, WEEK)
        assert door.reached.wait(timeout=60)
        dev.process.kill()
        dev.process.wait()
        assert left_after(dev.scene.state, 3) == []
        # mongod is asked to stop, not killed.
        wait_for(lambda: processes_of(dev.scene.state) == [], "the end of mongod", 60)
        assert not DagsterUi(dev.port).is_up()
    with running_dev(dev.scene, output, port=dev.port) as again:
        assert wait_for_ends(again)[run_id] == "FAILURE"
        assert wait_for_events(again, [run_id])[run_id]["status"] == "failure"
        assert again.stop() == 0
    dev.scene.assert_goes_on()


def test_a_dev_killed_while_it_starts_leaves_nothing(embedded: Scene, output: Path) -> None:
    for wait_s in (0.5, 0.8, 1.0, 1.1, 1.2, 1.4, 1.7, 2.0, 3.0, 5.0):
        with started_dev(embedded, output) as dev:
            time.sleep(wait_s)
            dev.process.kill()
            dev.process.wait()
            assert left_after(embedded.state, 5) == []
            wait_for(lambda: processes_of(embedded.state) == [], "the end of mongod", 60)


def test_parts_end_even_if_dev_and_its_guard_are_killed_together(dev: Dev) -> None:
    guard = dev.guard()
    guard.suspend()
    dev.process.kill()
    dev.process.wait()
    guard.kill()
    assert left_after(dev.scene.state, 3) == []
    dev.scene.assert_goes_on()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_with_code_0_and_runs_under_way_record_it(
    dev: Dev, number: signal.Signals, output: Path
) -> None:
    with Door(dev.scene.intervals, IN_A_STEP) as door:
        run_id = dev.ui.materialize(JOB, WEEK)
        assert door.reached.wait(timeout=60)
        assert dev.stop(number) == 0
    assert processes_of(dev.scene.state) == []
    assert "stopping 1 run under way" in dev.said
    with dev.scene.history() as instance:
        run = instance.get_run_by_id(run_id)
        assert run is not None
        assert run.status.value == "FAILURE"
    with socket.socket() as next_server:
        next_server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        next_server.bind(("127.0.0.1", dev.port))
    with running_dev(dev.scene, output, port=dev.port) as again:
        assert wait_for_events(again, [run_id])[run_id]["status"] == "failure"
        assert again.stop() == 0
    dev.scene.assert_goes_on()


def test_a_second_dev_on_the_same_state_is_refused_and_the_first_goes_on(dev: Dev) -> None:
    refused = dev.scene.terminal.run("dev", "--port", str(free_port()))
    assert refused.returncode == 1
    assert f"already runs on the state in {dev.scene.state}" in refused.stderr
    assert f"(process {dev.process.pid}, http://127.0.0.1:{dev.port})" in refused.stderr
    assert dev.process.poll() is None
    assert dev.ui.is_up()


def test_a_part_that_cannot_start_ends_dev_with_its_name_and_its_log(dev: Dev) -> None:
    webserver = dev.part("webserver")
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        webserver.kill()
        wait_for(lambda: bind(squatter, dev.port), "the free port", 60)
        squatter.listen()
        assert dev.process.wait(timeout=180) == 1
    end = re.search(
        r"the webserver ended with code \d again and again, so `dev` ends: (.+); its log is (.+)\n",
        dev.said,
    )
    assert end is not None, dev.said
    reason, log = end.groups()
    assert str(dev.port) in reason
    assert reason in Path(log).read_text()
    assert processes_of(dev.scene.state) == []


def bind(squatter: socket.socket, port: int) -> bool:
    try:
        squatter.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


def test_a_dev_that_never_gets_whole_ends_with_the_reason(
    embedded: Scene, output: Path, tmp_path: Path
) -> None:
    storage = "storage: {custom: {module: no_such_module, class: NoSuchStorage}}\n"
    (tmp_path / "dagster.yaml").write_text(storage)
    embedded.terminal.environment["DAGSTER_HOME"] = str(tmp_path)
    with started_dev(embedded, output) as dev:
        assert dev.process.wait(timeout=240) == 1
        assert re.search(
            r"the (code server|daemon|webserver) ended with code 1 again and again", dev.said
        )
        assert "no_such_module" in dev.said
        assert processes_of(embedded.state) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["code server", "webserver"])
def test_a_part_that_hangs_is_ended_and_started_again(dev: Dev, name: str) -> None:
    stopped_s = time.time()
    dev.part(name).suspend()
    wait_for(lambda: f"the {name} has not answered for" in dev.said, "the end of the part", 180)
    dev.seconds_until_whole(stopped_s + 60, 120)
    assert dev.stop() == 0


def test_dev_says_what_is_worth_knowing_and_leaves_no_folders_behind(
    embedded: Scene, output: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(PROJECT_ROOT / "dagster.yaml", home)
    embedded.terminal.environment["DAGSTER_HOME"] = str(home)
    with running_dev(embedded, output) as dev:
        run_id = dev.ui.materialize(JOB, WEEK)
        wait_for_events(dev, [run_id])
        dev.seconds_until_whole(time.time() + 15, 90)  # some ticks of the sensors later
        assert dev.stop() == 0
        lines = dev.said.splitlines()
    url = f"http://127.0.0.1:{dev.port}"
    logs = embedded.state / "dagster" / "athlete" / "dev"
    assert lines == [
        f"starting the code server, the daemon and the webserver; logs are in {logs}",
        f"Dagster UI: {url} (Ctrl-C stops it)",
        f"weekly_plan of {WEEK}: SUCCESS, {url}/runs/{run_id}",
        "stopping",
    ]
    assert [path.name for path in home.iterdir()] == ["dagster.yaml"]


def test_a_state_folder_with_a_long_path_will_do(scene: Scene, output: Path) -> None:
    deep = scene.state / ("a" * 100)
    scene.terminal.environment["WEEKLY_PLAN_STATE_DIR"] = str(deep)
    with none_left_behind(deep), running_dev(scene, output) as dev:
        run_id = dev.ui.materialize(JOB, WEEK)
        assert wait_for_ends(dev)[run_id] == "SUCCESS"
        folder = dev.part("code server").cmdline()
        socket_file = Path(folder[folder.index("--socket") + 1])
        assert socket_file.parent.stat().st_mode & 0o077 == 0
        assert dev.stop() == 0
        assert not socket_file.parent.exists()
