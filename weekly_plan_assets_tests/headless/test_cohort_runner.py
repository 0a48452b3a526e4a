"""A roster without the UI: athletes of a cohort in one run, each planned for as if alone."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from dagster import (
    AssetCheckEvaluation,
    AssetCheckSeverity,
    AssetKey,
    DagsterEventType,
    DagsterInstance,
    DagsterRunStatus,
)
from pymongo.database import Database

from weekly_plan_assets.athletes.overview_reading import overview_of
from weekly_plan_assets.defs.build import build_defs
from weekly_plan_assets.defs.checks.reconciliation import Repairs, reconcile
from weekly_plan_assets.domain.run_id import dagster_run_id_of
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.headless.cohort_runner import CohortRunner
from weekly_plan_assets.headless.local_runner import LocalRunner
from weekly_plan_assets.lineage.records.records import RunEvent, Status
from weekly_plan_assets.runs.forgetting import belongings_of, forget
from weekly_plan_assets.runs.tags import ATHLETES_TAG
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.roster_queries import delivery_problems
from weekly_plan_assets_tests.support.graph import activity, wellness_day, write_export
from weekly_plan_assets_tests.support.openai_server import MODEL_ID, Reply, openai_server

OBSERVED = TrainingWeek.parse("2026-03-02")
FIRST_DAY = "2025-12-01"
OWN_TO_A_RUN = {
    *("runId", "dagsterRunId", "createdAt", "updatedAt", "provenance", "attempts", "planCreatedAt"),
}


@pytest.fixture
def roster(roster_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A roster that is in force; the test writes it."""
    monkeypatch.setenv("WEEKLY_PLAN_FIRST_DAY", FIRST_DAY)
    return roster_path


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    with DagsterInstance.ephemeral() as instance:
        yield instance


def write_roster(path: Path, **athletes: dict[str, Any]) -> None:
    entries = [{"id": athlete_id, **entry} for athlete_id, entry in athletes.items()]
    path.write_text(json.dumps({"athletes": entries}))  # JSON is YAML


def simulated(**more: Any) -> dict[str, Any]:
    return {"source": "simulated", **more}


def folder_of(path: Path, name: str, load: int = 35, weeks: int = 8) -> dict[str, Any]:
    """An athlete of files, who has run three times a week for so many weeks."""
    folder = path.parent / name
    folder.mkdir()
    days = [day for back in range(weeks) for day in OBSERVED.shift(-back).days]
    runs = [day for day in days if day.weekday() in {1, 3, 6}]
    write_export(
        folder,
        [
            activity(f"{name}{day}", f"{day}T07:00:00", icu_athlete_id=name, icu_training_load=load)
            for day in runs
        ],
        [wellness_day(f"{day}") for day in days],
    )
    return {"source": "folder", "folder": name}


def planned(
    instance: DagsterInstance, *, again: bool = False, with_history: bool = True
) -> dict[str, RunEvent]:
    """Plan for everybody in the roster; the events by athlete."""
    runner = CohortRunner.of(load_settings(), instance)
    cohorts = runner.cohorts()
    runner = runner.with_first_days(cohorts)
    events: dict[str, RunEvent] = {}
    for cohort in cohorts:
        missing = runner.missing_weeks(cohort, OBSERVED) if with_history else {}
        weeks = sorted({week for of_athlete in missing.values() for week in of_athlete})
        if weeks:
            runner.materialize_metrics(cohort, weeks)
        made = runner.plan(cohort, OBSERVED, again=again)
        events |= {event.athlete_id: event for event in made}
    return events


def evaluations(instance: DagsterInstance, dagster_run_id: str) -> list[AssetCheckEvaluation]:
    """The checks of a run."""
    kind = DagsterEventType.ASSET_CHECK_EVALUATION
    records = instance.get_records_for_run(dagster_run_id, of_type=kind).records
    events = [record.event_log_entry.dagster_event for record in records]
    return [event.asset_check_evaluation_data for event in events if event is not None]


