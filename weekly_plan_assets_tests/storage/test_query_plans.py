"""An index serves every query of a run, so that a week costs the same beside many weeks."""

import pytest
from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.indexes import ensure_indexes
from weekly_plan_assets.storage.week_rows import (
    ACTIVITIES,
    WEEKLY_METRICS,
    WELLNESS,
    RowKind,
    WeekRows,
)
from weekly_plan_assets_tests.storage.query_plans import NEAR, QueryPlan, profiled
from weekly_plan_assets_tests.support.graph import Graph, activity, wellness_day, write_export

WEEKS = list(weeks_between(TrainingWeek.parse("2024-01-01"), TrainingWeek.parse("2024-12-30")))
*EARLIER, LAST = WEEKS


@pytest.fixture
def year(graph: Graph) -> Graph:
    """A year of metrics, and a plan for one of its weeks."""
    days = [day.isoformat() for week in WEEKS for day in week.days]
    sessions = [activity(f"a{day}", f"{day}T07:00:00") for day in days[::2]]
    write_export(graph.export_dir, sessions, [wellness_day(day) for day in days])
    graph.metrics(EARLIER[0].key, EARLIER[-1].key)
    graph.plan_and_record(EARLIER[-1].key)
    return graph


def scanning(plans: list[QueryPlan]) -> list[QueryPlan]:
    return [plan for plan in plans if plan.scans]


@pytest.mark.slow
def test_no_query_of_a_weekly_run_reads_beyond_its_weeks(year: Graph) -> None:
    with profiled(year.database) as plans:
        year.plan_and_record(LAST.key)
    read = {plan.collection for plan in plans}
    assert read >= {"activities", "wellness", "weekly_metrics", "stored_weeks", "run_artifacts"}
    assert read >= {"plan_snapshots", "plan_adherence", "run_events"}
    assert scanning(plans) == []


def rows_of(kind: RowKind, week: TrainingWeek) -> list[BsonDocument]:
    days = week.days[:1] if kind == WEEKLY_METRICS else week.days
    return [{kind.key: day.isoformat(), kind.day_field: day.isoformat()} for day in days]


@pytest.mark.parametrize(
    "kind", [ACTIVITIES, WELLNESS, WEEKLY_METRICS], ids=lambda it: it.collection
)
def test_after_all_weeks_were_read_at_once_one_is_still_found_by_its_week(
    database: Database[BsonDocument], kind: RowKind
) -> None:
    ensure_indexes(database)
    store = WeekRows(database, kind, "i1")
    rows = [row for week in WEEKS for row in rows_of(kind, week)]
    store.replace(WEEKS, rows)
    store.load([WEEKS[0].shift(-back) for back in range(1, 9)] + WEEKS, required=WEEKS)
    store.load(WEEKS, required=WEEKS)  # the second time, the server trusts the plan of the first
    with profiled(database) as plans:
        store.load([EARLIER[-1], LAST], required=[LAST])
        store.replace([LAST], rows_of(kind, LAST))
    assert len(plans) > 1
    assert scanning(plans) == []


def test_a_query_without_an_index_would_be_told(database: Database[BsonDocument]) -> None:
    database["things"].insert_many([{"size": size} for size in range(NEAR + 1)])
    with profiled(database) as plans:
        database["things"].find_one({"size": 0, "colour": "red"})
    (plan,) = plans
    assert plan.scans
    assert (plan.collection, plan.what, plan.found) == ("things", "query size, colour", 0)
