"""The code location as somebody uses it in a notebook: materialize, load, look."""

import pandas as pd
import pytest
from dagster import AssetsDefinition, DagsterInstance, materialize
from pymongo.database import Database

from weekly_plan_assets.definitions import defs
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.lineage.records.records import PlanSnapshot
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import MissingWeekError

WEEK = "2026-11-09"
ASSETS = [asset for asset in defs.assets or () if isinstance(asset, AssetsDefinition)]


@pytest.fixture
def _sample(
    monkeypatch: pytest.MonkeyPatch, mongo_url: str, database: Database[BsonDocument]
) -> None:
    """The settings of somebody with the sample athlete and a MongoDB."""
    monkeypatch.setenv("MONGO_URL", mongo_url)
    monkeypatch.setenv("MONGO_DATABASE", database.name)


@pytest.mark.usefixtures("_sample")
def test_what_is_materialized_with_the_resources_of_defs_loads_from_defs() -> None:
    with DagsterInstance.ephemeral() as instance:
        made = materialize(ASSETS, resources=defs.resources, partition_key=WEEK, instance=instance)
    assert made.success
    rows = defs.load_asset_value("activities", partition_key=WEEK)
    assert isinstance(rows, pd.DataFrame)
    models = defs.load_asset_value("activities", python_type=list[Activity], partition_key=WEEK)
    assert isinstance(models, list)
    assert [model.id for model in models] == list(rows["id"])
    assert isinstance(defs.load_asset_value("weekly_metrics", partition_key=WEEK), pd.DataFrame)
    assert isinstance(defs.load_asset_value("plan", partition_key=WEEK), PlanSnapshot)
    assert defs.load_asset_value("adherence", partition_key=WEEK) == []


@pytest.mark.usefixtures("_sample")
def test_what_cannot_be_loaded_is_said_in_a_sentence() -> None:
    with pytest.raises(MissingWeekError, match="materialize activities for that week first"):
        defs.load_asset_value("activities", partition_key=WEEK)
    with pytest.raises(ValueError, match="asset activities is kept by training week: name the"):
        defs.load_asset_value("activities")
    with pytest.raises(ValueError, match="Monday"):
        defs.load_asset_value("plan", partition_key="2026-11-11")
    with pytest.raises(TypeError, match="asset plan is kept as one document a run; ask for it as"):
        defs.load_asset_value("plan", python_type=dict, partition_key=WEEK)
