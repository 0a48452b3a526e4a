"""`weekly-plan dev` whose history is in PostgreSQL, and a server that is started again under it."""

from pathlib import Path

import pytest

from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets_tests.faults.dev_process import Dev, running_dev
from weekly_plan_assets_tests.faults.scene import WEEK, Scene
from weekly_plan_assets_tests.support.dagster_ui import wait_for
from weekly_plan_assets_tests.support.own_postgres import own_postgres

pytestmark = [pytest.mark.faults, pytest.mark.timeout(420)]

OPEN = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
MOST_OPEN = 20
"""Of the UI, the daemon and the code server together; PostgreSQL allows 100."""


def planned(dev: Dev) -> None:
    """Launch a run in the UI, and wait until the sensor has written its event."""
    run_id = dev.ui.materialize("weekly_plan", WEEK)
    wait_for(
        lambda: run_id in {event["dagsterRunId"] for event in dev.scene.events()},
        f"the event of {run_id}",
        180,
    )
    (event,) = [event for event in dev.scene.events() if event["dagsterRunId"] == run_id]
    assert event["status"] == "success"


def test_runs_of_the_ui_go_on_when_the_server_was_started_again(
    embedded: Scene, tmp_path: Path
) -> None:
    with own_postgres() as postgres:
        home = {"DAGSTER_HOME": str(PROJECT_ROOT / "deploy" / "machine")}
        embedded.terminal.environment |= postgres.environment | home
        with running_dev(embedded, tmp_path / "dev.out") as dev:
            planned(dev)
            ((connections,),) = postgres.query(OPEN)
            assert isinstance(connections, int)
            assert connections <= MOST_OPEN
            postgres.stop()
            postgres.start()
            planned(dev)
            assert dev.stop() == 0
