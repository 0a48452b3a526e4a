"""The figures of `benchmarks.runs`, on the sample athlete in the state folder in force."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

from dagster import DagsterInstance
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)

from benchmarks.empty_graph import JOB, empty_definitions
from benchmarks.figures import QUIET, Figure, medians, seconds
from weekly_plan_assets.backfill import plan_weeks
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.headless import Headless, open_instance
from weekly_plan_assets.jobs import CLOSE_WEEK, MAKE_PLAN, WEEKLY_PLAN
from weekly_plan_assets.settings import load_settings

WEEKS = 12
SHORT_RANGE, LONG_RANGE = 26, 104
RANGE_REPEATS = 3
FEW, MANY = 8, 40
LIMIT = 1.5


def measure() -> list[Figure]:
    """One weekly run, one more planned week alone and side by side, one more week in a range."""
    settings = load_settings()
    last = TrainingWeek.latest_whole(settings.today())
    with open_instance() as instance:
        headless = Headless.of(settings, instance)
        headless.materialize_metrics(headless.missing_weeks(last.next()))
        weekly = one_week(headless, "one weekly run", WEEKLY_PLAN, last)
        planned = one_week(headless, "one more planned week, 1 worker", MAKE_PLAN, last)
        ranged = one_more_in_a_range(headless, last)
    return [weekly, planned, side_by_side(last, planned), ranged]


def one_week(headless: Headless, what: str, job_name: str, last: TrainingWeek) -> Figure:
    """A run of one week against as many empty assets."""
    weeks = [last.shift(-back) for back in range(WEEKS)]
    empty = EmptyJob(headless.instance, job_name)
    own = [partial(headless.plan, week, job_name) for week in weeks]
    floor = [partial(empty.run, {PARTITION_NAME_TAG: week.key}) for week in weeks]
    own[0]()
    floor[0]()  # the first of each warms up
    took_s, floor_s = medians(own, floor)
    return Figure(what, took_s, floor_s, LIMIT)


def side_by_side(last: TrainingWeek, alone: Figure) -> Figure:
    """One more planned week with as many workers as there are cores."""
    workers = os.cpu_count() or 1
    few_s, many_s = (seconds(partial(plan_until, last, count, workers)) for count in (FEW, MANY))
    each_s = (many_s - few_s) / (MANY - FEW)
    return Figure(f"one more planned week, {workers} workers", each_s, alone.floor_s, LIMIT)


def plan_until(last: TrainingWeek, count: int, workers: int) -> None:
    """Plan from so many weeks."""
    list(plan_weeks([last.shift(-back) for back in range(count)], workers))


def one_more_in_a_range(headless: Headless, last: TrainingWeek) -> Figure:
    """What a ranged run over more weeks costs more, a week."""
    empty = EmptyJob(headless.instance, CLOSE_WEEK)
    short, long = (list(weeks_between(last.shift(1 - n), last)) for n in (SHORT_RANGE, LONG_RANGE))
    took_s = each_more(
        lambda: headless.materialize_metrics(long), lambda: headless.materialize_metrics(short)
    )
    floor_s = each_more(lambda: empty.run(range_tags(long)), lambda: empty.run(range_tags(short)))
    return Figure("one more week of metrics in a range", took_s, floor_s, LIMIT)


def each_more(long: Callable[[], object], short: Callable[[], object]) -> float:
    """Seconds a week by which the long range takes more than the short one."""
    more_s = [seconds(long) - seconds(short) for _ in range(RANGE_REPEATS)]
    return median(more_s) / (LONG_RANGE - SHORT_RANGE)


def range_tags(weeks: Sequence[TrainingWeek]) -> dict[str, str]:
    """How Dagster is told of a range."""
    return {
        ASSET_PARTITION_RANGE_START_TAG: weeks[0].key,
        ASSET_PARTITION_RANGE_END_TAG: weeks[-1].key,
    }


class EmptyJob:
    """The floor: as many empty assets as a job of the project has."""

    def __init__(self, instance: DagsterInstance, job_name: str) -> None:
        """On the history of `instance`."""
        self._instance = instance
        self._job = empty_definitions(job_name).resolve_job_def(JOB)

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
