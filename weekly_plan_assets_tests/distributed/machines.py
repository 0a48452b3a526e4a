"""What runs on several machines, as processes of this one: a code server, a daemon, a UI, workers.

They are started as `deploy` starts them, over servers that the caller has started.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets_tests.support.dagster_ui import (
    LAUNCH_RUN,
    REPOSITORY,
    DagsterUi,
    free_port,
    wait_for,
)

HOME = PROJECT_ROOT / "deploy" / "servers"
APP = "weekly_plan_assets.runs.celery_worker"
_READY = " ready."
_STOPS_S = 30


@dataclass
class Worker:
    """A Celery worker with one process for runs."""

    process: subprocess.Popen[bytes]
    log: Path

    def wait(self) -> None:
        """Wait until it takes runs."""
        wait_for(lambda: _READY in self.log.read_text(), f"worker {self.log.stem}", 60)

    @property
    def pool(self) -> list[psutil.Process]:
        """The processes that execute runs."""
        return psutil.Process(self.process.pid).children()

    def kill(self) -> list[psutil.Process]:
        """End it as the kernel does for want of memory; what it had started is returned."""
        pool = self.pool
        self.process.kill()
        self.process.wait(timeout=_STOPS_S)
        return pool


@dataclass
class Machines:
    """Everything but the servers that hold data.

    Attributes:
        environment: Settings and addresses of the servers.
        folder: Where each process writes what it says.
    """

    environment: Mapping[str, str]
    folder: Path
    code_port: int = field(default_factory=free_port)
    ui_port: int = field(default_factory=free_port)
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def ui(self) -> DagsterUi:
        return DagsterUi(self.ui_port)

    @property
    def settings(self) -> dict[str, str]:
        return {
            **self.environment,
            "DAGSTER_HOME": str(HOME),
            "DAGSTER_CODE_SERVER_HOST": "127.0.0.1",
            "DAGSTER_CODE_SERVER_PORT": str(self.code_port),
        }

    def start(self) -> None:
        """Start all but the workers, and wait until the UI knows the code."""
        workspace = ("-w", str(HOME / "workspace.yaml"))
        code = ("dagster", "api", "grpc", "-m", "weekly_plan_assets.definitions")
        self._start("code", *code, "-h", "127.0.0.1", "-p", str(self.code_port))
        self._start("daemon", "dagster._daemon", "run", *workspace)
        webserver = ("weekly_plan_assets.webserver", "--port", str(self.ui_port), *workspace)
        self._start("webserver", *webserver)

    def wait(self) -> None:
        wait_for(self.ui.is_up, "the UI")
        wait_for(self._knows_the_code, "the code in the UI")

    def start_worker(self, name: str) -> Worker:
        given = (
            "--app",
            APP,
            "worker",
            "--loglevel",
            "INFO",
            "--concurrency",
            "1",
            "--hostname",
            f"{name}@%h",
        )
        return Worker(self._start(name, "celery", *given), self.folder / f"{name}.log")

    def launch(
        self, job: str, tags: Mapping[str, str], ops: Mapping[str, Any] | None = None
    ) -> str:
        """Launch a run as the UI does; its id."""
        params = {
            "selector": {**REPOSITORY, "jobName": job},
            "executionMetadata": {"tags": [{"key": k, "value": v} for k, v in tags.items()]},
            "runConfigData": {"ops": ops or {}},
            "mode": "default",
        }
        launched = self.ui.ask(LAUNCH_RUN, params=params)["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        return str(launched["run"]["runId"])

    def stop(self) -> None:
        """End all processes; those that do not listen are killed, with what they had started."""
        family = [one for process in self._processes for one in _family(process.pid)]
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline_s = time.monotonic() + _STOPS_S
        for process in self._processes:
            try:
                process.wait(timeout=max(0.1, deadline_s - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for left in (one for one in family if one.is_running()):
            left.kill()

    def _knows_the_code(self) -> bool:
        asked = "query { workspaceOrError { ... on Workspace { locationEntries { loadStatus } } } }"
        try:
            entries = self.ui.ask(asked)["workspaceOrError"]["locationEntries"]
        except OSError:
            return False
        jobs = "query { repositoriesOrError { ... on RepositoryConnection { nodes { name } } } }"
        return bool(entries) and bool(self.ui.ask(jobs)["repositoriesOrError"].get("nodes"))

    def _start(self, name: str, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=PROJECT_ROOT,
                env={**os.environ, **self.settings},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._processes.append(process)
        return process


def _family(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
