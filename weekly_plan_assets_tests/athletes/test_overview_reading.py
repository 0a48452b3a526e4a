"""The overview of a roster as it is read from the store of a run that planned for its athletes."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.monitoring import CommandListener

from weekly_plan_assets.athletes.overview import AthleteWeek, LastWeek, Need, WeekStatus
from weekly_plan_assets.athletes.overview_reading import WatchedAthlete, overview_of, overview_rows
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.lineage.records.records import PlanSnapshot
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.support.planned_roster import BROKEN, NAMES, PlannedRoster

ANNA, BEN, DORA = "simulated-1", "simulated-2", "simulated-4"


@pytest.fixture
def store(
    planned_roster: PlannedRoster, database: Database[BsonDocument]
) -> Database[BsonDocument]:
    """A copy of the store, in which nobody has a light or was anything but well."""
    planned_roster.copy_to(database)
    calm: BsonDocument = {
        "athlete.races": [],
        "athlete.absences": [],
        "envelope.comeback": None,
        "envelope.readiness.signals.$[].light": "green",
    }
    database["run_artifacts"].update_many({}, {"$set": calm})
    return database


def overview(
    roster: PlannedRoster, store: Database[BsonDocument], week: TrainingWeek | None = None
) -> Mapping[str, AthleteWeek]:
    return {one.athlete_id: one for one in overview_of(roster.settings(store), store, week)}


def change(store: Database[BsonDocument], athlete_id: str, **fields: Any) -> None:
    """Change what the athlete's run planned from."""
    changed = {name.replace("__", "."): value for name, value in fields.items()}
    store["run_artifacts"].update_one({"athleteId": athlete_id}, {"$set": changed})


def keep_adherence(
    store: Database[BsonDocument], roster: PlannedRoster, *, in_time: bool = True
) -> None:
    hour = {"plannedDurationS": 3600}
    store["plan_adherence"].insert_one(
        {
            "runId": f"earlier:{BEN}",
            "athleteId": BEN,
            "weekStart": roster.week.shift(-1).key,
            "createdAt": datetime.now(UTC),
            "inTime": in_time,
            "sessions": [
                {**hour, "outcome": "done", "doneDurationS": 1800},
                {**hour, "outcome": "missed", "doneDurationS": None},
                {**hour, "outcome": "missed", "doneDurationS": None},
            ],
        }
    )


def keep_failure(store: Database[BsonDocument], roster: PlannedRoster, ended: datetime) -> None:
    failure = {"runId": "other", "athleteId": BEN, "status": "failure", "errors": ["no network"]}
    week = {"weekStart": roster.week.key, "createdAt": ended, "endedAt": ended}
    store["run_events"].insert_one({**failure, **week})


def test_every_athlete_has_a_row_and_the_one_that_failed_comes_first(
    planned_roster: PlannedRoster, store: Database[BsonDocument]
) -> None:
    rows = overview_of(planned_roster.settings(store), store)
    assert [one.name for one in rows] == ["Carla", NAMES[ANNA], "Ben", None]
    assert [one.status for one in rows] == [WeekStatus.FAILED, *[WeekStatus.PLANNED] * 3]
    assert rows[0].look[0].startswith("Planning failed: ")
    assert "nowhere.yaml does not exist" in rows[0].look[0]
    assert [one.look for one in rows[1:]] == [(), (), ()]


def test_a_row_has_the_figures_of_the_published_plan(
    planned_roster: PlannedRoster, store: Database[BsonDocument]
) -> None:
    row = overview(planned_roster, store)[BEN]
    snapshot = Lineage(store, BEN).latest_snapshot(planned_roster.week)
    assert isinstance(snapshot, PlanSnapshot)
    sessions = [one for day in snapshot.activity_plan.days for one in day.sessions]
    assert row.run_id == snapshot.run_id
    assert row.phase is snapshot.activity_plan.next_week.phase
    assert row.load == snapshot.activity_plan.next_week.planned_load
    assert row.sessions == len(sessions)
    hours = sum(one.duration_s for one in sessions) / SECONDS_PER_HOUR
    assert row.hours == pytest.approx(hours, abs=0.05)


