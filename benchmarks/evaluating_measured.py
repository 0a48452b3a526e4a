"""The figure of `benchmarks.evaluating`, on the sample athlete in the state folder in force."""

from dataclasses import replace
from itertools import pairwise
from time import perf_counter

from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.metrics.weekly_metrics import HISTORY_WEEKS
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.evaluation.backtest import Backtest
from weekly_plan_assets.evaluation.stored import PastWeeks
from weekly_plan_assets.headless.local_runner import LocalRunner
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.runs.instance import open_instance
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets.sources.athlete_context import ContextReader


def measure(count: int) -> list[float]:
    """Seconds of each of `count` past weeks."""
    settings = load_settings()
    last = TrainingWeek.latest_whole(settings.today())
    with open_instance() as instance:
        headless = LocalRunner.of(settings, instance)
        first = last.shift(-count - HISTORY_WEEKS)
        headless.materialize_metrics(list(weeks_between(first, last)))
    return backtest_s(headless, last, count)


def backtest_s(headless: LocalRunner, last: TrainingWeek, count: int) -> list[float]:
    """Seconds of each of the `count` weeks up to `last`; one more is asked about, to warm up.

    Raises:
        RuntimeError: A week could not be asked about, and is no figure.
    """
    past = PastWeeks.latest(headless.database, last, count + 1)
    context_of = ContextReader(headless.source, past.weeks, AthleteFile()).athlete_context
    backtest = Backtest([replace(past, context_of=context_of)], [RulesPlanner()])
    moments = [perf_counter() for _ in backtest.run()]
    moments.append(perf_counter())
    if len(backtest.evaluation().weeks) != count + 1:
        raise RuntimeError(f"not every week was asked about: {backtest.evaluation().left_out}")
    return [end - begin for begin, end in pairwise(moments[1:])]
