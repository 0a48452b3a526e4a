"""What an athlete changes at Intervals.icu is so in the store after the next materialization."""

import pytest

from weekly_plan_assets.settings import SourceName
from weekly_plan_assets_tests.support.graph import ChosenSource, Graph, activity, wellness_day
from weekly_plan_assets_tests.support.intervals_server import API_KEY, IntervalsServer

WEEK, NEXT_WEEK = "2024-01-01", "2024-01-08"


@pytest.fixture
def live(graph: Graph, intervals: IntervalsServer) -> Graph:
    """The graph over the local Intervals.icu, with a week of training stored."""
    intervals.activities = [activity(f"a{day}", f"2024-01-0{day}T07:00:00") for day in range(1, 7)]
    intervals.wellness = [wellness_day(f"2024-01-0{day}") for day in range(1, 8)]
    graph.resources = {
        "source": ChosenSource(
            name=SourceName.INTERVALS,
            timezone="UTC",
            intervals_api_key=API_KEY,
            intervals_base_url=intervals.base_url,
        )
    }
    assert graph.metrics(WEEK, NEXT_WEEK).success
    return graph


def test_what_was_moved_deleted_and_edited_follows_and_nothing_else_is_touched(
    live: Graph, intervals: IntervalsServer
) -> None:
    before = {row["id"]: row for row in live.documents("activities")}
    by_id = {row["id"]: row for row in intervals.activities}
    by_id["a1"]["start_date_local"] = "2024-01-03T18:00:00"
    by_id["a2"]["icu_training_load"] = 99
    by_id["a3"]["start_date_local"] = "2024-01-09T07:00:00"
    intervals.activities = [row for row in by_id.values() if row["id"] != "a4"]
    intervals.wellness[0]["hrv"] = 71.5

    assert live.metrics(WEEK, NEXT_WEEK).success
    after = {row["id"]: row for row in live.documents("activities")}
    assert {id_: row["start_date_local"] for id_, row in after.items()} == {
        row["id"]: row["start_date_local"] for row in intervals.activities
    }
    assert after["a2"]["icu_training_load"] == 99
    assert {id_ for id_, row in after.items() if row["updatedAt"] != before[id_]["updatedAt"]} == {
        *("a1", "a2", "a3")
    }
    assert all(row["createdAt"] == before[id_]["createdAt"] for id_, row in after.items())
    days = {row["id"]: row for row in live.documents("wellness")}
    assert days["2024-01-01"]["hrv"] == 71.5
    assert [id_ for id_, row in days.items() if row["updatedAt"] != row["createdAt"]] == [
        "2024-01-01"
    ]
    (this_week, next_week) = live.documents("weekly_metrics")
    assert (this_week["runCount"], next_week["runCount"]) == (4, 1)


def test_nothing_is_written_where_nothing_changed(live: Graph) -> None:
    names = ("activities", "wellness", "weekly_metrics")
    before = [live.documents(name) for name in names]
    assert live.metrics(WEEK, NEXT_WEEK).success
    assert [live.documents(name) for name in names] == before


def test_an_empty_answer_deletes_nothing(live: Graph, intervals: IntervalsServer) -> None:
    before = live.documents("activities")
    intervals.activities = []
    run = live.plan(WEEK)
    assert not run.success
    assert live.documents("activities") == before
