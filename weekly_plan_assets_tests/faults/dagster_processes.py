"""Dagster's webserver and daemon as processes of their own, so that one can be killed alone."""

import subprocess
from dataclasses import dataclass, field

import psutil

from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets_tests.faults.scene import Scene, python
from weekly_plan_assets_tests.support.dagster_ui import DagsterUi, free_port, wait_for

TERMINATE = """
mutation ($id: String!) {
  terminateRun(runId: $id) { __typename ... on PythonError { message } }
}"""
REEXECUTE = """
mutation ($id: String!) {
  launchRunReexecution(reexecutionParams: {parentRunId: $id, strategy: FROM_FAILURE}) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
  }
}"""
ENDED = {"SUCCESS", "FAILURE", "CANCELED"}


@dataclass
class DagsterProcesses:
    """The webserver, which stays, and the daemon, which comes and goes."""

    scene: Scene
    port: int = field(default_factory=free_port)
    daemon: subprocess.Popen[bytes] | None = None
    _all: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def ui(self) -> DagsterUi:
        return DagsterUi(self.port)

    def start_webserver(self) -> None:
        self._start("dagster_webserver", "-h", "127.0.0.1", "-p", str(self.port))
        wait_for(self.ui.is_up, "the UI")

    def start_daemon(self) -> None:
        self.daemon = self._start("dagster._daemon", "run")

    def kill_daemon(self) -> None:
        assert self.daemon is not None
        self.daemon.kill()
        self.daemon.wait()

    def terminate(self, run_id: str) -> None:
        answer = self.ui.ask(TERMINATE, id=run_id)["terminateRun"]
        assert answer["__typename"] == "TerminateRunSuccess", answer

    def reexecute_from_failure(self, run_id: str) -> str:
        answer = self.ui.ask(REEXECUTE, id=run_id)["launchRunReexecution"]
        assert answer["__typename"] == "LaunchRunSuccess", answer
        return str(answer["run"]["runId"])

    def end_of(self, run_id: str) -> str:
        """How a run ends; a killed one is noticed by monitoring, which looks every 30 s."""
        wait_for(lambda: self.ui.status(run_id) in ENDED, f"the end of run {run_id}", 120)
        return self.ui.status(run_id)

    def stop(self) -> None:
        family = [child for process in self._all for child in _family_of(process.pid)]
        for process in self._all:
            process.terminate()
        psutil.wait_procs(family, timeout=15)
        for left in self._left(family):
            left.kill()
        psutil.wait_procs(family, timeout=15)

    def _left(self, family: list[psutil.Process]) -> list[psutil.Process]:
        """Also what a killed daemon had started, by the state folder in its environment."""
        state = str(self.scene.state)
        orphans = [process for process in psutil.process_iter() if _state_of(process) == state]
        return [process for process in {*family, *orphans} if process.is_running()]

    def _start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            python("-m", module, *arguments, "-w", "workspace.yaml"),
            cwd=PROJECT_ROOT,
            env={**self.scene.terminal.environment, "DAGSTER_HOME": str(PROJECT_ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._all.append(process)
        return process


def _family_of(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _state_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get("WEEKLY_PLAN_STATE_DIR")
    except psutil.Error:
        return None
