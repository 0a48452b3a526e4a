"""The check that repairs what the sensor and the command line have missed."""

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import psutil
import pytest
from dagster import (
    AssetCheckEvaluation,
    AssetCheckSeverity,
    DagsterRun,
    DagsterRunStatus,
    MetadataValue,
    RunsFilter,
)
from dagster._core.events import EngineEventData
from sqlalchemy import text

from weekly_plan_assets.common.process_identity import ProcessIdentity, this_machine
from weekly_plan_assets.defs.checks import reconciliation
from weekly_plan_assets.defs.checks.reconciliation import Repairs, reconcile
from weekly_plan_assets.runs import last_look, reconciling
from weekly_plan_assets.runs.code_location import CLOSE_WEEK, MAKE_PLAN, RECONCILE_RUNS, WEEKLY_PLAN
from weekly_plan_assets.runs.events import record_run_events
from weekly_plan_assets.runs.last_look import LastLook, remember_look
from weekly_plan_assets.runs.launcher import LOST
from weekly_plan_assets.runs.tags import BOOT_TAG, MACHINE_TAG, PROCESS_METADATA, PROCESS_TAG
from weekly_plan_assets_tests.support.graph import Graph, activity, write_export

WEEK = "2024-01-08"
ENDED_PID = subprocess.Popen([sys.executable, "-c", ""])
ENDED_PID.wait()


@pytest.fixture
def graph(graph: Graph) -> Graph:
    write_export(graph.export_dir, [activity("1", "2024-01-09T07:00:00")], [])
    return graph


def check_of(graph: Graph) -> AssetCheckEvaluation:
    job = graph.definitions().resolve_job_def(RECONCILE_RUNS)
    (check,) = job.execute_in_process(instance=graph.instance).get_asset_check_evaluations()
    assert (check.check_name, check.partition) == ("every_ended_run_has_its_event", None)
    return check


def run_under_way(
    graph: Graph,
    pid: int,
    machine: str,
    status: DagsterRunStatus = DagsterRunStatus.STARTED,
) -> DagsterRun:
    job = graph.definitions().resolve_job_def("weekly_plan")
    run = graph.instance.create_run_for_job(
        job_def=job,
        tags={"dagster/partition": WEEK, MACHINE_TAG: machine},
        status=status,
    )
    graph.instance.report_engine_event("started", run, EngineEventData.in_process(pid))
    return run


def range_of(first: str, last: str) -> dict[str, str]:
    return {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}


def status_of(graph: Graph, run: DagsterRun) -> DagsterRunStatus:
    found = graph.instance.get_run_by_id(run.run_id)
    assert found is not None
    return found.status


