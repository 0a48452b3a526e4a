import hashlib
import math
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.sources.sample import SampleSource
from weekly_plan_assets.storage.codec import canonical_json, encode

FIRST = date(2024, 1, 1)
LAST = date(2026, 11, 15)


@pytest.fixture(scope="module")
def sample() -> SampleSource:
    return SampleSource(LAST)


def test_the_sample_is_the_same_on_every_machine(sample: SampleSource) -> None:
    rows = [
        *sample.activities(FIRST, date(2024, 3, 31)),
        *sample.wellness(FIRST, date(2024, 3, 31)),
    ]
    digest = hashlib.sha256(canonical_json(encode(rows)).encode()).hexdigest()
    assert digest[:16] == "050c1d378c50e8c9"


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


def test_every_row_says_that_it_is_simulated(sample: SampleSource) -> None:
    for row in [*sample.activities(FIRST, LAST), *sample.wellness(FIRST, LAST)]:
        assert (row.model_extra or {})["simulated"] is True


def test_numbers_stay_those_of_an_endurance_athlete(sample: SampleSource) -> None:
    days = sample.wellness(date(2024, 2, 1), LAST)
    assert all(25 < (row.ctl or 0) < 75 for row in days)
    assert all(-40 < (row.ctl or 0) - (row.atl or 0) < 35 for row in days)
    assert all(35 < (row.hrv_rmssd_ms or 70) < 110 for row in days)


def test_before_the_first_day_there_is_nothing() -> None:
    assert SampleSource(date(2023, 12, 31)).first_day() is None
    assert SampleSource(FIRST).first_day() == FIRST