def test_each_athlete_of_a_cohort_has_documents_and_an_event_of_their_own(
    roster: Path, instance: DagsterInstance, database: Database[BsonDocument]
) -> None:
    ids = {"simulated-001", "simulated-006", "simulated-009"}
    write_roster(roster, **{one: simulated() for one in sorted(ids)})
    events = planned(instance)
    assert {one for one, event in events.items() if event.status is Status.SUCCESS} == ids
    (run_id,) = {event.dagster_run_id for event in events.values()}
    for athlete_id, event in events.items():
        assert event.run_id == f"{run_id}:{athlete_id}:{OBSERVED}"
        assert dagster_run_id_of(event.run_id) == run_id
    for collection in ("run_events", "run_artifacts", "plan_snapshots"):
        found = list(database[collection].find({}))
        assert {(one["athleteId"], one["runId"]) for one in found} == {
            (athlete_id, event.run_id) for athlete_id, event in events.items()
        }


def test_planned_in_a_cohort_is_planned_as_alone(
    roster: Path,
    instance: DagsterInstance,
    database: Database[BsonDocument],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = ["simulated-002", "simulated-005", "simulated-008"]
    write_roster(roster, **{one: simulated(timezone="Europe/Madrid") for one in ids})
    assert len(planned(instance)) == 3
    alone = database.client[f"{database.name}_alone"]
    monkeypatch.setenv("MONGO_DATABASE", alone.name)
    monkeypatch.setenv("WEEKLY_PLAN_ATHLETE_ID", ids[1])
    try:
        with DagsterInstance.ephemeral() as own:
            runner = LocalRunner.of(load_settings(), own)
            runner.materialize_metrics(runner.missing_weeks(OBSERVED))
            assert runner.plan(OBSERVED).errors == ()
        for collection in (
            *("activities", "wellness", "weekly_metrics", "stored_weeks"),
            *("run_artifacts", "plan_snapshots"),
        ):
            found = [
                [
                    {key: value for key, value in one.items() if key not in OWN_TO_A_RUN}
                    for one in store[collection]
                    .find({"athleteId": ids[1]}, {"_id": 0})
                    .sort([("weekStart", 1), ("id", 1), ("collection", 1)])
                ]
                for store in (database, alone)
            ]
            assert found[0], collection
            assert found[0] == found[1], collection
    finally:
        database.client.drop_database(alone.name)


def test_what_goes_wrong_for_one_athlete_is_said_and_touches_nobody_else(
    roster: Path, instance: DagsterInstance, database: Database[BsonDocument]
) -> None:
    write_roster(
        roster,
        anna=folder_of(roster, "anna"),
        ben={"source": "folder", "folder": "nowhere"},
        carla=folder_of(roster, "carla"),
        dora={"source": "folder", "folder": "dora"},
    )
    shutil.copytree(roster.parent / "anna", roster.parent / "dora")
    events = planned(instance)
    assert {one: event.status for one, event in events.items()} == {
        "anna": Status.SUCCESS,
        "ben": Status.FAILURE,
        "carla": Status.SUCCESS,
        "dora": Status.FAILURE,
    }
    assert "`folder` of ben in the roster is " in events["ben"].errors[0]
    assert "nowhere" in events["ben"].errors[0]
    assert "WEEKLY_PLAN_EXPORT_DIR" not in events["ben"].errors[0]
    assert "anna" in events["dora"].errors[0]
    assert database["activities"].count_documents({"athleteId": "dora"}) == 0
    run = instance.get_run_by_id(events["anna"].dagster_run_id)
    assert run is not None
    assert run.status is DagsterRunStatus.SUCCESS
    (check,) = evaluations(instance, run.run_id)
    assert (check.passed, check.severity) == (False, AssetCheckSeverity.WARN)
    assert "ben: " in (check.description or "")
    assert "carla" not in (check.description or "")
    assert database["plan_snapshots"].distinct("athleteId") == ["anna", "carla"]


def test_a_run_that_can_plan_for_nobody_fails_and_each_athlete_has_an_event(
    roster: Path, instance: DagsterInstance
) -> None:
    write_roster(
        roster,
        ben={"source": "folder", "folder": "nowhere"},
        emil={"source": "folder", "folder": "nowhere-else"},
    )
    events = planned(instance)
    assert {event.status for event in events.values()} == {Status.FAILURE}
    assert set(events) == {"ben", "emil"}
    run = instance.get_run_by_id(events["ben"].dagster_run_id)
    assert run is not None
    assert run.status is DagsterRunStatus.FAILURE


def test_the_daily_look_writes_the_events_of_a_cohort_that_are_missing(
    roster: Path, instance: DagsterInstance, database: Database[BsonDocument]
) -> None:
    write_roster(roster, anna=folder_of(roster, "anna"), carla=folder_of(roster, "carla"))
    events = planned(instance)
    assert reconcile(instance, database, datetime.now(UTC)) == Repairs()
    database["run_events"].delete_one({"athleteId": "carla"})
    repairs = reconcile(instance, database, datetime.now(UTC))
    assert repairs.recorded == [events["carla"].dagster_run_id]
    assert database["run_events"].distinct("athleteId") == ["anna", "carla"]


def test_a_plan_that_stands_is_not_made_again_unless_asked(
    roster: Path, instance: DagsterInstance, database: Database[BsonDocument]
) -> None:
    write_roster(roster, anna=folder_of(roster, "anna"), carla=folder_of(roster, "carla"))
    assert set(planned(instance)) == {"anna", "carla"}
    assert planned(instance) == {}
    rows = json.loads((roster.parent / "carla" / "activities.json").read_text())
    write_export(
        roster.parent / "carla",
        [*rows, activity("late", f"{OBSERVED.days[4]}T18:00:00", icu_athlete_id="carla")],
        json.loads((roster.parent / "carla" / "wellness.json").read_text()),
    )
    assert set(planned(instance)) == {"carla"}
    assert set(planned(instance, again=True)) == {"anna", "carla"}
    assert database["run_events"].count_documents({"status": "failure"}) == 0


def test_plans_go_where_each_athlete_wants_them(
    roster: Path, instance: DagsterInstance, tmp_path: Path, database: Database[BsonDocument]
) -> None:
    write_roster(
        roster,
        **{
            "simulated-001": simulated(deliver="files", deliver_dir="one"),
            "simulated-002": simulated(),
            "simulated-003": simulated(deliver="files", deliver_dir="three"),
        },
    )
    week = TrainingWeek.containing(load_settings().today()).shift(-1)
    runner = CohortRunner.of(load_settings(), instance)
    (cohort,) = runner.cohorts()
    runner.materialize_metrics(cohort, [week.shift(-back) for back in (3, 2, 1)])
    assert len(runner.plan(cohort, week)) == 3
    for folder in ("one", "three"):
        assert (tmp_path / folder / "week.ics").is_file()
    assert database["plan_deliveries"].distinct("athleteId") == ["simulated-001", "simulated-003"]


def test_a_delivery_that_was_refused_is_noted_with_the_way_out(
    roster: Path, instance: DagsterInstance, tmp_path: Path, database: Database[BsonDocument]
) -> None:
    mine = tmp_path / "two" / "week.ics"
    mine.parent.mkdir()
    mine.write_text("the club's own calendar")
    write_roster(
        roster,
        **{
            "simulated-001": simulated(deliver="files", deliver_dir="one"),
            "simulated-002": simulated(deliver="files", deliver_dir="two"),
        },
    )
    settings = load_settings()
    week = TrainingWeek.containing(settings.today()).shift(-1)
    runner = CohortRunner.of(settings, instance)
    (cohort,) = runner.cohorts()
    runner.materialize_metrics(cohort, [week.shift(-back) for back in (3, 2, 1)])
    events = runner.plan(cohort, week)
    assert {event.status for event in events} == {Status.SUCCESS}
    problems = delivery_problems(database, ["simulated-001", "simulated-002"], week)
    assert problems.keys() == {"simulated-002"}
    assert "week.ics is there already" in problems["simulated-002"]
    assert "set `deliver_dir` of simulated-002 in the roster" in problems["simulated-002"]
    rows = {one.athlete_id: one for one in overview_of(settings, database, week.next())}
    assert rows["simulated-001"].undelivered == ()
    assert rows["simulated-002"].delivery_problem == problems["simulated-002"]
    assert mine.read_text() == "the club's own calendar"


def test_a_new_athlete_joins_a_cohort_of_their_zone_and_nobody_moves(
    roster: Path, instance: DagsterInstance
) -> None:
    write_roster(
        roster,
        anna=simulated(timezone="Europe/Berlin"),
        ben=simulated(timezone="America/New_York"),
    )
    runner = CohortRunner.of(load_settings(), instance)
    before = {one.id: cohort.key for cohort in runner.cohorts() for one in cohort.athletes}
    assert before == {"anna": "Europe_Berlin.001", "ben": "America_New_York.001"}
    write_roster(
        roster,
        aaron=simulated(timezone="Europe/Berlin"),
        ben=simulated(timezone="America/New_York"),
        anna=simulated(timezone="Europe/Berlin"),
    )
    after = {one.id: cohort.key for cohort in runner.cohorts() for one in cohort.athletes}
    assert after == before | {"aaron": "Europe_Berlin.001"}
    assert set(instance.get_dynamic_partitions("cohorts")) == set(after.values())


def test_assets_materialized_by_hand_are_planned_and_checked_for_who_was_added_since(
    roster: Path, instance: DagsterInstance, database: Database[BsonDocument]
) -> None:
    write_roster(roster, anna=folder_of(roster, "anna"), carla=folder_of(roster, "carla"))
    planned(instance)
    write_roster(
        roster,
        anna={"source": "folder", "folder": "anna"},
        carla={"source": "folder", "folder": "carla"},
        dora=folder_of(roster, "dora"),
    )
    by_hand = build_defs(load_settings()).resolve_implicit_global_asset_job_def()
    keys = ("activities", "wellness", "weekly_metrics", "adherence")
    made = ("planning_inputs", "artifacts", "plan")
    done = by_hand.execute_in_process(
        instance=instance,
        partition_key=f"UTC.001|{OBSERVED}",
        asset_selection=[AssetKey(name) for name in (*keys, *made)],
        raise_on_error=False,
    )
    assert done.success
    names = {check.check_name for check in evaluations(instance, done.run_id)}
    assert names >= {"plan_is_valid", "lineage_is_whole"}
    assert "dora" in database["plan_snapshots"].distinct("athleteId")


def test_forgetting_an_athlete_leaves_the_runs_of_a_cohort_to_the_others(
    roster: Path, instance: DagsterInstance, database: Database[BsonDocument], tmp_path: Path
) -> None:
    write_roster(roster, anna=folder_of(roster, "anna"), carla=folder_of(roster, "carla"))
    events = planned(instance)
    for key in (f"{events['anna'].run_id} success x", "reminder anna 2026-03-09 x"):
        database["notifications"].insert_one({"_id": key})
    database["notifications"].insert_one({"_id": f"{events['carla'].run_id} success x"})
    found = belongings_of(
        database, instance, "anna", imports_dir=tmp_path / "imports", owns_history=False
    )
    assert found.shared_runs == 1
    list(forget(database, instance, found, tmp_path / "history"))
    assert instance.get_run_by_id(events["carla"].dagster_run_id) is not None
    for collection in database.list_collection_names():
        assert database[collection].count_documents({"athleteId": "anna"}) == 0
    assert database["plan_snapshots"].distinct("athleteId") == ["carla"]
    assert database["notifications"].count_documents({}) == 1
    assert planned(instance).keys() == {"anna"}


def test_forgetting_an_athlete_takes_the_id_out_of_the_tags_of_runs_for_several(
    roster: Path, instance: DagsterInstance, database: Database[BsonDocument], tmp_path: Path
) -> None:
    write_roster(roster, **{f"simulated-00{number}": simulated() for number in (1, 2, 3, 4)})
    runner = CohortRunner.of(load_settings(), instance)
    (cohort,) = runner.cohorts(["simulated-001", "simulated-002", "simulated-003"])
    (run_id,) = {event.dagster_run_id for event in runner.plan(cohort, OBSERVED)}

    def tag() -> str | None:
        run = instance.get_run_by_id(str(run_id))
        return None if run is None else run.tags[ATHLETES_TAG]

    def forgotten(athlete_id: str) -> None:
        for is_done in (False, True):
            found = belongings_of(
                database, instance, athlete_id, imports_dir=tmp_path, owns_history=False
            )
            list(forget(database, instance, found, tmp_path / "history"))
            assert found.is_empty or not is_done

    assert tag() == "simulated-001 simulated-002 simulated-003"
    forgotten("simulated-002")
    assert tag() == "simulated-001 simulated-003"
    forgotten("simulated-004")
    forgotten("simulated-003")
    assert tag() == "simulated-001"
    forgotten("simulated-001")
    assert tag() is None


def weeks_of(database: Database[BsonDocument], athlete_id: str) -> list[str]:
    """The weeks that are stored of an athlete, the first one first."""
    found = database["stored_weeks"].find({"athleteId": athlete_id, "collection": "weekly_metrics"})
    return sorted(one["weekStart"] for one in found)


@pytest.mark.parametrize("zones", [("America/Bogota", "Europe/Madrid"), ("Europe/Madrid",) * 2])
def test_who_began_later_neither_shortens_nor_lengthens_what_is_read_of_another(
    roster: Path,
    instance: DagsterInstance,
    database: Database[BsonDocument],
    monkeypatch: pytest.MonkeyPatch,
    zones: tuple[str, str],
) -> None:
    monkeypatch.delenv("WEEKLY_PLAN_FIRST_DAY")
    newcomers = {
        name: folder_of(roster, name, weeks=2) | {"timezone": zones[0]} for name in ("new", "newer")
    }
    write_roster(roster, **newcomers)
    assert planned(instance)["new"].errors == ()
    old = folder_of(roster, "old") | {"timezone": zones[1]}
    write_roster(roster, **newcomers, old=old)
    assert planned(instance)["old"].errors == ()
    assert weeks_of(database, "old") == [OBSERVED.shift(-back).key for back in range(7, -1, -1)]
    assert weeks_of(database, "new") == [OBSERVED.shift(-1).key, OBSERVED.key]


def test_nothing_is_stored_of_weeks_that_lie_before_an_athletes_first_day(
    roster: Path,
    instance: DagsterInstance,
    database: Database[BsonDocument],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("WEEKLY_PLAN_FIRST_DAY")
    write_roster(roster, old=folder_of(roster, "old"), new=folder_of(roster, "new", weeks=1))
    runner = CohortRunner.of(load_settings(), instance)
    runner = runner.with_first_days(runner.cohorts())
    (cohort,) = runner.cohorts()
    runner.materialize_metrics(cohort, [OBSERVED.shift(-back) for back in range(7, 3, -1)])
    assert len(weeks_of(database, "old")) == 4
    assert weeks_of(database, "new") == []


def test_an_odd_plan_of_one_athlete_is_no_fault_of_the_others(
    roster: Path, instance: DagsterInstance, database: Database[BsonDocument]
) -> None:
    ids = ["simulated-001", "simulated-006", "simulated-009"]
    write_roster(roster, **{one: simulated() for one in ids})
    planned(instance)
    database["plan_snapshots"].update_many({"athleteId": ids[0]}, {"$unset": {"updatedAt": 1}})
    database["plan_snapshots"].update_many({"athleteId": ids[1]}, {"$set": {"weekStart": None}})
    database["plan_adherence"].insert_one(
        {"athleteId": ids[2], "weekStart": OBSERVED.key, "runId": "odd", "updatedAt": "some day"}
    )
    events = planned(instance, again=True)
    assert {one for one, event in events.items() if event.status is Status.SUCCESS} == {*ids[:2]}
    assert "PlanAdherence" in events[ids[2]].errors[0]


def test_where_nobody_has_a_plan_each_event_holds_the_own_errors_alone(
    roster: Path, instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_roster(roster, a=folder_of(roster, "a"), b=folder_of(roster, "b"))
    with openai_server(Reply("no plan")) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("WEEKLY_PLAN_MODEL", MODEL_ID)
        monkeypatch.setenv("WEEKLY_PLAN_MAX_ATTEMPTS", "1")
        events = planned(instance)
    for event in events.values():
        assert len(event.errors) == event.error_count == 1
        assert event.errors[0].startswith("shape:")
