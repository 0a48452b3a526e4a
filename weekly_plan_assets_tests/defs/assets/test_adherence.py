"""A plan, then its week: what was planned against what was done, on the real graph."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from weekly_plan_assets.domain.metrics.fitness import after_days
from weekly_plan_assets.lineage.audit.replay import replay
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.lineage.records.records import PlanningInputs, PlanSnapshot
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.support.graph import Graph, activity, wellness_day, write_export

WEEK = "2024-01-22"
PLANNED = "2024-01-29"
IN_TIME = datetime(2024, 1, 28, 20, tzinfo=UTC)
FITNESS_AT_END = {"ctl": 31.0, "atl": 40.0}


@pytest.fixture
def planned(graph: Graph) -> Graph:
    """A plan made from `WEEK`, in a source that knows nothing after it yet."""
    write(graph, [])
    graph.metrics("2024-01-01", "2024-01-15")
    assert graph.plan(WEEK).success
    # A plan that is made to be of 2024 would be expired.
    graph.database["plan_snapshots"].drop_index("createdAt_1")
    return graph


def write(graph: Graph, done: list[dict[str, Any]]) -> None:
    """Four weeks of runs up to `WEEK`, and what was done after it."""
    runs = [f"2024-01-{day:02d}" for day in (2, 4, 7, 9, 11, 14, 16, 18, 21, 23, 25, 28)]
    before = [activity(day, f"{day}T07:00:00") for day in runs]
    first = date(2024, 1, 1)
    days = [(first + timedelta(days=number)).isoformat() for number in range(35)]
    write_export(
        graph.export_dir,
        [*before, *done],
        [*map(wellness_day, days[:-1]), wellness_day(days[-1], **FITNESS_AT_END)],
    )


def published(graph: Graph, created_at: datetime | None = None) -> BsonDocument:
    """The plan for the planned week; made to be of `created_at` where that is said."""
    snapshots = graph.database["plan_snapshots"]
    if created_at is not None:
        snapshots.update_one({"weekStart": PLANNED}, {"$set": {"createdAt": created_at}})
    (snapshot,) = snapshots.find({"weekStart": PLANNED}, {"_id": 0})
    return snapshot


def done_as_planned(graph: Graph) -> list[dict[str, Any]]:
    """One activity for each planned session."""
    sessions = [
        (day["date"], session)
        for day in published(graph)["activityPlan"]["days"]
        for session in day["sessions"]
    ]
    return [
        activity(
            f"done{number}",
            f"{day}T{7 + number:02d}:00:00",
            type=session["sport"],
            moving_time=session["durationS"],
            distance=None,
            icu_training_load=session["plannedLoad"],
        )
        for number, (day, session) in enumerate(sessions)
    ]


def test_a_plan_that_was_followed_is_told_so_under_its_own_run_id(planned: Graph) -> None:
    snapshot = published(planned, IN_TIME)
    done = done_as_planned(planned)
    write(planned, done)
    planned.metrics(PLANNED, PLANNED)
    (document,) = planned.documents("plan_adherence")
    assert document["runId"] == snapshot["runId"]
    assert (document["observedWeekStart"], document["weekStart"]) == (WEEK, PLANNED)
    assert {session["outcome"] for session in document["sessions"]} == {"done"}
    assert [one["activityId"] for one in document["sessions"]] == [row["id"] for row in done]
    assert document["loadDone"] == document["loadPlanned"] > 0
    assert document["added"] == []
    assert document["inTime"] is True
    assert document["planCreatedAt"] == IN_TIME


def test_the_plan_itself_is_not_changed(planned: Graph) -> None:
    published(planned, IN_TIME)
    before = planned.documents("plan_snapshots")
    write(planned, done_as_planned(planned)[:1])
    planned.metrics(PLANNED, PLANNED)
    assert planned.documents("plan_snapshots") == before
    assert planned.documents("plan_adherence")


def test_fitness_as_predicted_stands_beside_fitness_as_it_was(planned: Graph) -> None:
    snapshot = PlanSnapshot.model_validate(published(planned))
    write(planned, [])
    planned.metrics(PLANNED, PLANNED)
    (document,) = planned.documents("plan_adherence")
    loads = [day.planned_load for day in snapshot.activity_plan.days]
    assert document["predicted"] == after_days(30.0, 32.0, loads).model_dump()
    assert document["actual"] == {"ctl": 31.0, "atl": 40.0, "tsb": -9.0}


@pytest.mark.parametrize("in_time", [True, False])
def test_the_next_plan_reads_the_adherence_only_where_the_plan_was_in_time(
    planned: Graph, *, in_time: bool
) -> None:
    published(planned, IN_TIME if in_time else None)
    write(planned, done_as_planned(planned)[:1])
    assert planned.plan(PLANNED).success
    (told,) = planned.documents("plan_adherence")
    assert told["inTime"] is in_time
    (document,) = planned.database["run_artifacts"].find({"observedWeekStart": PLANNED})
    inputs = PlanningInputs.model_validate(document)
    (signal,) = [one for one in inputs.envelope.readiness.signals if one.name == "adherence"]
    assert bool(inputs.planned_of_late) is in_time
    if in_time:
        assert inputs.adherence is not None
        assert inputs.planned_of_late == inputs.adherence.sessions
        assert inputs.planned_of_late[0].activity_id == "done0"
        assert inputs.adherence.run_id == told["runId"]
        assert signal.value == round(told["loadDone"] / told["loadPlanned"], 3)
    else:
        assert inputs.adherence is None
        assert signal.value is None
    run = Lineage(planned.database).run(inputs.run_id)
    assert run is not None
    assert replay(run).differences == ()


@pytest.mark.parametrize(
    ("created_at", "in_time"),
    [
        (datetime(2024, 1, 30, 0, 0, tzinfo=UTC), True),
        (datetime(2024, 1, 30, 0, 0, 1, tzinfo=UTC), False),
    ],
)
def test_a_plan_is_in_time_until_its_monday_ends(
    planned: Graph, created_at: datetime, *, in_time: bool
) -> None:
    published(planned, created_at)
    planned.metrics(PLANNED, PLANNED)
    (document,) = planned.documents("plan_adherence")
    assert document["inTime"] is in_time


@pytest.mark.slow
def test_of_several_plans_the_newest_that_was_in_time_counts(planned: Graph) -> None:
    early = published(planned, IN_TIME)["runId"]
    assert planned.plan(WEEK).success
    planned.metrics(PLANNED, PLANNED)
    (document,) = planned.documents("plan_adherence")
    assert document["runId"] == early


def test_of_several_plans_that_came_late_the_newest_counts(planned: Graph) -> None:
    late = planned.plan(WEEK)
    planned.metrics(PLANNED, PLANNED)
    (document,) = planned.documents("plan_adherence")
    assert document["runId"] == f"{late.run_id}:{WEEK}"
    assert document["inTime"] is False


def test_a_week_without_a_plan_has_no_adherence(planned: Graph) -> None:
    assert planned.metrics(WEEK, WEEK).success
    assert planned.documents("plan_adherence") == []


def test_looking_again_brings_the_one_document_up_to_date(planned: Graph) -> None:
    published(planned, IN_TIME)
    planned.metrics(PLANNED, PLANNED)
    (before,) = planned.documents("plan_adherence")
    assert {session["outcome"] for session in before["sessions"]} == {"missed"}
    write(planned, done_as_planned(planned))
    planned.metrics(PLANNED, PLANNED)
    (after,) = planned.documents("plan_adherence")
    assert {session["outcome"] for session in after["sessions"]} == {"done"}
    assert after["createdAt"] == before["createdAt"]
