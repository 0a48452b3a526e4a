"""Any number of simulated athletes as sources: each lives one of the personas' lives until today.

The id alone decides who an athlete is and what chance brings them, so that two machines simulate
the same rows.
"""

import re
from datetime import date, timedelta
from functools import lru_cache
from hashlib import sha256

from weekly_plan_assets.domain.athlete.athlete_id import Identity
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.calendar import CalendarEvent
from weekly_plan_assets.domain.recorded.left_out import Collection, LeftOut
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.sources.base import Problem
from weekly_plan_assets.sources.personas.life import Life
from weekly_plan_assets.sources.personas.persona import FIRST_MONDAY, Persona
from weekly_plan_assets.sources.personas.persona_account import (
    absences_entered,
    races_entered,
    sport_settings_of,
)
from weekly_plan_assets.sources.personas.persona_table import PERSONAS

_LIVES_KEPT = 8
"""A run reads an athlete several times and then goes on to the next."""

_RACES_AHEAD = timedelta(weeks=104)


class PersonaSource:
    """A simulated athlete from `FIRST_MONDAY` to `today`."""

    name = "simulated"
    import_summary: str | None = None
    identity = Identity.NAMED
    absent_keys: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def __init__(self, athlete_id: str, today: date) -> None:
        self.athlete_id = athlete_id
        self._today = today
        self._persona = persona_named(athlete_id)

    def left_out(self, collection: Collection, first: date, last: date) -> list[LeftOut]:  # noqa: ARG002
        """Nothing: every simulated row can be used."""
        return []

    def first_day(self) -> date | None:
        """The first day of training; None if it lies ahead."""
        first = FIRST_MONDAY + timedelta(weeks=self._persona.begins)
        return first if self._today >= first else None

    def last_day(self) -> date | None:
        """Today: no day goes unrecorded."""
        return self._today if self.first_day() is not None else None

    def activities(self, first: date, last: date) -> list[Activity]:
        """Activities of the days `first` to `last`, both included, by start and id."""
        rows = (row for of_week in self._life(first).activities.values() for row in of_week)
        found = [row for row in rows if first <= row.day <= min(last, self._today)]
        return sorted(found, key=lambda row: (row.start_date_local, row.id))

    def wellness(self, first: date, last: date) -> list[WellnessDay]:
        """Wellness of the days `first` to `last`, both included, by day."""
        rows = (row for of_week in self._life(first).wellness.values() for row in of_week)
        return [row for row in rows if first <= row.day <= min(last, self._today)]

    def sport_settings(self) -> list[SportSettings]:
        """Thresholds and zones, of a persona that has any."""
        return sport_settings_of(self._persona)

    def calendar(self, first: date, last: date) -> list[CalendarEvent]:
        """Races and absences of the days `first` to `last`, both included, by start."""
        until = self._today + _RACES_AHEAD
        entries = [*races_entered(self._persona, until), *absences_entered(self._persona)]
        found = [entry for entry in entries if first <= entry.day <= last]
        return sorted(found, key=lambda entry: (entry.day, entry.id))

    def _life(self, first: date) -> Life:
        """The athlete's life until today, its rows kept from the week of `first` on."""
        weeks = (TrainingWeek.containing(day) for day in (first, self._today))
        return _lived(self._persona, *weeks)


def persona_named(athlete_id: str) -> Persona:
    """Whose life an athlete lives: of ids with a number, one persona after another."""
    number = re.search(r"([0-9]{1,9})$", athlete_id)
    digest = int.from_bytes(sha256(athlete_id.encode()).digest()[:4], "big")
    chosen = PERSONAS[(int(number[1]) - 1 if number else digest) % len(PERSONAS)]
    return chosen.model_copy(update={"key": athlete_id})


@lru_cache(maxsize=_LIVES_KEPT)
def _lived(persona: Persona, kept_from: TrainingWeek, last: TrainingWeek) -> Life:
    """The life of an athlete up to the Sunday of a week; a week follows from those before it."""
    life = Life(persona, kept_from)
    for week in weeks_between(TrainingWeek(FIRST_MONDAY), last):
        life.live_habit(week)
    return life
