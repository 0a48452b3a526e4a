"""Runs of a cohort as somebody launches them in Dagster: by partition alone, again, for nobody."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import DagsterInstance, DagsterRunStatus
from pymongo.database import Database

from weekly_plan_assets.defs.build import build_defs
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.headless.cohort_runner import CohortRunner
from weekly_plan_assets.lineage.records.records import RunEvent
from weekly_plan_assets.runs.code_location import WEEKLY_PLAN
from weekly_plan_assets.runs.dagster_private import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
    InMemoryJob,
    create_execution_plan,
    execute_run,
)
from weekly_plan_assets.runs.events import record_run_events
from weekly_plan_assets.runs.tags import ATHLETES_TAG
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.cohort_documents import note_errors

MONDAY = TrainingWeek.parse("2026-03-02")
COHORT = "UTC.001"
PARTITION = f"{COHORT}|{MONDAY}"
ATHLETES = ("anna", "ben")


@pytest.fixture
def roster(roster_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEEKLY_PLAN_FIRST_DAY", "2026-02-02")
    write(roster_path, *ATHLETES, "carla")
    return roster_path


def write(path: Path, *athletes: str) -> None:
    entries = [{"id": one, "source": "simulated"} for one in athletes]
    path.write_text(json.dumps({"athletes": entries}))


@pytest.fixture
def runner(roster: Path) -> Iterator[CohortRunner]:
    """Everybody is put into the cohort; then one is taken out of the roster by hand."""
    with DagsterInstance.ephemeral() as instance:
        CohortRunner.of(load_settings(), instance).cohorts()
        write(roster, *ATHLETES)
        yield CohortRunner.of(load_settings(), instance)


def launched(runner: CohortRunner, **tags: str) -> tuple[RunEvent, ...]:
    return runner.run_planning(WEEKLY_PLAN, tags)


def last_status(runner: CohortRunner) -> DagsterRunStatus:
    return runner.instance.get_runs(limit=1)[0].status


@pytest.mark.parametrize(
    "tags",
    [
        {PARTITION_NAME_TAG: PARTITION},
        {ASSET_PARTITION_RANGE_START_TAG: PARTITION, ASSET_PARTITION_RANGE_END_TAG: PARTITION},
    ],
    ids=["partition", "range"],
)
def test_a_run_that_names_its_partition_alone_has_an_event_for_each(
    runner: CohortRunner, database: Database[BsonDocument], tags: dict[str, str]
) -> None:
    events = launched(runner, **tags)
    assert {(one.athlete_id, one.status.value) for one in events} == {
        (one, "success") for one in ATHLETES
    }
    stored = database["run_events"].distinct("runId")
    assert stored == sorted(database["plan_snapshots"].distinct("runId"))


@pytest.mark.parametrize("monday", ["2026-03-03", "2199-12-30", "soon"])
def test_a_partition_that_does_not_exist_is_not_planned(
    runner: CohortRunner, database: Database[BsonDocument], monday: str
) -> None:
    launched(runner, **{PARTITION_NAME_TAG: f"{COHORT}|{monday}"})
    assert last_status(runner) is DagsterRunStatus.FAILURE
    assert database["plan_snapshots"].count_documents({}) == 0
    assert database["weekly_metrics"].count_documents({}) == 0


def test_a_run_of_several_weeks_is_refused_in_a_sentence(runner: CohortRunner) -> None:
    first = f"{COHORT}|{MONDAY.shift(-1)}"
    tags = {ASSET_PARTITION_RANGE_START_TAG: first, ASSET_PARTITION_RANGE_END_TAG: PARTITION}
    events = launched(runner, **tags)
    assert {one.athlete_id for one in events} == set(ATHLETES)
    for one in events:
        assert "a plan is made from one week, and this run covers 2" in one.errors[0]


def test_a_run_for_nobody_fails_and_who_left_the_roster_has_no_event(
    runner: CohortRunner,
) -> None:
    tags = {PARTITION_NAME_TAG: PARTITION}
    assert launched(runner, **tags, **{ATHLETES_TAG: "carla"}) == ()
    assert last_status(runner) is DagsterRunStatus.FAILURE


def test_who_could_not_be_read_is_not_planned_for_where_the_run_goes_on_without_reading(
    runner: CohortRunner, database: Database[BsonDocument]
) -> None:
    launched(runner, **{PARTITION_NAME_TAG: PARTITION})
    (first,) = runner.instance.get_runs()
    note_errors(database, first.run_id, MONDAY, {"anna": "the folder is gone"}, "ingest")
    note_errors(database, first.run_id, MONDAY, {"ben": "no answer"}, "planning")
    job = build_defs(load_settings()).resolve_job_def(WEEKLY_PLAN)
    run = runner.instance.create_run_for_job(
        job_def=job,
        execution_plan=create_execution_plan(job, step_keys_to_execute=["planning"]),
        tags={**first.tags, **job.run_tags},
        run_config={"ops": {"planning": {"config": {"again": True}}}},
        parent_run_id=first.run_id,
        root_run_id=first.run_id,
    )
    execute_run(InMemoryJob(job), run, runner.instance)
    ends = record_run_events(runner.instance, database, run.run_id)
    assert {one.athlete_id: one.errors for one in ends} == {
        "anna": ("the folder is gone",),
        "ben": (),
    }
