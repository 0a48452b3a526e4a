"""`doctor` names the runs whose event is missing, and why where that is known."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dagster import DagsterInstance, DagsterRunStatus
from pymongo.database import Database
from sqlalchemy import text

from weekly_plan_assets.operations.diagnosis import Diagnosis, Level
from weekly_plan_assets.operations.doctor import diagnose
from weekly_plan_assets.runs.set_aside import SetAsideEvents
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.support.graph import Graph

WEEK = "2024-01-08"


@pytest.fixture
def instance(
    database: Database[BsonDocument],
    mongo_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[DagsterInstance]:
    """Dagster's history where `doctor` looks for it."""
    monkeypatch.setenv("WEEKLY_PLAN_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("MONGO_URL", mongo_url)
    monkeypatch.setenv("MONGO_DATABASE", database.name)
    with DagsterInstance.get() as instance:
        yield instance


def failed(graph: Graph) -> str:
    """A run that failed an hour ago."""
    job = graph.definitions().resolve_job_def("weekly_plan")
    run = graph.instance.create_run_for_job(
        job_def=job, tags={"dagster/partition": WEEK}, status=DagsterRunStatus.STARTED
    )
    graph.instance.report_run_failed(run, "as it was reported")
    ago = datetime.now(UTC) - timedelta(hours=1)
    with graph.instance.run_storage.connect() as connection:  # type: ignore[attr-defined]
        connection.execute(
            text("UPDATE runs SET end_time = :at WHERE run_id = :run_id"),
            {"at": ago.timestamp(), "run_id": run.run_id},
        )
    return run.run_id


def found() -> list[Diagnosis]:
    return [finding for finding in diagnose() if finding.subject == "run events"]


def test_a_missing_event_is_noted_and_one_that_is_refused_is_wrong(
    mongo_url: str, database: Database[BsonDocument], tmp_path: Path, instance: DagsterInstance
) -> None:
    graph = Graph(database, mongo_url, tmp_path, instance)
    assert [finding.level for finding in found()] == [Level.RIGHT]
    run_id = failed(graph)
    (finding,) = found()
    assert finding.level is Level.NOTE
    assert run_id in finding.text
    SetAsideEvents(instance).add(run_id, ValueError("no room"))
    (finding,) = found()
    assert finding.level is Level.WRONG
    assert f"run {run_id} cannot be written: ValueError: no room" in finding.text


def test_an_installation_without_any_run_is_not_asked_for_events(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    mongo_url: str,
    database: Database[BsonDocument],
) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("MONGO_URL", mongo_url)
    monkeypatch.setenv("MONGO_DATABASE", database.name)
    assert found() == []


def test_a_damaged_history_is_no_traceback(tmp_path: Path, instance: DagsterInstance) -> None:
    (runs,) = (tmp_path / "state").rglob("runs.db")
    for file in runs.parent.glob("runs.db*"):
        file.write_bytes(b"no database" * 1000)
    (finding,) = found()
    assert finding.level is Level.NOTE
    assert "not looked at" in finding.text
