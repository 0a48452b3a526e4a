"""`weekly-plan show --html`, as a user types it."""

from pathlib import Path

import pytest

from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.support.kept_runs import FIRST, keep_runs, store_weeks, weeks_from
from weekly_plan_assets_tests.support.terminal import Terminal


@pytest.fixture
def planned(terminal: Terminal, mongo_url: str) -> Terminal:
    """A week of the sample athlete is planned."""
    with open_client(mongo_url) as client:
        database = client[terminal.environment["MONGO_DATABASE"]]
        weeks = weeks_from(FIRST, 5)
        store_weeks(database, weeks)
        keep_runs(database, weeks[-1:])
    return terminal


def test_the_page_goes_to_standard_output_or_to_a_file(planned: Terminal, tmp_path: Path) -> None:
    printed = planned.run("show", "--html")
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout.startswith("<!doctype html>")
    assert "Simulated athlete" in printed.stdout
    path = tmp_path / "week.html"
    written = planned.run("show", "--to", str(path))
    assert written.returncode == 0, written.stderr
    assert written.stdout.strip() == str(path)
    assert path.read_text() == printed.stdout


def test_a_file_that_cannot_be_written_is_named_in_a_sentence(
    planned: Terminal, tmp_path: Path
) -> None:
    done = planned.run("show", "--to", str(tmp_path / "missing" / "week.html"))
    assert done.returncode == 1
    assert "missing/week.html" in done.stderr.replace("\n", "")
    assert "Traceback" not in done.stderr


def test_a_page_is_not_json(planned: Terminal) -> None:
    done = planned.run("show", "--html", "--json")
    assert done.returncode == 2
    assert "not both" in done.stderr
