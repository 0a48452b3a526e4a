"""The plan for a week is the same whatever the store holds beyond it, in whichever order."""

from typing import Any

import pytest

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets_tests.support.graph import Graph, activity, wellness_day, write_export

FIRST = TrainingWeek.parse("2024-01-01")
WEEKS = [FIRST.shift(number) for number in range(12)]
PLANNED = WEEKS[5:8]


@pytest.fixture
def graph(graph: Graph) -> Graph:
    days = [day for week in WEEKS for day in (week.days[1], week.days[5])]
    runs = [activity(f"{day}", f"{day}T07:00:00", icu_training_load=30 + n)
            for n, day in enumerate(days)]  # fmt: skip
    nights = [wellness_day(f"{day}", ctl=30 + n / 10, atl=35 - n / 10)
              for n, day in enumerate(day for week in WEEKS for day in week.days)]  # fmt: skip
    write_export(graph.export_dir, runs, nights)
    return graph


def known_then(graph: Graph, week: TrainingWeek) -> dict[str, Any]:
    """What a plan and its inputs say, without the names and times of the run."""
    (artifacts,) = [
        row for row in graph.documents("run_artifacts") if row["observedWeekStart"] == week.key
    ]
    return {
        name: artifacts[name]
        for name in ("inputHashes", "prompt", "envelope", "metrics", "history", "outputRaw")
    }


@pytest.mark.slow
def test_years_beyond_the_week_change_nothing_and_neither_does_the_order(graph: Graph) -> None:
    then = {}
    for number, week in enumerate(WEEKS[:8]):
        graph.metrics(week.key, week.key)
        if number >= 5:
            assert graph.plan(week.key).success
            then[week] = known_then(graph, week)

    graph.database.client.drop_database(graph.database.name)
    graph.mongo.database()
    graph.metrics(WEEKS[0].key, WEEKS[-1].key)
    for week in reversed(PLANNED):
        assert graph.plan(week.key).success
    assert {week: known_then(graph, week) for week in PLANNED} == then
