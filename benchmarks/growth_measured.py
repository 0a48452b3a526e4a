"""The work of `benchmarks.growth` beside so many weeks, in the state folder in force."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median

from dagster._core.storage.tags import PARTITION_NAME_TAG

from benchmarks.evaluating_measured import backtest_s
from benchmarks.figures import seconds
from benchmarks.growth import EMPTY_RUN
from benchmarks.many_weeks import CopiedWeek, forget_plans_from
from benchmarks.runs_measured import EmptyJob
from weekly_plan_assets.domain.metrics.weekly_metrics import HISTORY_WEEKS
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.headless.local_runner import LocalRunner
from weekly_plan_assets.runs.code_location import MAKE_PLAN, WEEKLY_PLAN
from weekly_plan_assets.runs.instance import open_instance
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets_tests.storage.query_plans import profiled

PLANNED = 10
"""So many weeks are planned from for real; what is earlier are copies."""

BACKTESTED = 5


@contextmanager
def beside(weeks: int) -> Iterator["BesideWeeks"]:
    """The work on one week, with so many weeks in the store and runs in the history.

    Args:
        weeks: At least `HISTORY_WEEKS` and two.
    """
    settings = load_settings()
    last = TrainingWeek.latest_whole(settings.today())
    with open_instance() as instance:
        headless = LocalRunner.of(settings, instance)
        fill(headless, last, weeks)
        gc.freeze()  # as the commands do once all is imported
        yield BesideWeeks(headless, last)


def fill(headless: LocalRunner, last: TrainingWeek, count: int) -> None:
    """Plan from the last weeks, for real, and compare them with what was done; copy the rest."""
    planned = min(count, PLANNED)
    weeks = list(weeks_between(last.shift(1 - planned), last))
    headless.materialize_metrics(weeks)
    for week in weeks[HISTORY_WEEKS:]:
        headless.plan(week, MAKE_PLAN)
    headless.materialize_adherence(weeks)
    if planned < count:
        CopiedWeek.of(headless.database, last.shift(-1)).copy(range(planned, count))
    for _ in range(planned, count):
        headless.plan(last, MAKE_PLAN)
        forget_plans_from(headless.database, last)


class BesideWeeks:
    """Work on the last week beside the weeks that are there."""

    def __init__(self, headless: LocalRunner, last: TrainingWeek) -> None:
        """On the store and the history of `headless`."""
        self._headless, self._last = headless, last
        empty = EmptyJob(headless.instance, WEEKLY_PLAN)
        self._work: dict[str, Callable[[], object]] = {
            "one weekly run": partial(headless.plan, last),
            "one more planned week": partial(headless.plan, last, MAKE_PLAN),
            "metrics of one week": partial(headless.materialize_metrics, [last]),
            EMPTY_RUN: partial(empty.run, {PARTITION_NAME_TAG: last.key}),
        }

    def round_s(self) -> dict[str, float]:
        """Seconds of each kind of work, done once, by what it is."""
        work_s = {what: seconds(work) for what, work in self._work.items()}
        forget_plans_from(self._headless.database, self._last)
        backtested_s = median(backtest_s(self._headless, self._last, BACKTESTED))
        return work_s | {"one backtested week": backtested_s}

    def queries(self) -> list[dict[str, object]]:
        """Each kind of query of a weekly run once, with the most that one of the kind has read."""
        with profiled(self._headless.database) as plans:
            self._headless.plan(self._last)
        most = {
            (plan.collection, plan.what, plan.plan): plan
            for plan in sorted(plans, key=lambda plan: plan.docs_examined)
        }
        return [
            {
                "collection": plan.collection,
                "query": plan.what,
                "plan": plan.plan,
                "read": plan.docs_examined,
                "found": plan.found,
            }
            for _, plan in sorted(most.items())
        ]
