"""The simulated athlete as a source: days simulated one after another, served by date."""

from datetime import date, timedelta
from functools import cache

from weekly_plan_assets.domain.athlete.athlete_id import Identity
from weekly_plan_assets.domain.metrics.fitness import ATL_DAYS, CTL_DAYS, next_ewma
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.calendar import CalendarEvent
from weekly_plan_assets.domain.recorded.left_out import Collection, LeftOut
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.sources.base import Problem
from weekly_plan_assets.sources.sample.sample_body import sample_wellness
from weekly_plan_assets.sources.sample.sample_calendar import FIRST_DAY, day_of, events_between
from weekly_plan_assets.sources.sample.sample_sessions import (
    ATHLETE_ID,
    activities_of,
    sample_load_of,
    with_fitness,
)

_START_CTL = 38.0
"""Fitness and fatigue on the eve of the first day, and on the days before it."""

_RAMP_DAYS = 7


class SampleSource:
    """A simulated athlete from 2024-01-01 to `today`, in the shapes of the Intervals.icu API."""

    name = "sample"
    import_summary: str | None = None
    athlete_id = ATHLETE_ID
    identity = Identity.NAMED
    absent_keys: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def __init__(self, today: date) -> None:
        self._today = today

    def left_out(self, collection: Collection, first: date, last: date) -> list[LeftOut]:  # noqa: ARG002
        """Nothing: every simulated row can be used."""
        return []

    def first_day(self) -> date | None:
        """The first simulated day."""
        return FIRST_DAY if self._today >= FIRST_DAY else None

    def last_day(self) -> date | None:
        """Today: no day goes unrecorded."""
        return self._today if self._today >= FIRST_DAY else None

    def activities(self, first: date, last: date) -> list[Activity]:
        """Activities of the days `first` to `last`, both included, by start and id."""
        return [row for row in _simulated(self._today)[0] if first <= row.day <= last]

    def wellness(self, first: date, last: date) -> list[WellnessDay]:
        """Wellness of the days `first` to `last`, both included, by day."""
        return [row for row in _simulated(self._today)[1] if first <= row.day <= last]

    def sport_settings(self) -> list[SportSettings]:
        """None: everything simulated about the athlete's heart is in the activities."""
        return []

    def calendar(self, first: date, last: date) -> list[CalendarEvent]:
        """Calendar entries of the days `first` to `last`, both included, by start."""
        return [CalendarEvent.model_validate(entry) for entry in events_between(first, last)]


@cache
def _simulated(today: date) -> tuple[tuple[Activity, ...], tuple[WellnessDay, ...]]:
    """All rows, once a process. A day follows from those before it: later ones change nothing."""
    activities: list[Activity] = []
    wellness: list[WellnessDay] = []
    fitness = fatigue = _START_CTL
    past_ctl = [_START_CTL] * _RAMP_DAYS
    for offset in range((today - FIRST_DAY).days + 1):
        day = day_of(FIRST_DAY + timedelta(days=offset))
        done = activities_of(day)
        load = sample_load_of(done)
        fitness = next_ewma(fitness, load, CTL_DAYS)
        fatigue = next_ewma(fatigue, load, ATL_DAYS)
        ramp_rate = fitness - past_ctl[-_RAMP_DAYS]
        past_ctl.append(fitness)
        row = sample_wellness(day, ctl=fitness, atl=fatigue, ramp_rate=ramp_rate, load=load)
        activities.extend(
            Activity.model_validate(with_fitness(raw, ctl=fitness, atl=fatigue)) for raw in done
        )
        wellness.append(WellnessDay.model_validate(row))
    return tuple(activities), tuple(wellness)
