"""Simulated athletes as sources: different, repeatable, and never ahead of today."""

from datetime import date, timedelta

import pytest

from weekly_plan_assets.sources.personas.persona_table import PERSONAS
from weekly_plan_assets.sources.personas.source import PersonaSource, persona_named

TODAY = date(2026, 3, 4)  # a Wednesday
FIRST, LAST = date(2024, 1, 1), date(2027, 1, 1)


def test_numbered_athletes_live_one_persona_after_another() -> None:
    ids = [f"simulated-{number:03}" for number in range(1, len(PERSONAS) + 1)]
    assert [persona_named(one).who for one in ids] == [one.who for one in PERSONAS]


def test_two_athletes_of_one_persona_have_days_of_their_own() -> None:
    first, second = (
        PersonaSource(f"simulated-{number}", TODAY) for number in (1, 1 + len(PERSONAS))
    )
    assert first.activities(FIRST, LAST) != second.activities(FIRST, LAST)
    assert not {row.id for row in first.activities(FIRST, LAST)} & {
        row.id for row in second.activities(FIRST, LAST)
    }


@pytest.mark.parametrize("athlete_id", ["simulated-2", "anna", "simulated-18"])
def test_nothing_is_known_of_days_to_come_and_a_day_stays_as_it_was(athlete_id: str) -> None:
    now = PersonaSource(athlete_id, TODAY)
    later = PersonaSource(athlete_id, TODAY + timedelta(days=40))
    assert max(row.day for row in now.wellness(FIRST, LAST)) == TODAY
    assert max(row.day for row in now.activities(FIRST, LAST)) <= TODAY
    assert now.activities(FIRST, LAST) == later.activities(FIRST, TODAY)
    assert now.wellness(FIRST, LAST) == later.wellness(FIRST, TODAY)
    assert now.last_day() == TODAY


def test_races_of_the_season_ahead_are_on_the_calendar() -> None:
    entries = PersonaSource("simulated-3", TODAY).calendar(TODAY, TODAY + timedelta(weeks=52))
    assert [entry.category for entry in entries].count("RACE_A") == 2
