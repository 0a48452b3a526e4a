"""explain, compare, show and runs as a user types them, on runs of either version."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.lineage.version_1_run import store_run
from weekly_plan_assets_tests.support.graph import activity, write_export
from weekly_plan_assets_tests.support.kept_runs import FIRST, keep_runs, store_weeks, weeks_from
from weekly_plan_assets_tests.support.terminal import Terminal


def one_line(text: str) -> str:
    """Without the line breaks of the terminal."""
    return " ".join(text.split())


@pytest.fixture
def stored(terminal: Terminal, mongo_url: str) -> Iterator[Database[BsonDocument]]:
    """The database that the terminal reads."""
    with open_client(mongo_url) as client:
        yield client[terminal.environment["MONGO_DATABASE"]]


@pytest.fixture
def run_id(stored: Database[BsonDocument]) -> str:
    """The run of the sample's fifth week; the first week has one too."""
    weeks = weeks_from(FIRST, 5)
    store_weeks(stored, weeks)
    keep_runs(stored, weeks[:1])
    return keep_runs(stored, weeks[-1:])[0]


def test_explain_is_one_page_that_is_not_wider_than_100_columns(
    terminal: Terminal, run_id: str
) -> None:
    page = terminal.run("explain", "latest")
    assert page.returncode == 0, page.stderr
    assert max(len(line) for line in page.stdout.splitlines()) <= 100
    assert f"runId {run_id}" in page.stdout
    for title in ("What was planned", "From which numbers", "Readiness", "Rules", "Provenance"):
        assert f"\n{title}\n" in page.stdout
    assert "7 of 7 days, wellness" in page.stdout


@pytest.mark.slow
def test_explain_tells_the_same_as_json_and_as_markdown(terminal: Terminal, run_id: str) -> None:
    told = json.loads(terminal.run("explain", run_id[:-1], "--json").stdout)
    assert told["runId"] == run_id
    assert told["attempts"][0]["startedAt"].endswith("Z")
    page = terminal.run("explain", run_id, "--markdown").stdout
    assert page.startswith("# Plan for ")
    assert "\n| Rule | Verdict | Observed | Threshold |\n| --- |" in page
    both = terminal.run("explain", run_id, "--markdown", "--json")
    assert both.returncode == 2


def test_words_of_a_plan_do_not_become_markdown(
    terminal: Terminal, stored: Database[BsonDocument], run_id: str
) -> None:
    stored["plan_snapshots"].update_one(
        {"runId": run_id}, {"$set": {"activityPlan.nextWeek.objective": "# <b>a|b</b>\n[x](y)"}}
    )
    page = terminal.run("explain", run_id, "--markdown").stdout
    assert r"\# \<b\>a\|b\</b\> \[x\](y)" in page


def test_a_run_that_is_not_there_is_told_in_one_sentence(terminal: Terminal) -> None:
    refused = terminal.run("explain", "none")
    assert refused.returncode == 1
    assert "`weekly-plan runs` lists them" in one_line(refused.stderr)
    assert "Traceback" not in refused.stderr


def test_an_altered_provenance_is_told_in_one_sentence(
    terminal: Terminal, stored: Database[BsonDocument], run_id: str
) -> None:
    stored["run_artifacts"].update_one(
        {"runId": run_id}, {"$set": {"provenance.origin.retryNumber": 5}}
    )
    refused = terminal.run("explain", run_id)
    assert refused.returncode == 1
    assert "the provenance record is not as it was written" in one_line(refused.stderr)
    assert "Traceback" not in refused.stderr


@pytest.mark.slow
def test_compare_takes_runs_and_weeks_and_marks_what_differs(
    terminal: Terminal, run_id: str
) -> None:
    week = FIRST.key
    page = terminal.run("compare", week, run_id[:-1])
    assert page.returncode == 0, page.stderr
    assert max(len(line) for line in page.stdout.splitlines()) <= 100
    assert "Different weeks" in page.stdout
    both = json.loads(terminal.run("compare", week, "latest", "--json").stdout)
    assert both["a"]["observedWeekStart"] == week
    assert both["b"]["runId"] == run_id


@pytest.mark.slow
def test_compare_of_a_week_that_is_none_or_has_no_plan_says_so(
    terminal: Terminal, run_id: str
) -> None:
    no_monday = terminal.run("compare", "2024-01-10", run_id)
    assert no_monday.returncode == 2
    assert "the Monday of that week is 2024-01-08" in one_line(no_monday.stderr)
    no_plan = terminal.run("compare", "2025-01-06", run_id)
    assert no_plan.returncode == 1
    assert "no plan was published from or for the week of 2025-01-06" in no_plan.stderr


