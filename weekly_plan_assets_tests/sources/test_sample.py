import hashlib
import math
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby, pairwise
from statistics import fmean

import pytest

from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.sources.sample import SampleSource
from weekly_plan_assets.sources.sample.sample_calendar import ORDINARY_FROM
from weekly_plan_assets.storage.codec import canonical_json, encode

FIRST = date(2024, 1, 1)
LAST = date(2026, 11, 15)


@pytest.fixture(scope="module")
def sample() -> SampleSource:
    return SampleSource(LAST)


def _mean(values: Iterable[float | None]) -> float:
    return fmean(value for value in values if value is not None)


def _trained_s(sample: SampleSource, first: date, last: date) -> int:
    return sum(row.moving_time_s or 0 for row in sample.activities(first, last))


def test_the_sample_is_the_same_on_every_machine(sample: SampleSource) -> None:
    rows = [
        *sample.activities(FIRST, date(2024, 3, 31)),
        *sample.wellness(FIRST, date(2024, 3, 31)),
    ]
    digest = hashlib.sha256(canonical_json(encode(rows)).encode()).hexdigest()
    assert digest[:16] == "f97e0fbf196a752a"


def test_activities_come_by_their_start_and_days_in_order(sample: SampleSource) -> None:
    starts = [(row.start_date_local, row.id) for row in sample.activities(FIRST, LAST)]
    assert starts == sorted(starts)
    one_week = sample.wellness(date(2024, 1, 8), date(2024, 1, 14))
    assert [row.day.day for row in one_week] == [8, 9, 10, 11, 12, 13, 14]


def test_what_was_does_not_change_as_days_pass(sample: SampleSource) -> None:
    earlier = SampleSource(date(2024, 6, 12))
    until = date(2024, 6, 12)
    assert earlier.activities(FIRST, LAST) == sample.activities(FIRST, until)
    assert earlier.wellness(FIRST, LAST) == sample.wellness(FIRST, until)