def test_a_run_that_nobody_told_of_gets_its_event_with_a_warning_and_only_once(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten = graph.plan(WEEK).run_id
    assert check_of(graph).passed, "whoever ran it a moment ago may be about to tell"
    monkeypatch.setattr(reconciliation, "_PATIENCE", timedelta())
    check = check_of(graph)
    assert not check.passed
    assert check.severity is AssetCheckSeverity.WARN
    assert forgotten in str(check.description)
    (event,) = graph.documents("run_events")
    assert (event["dagsterRunId"], event["status"]) == (forgotten, "success")
    assert check_of(graph).passed
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == Repairs()


def test_a_run_that_goes_on_with_an_earlier_execution_is_told_under_its_run_id(
    graph: Graph,
) -> None:
    first = graph.plan_and_record(WEEK)
    second = graph.plan(WEEK, ["plan"]).run_id
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == Repairs(
        recorded=[second]
    )
    (event,) = graph.documents("run_events")
    assert (event["runId"], event["dagsterRunId"]) == (f"{first}:{WEEK}", second)
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == Repairs()


def test_a_run_that_was_taken_for_lost_and_ended_later_is_told_of_again(graph: Graph) -> None:
    run_id = graph.plan_and_record(WEEK)
    taken_for_lost = {"dagsterStatus": "FAILURE", "status": "failure"}
    earlier = datetime.now(UTC) - timedelta(hours=1)
    graph.database["run_events"].update_one({}, {"$set": {**taken_for_lost, "endedAt": earlier}})
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == Repairs(
        recorded=[run_id]
    )
    (event,) = graph.documents("run_events")
    assert (event["status"], event["dagsterStatus"]) == ("success", "SUCCESS")


def test_runs_that_were_not_to_publish_a_plan_are_not_missed(graph: Graph) -> None:
    graph.metrics(WEEK, WEEK)
    graph.plan(WEEK, ["planning_inputs"])
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == Repairs()


def test_runs_of_long_ago_are_left_alone_because_their_events_may_have_expired(
    graph: Graph,
) -> None:
    graph.plan(WEEK)
    later = datetime.now(UTC) + timedelta(days=15)
    assert reconcile(graph.instance, graph.database, later) == Repairs()


def test_a_run_whose_process_is_gone_is_marked_as_failed_and_told_of(graph: Graph) -> None:
    run = run_under_way(graph, ENDED_PID.pid, this_machine())
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == Repairs(
        failed=[run.run_id]
    )
    assert status_of(graph, run) is DagsterRunStatus.FAILURE
    (event,) = graph.documents("run_events")
    assert (event["status"], event["errors"]) == ("failure", [LOST])


@pytest.mark.parametrize(
    ("pid", "machine"),
    [(os.getpid(), this_machine()), (ENDED_PID.pid, "another machine")],
    ids=["alive", "elsewhere"],
)
def test_a_run_is_left_alone_whose_process_lives_or_cannot_be_seen(
    graph: Graph, pid: int, machine: str
) -> None:
    run = run_under_way(graph, pid, machine)
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == Repairs()
    assert status_of(graph, run) is DagsterRunStatus.STARTED


def executed_by(process: ProcessIdentity) -> EngineEventData:
    """What a run records of its process as it begins."""
    return EngineEventData(metadata={PROCESS_METADATA: MetadataValue.text(process.text())})


def test_a_living_run_is_left_alone_when_the_clock_is_set(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_under_way(graph, os.getpid(), this_machine())
    create_time, boot_time = psutil.Process.create_time, psutil.boot_time
    monkeypatch.setattr(psutil.Process, "create_time", lambda self: create_time(self) + 3600)
    monkeypatch.setattr(psutil, "boot_time", lambda: boot_time() + 3600)
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == Repairs()
    this = ProcessIdentity.current()
    graph.instance.report_engine_event("it is me", run, executed_by(this))
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == Repairs()
    assert status_of(graph, run) is DagsterRunStatus.STARTED


def test_a_run_is_marked_as_failed_whose_number_another_process_has(graph: Graph) -> None:
    run = run_under_way(graph, os.getpid(), this_machine())
    this = ProcessIdentity.current()
    ended = ProcessIdentity(machine=this.machine, pid=this.pid, start=f"{this.start}0")
    graph.instance.report_engine_event("it was", run, executed_by(ended))
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)).failed == [run.run_id]


def test_a_run_from_before_the_machine_was_started_is_marked_as_failed(graph: Graph) -> None:
    run = run_under_way(graph, os.getpid(), this_machine())
    graph.instance.add_run_tags(run.run_id, {BOOT_TAG: "an earlier one"})
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)).failed == [run.run_id]


def test_a_repetition_is_not_judged_by_the_process_of_the_run_that_it_repeats(
    graph: Graph,
) -> None:
    run = run_under_way(graph, os.getpid(), this_machine())
    ended = ProcessIdentity(machine=this_machine(), pid=ENDED_PID.pid, start="any")
    taken_over = {PROCESS_TAG: f"the run that it repeats {ended.text()}"}
    graph.instance.add_run_tags(run.run_id, taken_over)
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == Repairs()


