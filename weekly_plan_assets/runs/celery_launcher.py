"""Runs as tasks of Celery, for several machines; the extra `celery` has what it needs.

`deploy/servers/dagster.yaml` names the launcher, and `celery_worker` is what the workers run. It is
dagster-celery's but for what happens to a run whose worker is gone. Its launcher asks the result
backend, which holds what a worker said last; a worker that was killed says nothing any more, so
the run would be under way for ever. This one asks the workers.
"""

from time import monotonic
from typing import Any

from celery.result import AsyncResult
from celery.states import READY_STATES, STARTED
from dagster import DagsterRun
from dagster_celery.launcher import CeleryRunLauncher
from dagster_celery.tags import DAGSTER_CELERY_TASK_ID_TAG

from weekly_plan_assets.runs.dagster_private import CheckRunHealthResult, WorkerStatus
from weekly_plan_assets.runs.launcher import LOST, has_ended, worker_is_gone

ENDED_WITHOUT = "the Celery task of this run ended, and the run did not"

PATIENCE_S = 15.0
"""How long no worker may hold a run before it is lost: after a restart of Redis, workers need some
seconds to come back. Run monitoring asks every ten seconds."""

_ANSWER_S = 2.0
"""How long the workers have to answer; they do from a process that executes no runs."""


class HealthCheckedCeleryLauncher(CeleryRunLauncher):
    """The launcher of dagster-celery, which also knows whether a worker still has a run."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._not_held_since_s: dict[str, float] = {}

    def terminate(self, run_id: str) -> bool:
        """End the process of a run; run monitoring marks it as canceled."""
        run = self._instance.get_run_by_id(run_id)
        if run is None or DAGSTER_CELERY_TASK_ID_TAG not in run.tags:
            return False
        self._instance.report_run_canceling(run)
        return bool(super().terminate(run_id))

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Failed where no worker has the run, or its task ended before it; else running.

        Raises:
            OperationalError: The broker does not answer; nothing is known of the run.
        """
        if DAGSTER_CELERY_TASK_ID_TAG not in run.tags:  # the tag comes after the task
            return self._lost(run) if worker_is_gone(self._instance, run) else _RUNNING
        task = self.celery.AsyncResult(run.tags[DAGSTER_CELERY_TASK_ID_TAG])
        held = task.state not in READY_STATES and self._is_held(task)
        if held:
            self._not_held_since_s.pop(run.run_id, None)
            return _RUNNING
        # It may have ended while the workers were asked.
        if task.state in READY_STATES:
            return self._ended(run, ENDED_WITHOUT)
        since_s = self._not_held_since_s.setdefault(run.run_id, monotonic())
        return self._lost(run) if monotonic() - since_s >= PATIENCE_S else _RUNNING

    def _lost(self, run: DagsterRun) -> CheckRunHealthResult:
        return self._ended(run, LOST)

    def _ended(self, run: DagsterRun, without_end: str) -> CheckRunHealthResult:
        self._not_held_since_s.pop(run.run_id, None)
        if has_ended(self._instance, run.run_id):
            return CheckRunHealthResult(WorkerStatus.SUCCESS)
        return CheckRunHealthResult(WorkerStatus.FAILED, without_end)

    def _is_held(self, task: AsyncResult) -> bool:
        """Whether a worker has the task; first the one is asked that began it."""
        began = task.info if task.state == STARTED else None
        hostname = began.get("hostname") if isinstance(began, dict) else None
        return (hostname is not None and self._answers(task.id, [hostname])) or self._answers(
            task.id
        )

    def _answers(self, task_id: str, workers: list[str] | None = None) -> bool:
        """Whether one of these workers has the task; one that is named is not waited for longer."""
        asked = self.celery.control.inspect(timeout=_ANSWER_S, destination=workers)
        answers: dict[str, dict[str, Any]] | None = asked.query_task(task_id)
        return any(task_id in held for held in (answers or {}).values())


_RUNNING = CheckRunHealthResult(WorkerStatus.RUNNING)
