"""A roster of two cohorts on real servers, whose runs are executed by Celery's workers."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from dagster import DagsterInstance
from pymongo.database import Database

from weekly_plan_assets.athletes.cohorts import Cohort
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.headless.cohort_runner import CohortRunner
from weekly_plan_assets.runs.code_location import CLOSE_WEEK, WEEKLY_PLAN
from weekly_plan_assets.runs.dagster_private import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)
from weekly_plan_assets.runs.facts import COHORT_TAG, WEEK_OF_COHORT_TAG
from weekly_plan_assets.runs.instance import open_instance
from weekly_plan_assets.settings import Settings, load_settings
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.distributed.machines import HOME, Machines
from weekly_plan_assets_tests.support.dagster_ui import wait_for
from weekly_plan_assets_tests.support.own_mongod import ReplicaSet
from weekly_plan_assets_tests.support.own_postgres import own_postgres
from weekly_plan_assets_tests.support.own_redis import own_redis

EACH = 100
ZONES = {"berlin": "Europe/Berlin", "york": "America/New_York"}
BROKEN = "berlin-03"
WEEKS_KNOWN = 6


@dataclass
class RosterScene:
    """The roster, its store and its machines."""

    machines: Machines
    mongo: ReplicaSet
    database: Database[BsonDocument]
    instance: DagsterInstance
    cohorts: Mapping[str, Cohort]
    week: TrainingWeek
    run_ids: list[str] = field(default_factory=list)

    def read_earlier_weeks(self) -> None:
        """Read the weeks before the planned one, and wait for their metrics."""
        for run_id in [self.close_weeks(key) for key in self.cohorts]:
            assert self.end_of(run_id) == "SUCCESS"

    def close_weeks(self, cohort: str) -> str:
        """Launch the reading of a cohort's weeks before the planned one; the id of the run."""
        first, last = self.week.shift(-WEEKS_KNOWN), self.week.shift(-1)
        tags = {
            ASSET_PARTITION_RANGE_START_TAG: f"{cohort}|{first}",
            ASSET_PARTITION_RANGE_END_TAG: f"{cohort}|{last}",
        }
        return self.machines.launch(CLOSE_WEEK, tags)

    def plan(self, cohort: str) -> str:
        """Launch the planning of a cohort's week; the id of the run."""
        tags = {
            PARTITION_NAME_TAG: f"{cohort}|{self.week}",
            COHORT_TAG: cohort,
            WEEK_OF_COHORT_TAG: self.week.key,
        }
        self.run_ids.append(self.machines.launch(WEEKLY_PLAN, tags))
        return self.run_ids[-1]

    def end_of(self, run_id: str, timeout_s: float = 120) -> str:
        def ended() -> bool:
            run = self.instance.get_run_by_id(run_id)
            return run is not None and run.is_finished

        wait_for(ended, f"the end of run {run_id}", timeout_s)
        run = self.instance.get_run_by_id(run_id)
        assert run is not None
        return run.status.value

    def planned_by(self, run_id: str) -> set[str]:
        """Athletes for whom a run has stored a plan."""
        return set(self.database["plan_snapshots"].distinct("athleteId", of_run(run_id)))

    def events_of(self, run_id: str, count: int) -> Counter[str]:
        """How a run ended for its athletes, once there are so many events."""
        events = self.database["run_events"]
        wait_for(lambda: events.count_documents(of_run(run_id)) >= count, f"events of {run_id}", 60)
        return Counter(one["status"] for one in events.find(of_run(run_id)))


def of_run(run_id: str) -> dict[str, Any]:
    return {"runId": {"$regex": f"^{re.escape(run_id)}:"}}


def write_roster(path: Path) -> None:
    """Athletes of two zones; the athlete file of one is not there."""
    athletes: list[dict[str, str]] = [
        {"id": f"{name}-{number:02}", "source": "simulated", "timezone": zone}
        for name, zone in ZONES.items()
        for number in range(1, EACH + 1)
    ]
    for one in athletes:
        if one["id"] == BROKEN:
            one["athlete_file"] = "nowhere.yaml"
    path.write_text(yaml.safe_dump({"athletes": athletes}))


@contextmanager
def roster_on_servers(folder: Path) -> Iterator[RosterScene]:
    """Everything started, and everything stopped at the end."""
    (folder / "redis").mkdir()
    (folder / "logs").mkdir()
    write_roster(folder / "roster.yaml")
    with own_postgres() as postgres, own_redis(folder / "redis") as redis:
        mongo = ReplicaSet.start(folder / "mongo")
        week = TrainingWeek.containing(load_settings().today()).shift(-2)
        environment = {
            **postgres.environment,
            "DAGSTER_CELERY_REDIS_URL": redis.url,
            "MONGO_URL": f"{mongo.url}&w=majority",
            "MONGO_DATABASE": f"test_{uuid4().hex[:12]}",
            "WEEKLY_PLAN_STATE_DIR": str(folder / "state"),
            "WEEKLY_PLAN_ROSTER": str(folder / "roster.yaml"),
            "WEEKLY_PLAN_FIRST_DAY": week.shift(-WEEKS_KNOWN).start.isoformat(),
        }
        machines = Machines(environment, folder / "logs")
        try:
            with pytest.MonkeyPatch.context() as patched:
                for setting in Settings.model_fields.values():
                    patched.delenv(str(setting.alias), raising=False)
                for name, value in {**environment, "DAGSTER_HOME": str(HOME)}.items():
                    patched.setenv(name, value)
                with _scene(machines, mongo, week) as scene:
                    yield scene
        finally:
            machines.stop()
            mongo.stop()


@contextmanager
def _scene(machines: Machines, mongo: ReplicaSet, week: TrainingWeek) -> Iterator[RosterScene]:
    """With the tables of the history made before several processes would make them."""
    url, name = machines.environment["MONGO_URL"], machines.environment["MONGO_DATABASE"]
    with open_instance() as instance, open_client(url) as client:
        runner = CohortRunner.of(load_settings(), instance)
        cohorts = {one.key: one for one in runner.cohorts()}
        machines.start()
        yield RosterScene(machines, mongo, client[name], instance, cohorts, week)
