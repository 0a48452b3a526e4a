"""The athlete's file, the sport settings and the calendar, through the whole graph."""

import json
from pathlib import Path
from typing import Any

import pytest

from weekly_plan_assets.lineage.audit.replay import replay
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.lineage.records.stored_run import StoredRun
from weekly_plan_assets.planners.named import planner_named
from weekly_plan_assets.settings import SourceName
from weekly_plan_assets_tests.support.graph import (
    ChosenSource,
    Graph,
    activity,
    wellness_day,
    write_export,
)

WEEK = "2024-01-08"


def event(id_: int, category: str, first: str, end: str, **others: Any) -> dict[str, Any]:
    clocks = {"start_date_local": f"{first}T00:00:00", "end_date_local": f"{end}T00:00:00"}
    return {"id": id_, "category": category} | clocks | others


RACE = event(1, "RACE_A", "2024-06-02", "2024-06-03", name="City half", type="Run")
HOLIDAY = event(2, "HOLIDAY", "2024-01-20", "2024-01-22")
WORKOUT = event(3, "WORKOUT", "2024-01-16", "2024-01-17")
LATER_ILLNESS = event(4, "SICK", "2024-01-15", "2024-01-18")
OLD_INJURY = event(5, "INJURED", "2023-12-01", "2024-01-03")


@pytest.fixture
def trained(graph: Graph, tmp_path: Path) -> Graph:
    """A week of training, with an athlete's file, sport settings and a calendar."""
    write_export(
        graph.export_dir,
        [activity(str(day), f"2024-01-{day:02d}T07:00:00") for day in (9, 11, 14)],
        [wellness_day(f"2024-01-{day:02d}") for day in range(8, 15)],
    )
    settings = {"types": ["Run"], "lthr": 172, "max_hr": 190, "hr_zones": [140, 150, 160, 170, 190]}
    (graph.export_dir / "sport_settings.json").write_text(json.dumps([settings]))
    write_events(graph, [RACE, HOLIDAY, WORKOUT, OLD_INJURY])
    file = tmp_path / "athlete.yaml"
    file.write_text(
        "max_hr_bpm: 200\nresting_hr_bpm: 50\nlong_run_day: saturday\nlanguage: es\n"
        "races:\n- {date: 2024-06-02, priority: A, target: 1:45:00}\n"
    )
    graph.resources = {
        "source": ChosenSource(
            name=SourceName.FOLDER,
            timezone="UTC",
            export_dir=str(graph.export_dir),
            athlete_file=str(file),
        )
    }
    return graph


def write_events(graph: Graph, events: list[dict[str, Any]]) -> None:
    (graph.export_dir / "events.json").write_text(json.dumps(events))


def artifacts_of(graph: Graph, run_id: str) -> dict[str, Any]:
    (found,) = (one for one in graph.documents("run_artifacts") if one["runId"] == run_id)
    return found


def test_file_settings_and_calendar_make_one_profile_which_is_kept(trained: Graph) -> None:
    result = trained.plan(WEEK)
    assert result.success
    kept = artifacts_of(trained, f"{result.run_id}:{WEEK}")
    run = Lineage(trained.database).run(kept["runId"])
    assert run is not None
    assert replay(run).differences == ()
    athlete = kept["athlete"]
    assert (athlete["maxHrBpm"], athlete["restingHrBpm"], athlete["thresholdHrBpm"]) == (
        190,
        50,
        172,
    )
    assert athlete["zoneUpperBpm"] == [140, 150, 160, 170, 190]
    assert (athlete["longRunWeekday"], athlete["language"]) == (5, "es")
    (race,) = athlete["races"]
    assert (race["date"], race["name"], race["targetTimeS"]) == ("2024-06-02", "City half", 6300)
    assert [absence["first"] for absence in athlete["absences"]] == ["2023-12-01", "2024-01-20"]


