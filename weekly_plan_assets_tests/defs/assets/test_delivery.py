"""The delivery asset and its check on the real graph, and what the next plan knows of it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dagster import AssetCheckEvaluation, AssetKey, ExecuteInProcessResult
from pydantic import SecretStr

from weekly_plan_assets.defs.build import build_defs
from weekly_plan_assets.delivery.deliverable import DeliverablePlan
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.audit.replay import replay
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.lineage.records.records import PlanningInputs, PlanSnapshot
from weekly_plan_assets.lineage.records.stored_run import StoredRun
from weekly_plan_assets.runs.code_location import WEEKLY_PLAN
from weekly_plan_assets.settings import Settings, SourceName
from weekly_plan_assets_tests.support.calendar_server.server import CalendarServer
from weekly_plan_assets_tests.support.deliveries import Desk, a_calendar, delivered
from weekly_plan_assets_tests.support.graph import (
    ChosenSource,
    Graph,
    activity,
    wellness_day,
    write_export,
)
from weekly_plan_assets_tests.support.intervals_server import API_KEY
from weekly_plan_assets_tests.support.intervals_server import ATHLETE_ID as ACCOUNT

THIS_WEEK = TrainingWeek.containing(datetime.now(UTC).date())
OBSERVED = THIS_WEEK.shift(-1)
ATHLETE = str(activity("1", "2024-01-01T07:00:00")["icu_athlete_id"])


@pytest.fixture
def server() -> Iterator[CalendarServer]:
    with a_calendar() as one:
        yield one


class DeliveringSource(ChosenSource):
    """A source whose plans are delivered."""

    deliver: str
    deliver_dir: str

    @property
    def settings(self) -> Settings:
        return super().settings.model_copy(
            update={
                "deliver": self.deliver,
                "deliver_dir": Path(self.deliver_dir),
                "intervals_api_key": SecretStr(API_KEY),
            }
        )


def trained(graph: Graph) -> None:
    """Four weeks of runs up to now."""
    first = OBSERVED.shift(-3).start
    runs = [first + timedelta(days=7 * week + day) for week in range(4) for day in (1, 3, 6)]
    write_export(
        graph.export_dir,
        [activity(str(day), f"{day}T07:00:00") for day in runs],
        [wellness_day(str(first + timedelta(days=number))) for number in range(28)],
    )


def planned(
    graph: Graph, server: CalendarServer, targets: str, folder: Path, week: TrainingWeek = OBSERVED
) -> ExecuteInProcessResult:
    """The weekly job with targets to deliver to."""
    source = DeliveringSource(
        name=SourceName.FOLDER,
        export_dir=str(graph.export_dir),
        intervals_base_url=server.base_url,
        deliver=targets,
        deliver_dir=str(folder),
    )
    settings = source.settings.model_copy(update={"first_day": OBSERVED.shift(-3).start})
    definitions = build_defs(settings, resources={"mongo": graph.mongo, "source": source})
    return definitions.resolve_job_def(WEEKLY_PLAN).execute_in_process(
        instance=graph.instance, partition_key=week.key, raise_on_error=False
    )


def check(result: ExecuteInProcessResult) -> AssetCheckEvaluation:
    (found,) = [
        one for one in result.get_asset_check_evaluations() if one.check_name == "plan_is_delivered"
    ]
    return found


def agreed(graph: Graph, athlete_id: str) -> None:
    """Something was put on this calendar before, by a person who agreed."""
    earlier = {"runId": "earlier", "target": "intervals", "weekStart": "2020-01-06"}
    arrived = {"account": ACCOUNT, "passes": [{"entries": [{"outcome": "applied"}]}]}
    graph.database["plan_deliveries"].insert_one({**earlier, **arrived, "athleteId": athlete_id})


def test_without_a_target_the_graph_has_no_delivery() -> None:
    keys = build_defs().resolve_asset_graph().get_all_asset_keys()
    assert AssetKey("delivery") not in keys


def test_a_published_plan_goes_into_the_folder_by_the_same_run(
    graph: Graph, server: CalendarServer, tmp_path: Path
) -> None:
    trained(graph)
    result = planned(graph, server, "files", tmp_path / "out")
    assert result.success
    assert (tmp_path / "out" / "week.ics").is_file()
    (receipt,) = graph.documents("plan_deliveries")
    assert receipt["runId"] == f"{result.run_id}:{OBSERVED}"
    assert receipt["passes"][0]["askedBy"] == result.run_id
    assert check(result).passed
    (made,) = result.asset_materializations_for_node("delivery")
    assert {"targets", "sessions_files"} <= made.metadata.keys()
    run = Lineage(graph.database).run(receipt["runId"])
    assert isinstance(run, StoredRun)
    assert replay(run).differences == ()


def test_a_run_puts_nothing_on_a_calendar_for_the_first_time(
    graph: Graph, server: CalendarServer, tmp_path: Path
) -> None:
    trained(graph)
    result = planned(graph, server, "intervals", tmp_path)
    assert result.success
    assert graph.documents("plan_snapshots")
    assert server.writes == []
    found = check(result)
    assert not found.passed
    assert "weekly-plan deliver" in str(found.description)
    agreed(graph, ATHLETE)
    again = planned(graph, server, "intervals", tmp_path)
    assert check(again).passed
    assert delivered(server)


def test_a_calendar_that_is_away_leaves_the_plan_published_and_the_check_warns(
    graph: Graph, server: CalendarServer, tmp_path: Path
) -> None:
    trained(graph)
    agreed(graph, ATHLETE)
    server.key_may_write = False
    result = planned(graph, server, "files intervals", tmp_path)
    assert result.success
    found = check(result)
    assert not found.passed
    assert "CALENDAR:WRITE" in str(found.description)
    assert (tmp_path / "week.ics").is_file()


def test_a_backfilled_week_is_delivered_nowhere(
    graph: Graph, server: CalendarServer, tmp_path: Path
) -> None:
    trained(graph)
    agreed(graph, ATHLETE)
    result = planned(graph, server, "files intervals", tmp_path / "out", OBSERVED.shift(-2))
    assert result.success
    assert check(result).passed
    assert server.requests == []
    assert not (tmp_path / "out").exists()


def test_the_next_plan_knows_what_the_athlete_did_on_the_calendar(
    graph: Graph, server: CalendarServer
) -> None:
    week, following = "2024-01-22", TrainingWeek(date(2024, 1, 29))
    runs = [f"2024-01-{day:02d}" for day in (2, 4, 7, 9, 11, 14, 16, 18, 21, 23, 25, 28)]
    rows = [activity(day, f"{day}T07:00:00") for day in runs]
    days = [f"2024-01-{day:02d}" for day in range(1, 32)]
    write_export(graph.export_dir, rows, [*map(wellness_day, days)])
    graph.metrics("2024-01-01", "2024-01-15")
    assert graph.plan(week).success
    snapshots = graph.database["plan_snapshots"]
    snapshots.drop_index("createdAt_1")
    snapshots.update_one({}, {"$set": {"createdAt": datetime(2024, 1, 28, 20, tzinfo=UTC)}})
    (document,) = graph.documents("plan_snapshots")
    snapshot = PlanSnapshot.model_validate(document)
    run = Lineage(graph.database).run(snapshot.run_id)
    assert isinstance(run, StoredRun)
    plan = DeliverablePlan.of(snapshot, run.inputs)
    desk = Desk(server, graph.database, following.start)
    desk.deliver(plan)
    deleted, done = [one for one in delivered(server) if one["type"] == "Run"][:2]
    server.delete(deleted["id"])
    # Done on another day and in another sport than planned; only the calendar knows.
    recorded: dict[str, Any] = activity("hike", "2024-02-03T09:00:00", type="Hike")
    server.do(done["id"], recorded)
    desk.deliver(plan)
    write_export(graph.export_dir, [*rows, server.activities[-1]], [*map(wellness_day, days)])

    assert graph.plan(following.key).success
    adherence = graph.documents("plan_adherence")[0]
    by_day = {(one["day"], one["sport"]): one for one in adherence["sessions"]}
    gone = by_day[deleted["start_date_local"][:10], "Run"]
    assert (gone["outcome"], gone["byHand"]) == ("missed", "deleted")
    paired = by_day[done["start_date_local"][:10], "Run"]
    assert (paired["activityId"], paired["isPaired"]) == ("hike", True)
    (artifacts,) = graph.database["run_artifacts"].find({"observedWeekStart": following.key})
    inputs = PlanningInputs.model_validate(artifacts)
    assert {one.by_hand for one in inputs.planned_of_late} == {None, "deleted"}
    next_run = Lineage(graph.database).run(inputs.run_id)
    assert next_run is not None
    assert replay(next_run).differences == ()
