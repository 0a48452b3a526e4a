"""What `run` says at its end when it has planned for athletes of a roster."""

import pytest

from weekly_plan_assets.cli.commands.run_roster import report


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
