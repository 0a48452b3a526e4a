"""Several athletes calculated at once: for each it comes out as it does alone."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from benchmarks.athletes import DrawnAthlete
from weekly_plan_assets.domain.metrics.recorded_weeks import RecordedWeeks
from weekly_plan_assets.domain.metrics.weekly_metrics import summarise_athletes, summarise_weeks
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import (
    count_sessions,
    count_sessions_of_each,
)
from weekly_plan_assets.domain.recorded.left_out import LeftOut
from weekly_plan_assets.storage.codec import encode_rows

DRAWN = [DrawnAthlete.drawn(number, years=1) for number in (1, 1, 2, 3)]
"""The first two are alike, ids and times included, as the files of two members of a club may be."""

TWICE = {**DRAWN[2].activities[20], "id": "again", "source": "AN_APP"}


def recorded(number: int, drawn: DrawnAthlete, **known: Any) -> RecordedWeeks:
    weeks = drawn.weeks[number : 30 + number]
    activities = [*drawn.activities, *([TWICE] if drawn is DRAWN[2] else [])]
    frames = pd.DataFrame(activities), pd.DataFrame(drawn.wellness)
    return RecordedWeeks(f"athlete-{number}", weeks, *frames, **known)


def alone(one: RecordedWeeks) -> list[dict[str, Any]]:
    frames = one.activities, one.wellness
    return encode_rows(
        summarise_weeks(
            one.athlete_id, one.weeks, *frames, last_day=one.last_day, left_out=one.left_out
        )
    )


def test_the_metrics_of_each_of_several_athletes_are_those_of_the_athlete_alone() -> None:
    athletes = [recorded(number, one) for number, one in enumerate(DRAWN)]
    together = encode_rows(summarise_athletes(athletes))
    assert together == [row for one in athletes for row in alone(one)]
    assert any(row["coverage"]["twins"] for row in together)


def test_an_athlete_without_data_or_with_an_unfinished_week_changes_nobody_elses_metrics() -> None:
    full, other = recorded(0, DRAWN[0]), recorded(3, DRAWN[3], last_day=date(2015, 3, 11))
    empty = RecordedWeeks("nobody", full.weeks[:2], pd.DataFrame(), pd.DataFrame())
    athletes = [empty, full, other, empty]
    together = encode_rows(summarise_athletes(athletes))
    assert together == [row for one in athletes for row in alone(one)]


def test_what_was_left_out_of_one_athlete_is_not_looked_for_among_anothers_sessions() -> None:
    week = DRAWN[0].weeks[4]
    known = DRAWN[0].activities[0]["id"]
    left_out = LeftOut(collection="activities", id=known, day=week.start, key=None, reason="odd")
    has_it = recorded(0, DRAWN[0], left_out={week: [left_out]})
    lacks_it = RecordedWeeks(
        "other", has_it.weeks, pd.DataFrame(), has_it.wellness, None, has_it.left_out
    )
    together = encode_rows(summarise_athletes([has_it, lacks_it]))
    assert together == [*alone(has_it), *alone(lacks_it)]


def test_no_athletes_have_no_metrics() -> None:
    assert summarise_athletes([]).empty
    assert count_sessions_of_each([]) == []


@pytest.mark.parametrize("others", [[], [()], [(), ()]])
def test_sessions_of_several_athletes_count_as_those_of_each_alone(others: list[Any]) -> None:
    athletes = [
        *([Activity.model_validate(row) for row in one.activities] for one in DRAWN),
        [Activity.model_validate(row) for row in (*DRAWN[2].activities, TWICE)],
        *others,
    ]
    assert count_sessions_of_each(athletes) == [count_sessions(one) for one in athletes]