def test_lights_races_and_illness_are_those_the_run_planned_from(
    planned_roster: PlannedRoster, store: Database[BsonDocument]
) -> None:
    week = planned_roster.week
    signals = [{"name": "hrv", "light": "red"}, {"name": "sleep", "light": "amber"}]
    race = {"date": week.end.isoformat(), "priority": "A", "name": "City run"}
    later = {"date": week.next().start.isoformat(), "priority": "B"}
    ill = {"first": week.start.isoformat(), "last": week.end.isoformat(), "kind": "sick"}
    change(store, ANNA, envelope__readiness__signals=signals, athlete__races=[race, later])
    change(store, BEN, athlete__absences=[ill])
    back = {"week": 2, "weeks": 4, "share": 0.6, "hurt": "bone"}
    change(store, DORA, envelope__comeback=back)
    rows = overview(planned_roster, store)
    assert rows[ANNA].red == ("hrv",)
    assert rows[ANNA].amber == ("sleep",)
    assert rows[ANNA].races == ("A: City run",)
    assert rows[BEN].look == (f"Ill until {week.end.day} {week.end:%B}.",)
    assert rows[DORA].look == ("On the way back from an injury: week 2 of 4.",)
    assert list(rows) == [BROKEN, ANNA, BEN, DORA]


def test_a_holiday_is_no_reason_to_look(
    planned_roster: PlannedRoster, store: Database[BsonDocument]
) -> None:
    days = {"first": planned_roster.week.start.isoformat(), "kind": "holiday"}
    change(store, BEN, athlete__absences=[{**days, "last": planned_roster.week.end.isoformat()}])
    assert overview(planned_roster, store)[BEN].look == ()


def test_what_was_done_last_week_is_counted_in_sessions_and_in_time(
    planned_roster: PlannedRoster, store: Database[BsonDocument]
) -> None:
    keep_adherence(store, planned_roster)
    row = overview(planned_roster, store)[BEN]
    assert row.last_week == LastWeek(sessions_done=1, sessions_planned=3, time_share=0.167)
    assert row.look == ("Did 1 of 3 planned sessions last week.",)


def test_a_plan_that_came_too_late_says_nothing_about_the_athlete(
    planned_roster: PlannedRoster, store: Database[BsonDocument]
) -> None:
    keep_adherence(store, planned_roster, in_time=False)
    assert overview(planned_roster, store)[BEN].last_week is None


def test_a_delivery_that_is_not_complete_is_looked_at(
    planned_roster: PlannedRoster, store: Database[BsonDocument]
) -> None:
    run_id = overview(planned_roster, store)[BEN].run_id
    for target, status in (("intervals", "incomplete"), ("files", "delivered")):
        keep_receipt(store, planned_roster, run_id, target=target, status=status)
    row = overview(planned_roster, store)[BEN]
    assert row.undelivered == ("intervals",)
    assert row.look == ("The plan did not fully arrive in: intervals.",)


def with_target(roster: PlannedRoster, store: Database[BsonDocument], folder: Path) -> Settings:
    """Settings with a roster in which Ben's plans go into a folder."""
    path = folder / "delivering.yaml"
    ben = f"{{id: {BEN}, source: simulated, deliver: files, deliver_dir: {folder}}}"
    path.write_text(f"athletes:\n  - {{id: {ANNA}, source: simulated}}\n  - {ben}\n")
    return roster.settings(store).model_copy(update={"roster_file": path})


def keep_receipt(
    store: Database[BsonDocument],
    roster: PlannedRoster,
    run_id: str | None,
    *,
    target: str = "files",
    account: str = "somewhere",
    status: str = "delivered",
    is_take_back: bool = False,
) -> None:
    now = datetime.now(UTC)
    store["plan_deliveries"].insert_one(
        {
            "runId": run_id,
            "athleteId": BEN,
            "weekStart": roster.week.key,
            "target": target,
            "account": account,
            "status": status,
            "createdAt": now,
            "checkedAt": now,
            "passes": [{"at": now, "isTakeBack": is_take_back, "entries": []}],
        }
    )


