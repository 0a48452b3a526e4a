"""A running `weekly-plan dev` whose parts can be killed one by one."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets_tests.faults.processes import none_left_behind, processes_of
from weekly_plan_assets_tests.faults.scene import Scene
from weekly_plan_assets_tests.support.dagster_ui import DagsterUi, free_port, wait_for

HEALTH = """
query {
  workspaceOrError {
    ... on Workspace { locationEntries { locationOrLoadError { __typename } } }
  }
  sensorOrError(sensorSelector: {
    repositoryLocationName: "weekly_plan_assets",
    repositoryName: "__repository__",
    sensorName: "run_events_sensor"
  }) { ... on Sensor { sensorState { ticks(limit: 1) { status timestamp } } } }
}"""
PARTS = {
    "code server": " api grpc ",
    "daemon": " dagster._daemon run ",
    "webserver": "webserver --host",
}


@dataclass
class Dev:
    """`weekly-plan dev` of an athlete, started in a session of its own."""

    scene: Scene
    process: subprocess.Popen[bytes]
    port: int
    output: Path

    @property
    def ui(self) -> DagsterUi:
        return DagsterUi(self.port)

    @property
    def said(self) -> str:
        return self.output.read_text()

    def part(self, name: str) -> psutil.Process:
        """The process of a part; a part that is just started again is waited for."""

        def found() -> psutil.Process | None:
            for process in psutil.Process(self.process.pid).children():
                try:
                    if PARTS[name] in " ".join(process.cmdline()):
                        return process
                except psutil.Error:  # it ended just now
                    continue
            return None

        process: psutil.Process = wait_for(found, f"the {name}", 60)
        return process

    def guard(self) -> psutil.Process:
        children = psutil.Process(self.process.pid).children()
        return next(one for one in children if "orphan_guard" in " ".join(one.cmdline()))

    def is_whole(self, since_s: float) -> bool:
        """Whether the page has the code location, and a sensor has ticked well since then."""
        try:
            answer = self.ui.ask(HEALTH)
        except OSError:
            return False
        entries = answer["workspaceOrError"]["locationEntries"]
        loaded = {entry["locationOrLoadError"]["__typename"] for entry in entries}
        ticks = answer["sensorOrError"].get("sensorState", {}).get("ticks", [])
        ticked = any(one["timestamp"] > since_s and one["status"] != "FAILURE" for one in ticks)
        return loaded == {"RepositoryLocation"} and ticked

    def seconds_until_whole(self, since_s: float, timeout_s: float) -> float:
        """How long it took from a moment of the wall clock until all worked again."""
        wait_for(lambda: self.is_whole(since_s), "a whole `dev`", timeout_s)
        return time.time() - since_s

    def kill(self, name: str) -> float:
        """Kill a part alone; gives the moment."""
        self.part(name).kill()
        return time.time()

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=90)


@contextmanager
def running_dev(scene: Scene, output: Path, *, port: int | None = None) -> Iterator[Dev]:
    """`weekly-plan dev`, whole; whatever is left of it at the end is killed."""
    with started_dev(scene, output, port=port) as dev:
        wait_for(lambda: "Dagster UI: " in dev.said, "the UI", 120)
        yield dev


@contextmanager
def started_dev(scene: Scene, output: Path, *, port: int | None = None) -> Iterator[Dev]:
    """`weekly-plan dev` from its first moment on."""
    chosen = port or free_port()
    with output.open("wb") as file, none_left_behind(scene.state):
        process = subprocess.Popen(
            [sys.executable, "-m", "weekly_plan_assets.cli", "dev", "--port", str(chosen)],
            cwd=PROJECT_ROOT,
            env=scene.terminal.environment,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield Dev(scene, process, chosen, output)
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=60)
                except subprocess.TimeoutExpired:
                    process.kill()
            process.wait()


def all_of(scene: Scene) -> list[psutil.Process]:
    """Every process of the state folder, mongod included."""
    return processes_of(scene.state)
