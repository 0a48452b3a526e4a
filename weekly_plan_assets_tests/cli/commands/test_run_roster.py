"""What `run` says at its end when it has planned for athletes of a roster."""

from pathlib import Path

import pytest

from weekly_plan_assets.cli.commands.run_roster import report
from weekly_plan_assets_tests.support.terminal import Terminal


@pytest.mark.parametrize(
    ("athletes", "said"), [(1, "1 athlete: 1 as planned"), (2, "2 athletes: 2 as planned")]
)
def test_athletes_are_counted_in_plain_english(
    athletes: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report((), (), athletes, athletes)
    assert capsys.readouterr().out.startswith(said)


def test_plans_that_did_not_arrive_are_named_last(capsys: pytest.CaptureFixture[str]) -> None:
    report((), ("ben: files: week.ics is there already",), 2, 2)
    last = capsys.readouterr().out.splitlines()[-2:]
    assert last == ["1 plan was not delivered:", "  ben: files: week.ics is there already"]


def test_files_that_cannot_be_read_are_named_with_their_athlete(
    terminal: Terminal, tmp_path: Path
) -> None:
    for name in ("Ana", "Núria"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "wellness.csv").write_text("date,weight\n2026-11-20,61\n")
    (tmp_path / "Núria" / "broken.fit").write_bytes(b"\0")
    (tmp_path / "roster.yaml").write_text(
        "athletes:\n"
        "  - {id: ana, source: folder, folder: Ana}\n"
        "  - {id: nuria, name: Núria, source: folder, folder: Núria}\n",
        encoding="utf-8",
    )
    terminal.environment["WEEKLY_PLAN_ROSTER"] = str(tmp_path / "roster.yaml")
    said = terminal.run("run", "--all").stderr
    (line,) = [line for line in said.splitlines() if "not read whole" in line]
    assert line.startswith("not read whole: Núria: broken.fit")
    # A terminal without these letters shows others in their place.
    listed = terminal.run("athletes", "list", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert listed.returncode == 0
    assert "N?ria" in listed.stdout
