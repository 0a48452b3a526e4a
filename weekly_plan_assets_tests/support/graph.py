"""The whole graph for tests: the project's own definitions over a folder of JSON and a mongod."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from dagster import AssetKey, DagsterInstance, Definitions, ExecuteInProcessResult, JobDefinition
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
)
from pydantic import SecretStr
from pymongo.database import Database

from weekly_plan_assets.defs.build import build_defs
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.defs.resources import (
    ModelLimits,
    ModelPlannerResource,
    PlannerResource,
    SourceResource,
)
from weekly_plan_assets.planners.base import Answer, Planner
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.runs.code_location import CLOSE_WEEK, WEEKLY_PLAN
from weekly_plan_assets.runs.events import record_run_events
from weekly_plan_assets.settings import Settings, SourceName
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import project_database

UPSTREAM = {
    "activities": set(),
    "wellness": set(),
    "weekly_metrics": {"activities", "wellness"},
    "adherence": {"weekly_metrics", "activities"},
    "planning_inputs": {"weekly_metrics", "activities", "wellness", "adherence"},
    "artifacts": {"planning_inputs"},
    "plan": {"artifacts", "planning_inputs"},
}
"""The assets of the graph, each with the assets that it reads."""


class MongoAt(MongoResource):
    """A database of a test. Unlike the project's own resources, those of tests have config."""

    url: str
    database_name: str

    def database(self) -> Database[BsonDocument]:
        return project_database(self.url, Path(), self.database_name)


class ChosenSource(SourceResource):
    """A source that a test chooses; the fields are settings of the same names."""

    name: SourceName
    timezone: str = "UTC"
    export_dir: str | None = None
    athlete_file: str | None = None
    intervals_api_key: str | None = None
    intervals_base_url: str = "http://127.0.0.1"

    @property
    def settings(self) -> Settings:
        key = self.intervals_api_key
        return Settings(
            source_name=self.name,
            timezone=self.timezone,
            export_dir=Path(self.export_dir) if self.export_dir else None,
            state_dir=Path(self.export_dir).parent / "state" if self.export_dir else Path(),
            athlete_file=Path(self.athlete_file) if self.athlete_file else None,
            intervals_api_key=SecretStr(key) if key else None,
            intervals_base_url=self.intervals_base_url,
        )


class FixedPlannerResource(PlannerResource):
    """A planner resource around any planner object of a test.

    Dagster copies resources and keeps only their config, so the config is a key to the object.
    """

    key: int
    _planners: ClassVar[dict[int, tuple[Planner, int]]] = {}

    @classmethod
    def around(cls, planner: Planner, max_attempts: int = 3) -> "FixedPlannerResource":
        cls._planners[id(planner)] = (planner, max_attempts)
        return cls(key=id(planner))

    def planner(self) -> Planner:
        return self._planners[self.key][0]

    @property
    def max_attempts(self) -> int:
        return self._planners[self.key][1]


class LimitedModelResource(ModelPlannerResource):
    """A language model with the limits of a test."""

    key: int
    _limits: ClassVar[dict[int, ModelLimits]] = {}

    @classmethod
    def within(cls, limits: ModelLimits) -> "LimitedModelResource":
        cls._limits[id(limits)] = limits
        return cls(key=id(limits))

    @property
    def limits(self) -> ModelLimits:
        return self._limits[self.key]


class StubbornPlanner(RulesPlanner):
    """Answers the same wrong plan every time: its stated load is off by five."""

    model_id = "stubborn"

    def propose(self, *arguments: Any, **keywords: Any) -> Answer:
        plan = json.loads(super().propose(*arguments, **keywords).output_raw)
        plan["nextWeek"]["plannedLoad"] += 5
        return Answer(json.dumps(plan))


@dataclass
class Graph:
    """The project's definitions, reading `export_dir` and writing to `database`."""

    database: Database[BsonDocument]
    mongo_url: str
    export_dir: Path
    instance: DagsterInstance
    planner: PlannerResource | None = None
    resources: Mapping[str, Any] = field(default_factory=dict)

    def definitions(self) -> Definitions:
        own: dict[str, Any] = {
            "mongo": self.mongo,
            "source": ChosenSource(name=SourceName.FOLDER, export_dir=str(self.export_dir)),
        }
        if self.planner is not None:
            own["planner"] = self.planner
        return build_defs(resources={**own, **self.resources})

    @property
    def mongo(self) -> MongoAt:
        return MongoAt(url=self.mongo_url, database_name=self.database.name)

    def metrics(self, first: str, last: str) -> ExecuteInProcessResult:
        """Ingest and metrics of a range of weeks, in one run."""
        return self._job(CLOSE_WEEK).execute_in_process(
            instance=self.instance,
            tags={ASSET_PARTITION_RANGE_START_TAG: first, ASSET_PARTITION_RANGE_END_TAG: last},
        )

    def plan(self, week: str, assets: Sequence[str] | None = None) -> ExecuteInProcessResult:
        """The weekly job, or some of its assets; a run that fails is returned, not raised."""
        return self._job(WEEKLY_PLAN).execute_in_process(
            instance=self.instance,
            partition_key=week,
            asset_selection=[AssetKey(name) for name in assets] if assets else None,
            raise_on_error=False,
        )

    def plan_and_record(self, week: str) -> str:
        """The weekly job and its run event, as after every run; gives the Dagster run's id."""
        run_id = self.plan(week).run_id
        record_run_events(self.instance, self.database, run_id)
        return run_id

    def documents(self, collection: str) -> list[BsonDocument]:
        return list(self.database[collection].find({}, {"_id": 0}))

    def _job(self, name: str) -> JobDefinition:
        return self.definitions().resolve_job_def(name)


def write_export(
    folder: Path, activities: Sequence[Mapping[str, Any]], wellness: Sequence[Mapping[str, Any]]
) -> None:
    """An export folder with these rows."""
    (folder / "activities.json").write_text(json.dumps(list(activities)))
    (folder / "wellness.json").write_text(json.dumps(list(wellness)))


def activity(id_: str, start: str, **others: Any) -> dict[str, Any]:
    """An activity as the Intervals.icu API answers it."""
    return {
        "id": id_,
        "icu_athlete_id": "i1",
        "start_date_local": start,
        "type": "Run",
        "moving_time": 2400,
        "distance": 7000.0,
        "icu_training_load": 35,
    } | others


def wellness_day(day: str, **others: Any) -> dict[str, Any]:
    """A wellness day as the Intervals.icu API answers it."""
    return {"id": day, "ctl": 30.0, "atl": 32.0, "rampRate": 0.5, "hrv": 70.0} | others
