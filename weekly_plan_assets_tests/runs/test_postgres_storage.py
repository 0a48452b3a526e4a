"""Dagster's history in PostgreSQL: a real server, the commands, and how many connections they make.

The server is `deploy/servers/dagster.yaml`'s, so that file is what is tested.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter
from dagster._core.definitions.run_request import InstigatorType
from sqlalchemy import text

from weekly_plan_assets.runs.instance import open_instance
from weekly_plan_assets.runs.postgres_storage import with_driver
from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets_tests.conftest import sample_athlete
from weekly_plan_assets_tests.support.own_postgres import OwnPostgres, own_postgres
from weekly_plan_assets_tests.support.terminal import Terminal

HOME = PROJECT_ROOT / "deploy" / "machine"
WEEK = "2026-10-12"
FEW = 4
"""Connections that a command may make; dagster-postgres by itself makes some 270 for a week."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def postgres() -> Iterator[OwnPostgres]:
    with own_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def planned(
    postgres: OwnPostgres, mongo_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Terminal]:
    """The sample athlete with a plan, whose history is in PostgreSQL."""
    with sample_athlete(mongo_url, tmp_path_factory.mktemp("planned") / "state") as terminal:
        terminal.environment |= postgres.environment | {"DAGSTER_HOME": str(HOME)}
        done = terminal.run("run", "--week", WEEK)
        assert done.returncode == 0, done.stderr
        yield terminal


@pytest.fixture
def instance(
    planned: Terminal, postgres: OwnPostgres, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DagsterInstance]:
    for name in ("DAGSTER_HOME", "WEEKLY_PLAN_STATE_DIR", *postgres.environment):
        monkeypatch.setenv(name, planned.environment[name])
    with open_instance() as opened:
        yield opened


def test_a_command_makes_a_handful_of_connections(planned: Terminal, postgres: OwnPostgres) -> None:
    before = postgres.connections
    done = planned.run("run", "--week", WEEK)
    assert done.returncode == 0, done.stderr
    assert 0 < postgres.connections - before <= FEW


def test_a_backfill_shares_the_history_between_its_processes(
    planned: Terminal, postgres: OwnPostgres
) -> None:
    before = postgres.connections
    done = planned.run("backfill", "--from", "2026-09-28", "--to", "2026-10-05", "--plans")
    assert done.returncode == 0, done.stderr
    assert 0 < postgres.connections - before <= 3 * FEW
    (runs,) = postgres.query("SELECT count(*) FROM runs WHERE status <> 'SUCCESS'")
    assert runs == (0,)


def test_nothing_of_the_history_is_in_the_state_folder(planned: Terminal) -> None:
    state = Path(planned.environment["WEEKLY_PLAN_STATE_DIR"])
    assert list(state.rglob("runs.db")) == []


def test_a_server_that_was_started_again_is_not_noticed(
    instance: DagsterInstance, postgres: OwnPostgres
) -> None:
    known = instance.get_runs_count()
    postgres.stop()
    postgres.start()
    assert instance.get_runs_count() == known
    assert instance.all_logs(instance.get_runs(limit=1)[0].run_id)


def test_all_storages_share_one_pool_that_is_closed_with_the_instance(
    instance: DagsterInstance, postgres: OwnPostgres
) -> None:
    storages = (
        instance.run_storage,
        instance.event_log_storage,
        instance.daemon_cursor_storage,
        instance.schedule_storage,
    )
    engines = {id(one._engine) for one in storages}  # type: ignore[union-attr]
    assert len(engines) == 1
    before = postgres.connections
    for _ in range(20):
        instance.get_runs_count()
        instance.get_asset_keys()
        instance.all_instigator_state(instigator_type=InstigatorType.SENSOR)
    assert postgres.connections - before <= 1
    instance.dispose()
    assert instance.run_storage._engine.pool.checkedin() == 0  # type: ignore[attr-defined]


def test_doctor_looks_at_the_server_and_repairs_no_files(planned: Terminal) -> None:
    found = planned.run("doctor", "--repair", "--deep")
    assert "--repair mends only files in the state folder" in found.stderr
    assert f"the storage of {HOME / 'dagster.yaml'} answers" in found.stdout
    assert "every run of the last two weeks that ended has its own" in found.stdout
    assert found.returncode == 0, found.stdout


def test_a_server_that_is_away_or_a_wrong_password_is_one_sentence(
    planned: Terminal, postgres: OwnPostgres
) -> None:
    del postgres
    wrong = planned.run("run", DAGSTER_POSTGRES_PASSWORD="guessed")  # noqa: S106
    assert wrong.returncode == 1
    assert "Dagster's history does not answer" in wrong.stderr
    assert "Traceback" not in wrong.stderr
    assert "guessed" not in wrong.stderr
    unset = planned.run("run", DAGSTER_POSTGRES_PORT="")
    assert "dagster.yaml, which DAGSTER_HOME names, is refused" in unset.stderr


def test_a_run_is_deleted_with_all_it_left(instance: DagsterInstance, planned: Terminal) -> None:
    done = planned.run("run", "--week", "2026-09-21")
    assert done.returncode == 0, done.stderr
    (run,) = instance.get_runs(
        RunsFilter(job_name="weekly_plan", statuses=[DagsterRunStatus.SUCCESS]), limit=1
    )
    instance.delete_run(run.run_id)
    with instance.event_log_storage.index_connection() as connection:  # type: ignore[attr-defined]
        for table in ("event_logs", "asset_check_executions", "run_tags", "runs"):
            left = connection.execute(
                text(f"SELECT count(*) FROM {table} WHERE run_id = :run_id"),  # noqa: S608
                {"run_id": run.run_id},
            )
            assert left.scalar_one() == 0, table
        named = connection.execute(
            text("SELECT count(*) FROM asset_keys WHERE last_materialization LIKE :run_id"),
            {"run_id": f"%{run.run_id}%"},
        )
        assert named.scalar_one() == 0


def test_forget_deletes_the_history_and_says_what_it_cannot_see(
    mongo_url: str, postgres: OwnPostgres, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(HOME, home)
    with sample_athlete(mongo_url, tmp_path / "state") as terminal:
        terminal.environment |= postgres.environment | {"DAGSTER_HOME": str(home)}
        assert terminal.run("run", "--week", "2026-08-31").returncode == 0
        database = terminal.environment["MONGO_DATABASE"]
        tagged = f"SELECT run_id FROM run_tags WHERE value = '{database}'"  # noqa: S608
        assert postgres.query(tagged)
        done = terminal.run("forget", "--yes")
        assert done.returncode == 0, done.stderr
        assert "stop the UI, the daemon and the workers on all machines first" in done.stderr


def test_the_driver_is_the_one_that_dagster_postgres_brings() -> None:
    assert with_driver("postgresql://a@b/c") == "postgresql+psycopg2://a@b/c"
    assert with_driver("postgres://a@b/c") == "postgresql+psycopg2://a@b/c"
    assert with_driver("postgresql+pg8000://a@b/c") == "postgresql+pg8000://a@b/c"


def test_the_file_for_one_machine_differs_from_that_of_the_laptop_in_the_storage_alone() -> None:
    laptop, servers = (
        yaml.safe_load((folder / "dagster.yaml").read_text()) for folder in (PROJECT_ROOT, HOME)
    )
    assert laptop.pop("storage") != servers.pop("storage")
    assert laptop == servers
