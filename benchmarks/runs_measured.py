"""The figures of `benchmarks.runs`, on the sample athlete in the state folder in force."""

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

from dagster import DagsterInstance
from dagster._config.pythonic_config.resource import ConfigurableResourceFactory
from dagster._core.execution.plan import compute_generator
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)

from benchmarks.clocks import clocked
from benchmarks.empty_graph import JOB, empty_definitions
from benchmarks.figures import QUIET, Figure, medians, seconds
from benchmarks.runs import Sizes
from weekly_plan_assets.defs.io_manager import MongoIOManager
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.headless import runs_here as headless_runs
from weekly_plan_assets.headless.backfill import plan_weeks
from weekly_plan_assets.headless.local_runner import LocalRunner
from weekly_plan_assets.runs.code_location import CLOSE_WEEK, MAKE_PLAN, WEEKLY_PLAN
from weekly_plan_assets.runs.instance import open_instance
from weekly_plan_assets.settings import load_settings

LIMIT = 1.5
LIMIT_OF_IMPORT = 0.38

WHERE = {
    "functions of assets and checks": (compute_generator, "invoke_compute_fn"),
    "loading their inputs": (MongoIOManager, "load_input"),
    "storing what they return": (MongoIOManager, "handle_output"),
    "making their resources": (ConfigurableResourceFactory, "__init__"),
    "the run event": (headless_runs, "record_run_events"),
}
"""What a run of the project does and an empty one does not."""


def measure(sizes: Sizes) -> tuple[list[Figure], dict[str, Any]]:
    """Weekly runs, planned weeks alone and side by side, a range; and where a run's time goes."""
    settings = load_settings()
    last = TrainingWeek.latest_whole(settings.today())
    with open_instance() as instance:
        headless = LocalRunner.of(settings, instance)
        headless.materialize_metrics(headless.missing_weeks(last.next()))
        gc.freeze()  # as the commands do once all is imported
        weeks = [last.shift(-back) for back in range(sizes.weeks)]
        weekly = one_week(headless, "one weekly run", WEEKLY_PLAN, weeks)
        planned = one_week(headless, "one more planned week, 1 worker", MAKE_PLAN, weeks)
        ranged = one_more_in_a_range(headless, last, sizes)
        where_ms = where_a_run_spends(headless, weeks)
    together = side_by_side(last, planned, *sizes.planned)
    imported = Figure(
        f"{together.what}, beside import dagster",
        together.seconds,
        import_s(sizes.imports),
        LIMIT_OF_IMPORT,
    )
    where_ms["one weekly run"] = weekly[0].seconds * 1000
    rounded = [{"what": what, "ms": round(took_ms, 1)} for what, took_ms in where_ms.items()]
    return [*weekly, *planned, together, imported, ranged], {"a weekly run, clocked": rounded}


def one_week(
    headless: LocalRunner, what: str, job_name: str, weeks: Sequence[TrainingWeek]
) -> list[Figure]:
    """A run of one week against as many empty assets: of the same number, and of the same shape."""
    figures = []
    for shape, with_inputs in ((what, False), (f"{what}; floor with inputs", True)):
        empty = EmptyJob(headless.instance, job_name, with_inputs=with_inputs)
        own = [partial(headless.plan, week, job_name) for week in weeks]
        floor = [partial(empty.run, {PARTITION_NAME_TAG: week.key}) for week in weeks]
        own[0]()
        floor[0]()  # the first of each warms up
        took_s, floor_s = medians(own, floor)
        figures.append(Figure(shape, took_s, floor_s, None if with_inputs else LIMIT))
    return figures


def where_a_run_spends(headless: LocalRunner, weeks: Sequence[TrainingWeek]) -> dict[str, float]:
    """Milliseconds of a weekly run by what they went to; a mean."""
    with clocked(WHERE) as taken_s:
        for week in weeks:
            headless.plan(week)
    return {what: took_s / len(weeks) * 1000 for what, took_s in taken_s.items()}


def side_by_side(last: TrainingWeek, alone: Sequence[Figure], few: int, many: int) -> Figure:
    """One more planned week with as many workers as there are cores, once they are warm."""
    workers = os.cpu_count() or 1
    weeks = [last.shift(-back) for back in range(many)]
    ended = [perf_counter() for _ in plan_weeks(weeks, workers)]
    each_s = (ended[-1] - ended[few]) / (many - 1 - few)
    return Figure(f"one more planned week, {workers} workers", each_s, alone[0].floor_s, LIMIT)


def import_s(times: int) -> float:
    """Seconds of `import dagster` in a Python of its own."""
    command = (sys.executable, "-c", "import dagster")
    return median(seconds(partial(subprocess.run, command, check=True)) for _ in range(times))


def one_more_in_a_range(headless: LocalRunner, last: TrainingWeek, sizes: Sizes) -> Figure:
    """What a ranged run over more weeks costs more, a week."""
    empty = EmptyJob(headless.instance, CLOSE_WEEK)
    short, long = (list(weeks_between(last.shift(1 - n), last)) for n in sizes.ranges)

    def own_each_s() -> float:
        return more_s(headless.materialize_metrics, long, short)

    def floor_each_s() -> float:
        return more_s(lambda weeks: empty.run(range_tags(weeks)), long, short)

    turns = [(own_each_s(), floor_each_s()) for _ in range(sizes.range_repeats)]
    took_s, floor_s = (median(column) for column in zip(*turns, strict=True))
    return Figure("one more week of metrics in a range", took_s, floor_s, LIMIT)


def more_s(
    run: Callable[[list[TrainingWeek]], object], long: list[TrainingWeek], short: list[TrainingWeek]
) -> float:
    """Seconds a week by which a run over the long range takes more than over the short one."""
    longer_s = seconds(partial(run, long)) - seconds(partial(run, short))
    return longer_s / (len(long) - len(short))


def range_tags(weeks: Sequence[TrainingWeek]) -> dict[str, str]:
    """The range as Dagster takes it."""
    return {
        ASSET_PARTITION_RANGE_START_TAG: weeks[0].key,
        ASSET_PARTITION_RANGE_END_TAG: weeks[-1].key,
    }


class EmptyJob:
    """The floor: as many empty assets as a job of the project has."""

    def __init__(
        self, instance: DagsterInstance, job_name: str, *, with_inputs: bool = False
    ) -> None:
        """On the history of `instance`; the inputs are those of `empty_definitions`."""
        self._instance = instance
        definitions = empty_definitions(job_name, with_inputs=with_inputs)
        self._job = definitions.resolve_job_def(JOB)

    def run(self, tags: dict[str, str]) -> None:
        """Run it for the partitions of the tags.

        Raises:
            RuntimeError: It failed, and is no floor.
        """
        result = self._job.execute_in_process(
            instance=self._instance,
            tags=tags,
            partition_key=tags.get(PARTITION_NAME_TAG),
            run_config=QUIET,
        )
        if not result.success:
            raise RuntimeError(f"the empty job failed for {tags}")