def test_what_the_profile_came_from_is_kept_as_it_came(trained: Graph) -> None:
    result = trained.plan(WEEK)
    kept = artifacts_of(trained, f"{result.run_id}:{WEEK}")
    assert [one["category"] for one in kept["calendar"]] == ["INJURED", "HOLIDAY", "RACE_A"]
    assert kept["calendar"][2]["start_date_local"] == "2024-06-02T00:00:00"
    (settings,) = kept["sportSettings"]
    assert settings["lthr"] == 172


def test_notes_of_the_calendar_are_kept_and_replayed_and_reach_a_model(trained: Graph) -> None:
    before = event(6, "NOTE", "2024-01-14", "2024-01-15", name="Knee sore", description="since Fri")
    ahead = event(
        7, "NOTE", "2024-01-18", "2024-01-19", name="In Rome", updated="2024-01-14T09:00Z"
    )
    later = event(8, "NOTE", "2024-01-19", "2024-01-20", name="Flew", updated="2024-01-19T09:00Z")
    write_events(trained, [RACE, before, ahead, later])
    result = trained.plan(WEEK)
    kept = artifacts_of(trained, f"{result.run_id}:{WEEK}")
    assert {one["name"] for one in kept["calendar"]} == {"City half", "Knee sore", "In Rome"}
    run = Lineage(trained.database).run(kept["runId"])
    assert isinstance(run, StoredRun)
    assert replay(run).differences == ()
    assert run.inputs is not None
    asked = run.inputs.request
    assert [note.text for note in asked.calendar_notes] == ["Knee sore: since Fri", "In Rome"]
    prompt = planner_named("openai:any", timeout_s=1, max_tokens=1).render_prompt(asked)
    assert "\nSun 14 Jan: Knee sore: since Fri\nThu 18 Jan: In Rome\n" in prompt


def test_illness_that_came_later_changes_nothing_of_a_past_week(trained: Graph) -> None:
    before = artifacts_of(trained, f"{trained.plan(WEEK).run_id}:{WEEK}")
    write_events(trained, [RACE, HOLIDAY, OLD_INJURY, LATER_ILLNESS])
    after = artifacts_of(trained, f"{trained.plan(WEEK).run_id}:{WEEK}")
    assert before["inputHashes"] == after["inputHashes"]
    assert {"athlete", "athleteFile", "sportSettings", "calendar"} < set(before["inputHashes"])


def test_a_changed_file_changes_its_hash_and_the_profiles(trained: Graph, tmp_path: Path) -> None:
    before = artifacts_of(trained, f"{trained.plan(WEEK).run_id}:{WEEK}")["inputHashes"]
    (tmp_path / "athlete.yaml").write_text("long_run_day: friday")
    after = artifacts_of(trained, f"{trained.plan(WEEK).run_id}:{WEEK}")["inputHashes"]
    changed = {name for name in before if before[name] != after[name]}
    assert {"athlete", "athleteFile"} <= changed
    assert not changed & {"metrics", "history", "activities", "wellness", "calendar"}


def test_a_wrong_file_fails_the_run_with_its_sentence(trained: Graph, tmp_path: Path) -> None:
    file = tmp_path / "athlete.yaml"
    file.write_text("races:\n- date: 2024-06-02\n  priority: best\n")
    trained.plan_and_record(WEEK)
    (event_,) = trained.documents("run_events")
    assert event_["status"] == "failure"
    assert f"{file}, line 3: races, item 1, priority, is best" in " ".join(event_["errors"])


def test_the_file_reaches_the_graph_for_a_source_without_settings_and_calendar(
    graph: Graph, tmp_path: Path
) -> None:
    file = tmp_path / "athlete.yaml"
    file.write_text("birth_year: 1980")
    graph.resources = {
        "source": ChosenSource(name=SourceName.SAMPLE, timezone="UTC", athlete_file=str(file))
    }
    result = graph.plan("2024-04-15")
    kept = artifacts_of(graph, f"{result.run_id}:2024-04-15")
    assert kept["athlete"]["birthYear"] == 1980
    assert kept["athlete"]["races"][0]["name"] == "Spring 10 km"
