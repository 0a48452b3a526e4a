"""A small roster of simulated athletes whose present week is planned, one of them in vain."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from dagster import AssetKey, DagsterInstance
from pydantic import SecretStr
from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.headless.cohort_runner import CohortRunner
from weekly_plan_assets.settings import Settings, load_settings
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client

BROKEN = "simulated-3"
NAMES = {"simulated-1": "<b>Anna</b> & {{ 7*7 }}", "simulated-2": "Ben", BROKEN: "Carla"}
ROSTER = f"""\
athletes:
  - {{id: simulated-1, source: simulated, name: "{NAMES["simulated-1"]}"}}
  - {{id: simulated-2, source: simulated, name: Ben}}
  - {{id: {BROKEN}, source: simulated, name: Carla, athlete_file: nowhere.yaml}}
  - {{id: simulated-4, source: simulated}}
"""

_WEEKS_KNOWN = 6


@dataclass(frozen=True)
class PlannedRoster:
    """The store of the roster.

    Attributes:
        environment: The settings.
        week: The planned week.
        shown: Metadata of the materialization of `plan`.
    """

    environment: Mapping[str, str]
    database: Database[BsonDocument]
    week: TrainingWeek
    shown: Mapping[str, Any]

    def settings(self, database: Database[BsonDocument] | None = None) -> Settings:
        """The settings with this or another database."""
        return Settings(
            mongo_url=SecretStr(self.environment["MONGO_URL"]),
            mongo_database=(self.database if database is None else database).name,
            roster_file=Path(self.environment["WEEKLY_PLAN_ROSTER"]),
            state_dir=Path(self.environment["WEEKLY_PLAN_STATE_DIR"]),
        )

    def copy_to(self, database: Database[BsonDocument]) -> None:
        """Put the same documents into another database, to be changed there."""
        for name in self.database.list_collection_names():
            documents = self.database[name].find().to_list()
            if documents:
                database[name].insert_many(documents)


@contextmanager
def planned_roster_in(mongo_url: str, folder: Path) -> Iterator[PlannedRoster]:
    """Plan the present week of the roster in a database of its own."""
    (folder / "roster.yaml").write_text(ROSTER)
    environment = {
        "MONGO_URL": mongo_url,
        "MONGO_DATABASE": f"test_{uuid4().hex[:12]}",
        "WEEKLY_PLAN_STATE_DIR": str(folder / "state"),
        "WEEKLY_PLAN_ROSTER": str(folder / "roster.yaml"),
    }
    with pytest.MonkeyPatch.context() as patched:
        for field in Settings.model_fields.values():
            patched.delenv(str(field.alias), raising=False)
        for name, value in environment.items():
            patched.setenv(name, value)
        week = TrainingWeek.containing(load_settings().today())
        first_day = week.shift(-_WEEKS_KNOWN).start.isoformat()
        patched.setenv("WEEKLY_PLAN_FIRST_DAY", first_day)
        shown = _planned(week)
    with open_client(mongo_url) as client:
        yield PlannedRoster(environment, client[environment["MONGO_DATABASE"]], week, shown)
        client.drop_database(environment["MONGO_DATABASE"])


def _planned(week: TrainingWeek) -> Mapping[str, Any]:
    with DagsterInstance.ephemeral() as instance:
        runner = CohortRunner.of(load_settings(), instance)
        for cohort in runner.cohorts():
            missing = runner.missing_weeks(cohort, week).values()
            runner.materialize_metrics(cohort, sorted({one for of in missing for one in of}))
            runner.plan(cohort, week.shift(-1))
        event = instance.get_latest_materialization_event(AssetKey("plan"))
        assert event is not None
        assert event.asset_materialization is not None
        return event.asset_materialization.metadata
