"""Why a coach should look at an athlete, and in which order."""

from datetime import date
from typing import Any

import pytest

from weekly_plan_assets.athletes.overview import (
    AthleteWeek,
    LastWeek,
    Need,
    WeekStatus,
    most_urgent_first,
)


def row(**known: Any) -> AthleteWeek:
    given = {"athlete_id": "a1", "week_start": date(2026, 11, 23), "status": WeekStatus.PLANNED}
    return AthleteWeek(**given | known).with_look()


def last_week(done: int, planned: int) -> LastWeek:
    return LastWeek(sessions_done=done, sessions_planned=planned)


BY_URGENCY = [
    row(status=WeekStatus.FAILED, error="the source is away"),
    row(status=WeekStatus.NOT_PLANNED),
    row(undelivered=("intervals",)),
    row(red=("hrv",)),
    row(last_week=last_week(1, 5)),
    row(state="Ill until 26 November."),
    row(amber=("sleep", "form")),
    row(),
]


def test_the_reasons_come_in_their_order_and_nothing_comes_last() -> None:
    assert [one.need for one in BY_URGENCY] == list(Need)
    assert list(most_urgent_first(reversed(BY_URGENCY))) == BY_URGENCY
    assert [one.look for one in BY_URGENCY] == [
        ("Planning failed: the source is away.",),
        ("No plan for this week.",),
        ("The plan did not fully arrive in: intervals.",),
        ("Red: HRV.",),
        ("Did 1 of 5 planned sessions last week.",),
        ("Ill until 26 November.",),
        ("Amber: sleep, form.",),
        (),
    ]


def test_athletes_with_the_same_need_are_sorted_by_what_they_are_called() -> None:
    rows = [row(name="ben"), row(athlete_id="a0"), row(name="Anna")]
    assert [one.called for one in most_urgent_first(rows)] == ["a0", "Anna", "ben"]


def test_an_athlete_has_every_reason_and_counts_by_the_first() -> None:
    one = row(red=("hrv",), amber=("sleep",), last_week=last_week(0, 4))
    assert one.need is Need.RED_LIGHT
    assert one.look == ("Red: HRV.", "Did 0 of 4 planned sessions last week.", "Amber: sleep.")


@pytest.mark.parametrize(("done", "planned"), [(2, 4), (3, 5), (0, 0)])
def test_half_of_the_sessions_is_no_reason_to_look(done: int, planned: int) -> None:
    assert row(last_week=last_week(done, planned)).look == ()


def test_a_plan_that_stands_after_a_later_failure_is_still_looked_at() -> None:
    one = row(error="the key is refused.")
    assert one.look == ("A later run failed: the key is refused.",)
    assert one.need is Need.FAILURE


def test_a_long_error_is_whole_in_the_row_and_short_in_the_reason() -> None:
    one = row(status=WeekStatus.FAILED, error="word " * 200)
    assert len(one.look[0]) < 330
    assert one.look[0].endswith("...")
    assert one.error == "word " * 200
