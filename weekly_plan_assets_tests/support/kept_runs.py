"""Runs of the sample athlete as the graph keeps them, without the time that Dagster takes."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pandas as pd
from pymongo.database import Database

from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.metrics.weekly_metrics import (
    HISTORY_WEEKS,
    WeeklyMetrics,
    summarise_weeks,
)
from weekly_plan_assets.domain.run_id import mint_run_id
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.lineage.records.planning import ExecutionInfo, KnownWeeks, freeze_inputs
from weekly_plan_assets.lineage.records.provenance import RunOrigin
from weekly_plan_assets.lineage.records.records import (
    PlanningInputs,
    PlanningOutcome,
    PlanSnapshot,
    Status,
)
from weekly_plan_assets.planners.attempts import ask
from weekly_plan_assets.planners.base import Planner
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.sources.athlete_context import ContextReader
from weekly_plan_assets.sources.sample.source import SampleSource
from weekly_plan_assets.storage.codec import BsonDocument, encode, encode_rows
from weekly_plan_assets.storage.run_documents import RunDocuments
from weekly_plan_assets.storage.week_models import as_models
from weekly_plan_assets.storage.week_rows import ACTIVITIES, WEEKLY_METRICS, WELLNESS, WeekRows

FIRST = TrainingWeek.parse("2024-01-01")
SOURCE = SampleSource(date(2026, 1, 1))


def weeks_from(first: TrainingWeek, count: int) -> list[TrainingWeek]:
    return [first.shift(number) for number in range(count)]


def store_weeks(database: Database[BsonDocument], weeks: Sequence[TrainingWeek]) -> None:
    """Raw rows and metrics of the sample athlete, as the assets store them in one run."""
    first, last = weeks[0].start, weeks[-1].end
    activities = encode_rows(SOURCE.activities(first, last))
    wellness = encode_rows(SOURCE.wellness(first, last))
    metrics = summarise_weeks(
        SOURCE.athlete_id, weeks, pd.DataFrame(activities), pd.DataFrame(wellness), last_day=last
    )
    for kind, rows in ((ACTIVITIES, activities), (WELLNESS, wellness), (WEEKLY_METRICS, metrics)):
        WeekRows(database, kind, SOURCE.athlete_id).replace(weeks, encode_rows(rows))


def keep_runs(
    database: Database[BsonDocument],
    weeks: Sequence[TrainingWeek],
    *,
    planner: Planner | None = None,
    fallback: Planner | None = None,
) -> list[str]:
    """Plan from each of the weeks with what is stored, and keep inputs, outcome and plan."""
    with_history = weeks_between(weeks[0].shift(-HISTORY_WEEKS), weeks[-1])
    rows = WeekRows(database, WEEKLY_METRICS, SOURCE.athlete_id).load([*with_history], required=[])
    stored = as_models(rows, WeeklyMetrics)
    return [
        _keep_run(database, week, stored, planner or RulesPlanner(), fallback) for week in weeks
    ]


def _keep_run(
    database: Database[BsonDocument],
    week: TrainingWeek,
    stored: Sequence[WeeklyMetrics],
    planner: Planner,
    fallback: Planner | None,
) -> str:
    first = week.shift(-HISTORY_WEEKS).start
    known = KnownWeeks(
        athlete_id=SOURCE.athlete_id,
        metrics=[metrics for metrics in stored if first <= metrics.week_start <= week.start],
        activities=SOURCE.activities(first, week.end),
        wellness=SOURCE.wellness(first, week.end),
        context=ContextReader(SOURCE, [week], AthleteFile()).athlete_context(week),
    )
    origin = RunOrigin(
        dagster_run_id=planner.model_id,
        root_run_id=planner.model_id,
        retry_number=0,
        partition=week.key,
    )
    run_id = mint_run_id(planner.model_id, week)
    began = datetime.now(UTC)
    inputs = freeze_inputs(run_id, known, planner, ExecutionInfo(origin, began, {}))
    RunDocuments(database, "run_artifacts").merge(encode(inputs))
    outcome = _outcome(inputs, planner, fallback, began)
    RunDocuments(database, "run_artifacts").merge(encode(outcome))
    if outcome.status is Status.SUCCESS:
        snapshot = PlanSnapshot.of(outcome, outcome.provenance)
        RunDocuments(database, "plan_snapshots").merge(encode(snapshot))
    return run_id


def _outcome(
    inputs: PlanningInputs, planner: Planner, fallback: Planner | None, began: datetime
) -> PlanningOutcome:
    request = inputs.request
    attempts = ask(planner, request, inputs.prompt, 2, fallback=fallback)
    assert inputs.provenance is not None
    ended = inputs.provenance.ended(began + timedelta(seconds=1), inputs.provenance.origin)
    return PlanningOutcome.of(inputs, attempts, ended)
