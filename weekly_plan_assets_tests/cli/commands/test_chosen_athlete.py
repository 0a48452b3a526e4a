"""Commands for one athlete of a roster name the roster's keys where something is missing."""

from pathlib import Path

import pytest

from weekly_plan_assets_tests.support.terminal import Terminal

ROSTER = """\
athletes:
  - {id: simulated-1, name: Anna, source: simulated, athlete_file: none.yaml}
  - {id: simulated-2, source: simulated, timezone: Europe/Madrid}
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
