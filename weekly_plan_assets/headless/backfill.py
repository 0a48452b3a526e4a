"""A backfill without the UI: metrics in ranged runs, plans one week a run, weeks side by side.

Each week is a Dagster run of its own in a worker process that stays warm, so that a week fails
alone. What a single run does is in `local_runner`; what is shown of it in `cli`.
"""

import gc
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import TypeAlias

from dagster import DagsterInstance

from weekly_plan_assets.common.child_process import worker_pool
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.headless.local_runner import LocalRunner
from weekly_plan_assets.lineage.records.records import RunEvent
from weekly_plan_assets.runs.code_location import MAKE_PLAN
from weekly_plan_assets.runs.instance import open_instance
from weekly_plan_assets.settings import load_settings

WeekEvent: TypeAlias = tuple[TrainingWeek, RunEvent]


class WorkerLostError(WeeklyPlanError, RuntimeError):
    """A worker process died; which weeks were not finished is in the message."""


def workers_for(instance: DagsterInstance, weeks: int, cores: int) -> int:
    """How many weeks run side by side: no more than `dagster.yaml` allows, cores or weeks."""
    runs = instance.get_concurrency_config().run_queue_config
    allowed = runs.max_concurrent_runs if runs else cores
    return max(1, min(cores, weeks, allowed if allowed > 0 else cores))


def plan_weeks(weeks: Sequence[TrainingWeek], workers: int) -> Iterator[WeekEvent]:
    """Plan from each of `weeks`, whose metrics are stored; gives each event as its run ends.

    Raises:
        WorkerLostError: A worker was killed.
        KeyboardInterrupt: It was interrupted; the weeks under way are recorded as such.
    """
    waiting = iter(weeks)
    with worker_pool(workers, _warm_up) as pool:
        # No more than there are workers, so that nothing begins after an interruption.
        with _ignored_by_children():
            running = {pool.submit(_plan, week): week for week in islice(waiting, workers)}
        while running:
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                week = running.pop(future)
                yield week, _event_of(future, [week, *running.values()])
                running.update({pool.submit(_plan, next_): next_ for next_ in islice(waiting, 1)})


def _event_of(future: Future[RunEvent], unfinished: Sequence[TrainingWeek]) -> RunEvent:
    try:
        return future.result()
    except BrokenProcessPool as error:
        names = ", ".join(sorted(week.key for week in unfinished))
        raise WorkerLostError(
            f"a worker process was killed while it planned from one of the weeks {names}; "
            "run the backfill again to go on"
        ) from error


_open = ExitStack()
"""What a worker process keeps open from week to week, until it ends."""

_warm: list[LocalRunner] = []
"""The one that a worker process plans with."""


def _warm_up() -> None:
    _warm.append(LocalRunner.of(load_settings(), _open.enter_context(open_instance())))
    gc.freeze()  # what is loaded stays: the collector need not look through it in every week


def _plan(week: TrainingWeek) -> RunEvent:
    """Plan in a worker. A Ctrl-C interrupts it in a week only; between two, the parent ends it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return _warm[0].plan(week, MAKE_PLAN)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _ignored_by_children() -> Iterator[None]:
    """Processes that are started meanwhile ignore a Ctrl-C from their first moment on."""
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