def test_a_plan_without_a_receipt_is_not_delivered_and_the_way_out_is_said(
    planned_roster: PlannedRoster, store: Database[BsonDocument], tmp_path: Path
) -> None:
    settings = with_target(planned_roster, store, tmp_path)
    rows = {one.athlete_id: one for one in overview_of(settings, store)}
    assert rows[BEN].undelivered == ("files",)
    assert rows[BEN].need is Need.DELIVERY
    assert rows[BEN].look == (
        f"The plan was not delivered: nothing of it is in files; `weekly-plan deliver --athlete "
        f"{BEN}` shows what would be written, and asks.",
    )
    assert rows[ANNA].look == ()


def test_why_a_delivery_was_refused_is_what_the_run_noted(
    planned_roster: PlannedRoster, store: Database[BsonDocument], tmp_path: Path
) -> None:
    noted = {"$set": {"deliveryProblem": "files: week.ics is there already"}}
    store["cohort_runs"].update_one({"athleteId": BEN}, noted)
    settings = with_target(planned_roster, store, tmp_path)
    row = next(one for one in overview_of(settings, store) if one.athlete_id == BEN)
    assert row.look == ("The plan was not delivered: files: week.ics is there already.",)


@pytest.mark.parametrize("what", ["delivered", "taken back", "over"])
def test_what_arrived_was_taken_back_or_is_over_is_not_missed(
    planned_roster: PlannedRoster,
    store: Database[BsonDocument],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    settings = with_target(planned_roster, store, tmp_path)
    run_id = overview(planned_roster, store)[BEN].run_id
    here = str(tmp_path)
    if what == "delivered":
        keep_receipt(store, planned_roster, run_id, account=here)
    elif what == "taken back":
        keep_receipt(
            store, planned_roster, "r0", account=here, status="taken_back", is_take_back=True
        )
    else:
        monkeypatch.setattr(Settings, "today", lambda _: planned_roster.week.next().start)
    rows = overview_of(settings, store, planned_roster.week)
    assert [one.undelivered for one in rows] == [(), ()]


def test_what_is_in_another_folder_or_of_an_earlier_plan_has_not_arrived(
    planned_roster: PlannedRoster, store: Database[BsonDocument], tmp_path: Path
) -> None:
    settings = with_target(planned_roster, store, tmp_path)
    run_id = overview(planned_roster, store)[BEN].run_id
    keep_receipt(store, planned_roster, run_id, account="elsewhere")
    keep_receipt(store, planned_roster, "earlier", account=str(tmp_path))
    rows = {one.athlete_id: one for one in overview_of(settings, store)}
    assert rows[BEN].undelivered == ("files",)


@pytest.mark.parametrize(("hours", "look"), [(2, ()), (0, ("A later run failed: no network.",))])
def test_a_failure_is_over_once_a_later_run_finds_that_the_plan_stands(
    planned_roster: PlannedRoster, store: Database[BsonDocument], hours: int, look: tuple[str, ...]
) -> None:
    keep_failure(store, planned_roster, datetime.now(UTC) + timedelta(hours=1))
    now = datetime.now(UTC) + timedelta(hours=hours)
    store["cohort_runs"].insert_one(
        {
            "runId": "again",
            "athleteId": BEN,
            "stands": "an earlier run",
            "observedWeekStart": planned_roster.week.shift(-1).key,
            "createdAt": now,
            "updatedAt": now,
        }
    )
    assert overview(planned_roster, store)[BEN].look == look


@pytest.mark.parametrize(("hours", "look"), [(1, ("A later run failed: no network.",)), (-24, ())])
def test_only_a_failure_after_the_plan_was_made_counts(
    planned_roster: PlannedRoster, store: Database[BsonDocument], hours: int, look: tuple[str, ...]
) -> None:
    keep_failure(store, planned_roster, datetime.now(UTC) + timedelta(hours=hours))
    row = overview(planned_roster, store)[BEN]
    assert row.status is WeekStatus.PLANNED
    assert row.look == look


def test_a_document_that_cannot_be_read_costs_only_its_own_athlete_the_row(
    planned_roster: PlannedRoster, store: Database[BsonDocument]
) -> None:
    broken = {"$set": {"activityPlan.nextWeek": "nonsense", "createdAt": "yesterday"}}
    store["plan_snapshots"].update_one({"athleteId": BEN}, broken)
    rows = overview(planned_roster, store)
    assert rows[BEN].status is WeekStatus.FAILED
    assert "cannot be read" in rows[BEN].look[0]
    assert rows[ANNA].status is WeekStatus.PLANNED


def test_a_week_for_which_nothing_is_planned_says_so_of_everybody(
    planned_roster: PlannedRoster, store: Database[BsonDocument]
) -> None:
    rows = overview(planned_roster, store, planned_roster.week.next())
    assert {one.look for one in rows.values()} == {("No plan for this week.",)}


def test_where_nothing_is_planned_for_the_present_week_the_newest_plans_are_shown(
    planned_roster: PlannedRoster, store: Database[BsonDocument]
) -> None:
    before = planned_roster.week.shift(-2)
    for name in ("plan_snapshots", "run_events"):
        store[name].update_many({}, {"$set": {"weekStart": before.key}})
    rows = overview(planned_roster, store)
    assert {one.week_start for one in rows.values()} == {before.start}
    assert rows[BEN].status is WeekStatus.PLANNED


def test_each_athlete_has_the_present_week_of_their_own_zone(
    planned_roster: PlannedRoster, store: Database[BsonDocument], monkeypatch: pytest.MonkeyPatch
) -> None:
    sunday = planned_roster.week.end
    days = {"Pacific/Kiritimati": sunday + timedelta(days=1)}
    monkeypatch.setattr(Settings, "today", lambda self: days.get(self.timezone, sunday))
    settings = planned_roster.settings(store)
    assert settings.roster_file is not None
    path = settings.roster_file.with_name("zones.yaml")
    path.write_text(
        f"athletes:\n  - {{id: {ANNA}, source: simulated, timezone: Pacific/Kiritimati}}\n"
        f"  - {{id: {BEN}, source: simulated, timezone: UTC}}\n"
    )
    rows = overview_of(settings.model_copy(update={"roster_file": path}), store)
    weeks = {one.athlete_id: one.week_start for one in rows}
    assert weeks == {ANNA: sunday + timedelta(days=1), BEN: planned_roster.week.start}


def test_without_a_roster_it_is_the_only_athlete_of_the_store(
    planned_roster: PlannedRoster, store: Database[BsonDocument]
) -> None:
    for name in ("stored_weeks", "run_events"):
        store[name].delete_many({"athleteId": {"$ne": BEN}})
    alone = planned_roster.settings(store).model_copy(update={"roster_file": None})
    (row,) = overview_of(alone, store)
    assert (row.athlete_id, row.status) == (BEN, WeekStatus.PLANNED)


class Commands(CommandListener):
    """The names of the commands that a client sends."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def started(self, event: Any) -> None:
        self.sent.append(event.command_name)

    def succeeded(self, event: Any) -> None: ...

    def failed(self, event: Any) -> None: ...


@pytest.mark.parametrize("count", [1, 4])
def test_the_store_is_asked_as_often_for_one_athlete_as_for_all(
    planned_roster: PlannedRoster, store: Database[BsonDocument], count: int
) -> None:
    commands = Commands()
    watched = [
        WatchedAthlete(one, None, planned_roster.week) for one in (ANNA, BEN, BROKEN, DORA)[:count]
    ]
    url = planned_roster.environment["MONGO_URL"]
    client: MongoClient[BsonDocument] = MongoClient(
        url, event_listeners=[commands], tz_aware=True, tzinfo=UTC
    )
    with client:
        assert len(overview_rows(client[store.name], watched)) == count
    assert commands.sent.count("find") == 6


def test_the_plan_of_a_cohort_shows_who_needs_a_look_by_id_and_leads_to_the_overview(
    planned_roster: PlannedRoster,
) -> None:
    shown = planned_roster.shown
    records = [one.data for one in shown["look"].records]
    assert records[0]["athlete"] == BROKEN
    assert records[0]["status"] == "failed"
    assert "nowhere.yaml" in str(records[0]["look"])
    assert len(records) == shown["athletes_to_look_at"].value
    assert shown["overview"].value == f"../overview?week={planned_roster.week}"
    assert not [name for name in NAMES.values() if name in str(shown)]