@pytest.mark.parametrize("runs_on", ["in the log alone", "marked as failed since"])
def test_a_run_that_succeeded_is_given_back_its_end(graph: Graph, runs_on: str) -> None:
    """Killed between the two places where Dagster keeps an end, or taken for dead by mistake."""
    run_id = graph.plan(WEEK).run_id
    run = graph.instance.get_run_by_id(run_id)
    assert run is not None
    if runs_on == "in the log alone":
        set_status(graph, run_id, DagsterRunStatus.STARTED)
        ended = ProcessIdentity(machine=this_machine(), pid=ENDED_PID.pid, start="any")
        graph.instance.report_engine_event("it was", run, executed_by(ended))
    else:
        graph.instance.report_run_failed(run, LOST)
        record_run_events(graph.instance, graph.database, run_id)
        set_status(graph, run_id, DagsterRunStatus.FAILURE)
    repairs = reconcile(graph.instance, graph.database, datetime.now(UTC))
    assert repairs.failed == []
    assert status_of(graph, run) is DagsterRunStatus.SUCCESS
    (event,) = graph.documents("run_events")
    assert (event["status"], event["dagsterStatus"]) == ("success", "SUCCESS")
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == Repairs()


def set_status(graph: Graph, run_id: str, status: DagsterRunStatus) -> None:
    with graph.instance.run_storage.connect() as connection:  # type: ignore[attr-defined]
        connection.execute(
            text("UPDATE runs SET status = :status WHERE run_id = :run_id"),
            {"status": status.value, "run_id": run_id},
        )


def test_an_event_that_is_refused_is_named_and_written_when_it_is_taken(graph: Graph) -> None:
    refuse_failures(graph)
    good = graph.plan(WEEK).run_id
    bad = run_under_way(graph, ENDED_PID.pid, this_machine())
    repairs = reconcile(graph.instance, graph.database, datetime.now(UTC))
    assert (repairs.failed, repairs.recorded) == ([bad.run_id], [good])
    assert "Document failed validation" in repairs.refused[bad.run_id]
    assert bad.run_id in repairs.description
    graph.database.command("collMod", "run_events", validator={})
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)).recorded == [bad.run_id]


def refuse_failures(graph: Graph) -> None:
    graph.database.create_collection("run_events", validator={"status": {"$ne": "failure"}})


@pytest.mark.parametrize(
    "tags",
    [
        {"dagster/partition": "2024-03-12"},
        {"dagster/partition": "last week"},
        {"dagster/partition": "9999-12-27"},
        {"dagster/partition": ""},
        range_of("2024-01-15", "2024-01-08"),
        range_of("1024-01-01", "2024-01-08"),
        range_of("2024-01-08", "soon"),
        {"dagster/asset_partition_range_start": "2024-01-08"},
    ],
    ids=str,
)
def test_a_run_without_a_training_week_has_no_event_and_is_in_nobodys_way(
    graph: Graph, tags: dict[str, str]
) -> None:
    job = graph.definitions().resolve_job_def("weekly_plan")
    odd = graph.instance.create_run_for_job(job_def=job)
    graph.instance.add_run_tags(odd.run_id, tags)
    graph.instance.report_run_failed(odd, "there is no such partition")
    run_id = graph.plan(WEEK).run_id
    repairs = reconcile(graph.instance, graph.database, datetime.now(UTC))
    assert repairs == Repairs(recorded=[run_id])


def test_a_run_that_ended_while_the_clock_was_ahead_is_not_left_out(graph: Graph) -> None:
    run_id = graph.plan(WEEK).run_id
    before_it_ended = datetime.now(UTC) - timedelta(days=1)
    assert reconcile(graph.instance, graph.database, before_it_ended).recorded == [run_id]


