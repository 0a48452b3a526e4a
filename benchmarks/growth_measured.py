"""The figures of `benchmarks.growth`, on the sample athlete in the state folder in force."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

from dagster._core.storage.tags import PARTITION_NAME_TAG

from benchmarks.evaluating_measured import backtest_s
from benchmarks.figures import Figure, seconds
from benchmarks.many_weeks import CopiedWeek, forget_plans_from
from benchmarks.runs_measured import EmptyJob
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.domain.weekly_metrics import HISTORY_WEEKS
from weekly_plan_assets.headless import Headless, open_instance
from weekly_plan_assets.jobs import MAKE_PLAN, WEEKLY_PLAN
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets_tests.storage.query_plans import QueryPlan, profiled

FLAT = 1.25
"""Flat, but for what two figures taken minutes apart differ by anyway: see the empty run."""

BACKTESTED = 5
EMPTY_RUN = "an empty run"


def measure(sizes: Sequence[int], repeats: int) -> tuple[list[Figure], dict[str, Any]]:
    """The figures beside the most weeks, with those beside the fewest as their floor.

    Args:
        sizes: Numbers of weeks, growing; the first is at least `HISTORY_WEEKS` and two.
        repeats: Each figure is the median of so many.
    """
    settings = load_settings()
    last = TrainingWeek.latest_whole(settings.today())
    with open_instance() as instance:
        headless = Headless.of(settings, instance)
        beside = Beside(headless, last, sizes[0])
        taken_s = [beside.work_s(size, repeats) for size in sizes]
        with profiled(headless.database) as plans:
            headless.plan(last)
    floor_s, *_, most_s = taken_s
    figures = [
        Figure(what, most_s[what], floor_s[what], None if what == EMPTY_RUN else FLAT)
        for what in most_s
    ]
    return figures, {
        "ms by weeks in the store": [
            {"weeks": size} | {what: round(took_s * 1000, 1) for what, took_s in work_s.items()}
            for size, work_s in zip(sizes, taken_s, strict=True)
        ],
        "queries of a weekly run": queries(plans),
    }


@dataclass
class Beside:
    """Work on one week beside a growing number of weeks."""

    headless: Headless
    last: TrainingWeek
    weeks: int

    def __post_init__(self) -> None:
        """Plan from the first weeks, for real, and compare them with what was done."""
        first = self.last.shift(1 - self.weeks)
        weeks = list(weeks_between(first, self.last))
        self.headless.materialize_metrics(weeks)
        for week in weeks[HISTORY_WEEKS:]:
            self.headless.plan(week, MAKE_PLAN)
        self.headless.materialize_adherence(weeks)
        self._copied = CopiedWeek.of(self.headless.database, self.last.shift(-1))
        self._empty = EmptyJob(self.headless.instance, WEEKLY_PLAN)

    def work_s(self, weeks: int, repeats: int) -> dict[str, float]:
        """Seconds of each kind of work on one week, by what it is, beside so many."""
        if weeks > self.weeks:
            self._copied.copy(range(self.weeks, weeks))
            for _ in range(self.weeks, weeks):
                self.headless.plan(self.last, MAKE_PLAN)
                forget_plans_from(self.headless.database, self.last)
            self.weeks = weeks
        work: dict[str, Callable[[], object]] = {
            "one weekly run": partial(self.headless.plan, self.last),
            "one more planned week": partial(self.headless.plan, self.last, MAKE_PLAN),
            "metrics of one week": partial(self.headless.materialize_metrics, [self.last]),
            EMPTY_RUN: self._empty_run,
        }
        rounds = [[seconds(one) for one in work.values()] for _ in range(1 + repeats)]
        medians_s = [median(column) for column in zip(*rounds[1:], strict=True)]
        forget_plans_from(self.headless.database, self.last)
        backtested_s = median(backtest_s(self.headless, self.last, BACKTESTED))
        return dict(zip(work, medians_s, strict=True)) | {"one backtested week": backtested_s}

    def _empty_run(self) -> None:
        self._empty.run({PARTITION_NAME_TAG: self.last.key})


def queries(plans: Sequence[QueryPlan]) -> list[dict[str, object]]:
    """Each kind of query once, with the most that one of the kind has read."""
    most: dict[tuple[str, str, str], QueryPlan] = {}
    for plan in plans:
        kind = (plan.collection, plan.what, plan.plan)
        if kind not in most or plan.docs_examined > most[kind].docs_examined:
            most[kind] = plan
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
