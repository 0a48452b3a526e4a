"""Commands for one athlete of a roster name the roster's keys where something is missing."""

from pathlib import Path

import pytest

from weekly_plan_assets_tests.support.terminal import Terminal

ROSTER = """\
athletes:
  - {id: simulated-1, name: Anna, source: simulated, athlete_file: none.yaml}
  - {id: simulated-2, source: simulated, timezone: Europe/Madrid}
  - {id: simulated-3, name: Ben, source: simulated}
  - {id: simulated-4, name: Ben, source: simulated}
"""


@pytest.fixture
def coach(terminal: Terminal, tmp_path: Path) -> Terminal:
    (tmp_path / "roster.yaml").write_text(ROSTER)
    terminal.environment["WEEKLY_PLAN_ROSTER"] = str(tmp_path / "roster.yaml")
    return terminal


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("deliver", "--athlete", "Anna"),
            "intervals or files; or set `deliver` of simulated-1 in the roster",
        ),
        (
            ("deliver", "--athlete", "simulated-2", "--to", "files"),
            "holds no plan of athlete simulated-2 yet; `weekly-plan run --athlete simulated-2` "
            "makes one",
        ),
        (
            ("evaluate", "--athlete", "simulated-2"),
            "no metrics of athlete simulated-2 of any week",
        ),
    ],
)
def test_advice_is_in_words_of_the_roster(
    coach: Terminal, arguments: tuple[str, ...], sentence: str
) -> None:
    said = " ".join(coach.run(*arguments).stderr.replace("│", " ").split())
    assert sentence in said
    assert "WEEKLY_PLAN_" not in said


def test_the_doctor_says_what_the_roster_says_of_the_athlete(coach: Terminal) -> None:
    lines = coach.run("doctor", "--athlete", "simulated-2").stdout.splitlines()
    assert "ok    roster: athlete simulated-2: timezone Europe/Madrid, source simulated" in lines
    assert "note  data: a simulated athlete; nobody real is in the roster" in lines
    lines = coach.run("doctor", "--athlete", "Anna").stdout.splitlines()
    (fault,) = [line for line in lines if line.startswith("WRONG")]
    assert fault.startswith("WRONG `athlete_file` of simulated-1 in the roster: ")
    assert fault.endswith(" to a file that does, or leave it out")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "--athlete", "Ben"), "several athletes are called Ben; name one by id: "),
        (("show", "--athlete", "Ben"), "several athletes are called Ben; name one by id: "),
        (("run", "--athlete", "Anna", "--all"), "give either --athlete or --all"),
        (
            (
                "backfill",
                *("--from", "2026-01-05", "--to", "2026-01-05"),
                *("--athlete", "Anna"),
                "--all",
            ),
            "give either --athlete or --all",
        ),
        (("deliver", "--athlete", "Nobody"), "the roster has no athlete Nobody; "),
        (("deliver", "--to", "files"), "the roster has 4 athletes: name one with --athlete "),
        (("doctor", "--athlete", "Nobody"), "the roster has no athlete Nobody; "),
    ],
)
def test_who_is_meant_is_asked_where_it_is_not_clear(
    coach: Terminal, arguments: tuple[str, ...], sentence: str
) -> None:
    refused = coach.run(*arguments)
    assert refused.returncode in {1, 2}
    assert sentence in " ".join(refused.stderr.replace("│", " ").split()) + " "


def test_the_plan_of_one_athlete_is_shown_when_it_is_made(coach: Terminal) -> None:
    made = coach.run("run", "--athlete", "simulated-2").stdout
    assert made.startswith("1 athlete: 1 planned")
    assert "athlete simulated-2, planned from the week of" in made
    assert "simulated athlete: not a real person's data" in made


def test_the_only_athlete_of_a_roster_is_found_by_name(terminal: Terminal, tmp_path: Path) -> None:
    only = "athletes:\n  - {id: simulated-1, name: Anna Keller, source: simulated}\n"
    (tmp_path / "roster.yaml").write_text(only)
    terminal.environment["WEEKLY_PLAN_ROSTER"] = str(tmp_path / "roster.yaml")
    terminal.run("run")
    shown = terminal.run("show", "--athlete", "Anna Keller")
    assert "athlete Anna Keller (simulated-1), planned from" in shown.stdout
    assert "Anna Keller" in terminal.run("overview").stdout