@pytest.mark.parametrize("announced", [0, 1])
def test_a_run_killed_while_dagster_announced_what_it_was_to_make_is_told_of(
    graph: Graph, announced: int
) -> None:
    run = run_under_way(graph, ENDED_PID.pid, this_machine(), DagsterRunStatus.NOT_STARTED)
    events = graph.instance.all_logs(run.run_id)
    graph.instance.event_log_storage.delete_events(run.run_id)
    for logged in events[:announced]:
        graph.instance.event_log_storage.store_event(logged)
    graph.instance.report_run_failed(run, LOST)
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == Repairs(
        recorded=[run.run_id]
    )
    (event,) = graph.documents("run_events")
    assert (event["runId"], event["errors"]) == (f"{run.run_id}:{WEEK}", [LOST])
    assert event["startedAt"] is None


def test_the_weekly_jobs_do_without_it_and_its_own_job_does_nothing_else(graph: Graph) -> None:
    definitions = graph.definitions()
    step = "plan_every_ended_run_has_its_event"
    steps = {
        job: {node.name for node in definitions.resolve_job_def(job).nodes}
        for job in (WEEKLY_PLAN, MAKE_PLAN, CLOSE_WEEK, RECONCILE_RUNS)
    }
    assert steps.pop(RECONCILE_RUNS) == {step}
    assert not any(step in names for names in steps.values())


def looked_at(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The runs that the check reads."""
    seen: list[str] = []
    get_run_ids = graph.instance.get_run_ids

    def watching(filters: RunsFilter) -> Sequence[str]:
        found = get_run_ids(filters)
        seen.extend(found)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(graph.instance, "get_run_ids", watching)
        check_of(graph)
    return seen


def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is given time to record a run, and all clocks are the same."""
    monkeypatch.setattr(reconciliation, "_PATIENCE", timedelta())
    monkeypatch.setattr(last_look, "_OVERLAP", timedelta())


def test_each_look_begins_where_the_last_one_ended(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once(monkeypatch)
    earlier = [graph.plan_and_record(WEEK) for _ in range(3)]
    assert set(earlier) <= set(looked_at(graph, monkeypatch)), "the first look goes back two weeks"
    later = graph.plan(WEEK).run_id
    seen = looked_at(graph, monkeypatch)
    assert later in seen
    assert not set(earlier) & set(seen)
    assert later in {event["dagsterRunId"] for event in graph.documents("run_events")}


def test_a_run_that_was_refused_is_looked_at_until_it_is_taken(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once(monkeypatch)
    refuse_failures(graph)
    bad = run_under_way(graph, ENDED_PID.pid, this_machine())
    for _ in range(2):
        check = check_of(graph)
        assert not check.passed
        assert "Document failed validation" in str(check.description)
    graph.database.command("collMod", "run_events", validator={})
    assert f"events of: {bad.run_id}" in str(check_of(graph).description)
    assert check_of(graph).passed


def test_a_store_that_was_restored_gets_what_it_lacks(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once(monkeypatch)
    lost = [graph.plan_and_record(WEEK) for _ in range(2)]
    assert check_of(graph).passed
    graph.database["run_events"].delete_many({})
    assert not check_of(graph).passed
    assert {event["dagsterRunId"] for event in graph.documents("run_events")} == set(lost)


def test_a_look_by_a_clock_that_was_ahead_hides_nothing(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once(monkeypatch)
    remember_look(graph.instance, graph.database, datetime.now(UTC) + timedelta(days=400), ())
    run_id = graph.plan(WEEK).run_id
    assert run_id in str(check_of(graph).description)


def test_a_look_is_remembered_for_each_database_and_one_of_another_version_is_none(
    graph: Graph,
) -> None:
    now = datetime.now(UTC)
    remember_look(graph.instance, graph.database, now, ())
    other = graph.database.client["other"]
    assert LastLook.at(graph.instance, other) == LastLook()
    assert LastLook.at(graph.instance, graph.database).since(now) > now - timedelta(days=1)
    assert LastLook().since(now) == now - reconciling.LOOKED_BACK
    (key,) = [f"weekly_plan_assets/reconciliation/last_look/{graph.database.name}"]
    graph.instance.daemon_cursor_storage.set_cursor_values({key: "[]"})
    assert LastLook.at(graph.instance, graph.database) == LastLook()
