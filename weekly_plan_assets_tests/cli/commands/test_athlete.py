"""Whose documents a command reads: asked only where it can be somebody else's."""

from pathlib import Path

import pytest
import typer
from pymongo.database import Database

from weekly_plan_assets.cli.commands.athlete import lineage_of, settings_for
from weekly_plan_assets.settings import Settings, load_settings
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import StoreError
from weekly_plan_assets_tests.support.intervals_server import IntervalsServer


@pytest.fixture
def settings(
    mongo_url: str, database: Database[BsonDocument], monkeypatch: pytest.MonkeyPatch
) -> Settings:
    monkeypatch.setenv("MONGO_URL", mongo_url)
    monkeypatch.setenv("MONGO_DATABASE", database.name)
    return load_settings()


def hold(database: Database[BsonDocument], *athletes: str) -> None:
    for athlete_id in athletes:
        database["stored_weeks"].insert_one(
            {"collection": "weekly_metrics", "athleteId": athlete_id, "weekStart": "2024-01-01"}
        )


@pytest.mark.parametrize("athletes", [[], ["i1"]])
def test_without_a_second_athlete_nothing_is_filtered(
    settings: Settings, database: Database[BsonDocument], athletes: list[str]
) -> None:
    hold(database, *athletes)
    assert lineage_of(settings, None).athlete_id is None


@pytest.mark.parametrize("run", [None, "latest"])
def test_with_several_athletes_one_must_be_named(
    settings: Settings, database: Database[BsonDocument], run: str | None
) -> None:
    hold(database, "i1", "i2")
    with pytest.raises(StoreError, match=r"i1, i2, but nothing of sample.* --athlete ID"):
        lineage_of(settings, None, run=run)
    assert lineage_of(settings, "i2", run=run).athlete_id == "i2"


def test_a_run_id_is_nobody_elses(settings: Settings, database: Database[BsonDocument]) -> None:
    hold(database, "i1", "i2")
    assert lineage_of(settings, None, run="3e91").athlete_id is None


def test_an_athlete_of_whom_nothing_is_held_is_refused_naming_who_is(
    settings: Settings, database: Database[BsonDocument]
) -> None:
    assert lineage_of(settings, "i3").athlete_id == "i3", "nothing is held of anybody"
    hold(database, "i1", "i2")
    with pytest.raises(StoreError, match="nothing of athlete 'i3'; it holds i1, i2"):
        lineage_of(settings, "i3")


def test_with_several_athletes_the_owner_of_the_key_is_asked_for_once_and_shown(
    mongo_url: str,
    database: Database[BsonDocument],
    intervals: IntervalsServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hold(database, "i2", "fx000002")
    for name, value in intervals.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MONGO_URL", mongo_url)
    monkeypatch.setenv("MONGO_DATABASE", database.name)
    assert lineage_of(load_settings(), None).athlete_id == "fx000002"
    assert len(intervals.requests) == 1
    monkeypatch.setenv("INTERVALS_ATHLETE_ID", "i2")
    intervals.requests.clear()
    assert lineage_of(load_settings(), None, run="3e91").athlete_id is None
    assert not intervals.requests, "a runId is nobody else's"


def test_an_athlete_of_the_command_line_is_the_one_that_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(typer.BadParameter, match="the sample has no athlete 'i2'"):
        settings_for("i2")
    assert settings_for("sample").is_sample
    monkeypatch.setenv("WEEKLY_PLAN_ATHLETE_ID", "anna")
    monkeypatch.setenv("WEEKLY_PLAN_EXPORT_DIR", str(tmp_path))
    assert settings_for(None).athlete_id == "anna"
    assert settings_for("ben").athlete_id == "ben"
    monkeypatch.setenv("INTERVALS_ATHLETE_ID", "0")
    monkeypatch.setenv("INTERVALS_API_KEY", "a-key")
    assert settings_for("i2").intervals_athlete_id == "i2"