@pytest.mark.slow
@pytest.mark.parametrize("as_text", [True, False])
def test_every_reading_command_takes_runs_of_version_1(
    terminal: Terminal, stored: Database[BsonDocument], *, as_text: bool
) -> None:
    # Not long ago: dates that are due are deleted while we look, as they should be.
    now = datetime.now(UTC)
    created_at = now.strftime("%Y-%m-%dT%H:%M:%S.000Z") if as_text else now
    store_run(stored, "100", "2024-01-15", created_at)
    store_run(stored, "200", "2024-01-22", created_at)
    shown = terminal.run("show", "--run-id", "1")
    assert shown.returncode == 0, shown.stderr
    assert "Mie 17 Jan  Carrera suave  40 min  Z2" in shown.stdout
    assert "Beber bastante" in shown.stdout
    assert "Base aeróbica" in terminal.run("explain", "100").stdout
    assert "runId 200" in terminal.run("show", "--week", "2024-01-15").stdout
    assert f"ended {now:%Y-%m-%d %H:%M} UTC" in terminal.run("runs").stdout
    listed = json.loads(terminal.run("runs", "--json").stdout)
    assert [event["createdAt"][:19] for event in listed] == [f"{now:%Y-%m-%dT%H:%M:%S}"] * 2
    assert "schema version 1.0" in terminal.run("compare", "100", "2024-01-15").stdout


@pytest.mark.slow
def test_with_several_athletes_the_sources_own_are_shown_and_others_by_their_id(
    terminal: Terminal, stored: Database[BsonDocument], run_id: str, tmp_path: Path
) -> None:
    others = {"collection": "weekly_metrics", "athleteId": "other", "weekStart": "2024-01-01"}
    stored["stored_weeks"].insert_one(others)
    assert "athlete sample" in terminal.run("show").stdout
    write_export(tmp_path, [activity("1", "2024-01-03T07:00:00", icu_athlete_id="third")], [])
    as_third = {"WEEKLY_PLAN_EXPORT_DIR": str(tmp_path)}
    refused = terminal.run("show", **as_third)
    assert refused.returncode == 1
    assert "other, sample, but nothing of third, whose data" in one_line(refused.stderr)
    assert run_id in terminal.run("show", "--athlete", "sample", **as_third).stdout
    for command in (["export", "latest", "--to", str(tmp_path / "out")], ["replay", "latest"]):
        assert terminal.run(*command, "--athlete", "sample", **as_third).returncode == 0
        assert "--athlete ID" in terminal.run(*command, **as_third).stderr


@pytest.mark.slow
def test_documents_of_another_athlete_than_the_source_are_named(
    terminal: Terminal, run_id: str, tmp_path: Path
) -> None:
    write_export(tmp_path, [activity("1", "2024-01-03T07:00:00", icu_athlete_id="third")], [])
    for command in (["show"], ["explain", "latest"], ["compare", "latest", run_id]):
        shown = terminal.run(*command, WEEKLY_PLAN_EXPORT_DIR=str(tmp_path))
        assert shown.returncode == 0, shown.stderr
        assert "athlete sample" in shown.stdout
        assert "this is of athlete sample, but the source in force (folder) holds the data of " in (
            one_line(shown.stderr)
        )


@pytest.mark.slow
def test_a_monday_means_the_observed_week_or_else_the_planned_one(
    terminal: Terminal, run_id: str
) -> None:
    observed = run_id.rpartition(":")[2]
    planned = str(TrainingWeek.parse(observed).next())
    for command in (["show", "--week"], ["explain"]):
        assert run_id in terminal.run(*command, observed).stdout
        assert run_id in terminal.run(*command, planned).stdout
    shown = terminal.run("show", "--week", planned)
    assert f"{planned} as the planned week: " in one_line(shown.stderr)
    assert f"made from the week of {observed}" in one_line(shown.stderr)
    assert terminal.run("compare", observed, planned).returncode == 0


def test_no_runs_are_said_to_be_none_naming_the_database(terminal: Terminal) -> None:
    runs = terminal.run("runs")
    assert runs.returncode == 0
    assert runs.stdout == ""
    name = terminal.environment["MONGO_DATABASE"]
    assert f"no runs in the database {name}, which is the sample's; `weekly-plan run`" in (
        one_line(runs.stderr)
    )


@pytest.mark.parametrize("command", [["show"], ["deliver", "--to", "files"]])
def test_where_a_plan_was_looked_for_is_named_if_there_is_none(
    terminal: Terminal, tmp_path: Path, command: list[str]
) -> None:
    """A key makes Intervals.icu the source, though the plans were made from a folder."""
    both = {
        "INTERVALS_API_KEY": "k",
        "WEEKLY_PLAN_EXPORT_DIR": str(tmp_path),
        "WEEKLY_PLAN_DELIVER_DIR": str(tmp_path / "out"),
    }
    found = terminal.run(*command, **both)
    assert found.returncode == 1
    said = one_line(found.stderr)
    assert f"the database {terminal.environment['MONGO_DATABASE']}" in said
    assert "the source in force (intervals)" in said
    assert "WEEKLY_PLAN_SOURCE=folder or WEEKLY_PLAN_SOURCE=sample looks for those" in said
