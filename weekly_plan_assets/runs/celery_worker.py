"""What a Celery worker runs: `celery --app weekly_plan_assets.runs.celery_worker worker`.

Redis is broker and result backend: the results of brokers alone can be read once, by who sent the
task. A worker executes each run in a process of its pool, which has the code loaded already; it is
started again after a change of code or settings. Only workers import this module.
"""

import os

from celery.signals import worker_process_init
from dagster_celery.config import DEFAULT_CONFIG
from dagster_celery.make_app import make_app
from dagster_celery.tasks import create_execute_job_task

from weekly_plan_assets.common.child_process import end_with_parent
from weekly_plan_assets.runs.code_location import DEFINITIONS

REDIS_URL = "DAGSTER_CELERY_REDIS_URL"
"""The variable that `deploy/servers/dagster.yaml` names, too."""

CONFIG = {
    **DEFAULT_CONFIG,
    # A run waits in the broker, where any worker can take it, until a process is free.
    "worker_disable_prefetch": True,
    # A task is done once: a run that was begun is never begun again, but failed and launched again.
    "task_acks_late": False,
    "task_track_started": True,
    "broker_connection_retry_on_startup": True,
    # Against slow growth of memory; a new process takes over what its parent has loaded.
    "worker_max_tasks_per_child": 200,
}

app = make_app(
    {
        "broker": os.environ[REDIS_URL],
        "backend": os.environ[REDIS_URL],
        "include": [DEFINITIONS],
        "config_source": CONFIG,
    }
)
execute_job = create_execute_job_task(app)


@worker_process_init.connect
def _end_with_worker(**_: object) -> None:
    """End a process of the pool with its worker, or it would go on with a run given up as lost."""
    end_with_parent(os.getppid())