def test_every_day_has_a_wellness_row_and_every_activity_an_id_of_its_own(
    sample: SampleSource,
) -> None:
    days = [row.day for row in sample.wellness(FIRST, LAST)]
    assert days == [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    ids = Counter(row.id for row in sample.activities(FIRST, LAST))
    assert set(ids.values()) == {1}


def test_fitness_and_fatigue_follow_the_model_from_the_daily_loads(sample: SampleSource) -> None:
    days = sample.wellness(FIRST, LAST)
    loads = Counter[date]()
    for row in sample.activities(FIRST, LAST):
        loads[row.day] += int(row.training_load or 0)
    for before, day in pairwise(days):
        for name, constant in (("ctl", 42), ("atl", 7)):
            decay = math.exp(-1 / constant)
            expected = getattr(before, name) * decay + loads[day.day] * (1 - decay)
            assert getattr(day, name) == pytest.approx(expected, abs=1e-3)


def test_an_activity_carries_the_fitness_at_the_end_of_its_day(sample: SampleSource) -> None:
    days = {row.day: row for row in sample.wellness(FIRST, LAST)}
    for row in sample.activities(FIRST, LAST):
        told = row.model_extra or {}
        if row.type is None:
            assert "icu_ctl" not in told
        else:
            assert (told["icu_ctl"], told["icu_atl"]) == (days[row.day].ctl, days[row.day].atl)


def test_ramp_rate_is_the_change_of_fitness_over_seven_days(sample: SampleSource) -> None:
    ctl = {row.day: row.ctl for row in sample.wellness(FIRST, LAST)}
    for row in sample.wellness(FIRST + timedelta(days=7), LAST):
        before = ctl[row.day - timedelta(days=7)]
        assert row.ctl is not None
        assert before is not None
        assert row.ramp_rate == pytest.approx(row.ctl - before, abs=1e-3)


def test_zone_times_add_up_to_the_moving_time(sample: SampleSource) -> None:
    timed = [row for row in sample.activities(FIRST, LAST) if row.hr_zone_times_s is not None]
    assert len(timed) > 500
    assert all(sum(row.hr_zone_times_s or ()) == row.moving_time_s for row in timed)


def test_life_is_not_complete(sample: SampleSource) -> None:
    activities, wellness = sample.activities(FIRST, LAST), sample.wellness(FIRST, LAST)
    trained = {TrainingWeek.containing(row.day) for row in activities}
    weeks = {TrainingWeek.containing(row.day) for row in wellness}
    assert len(weeks - trained) >= 3, "weeks without any activity"
    assert any(row.source == "STRAVA" and row.type is None for row in activities)
    assert any(row.type == "Run" and row.average_hr_bpm is None for row in activities)
    assert any(row.hrv_rmssd_ms is None for row in wellness)
    assert any(row.resting_hr_bpm is None for row in wellness)
    assert any((row.model_extra or {}).get("comments") == "ill" for row in wellness)
    kinds = {row.type for row in activities}
    assert kinds >= {"Run", "TrailRun", "Ride", "WeightTraining"}


def test_the_nights_without_hrv_are_single_ones_and_whole_gaps(sample: SampleSource) -> None:
    nights = groupby(row.hrv_rmssd_ms is None for row in sample.wellness(FIRST, LAST))
    gaps = Counter(len(list(run)) for is_missing, run in nights if is_missing)
    assert gaps[1] > 20
    assert max(gaps) >= 14


def test_illness_stops_training_raises_resting_hr_and_lowers_hrv(sample: SampleSource) -> None:
    days = sample.wellness(FIRST, LAST)
    ill = [row for row in days if (row.model_extra or {})["comments"] == "ill"]
    well = [row for row in days if (row.model_extra or {})["comments"] is None]
    assert not any(sample.activities(row.day, row.day) for row in ill)
    assert _mean(row.resting_hr_bpm for row in ill) > _mean(row.resting_hr_bpm for row in well) + 3
    assert _mean(row.hrv_rmssd_ms for row in ill) < _mean(row.hrv_rmssd_ms for row in well) * 0.9


def test_volume_comes_down_for_two_weeks_before_a_race(sample: SampleSource) -> None:
    races = [row.day for row in sample.activities(FIRST, LAST) if row.name == "Half marathon"]
    assert len(races) == 6
    for race in races:
        taper = _trained_s(sample, race - timedelta(days=20), race - timedelta(days=7)) / 2
        build = [
            _trained_s(sample, race - timedelta(days=6 + 7 * n), race - timedelta(days=7 * n))
            for n in range(3, 7)
        ]
        assert 0.3 < taper / max(build) < 0.65, f"the taper before {race}"


def test_every_row_says_that_it_is_simulated(sample: SampleSource) -> None:
    for row in [*sample.activities(FIRST, LAST), *sample.wellness(FIRST, LAST)]:
        assert (row.model_extra or {})["simulated"] is True


def test_numbers_stay_those_of_an_endurance_athlete(sample: SampleSource) -> None:
    days = sample.wellness(date(2024, 2, 1), LAST)
    assert all(25 < (row.ctl or 0) < 75 for row in days)
    assert all(-30 < (row.ctl or 0) - (row.atl or 0) < 30 for row in days)
    assert all((row.ramp_rate or 0) < 8 for row in days)
    assert all(35 < (row.hrv_rmssd_ms or 70) < 110 for row in days)


def test_before_the_first_day_there_is_nothing() -> None:
    assert SampleSource(date(2023, 12, 31)).first_day() is None
    assert SampleSource(FIRST).first_day() == FIRST


def test_the_calendar_tells_the_races_and_absences_that_the_training_shows(
    sample: SampleSource,
) -> None:
    events = sample.calendar(FIRST, LAST)
    races = [event for event in events if event.category == "RACE_A"]
    assert len(races) == 2 * 3
    for race in races:
        assert [row.name for row in sample.activities(race.day, race.day)] == ["Half marathon"]
    away = [event for event in events if event.is_absence]
    assert {event.category for event in away} == {"SICK", "HOLIDAY"}
    for absence in away:
        assert sample.activities(absence.day, absence.last_day) == []


def test_the_calendar_goes_on_after_today_and_every_year_has_its_races(
    sample: SampleSource,
) -> None:
    next_year = sample.calendar(date(2027, 1, 1), date(2027, 12, 31))
    categories = Counter(event.category for event in next_year)
    assert categories == {"RACE_A": 2, "RACE_B": 2}
    assert [event.day for event in next_year] == sorted(event.day for event in next_year)
    assert sample.calendar(date(2027, 3, 1), date(2027, 3, 20)) == []


def test_illness_holidays_and_gaps_are_kept_for_the_past() -> None:
    later = SampleSource(date(2028, 1, 2))
    days = ORDINARY_FROM, date(2028, 1, 2)
    assert [event for event in later.calendar(*days) if event.is_absence] == []
    nights = [row.hrv_rmssd_ms is not None for row in later.wellness(*days)]
    assert fmean(nights) > 0.9
    trained = {TrainingWeek.containing(row.day) for row in later.activities(*days)}
    assert trained == set(weeks_between(*(TrainingWeek.containing(day) for day in days)))
