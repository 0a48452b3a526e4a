"""Whether a worker still has a run, asked of a real Redis: what the result backend cannot say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from celery.exceptions import OperationalError as CeleryOperationalError
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, job, op
from dagster_celery.tags import DAGSTER_CELERY_TASK_ID_TAG
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError

from weekly_plan_assets.runs import celery_launcher
from weekly_plan_assets.runs.celery_launcher import ENDED_WITHOUT, HealthCheckedCeleryLauncher
from weekly_plan_assets.runs.dagster_private import WorkerStatus
from weekly_plan_assets.runs.launcher import LOST
from weekly_plan_assets_tests.support.own_redis import OwnRedis, own_redis

pytestmark = pytest.mark.distributed


@op
def nothing() -> None:
    """Does nothing."""


@job
def empty() -> None:
    nothing()


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnRedis]:
    with own_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    with DagsterInstance.ephemeral() as opened:
        yield opened


def launcher_of(instance: DagsterInstance, url: str) -> HealthCheckedCeleryLauncher:
    launcher = HealthCheckedCeleryLauncher(default_queue="dagster", broker=url, backend=url)
    launcher.register_instance(instance)
    return launcher


@pytest.fixture
def launcher(instance: DagsterInstance, redis: OwnRedis) -> HealthCheckedCeleryLauncher:
    return launcher_of(instance, redis.url)


@pytest.fixture
def started(instance: DagsterInstance) -> DagsterRun:
    tags = {DAGSTER_CELERY_TASK_ID_TAG: "a-task"}
    return instance.create_run_for_job(empty, status=DagsterRunStatus.STARTED, tags=tags)


def test_a_run_that_no_worker_has_is_lost_after_some_patience(
    launcher: HealthCheckedCeleryLauncher, started: DagsterRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert launcher.check_run_worker_health(started).status is WorkerStatus.RUNNING
    monkeypatch.setattr(celery_launcher, "PATIENCE_S", 0.0)
    found = launcher.check_run_worker_health(started)
    assert (found.status, found.msg) == (WorkerStatus.FAILED, LOST)


def test_a_run_whose_task_ended_before_it_is_failed(
    launcher: HealthCheckedCeleryLauncher, started: DagsterRun
) -> None:
    ends = {"SUCCESS": 0, "FAILURE": RuntimeError("killed"), "REVOKED": RuntimeError("revoked")}
    for state, result in ends.items():
        launcher.celery.backend.store_result("a-task", result, state)
        found = launcher.check_run_worker_health(started)
        assert (found.status, found.msg) == (WorkerStatus.FAILED, ENDED_WITHOUT)
        launcher.celery.backend.forget("a-task")


def test_a_run_that_ended_is_never_failed(
    launcher: HealthCheckedCeleryLauncher,
    started: DagsterRun,
    instance: DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(celery_launcher, "PATIENCE_S", 0.0)
    instance.report_run_failed(started)
    assert launcher.check_run_worker_health(started).status is WorkerStatus.SUCCESS


def test_a_run_is_left_alone_until_it_is_known_by_which_task(
    launcher: HealthCheckedCeleryLauncher,
    instance: DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(celery_launcher, "PATIENCE_S", 0.0)
    untagged = instance.create_run_for_job(empty, status=DagsterRunStatus.STARTED)
    assert launcher.check_run_worker_health(untagged).status is WorkerStatus.RUNNING
    assert not launcher.terminate(untagged.run_id)


def test_nothing_is_said_of_a_run_while_redis_is_away(
    instance: DagsterInstance, started: DagsterRun, tmp_path: Path
) -> None:
    with own_redis(tmp_path) as redis:
        launcher = launcher_of(instance, redis.url)
        launcher.check_run_worker_health(started)
        redis.stop()
        with pytest.raises((OperationalError, CeleryOperationalError, RedisConnectionError)):
            launcher.check_run_worker_health(started)
