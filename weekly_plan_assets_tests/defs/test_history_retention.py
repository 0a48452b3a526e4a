"""Old runs leave Dagster's history, and what it shows of a week does not change."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dagster import (
    AssetKey,
    DagsterInstance,
    DagsterRunStatus,
    DefaultScheduleStatus,
)
from dagster._core.errors import DagsterInvalidConfigError
from sqlalchemy import text

from weekly_plan_assets.defs.build import build_defs
from weekly_plan_assets.runs.audit import broken_invariants
from weekly_plan_assets.runs.code_location import RECONCILE_RUNS
from weekly_plan_assets.runs.events import record_run_events
from weekly_plan_assets.runs.instance import open_instance
from weekly_plan_assets.runs.set_aside import SetAsideEvents
from weekly_plan_assets.settings import Settings
from weekly_plan_assets_tests.support.graph import Graph, activity, wellness_day, write_export
from weekly_plan_assets_tests.support.own_postgres import own_postgres

FIRST, SECOND = "2024-01-01", "2024-01-08"
pytestmark = pytest.mark.timeout(300)  # a server is started for the slow ones
ASSETS = ("activities", "wellness", "weekly_metrics", "planning_inputs", "artifacts", "plan")
PROJECT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def graph(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Graph]:
    """A graph whose history is kept as on a laptop, or as on servers."""
    days = [f"2024-01-{day:02d}" for day in range(1, 15)]
    write_export(
        graph.export_dir,
        [activity(day, f"{day}T07:00:00") for day in days],
        [wellness_day(day) for day in days],
    )
    monkeypatch.setenv("WEEKLY_PLAN_STATE_DIR", str(tmp_path / "state"))
    if request.param == "sqlite":
        with open_instance() as instance:
            yield replace(graph, instance=instance)
        return
    monkeypatch.setenv("DAGSTER_HOME", str(PROJECT / "deploy" / "machine"))
    with own_postgres() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        with open_instance() as instance:
            yield replace(graph, instance=instance)


def make_old(graph: Graph) -> None:
    """Let every run be of two months ago."""
    long_ago = (datetime.now(UTC) - timedelta(days=60)).replace(tzinfo=None)
    with graph.instance.run_storage.connect() as connection:  # type: ignore[attr-defined]
        connection.execute(text("UPDATE runs SET update_timestamp = :at"), {"at": long_ago})


def delete_old(graph: Graph, **config: Any) -> None:
    job = graph.definitions().resolve_job_def("delete_old_history")
    given = {"older_than_days": 30, **config}
    result = job.execute_in_process(
        instance=graph.instance, run_config={"ops": {"delete_old_runs": {"config": given}}}
    )
    assert result.success


def run_ids(graph: Graph) -> set[str]:
    runs = graph.instance.get_runs()
    return {run.run_id for run in runs if run.job_name != "delete_old_history"}


def shown(instance: DagsterInstance) -> Mapping[str, Any]:
    """What the UI shows of the assets: weeks that are there, and the run of each."""
    found: dict[str, Any] = {}
    for name in ASSETS:
        key = AssetKey(name)
        found[name] = instance.get_materialized_partitions(key)
        for week in sorted(found[name]):
            event = instance.get_latest_data_version_record(key, partition_key=week)
            found[f"{name} {week}"] = None if event is None else event.run_id
    return found


def test_runs_go_that_show_nothing_and_what_is_shown_stays(graph: Graph) -> None:
    superseded = graph.plan_and_record(SECOND)
    range_run = graph.metrics(FIRST, SECOND).run_id
    latest = graph.plan_and_record(SECOND)
    failed = graph.plan("2024-01-22", ["plan"]).run_id
    for _ in range(2):
        graph.definitions().resolve_job_def(RECONCILE_RUNS).execute_in_process(
            instance=graph.instance
        )
    make_old(graph)
    young = graph.plan_and_record("2024-01-15")
    before, documents = shown(graph.instance), graph.documents("plan_snapshots")
    everything = run_ids(graph)

    delete_old(graph, dry_run=True)
    assert run_ids(graph) == everything
    delete_old(graph)
    left = run_ids(graph)
    assert {latest, range_run, young} <= left
    assert not {superseded, failed} & left
    assert len(everything - left) == 3, "and one of the two looks at ended runs"
    assert shown(graph.instance) == before
    assert graph.documents("plan_snapshots") == documents
    assert graph.instance.all_logs(superseded) == []
    assert list(broken_invariants(graph.database, graph.instance)) == []
    delete_old(graph)
    assert run_ids(graph) == left


def test_the_latest_of_a_week_go_where_somebody_asks_for_it_and_nothing_pretends_otherwise(
    graph: Graph,
) -> None:
    graph.plan_and_record(SECOND)
    assert SECOND in shown(graph.instance)["plan"]
    make_old(graph)
    delete_old(graph, also_latest=True)
    assert run_ids(graph) == set()
    assert not any(shown(graph.instance).values())
    assert len(graph.documents("plan_snapshots")) == 1
    assert list(broken_invariants(graph.database, graph.instance)) == []
    graph.plan_and_record(SECOND)
    assert SECOND in shown(graph.instance)["plan"]


def test_a_run_stays_that_is_under_way_or_whose_event_is_still_to_be_written(
    graph: Graph,
) -> None:
    waiting = graph.plan(SECOND).run_id
    graph.plan_and_record(SECOND)
    under_way = graph.instance.create_run_for_job(
        job_def=graph.definitions().resolve_job_def("weekly_plan"),
        status=DagsterRunStatus.STARTED,
    )
    SetAsideEvents(graph.instance).add(waiting, ValueError("refused"))
    make_old(graph)
    delete_old(graph)
    assert {waiting, under_way.run_id} <= run_ids(graph)
    SetAsideEvents(graph.instance).remove(waiting)
    record_run_events(graph.instance, graph.database, waiting)
    delete_old(graph)
    assert waiting not in run_ids(graph)


def test_runs_of_another_database_are_its_own_to_delete(graph: Graph) -> None:
    run_id = graph.plan_and_record(SECOND)
    graph.plan_and_record(SECOND)
    graph.instance.add_run_tags(run_id, {".dagster/weekly_plan/database": "another"})
    make_old(graph)
    delete_old(graph)
    assert run_id in run_ids(graph)


@pytest.mark.parametrize("graph", ["sqlite"], indirect=True)
def test_nothing_is_deleted_until_somebody_says_how_old(graph: Graph) -> None:
    with pytest.raises(ValueError, match="older_than_days"):
        delete_old(graph, older_than_days=None)
    with pytest.raises((DagsterInvalidConfigError, ValueError)):
        delete_old(graph, older_than_days=3)
    assert [one.name for one in build_defs(Settings()).get_repository_def().schedule_defs] == [
        "close_week_on_monday",
        "plan_on_sunday_evening",
        "reconcile_every_day",
    ]


def test_the_schedule_is_there_and_on_where_the_setting_is() -> None:
    repository = build_defs(Settings(history_days=365)).get_repository_def()
    status = repository.get_schedule_def("delete_old_history_every_month").default_status
    assert status is DefaultScheduleStatus.RUNNING
