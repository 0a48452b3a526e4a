from datetime import timedelta
from statistics import fmean

import pytest

from weekly_plan_assets.domain.plan.session_load import TABLE_RATES
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.evaluation.persona_knowledge import context_of
from weekly_plan_assets.sources.personas.life import Life, gap_days, life_of, races_of
from weekly_plan_assets.sources.personas.persona import (
    FIRST_MONDAY,
    HISTORY_WEEKS,
    LAST_DAY,
    Measure,
    Persona,
    ZoneScheme,
)
from weekly_plan_assets.sources.personas.persona_table import PERSONA_BY_KEY, PERSONAS


def test_at_least_sixteen_athletes_differ_in_hours_zones_and_what_an_hour_brings() -> None:
    assert len(PERSONA_BY_KEY) == len(PERSONAS) >= 16
    factors = [persona.load_per_hour for persona in PERSONAS]
    assert (min(factors), max(factors)) == (0.8, 1.4)
    hours = [persona.habitual_minutes / 60 for persona in PERSONAS]
    assert min(hours) < 2.5
    assert max(hours) > 10
    assert {persona.zones for persona in PERSONAS} == set(ZoneScheme)


def test_a_week_of_habits_is_read_from_one_line() -> None:
    persona = PERSONA_BY_KEY["steady"].model_validate(
        {
            "key": "one",
            "who": "one",
            "week": "Tue run easy 45, Sun ride long 150 60%",
            "load_per_hour": 1.0,
        }
    )
    run, ride = persona.week
    assert (run.weekday, run.sport, run.minutes, run.chance) == (1, Sport.RUN, 45, 1.0)
    assert (ride.weekday, ride.sport, ride.minutes, ride.chance) == (6, Sport.RIDE, 150, 0.6)


def test_a_history_is_two_years_and_the_same_each_time() -> None:
    persona = PERSONA_BY_KEY["irregular"]
    first = life_of(persona)
    assert len(first.activities) == HISTORY_WEEKS
    again = Life(persona)
    for week in list(first.activities)[:20]:
        again.live_habit(week)
        assert again.activities[week] == first.activities[week]
        assert again.wellness[week] == first.wellness[week]


def test_a_longer_life_leaves_the_kept_history_as_it_was() -> None:
    persona = PERSONA_BY_KEY["daily"]
    life = life_of(persona)
    life.live_habit(max(life.activities).next())
    assert len(life_of(persona).activities) == HISTORY_WEEKS


@pytest.mark.parametrize("key", ["daily", "steady"])
def test_an_hour_brings_the_declared_share_of_the_table(key: str) -> None:
    persona = PERSONA_BY_KEY[key]
    rows = [row for week in life_of(persona).activities.values() for row in week]
    table = recorded = 0.0
    for row in rows:
        assert row.hr_zone_times_s is not None
        times = (*row.hr_zone_times_s[:4], sum(row.hr_zone_times_s[4:]))
        table += sum(
            TABLE_RATES.load(time_s / 60, zone) for zone, time_s in enumerate(times, start=1)
        )
        recorded += row.training_load or 0
    assert recorded / table == pytest.approx(persona.load_per_hour, rel=0.01)


def test_who_writes_down_minutes_only_has_neither_load_nor_heart_rate() -> None:
    life = life_of(PERSONA_BY_KEY["duration_only"])
    rows = [row for week in life.activities.values() for row in week]
    assert rows
    assert all(row.moving_time_s and row.training_load is None for row in rows)
    assert all(row.average_hr_bpm is None and row.distance_m is None for row in rows)
    days = [day for week in life.wellness.values() for day in week]
    assert all(day.hrv_rmssd_ms is None and day.ctl is None for day in days)


def test_an_injury_stops_running_and_may_leave_the_bike() -> None:
    persona = PERSONA_BY_KEY["injured"]
    rows = [row for week in life_of(persona).activities.values() for row in week]
    for gap in persona.gaps:
        first, last = gap_days(gap)
        types = {row.type for row in rows if first <= row.day <= last}
        assert types == ({"Ride"} if gap.still else set())


def test_races_are_run_on_their_days_and_followed_by_rest() -> None:
    persona = PERSONA_BY_KEY["marathon_2_50"]
    rows = [row for week in life_of(persona).activities.values() for row in week]
    marathons = [day for day, race in races_of(persona) if race.hours > 2]
    assert len(marathons) == 4
    for day in marathons:
        assert [row.name for row in rows if row.day == day] == ["race Run"]
        assert not [row for row in rows if 0 < (row.day - day).days <= 4]


def test_hrv_is_lower_and_the_heart_faster_when_tired_or_ill() -> None:
    persona = PERSONA_BY_KEY["ill"]
    days = [day for week in life_of(persona).wellness.values() for day in week]

    def mean(name: str, *, ill: bool) -> float:
        spans = [gap_days(gap) for gap in persona.gaps]
        values = [
            getattr(day, name)
            for day in days
            if any(first <= day.day <= last for first, last in spans) is ill
        ]
        return fmean(value for value in values if value is not None)

    assert mean("hrv_rmssd_ms", ill=True) < 0.85 * mean("hrv_rmssd_ms", ill=False)
    assert mean("resting_hr_bpm", ill=True) > mean("resting_hr_bpm", ill=False) + 3


def test_hrv_sinks_under_load() -> None:
    life = life_of(PERSONA_BY_KEY["bike_racer"])
    tired, fresh = [], []
    for day in (day for week in life.wellness.values() for day in week):
        if day.hrv_rmssd_ms is not None and day.ctl is not None and day.atl is not None:
            if day.atl > day.ctl + 20:
                tired.append(day.hrv_rmssd_ms)
            elif day.atl < day.ctl:
                fresh.append(day.hrv_rmssd_ms)
    assert fmean(tired) < 0.95 * fmean(fresh)


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.key)
def test_every_athlete_is_known_to_a_planner_with_a_file_and_without(persona: Persona) -> None:
    bare, full = (context_of(persona, full=full, races_until=LAST_DAY) for full in (False, True))
    assert bare.file.sports is None
    assert full.file.sports
    assert bare.calendar == full.calendar
    races = [event for event in full.calendar if event.is_race]
    assert all(FIRST_MONDAY <= event.day <= LAST_DAY for event in races)
    assert Measure.LOAD in persona.measures or persona.key == "duration_only"
    later = context_of(persona, full=False, races_until=LAST_DAY + timedelta(weeks=52))
    assert len(later.calendar) >= len(bare.calendar)
