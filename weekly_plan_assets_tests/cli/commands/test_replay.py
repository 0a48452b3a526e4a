"""`weekly-plan replay` as a user types it: real processes, a real mongod, and none."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from weekly_plan_assets.lineage.records.records import RunEvent, Status
from weekly_plan_assets.storage.codec import BsonDocument, encode
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets.storage.run_documents import RunDocuments
from weekly_plan_assets_tests.support.kept_runs import FIRST, keep_runs, store_weeks, weeks_from
from weekly_plan_assets_tests.support.terminal import Terminal

WEEKS = weeks_from(FIRST, 4)
NOWHERE = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100"


@pytest.fixture
def database(terminal: Terminal, mongo_url: str) -> Any:
    """The database of the terminal, filled with four weeks of which two were planned from."""
    with open_client(mongo_url) as client:
        database = client[terminal.environment["MONGO_DATABASE"]]
        store_weeks(database, WEEKS)
        keep_runs(database, WEEKS[-2:])
        yield database


def run_ids() -> list[str]:
    return [f"rules:{week}" for week in WEEKS[-2:]]


def an_event(run_id: str, error: str) -> RunEvent:
    """A run of the last week that failed before it stored anything else."""
    observed = WEEKS[-1]
    return RunEvent(
        run_id=run_id,
        athlete_id="sample",
        observed_week_start=observed.start,
        week_start=observed.next().start,
        week_end=observed.next().end,
        status=Status.FAILURE,
        attempt=None,
        model_id=None,
        errors=(error,),
        error_count=1,
        dagster_run_id="broken",
        dagster_status="FAILURE",
        job_name="weekly_plan",
        root_run_id="broken",
        retry_number=0,
        will_retry=False,
        started_at=None,
        ended_at=datetime.now(UTC),
    )


def edit_a_session(database: Database[BsonDocument]) -> str:
    row = database["activities"].find_one({"weekStart": WEEKS[-1].key, "type": "Run"})
    assert row is not None
    database["activities"].update_one({"_id": row["_id"]}, {"$set": {"icu_training_load": 500}})
    return str(row["id"])


@pytest.mark.usefixtures("database")
def test_an_equal_run_is_one_line_and_a_success(terminal: Terminal) -> None:
    run = terminal.run("replay", run_ids()[0])
    assert (run.returncode, run.stdout) == (0, f"{run_ids()[0]} of athlete sample: equal\n"), (
        run.stderr
    )


@pytest.mark.slow
def test_after_an_edit_in_the_store_only_the_runs_that_used_it_fail_and_frozen_ones_do_not(
    terminal: Terminal, database: Database[BsonDocument]
) -> None:
    id_ = edit_a_session(database)
    run = terminal.run("replay", "--all")
    assert run.returncode == 1
    assert f"{run_ids()[1]} of athlete sample: differs" in run.stdout
    assert f"activities {id_} edited: icu_training_load" in run.stdout
    assert run_ids()[0] not in run.stdout
    assert run.stdout.endswith("1 equal, 1 differ, 0 with nothing to replay\n")
    frozen = terminal.run("replay", "--all", "--frozen")
    assert (frozen.returncode, frozen.stdout) == (
        0,
        "2 equal, 0 differ, 0 with nothing to replay\n",
    )


@pytest.mark.slow
def test_an_edited_document_is_told_field_by_field(
    terminal: Terminal, database: Database[BsonDocument]
) -> None:
    changed = {"outputValidated.nextWeek.objective": "Win [bold]everything."}
    database["run_artifacts"].update_one({"runId": run_ids()[0]}, {"$set": changed})
    run = terminal.run("replay", run_ids()[0], "--frozen")
    assert run.returncode == 1
    assert "  outputValidated.nextWeek.objective\n" in run.stdout
    assert "    stored  'Win [bold]everything.'\n" in run.stdout
    told = json.loads(terminal.run("replay", run_ids()[0], "--json").stdout)
    assert told["isEqual"] is False
    paths = [difference["path"] for difference in told["differences"]]
    assert "outputValidated.nextWeek.objective" in paths
    assert told["drift"] is None


def test_an_altered_provenance_fails_in_one_sentence_and_the_other_runs_are_replayed(
    terminal: Terminal, database: Database[BsonDocument]
) -> None:
    changed = {"provenance.registryVersion": "0"}
    database["run_artifacts"].update_one({"runId": run_ids()[0]}, {"$set": changed})
    run = terminal.run("replay", "--all")
    assert run.returncode == 1
    assert "digest differs" in run.stdout
    assert "1 equal, 1 differ, 0 with nothing to replay" in run.stdout
    assert "Traceback" not in run.stderr


@pytest.mark.slow
def test_a_run_with_nothing_to_replay_fails_alone_but_not_among_all(
    terminal: Terminal, database: Database[BsonDocument]
) -> None:
    old = {"runId": "n8n-1", "weekStart": "2023-01-09", "weekEnd": "2023-01-15"}
    database["run_artifacts"].insert_one(old)
    alone = terminal.run("replay", "n8n-1")
    assert alone.returncode == 1
    assert "schema version 1.0" in alone.stdout
    every = terminal.run("replay", "--all")
    assert every.returncode == 0
    assert "2 equal, 0 differ, 1 with nothing to replay" in every.stdout


@pytest.mark.slow
@pytest.mark.usefixtures("database")
def test_a_bundle_replays_without_any_database(terminal: Terminal, tmp_path: Path) -> None:
    exported = terminal.run("export", run_ids()[0], "--to", str(tmp_path))
    assert exported.returncode == 0, exported.stderr
    bundle = Path(exported.stdout.strip())
    run = terminal.run("replay", str(bundle), MONGO_URL=NOWHERE)
    assert (run.returncode, run.stdout) == (0, f"{run_ids()[0]} of athlete sample: equal\n"), (
        run.stderr
    )
    (bundle / "run_artifacts.json").write_text("{}")
    refused = terminal.run("replay", str(bundle), MONGO_URL=NOWHERE)
    assert refused.returncode == 1
    assert "run_artifacts.json" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_latest_run_that_failed_says_how_and_names_the_run_of_the_latest_plan(
    terminal: Terminal, database: Database[BsonDocument], tmp_path: Path
) -> None:
    failed = an_event(f"broken:{WEEKS[-1]}", "the source did not answer")
    RunDocuments(database, "run_events").merge(encode(failed))
    replayed = terminal.run("replay", "latest")
    assert replayed.returncode == 1
    assert "it failed with the source did not answer; `weekly-plan runs`" in replayed.stdout
    exported = terminal.run("export", "latest", "--to", str(tmp_path))
    assert exported.returncode == 0
    for shown in (replayed.stderr, exported.stderr):
        assert f"the latest run, {failed.run_id}, has no plan (the source did not answer)" in shown
        assert f"the latest plan is that of run {run_ids()[1]}" in shown


@pytest.mark.slow
def test_what_to_replay_must_be_said_and_be_there(terminal: Terminal) -> None:
    assert terminal.run("replay").returncode == 2
    assert terminal.run("replay", "x", "--all").returncode == 2
    unknown = terminal.run("replay", "nobody")
    assert unknown.returncode == 1
    assert "'nobody'" in unknown.stderr
    assert terminal.run("replay", "--all").returncode == 0


@pytest.mark.slow
def test_what_can_be_no_folder_is_looked_up_as_a_run_and_a_file_is_refused(
    terminal: Terminal, tmp_path: Path
) -> None:
    unknown = terminal.run("replay", "x" * 5_000)
    assert unknown.returncode == 1
    assert "no run is, or begins with" in unknown.stderr
    (tmp_path / "manifest.json").write_text("{}")
    refused = terminal.run("replay", str(tmp_path / "manifest.json"))
    assert refused.returncode == 2
    assert "is a file; give the folder of the bundle" in " ".join(refused.stderr.split())
    deep = tmp_path / "deep"
    deep.mkdir()
    (deep / "manifest.json").write_text("[" * 100_000)
    broken = terminal.run("replay", str(deep), MONGO_URL=NOWHERE)
    assert broken.returncode == 1
    assert "manifest.json is not one of a bundle" in broken.stderr
    assert "Traceback" not in broken.stderr
