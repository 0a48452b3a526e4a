"""An athlete on Intervals.icu whose runs meet faults: commands, history and store in one hand."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import psutil
import pytest
from dagster import DagsterInstance
from pymongo.database import Database

from weekly_plan_assets.settings import PROJECT_ROOT, Settings
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets.storage.embedded import EmbeddedServer
from weekly_plan_assets.storage.embedded.folder import ServerFolder
from weekly_plan_assets.storage.embedded.mongod import Mongod
from weekly_plan_assets_tests.faults.whole import assert_whole
from weekly_plan_assets_tests.support.graph import activity, wellness_day
from weekly_plan_assets_tests.support.intervals_server import IntervalsServer
from weekly_plan_assets_tests.support.terminal import Terminal

WEEK = "2024-01-22"
IN_A_STEP = "/sport-settings"
"""The end of a path that is asked for only within a run: what the athlete's zones are."""

DAYS = [f"2024-01-{day:02d}" for day in range(1, 29)]


@dataclass
class EventfulIntervals(IntervalsServer):
    """An Intervals.icu at whose doors a test can stand.

    Attributes:
        asked: Called with the path of every request before it is answered.
        hidden: Ends of paths at which there is nothing.
    """

    asked: Callable[[str], None] = lambda path: None
    hidden: tuple[str, ...] = ()

    def answer(self, path: str, query: Any) -> Any:
        self.asked(path)
        return None if self.hidden and path.endswith(self.hidden) else super().answer(path, query)

    def fill(self) -> None:
        """Four weeks of training, the last of them `WEEK`."""
        self.activities = [activity(f"a{day}", f"{day}T07:00:00") for day in DAYS]
        self.wellness = [wellness_day(day) for day in DAYS]


@dataclass
class Door:
    """Holds up the first request to a path until it is opened."""

    intervals: EventfulIntervals
    path: str
    reached: Event = field(default_factory=Event)
    _open: Event = field(default_factory=Event)

    def __enter__(self) -> "Door":
        self.intervals.asked = self._asked
        return self

    def __exit__(self, *_: object) -> None:
        self.intervals.asked = lambda path: None
        self._open.set()

    def open(self) -> None:
        self._open.set()

    def _asked(self, path: str) -> None:
        if path.endswith(self.path):
            self.reached.set()
            self._open.wait(timeout=60)


@dataclass
class Scene:
    """Commands of one athlete, and what they leave behind."""

    terminal: Terminal
    intervals: EventfulIntervals

    @property
    def state(self) -> Path:
        return Path(self.terminal.environment["WEEKLY_PLAN_STATE_DIR"])

    def start(self) -> subprocess.Popen[str]:
        return self.terminal.popen("run", "--week", WEEK)

    def run(self) -> subprocess.CompletedProcess[str]:
        return self.terminal.run("run", "--week", WEEK)

    @contextmanager
    def history(self) -> Iterator[DagsterInstance]:
        """Dagster's history as the commands see it."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DAGSTER_HOME", str(PROJECT_ROOT))
            for model_field in Settings.model_fields.values():
                name = str(model_field.alias)
                if name in self.terminal.environment:
                    patch.setenv(name, self.terminal.environment[name])
            with DagsterInstance.get() as instance:
                yield instance

    @contextmanager
    def store(self) -> Iterator[Database[BsonDocument]]:
        """The database that the commands write to."""
        url = self.terminal.environment.get("MONGO_URL")
        if url is None:
            with EmbeddedServer(self.state / "mongodb").lease() as own, open_client(own) as client:
                yield client[self.terminal.environment["MONGO_DATABASE"]]
        else:
            with open_client(url) as client:
                yield client[self.terminal.environment["MONGO_DATABASE"]]

    def assert_whole(self) -> None:
        """What holds after every fault."""
        with self.store() as database, self.history() as instance:
            assert_whole(database, instance)

    def assert_goes_on(self) -> None:
        """The next run succeeds, and then all is whole."""
        done = self.run()
        assert done.returncode == 0, done.stderr
        self.assert_whole()

    def events(self) -> list[BsonDocument]:
        with self.store() as database:
            return list(database["run_events"].find())

    def mongod(self) -> psutil.Process | None:
        """The embedded server's process, if it runs."""
        mongod = Mongod.find(ServerFolder((self.state / "mongodb").resolve()))
        return None if mongod is None else mongod.process


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]
