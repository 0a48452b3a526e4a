"""Runs of the command line, as the pages of the UI find them."""

import pytest
import yaml
from dagster import DagsterRun, RunsFilter
from dagster._core.storage.tags import PARTITION_NAME_TAG, REPOSITORY_LABEL_TAG
from dagster._core.utils import make_new_run_id

from weekly_plan_assets.headless.local_execution import execute_here
from weekly_plan_assets.runs.code_location import DEFINITIONS, LOCATION, REPOSITORY, WEEKLY_PLAN
from weekly_plan_assets.runs.tags import ATHLETE_TAG, tags_of_this_process
from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets_tests.support.graph import Graph, activity, wellness_day, write_export

WEEK = "2024-01-08"


@pytest.fixture
def run(graph: Graph) -> DagsterRun:
    """A run of the weekly job, as `weekly-plan run` makes it."""
    write_export(
        graph.export_dir, [activity("1", "2024-01-09T07:00:00")], [wellness_day("2024-01-10")]
    )
    run_id = make_new_run_id()
    tags = {PARTITION_NAME_TAG: WEEK, **tags_of_this_process(run_id)}
    execute_here(graph.definitions().resolve_job_def(WEEKLY_PLAN), graph.instance, run_id, tags)
    found = graph.instance.get_run_by_id(run_id)
    assert found is not None
    return found


def test_a_run_stands_under_its_job_in_the_code_location(run: DagsterRun, graph: Graph) -> None:
    assert run.is_success
    label = {REPOSITORY_LABEL_TAG: f"{REPOSITORY}@{LOCATION}"}
    listed = graph.instance.get_runs(RunsFilter(job_name=WEEKLY_PLAN, tags=label))
    assert [one.run_id for one in listed] == [run.run_id]
    assert run.remote_job_origin is not None
    assert run.remote_job_origin.location_name == LOCATION


def test_a_run_is_tagged_with_its_athlete_and_week_and_hides_what_is_about_processes(
    run: DagsterRun,
) -> None:
    shown = {tag: value for tag, value in run.tags.items() if not tag.startswith(".")}
    assert shown[ATHLETE_TAG] == "i1"
    assert shown[PARTITION_NAME_TAG] == WEEK
    assert not [tag for tag in shown if "process" in tag or "machine" in tag or "boot" in tag]


def test_the_workspace_loads_what_the_runs_name() -> None:
    workspace = yaml.safe_load((PROJECT_ROOT / "workspace.yaml").read_text())
    (entry,) = workspace["load_from"]
    assert entry["python_module"] == {"module_name": DEFINITIONS, "location_name": LOCATION}
