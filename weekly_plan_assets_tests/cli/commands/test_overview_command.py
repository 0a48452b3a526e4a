"""`weekly-plan overview` as it is typed."""

import json
from pathlib import Path

import pytest

from weekly_plan_assets_tests.support.planned_roster import BROKEN, PlannedRoster
from weekly_plan_assets_tests.support.read_page import ReadPage
from weekly_plan_assets_tests.support.terminal import Terminal


@pytest.fixture
def coach(planned_roster: PlannedRoster) -> Terminal:
    return Terminal(dict(planned_roster.environment))


def test_the_table_fits_into_80_columns_and_begins_with_what_failed(coach: Terminal) -> None:
    done = coach.run("overview", COLUMNS="80")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[1].startswith("4 athletes, 3 planned, 1 failed, ")
    assert "simulated athletes" in lines[2]
    first = next(line for line in lines[6:] if line and not line.startswith("─"))
    assert first.startswith("Carla")
    assert "failed" in first


def test_a_pipe_has_one_line_for_each_athlete(coach: Terminal) -> None:
    del coach.environment["COLUMNS"]
    lines = coach.run("overview").stdout.splitlines()
    for name in ("simulated-1", "simulated-2", BROKEN, "simulated-4"):
        assert sum(name in line for line in lines) == 1


def test_json_has_all_that_is_known_of_each_athlete(
    coach: Terminal, planned_roster: PlannedRoster
) -> None:
    rows = json.loads(coach.run("overview", "--json", "--week", planned_roster.week.key).stdout)
    assert rows[0]["athleteId"] == BROKEN
    assert rows[0]["need"] == "failure"
    assert {one["weekStart"] for one in rows} == {planned_roster.week.key}
    assert all(one["runId"] for one in rows)


def test_the_page_is_printed_or_written_to_a_file(coach: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "overview.html"
    printed = coach.run("overview", "--html")
    written = coach.run("overview", "--to", str(path))
    assert written.stdout.strip() == str(path)
    assert path.read_text() == printed.stdout
    assert ReadPage(printed.stdout).open == []
    assert coach.run("overview", "--to", str(tmp_path / "no" / "x.html")).returncode == 1
    assert coach.run("overview", "--json", "--html").returncode == 2


def test_one_athlete_without_a_roster_has_a_row_too(terminal: Terminal) -> None:
    done = terminal.run("overview")
    assert done.returncode == 0, done.stderr
    assert "1 athlete, 1 not planned, 1 to look at" in done.stdout
    assert "No plan for this week." in done.stdout
