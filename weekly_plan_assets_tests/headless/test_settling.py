"""What a command finishes of earlier runs before it begins its own."""

import subprocess
import sys
from pathlib import Path

import pytest
from dagster import DagsterRunStatus
from dagster._core.events import EngineEventData

from weekly_plan_assets.common.process_identity import this_machine
from weekly_plan_assets.defs.partitions import weekly_partitions
from weekly_plan_assets.headless.local_runner import LocalRunner
from weekly_plan_assets.runs.launcher import LOST
from weekly_plan_assets.runs.tags import MACHINE_TAG
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.sources.opening import open_source
from weekly_plan_assets_tests.support.graph import Graph

WEEK = "2024-01-08"


@pytest.fixture
def runner(graph: Graph, tmp_path: Path) -> LocalRunner:
    settings = Settings(state_dir=tmp_path)
    return LocalRunner(
        settings=settings,
        weeks=weekly_partitions(settings),
        instance=graph.instance,
        definitions=graph.definitions(),
        database=graph.database,
        source=open_source(settings, settings.today()),
        lock_folder=tmp_path / "locks",
    )


def test_a_run_of_the_ui_whose_process_is_gone_is_settled_by_a_command(
    graph: Graph, runner: LocalRunner
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    run = graph.instance.create_run_for_job(
        job_def=graph.definitions().resolve_job_def("weekly_plan"),
        tags={"dagster/partition": WEEK, MACHINE_TAG: this_machine()},
        status=DagsterRunStatus.STARTED,
    )
    graph.instance.report_engine_event("started", run, EngineEventData.in_process(ended.pid))
    assert runner.settle_earlier_runs() == 1
    (event,) = graph.documents("run_events")
    assert (event["dagsterRunId"], event["errors"]) == (run.run_id, [LOST])
    assert runner.settle_earlier_runs() == 0
