from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.training_impulse import WOMEN, training_impulse
from weekly_plan_assets.sources.files.conversion import OwnNumbers, activity_from_recording
from weekly_plan_assets.sources.files.recording import ClockOffset, Recording

MADRID = ZoneInfo("Europe/Madrid")
IN_MADRID = OwnNumbers(MADRID, Athlete(athlete_id="me"))


def converted(recording: Recording, own: OwnNumbers) -> Activity:
    return activity_from_recording(
        recording, own, activity_id="1", source="UPLOAD", file_name="a.fit"
    )


def run(start: str, offset_h: float | None = None, at: str | None = None) -> Recording:
    moment = datetime.fromisoformat(start).replace(tzinfo=UTC)
    at_moment = datetime.fromisoformat(at or start).replace(tzinfo=UTC)
    clock = None if offset_h is None else ClockOffset(seconds=round(offset_h * 3600), at=at_moment)
    return Recording(start=moment, type="Run", clock=clock)


@pytest.mark.parametrize(
    ("recording", "clock"),
    [
        pytest.param(run("2024-01-07T22:30"), "2024-01-07T23:30:00", id="Sunday 23:30"),
        pytest.param(run("2024-01-07T23:30"), "2024-01-08T00:30:00", id="Monday 00:30"),
        pytest.param(run("2024-01-08T04:30", -8), "2024-01-07T20:30:00", id="in California"),
        pytest.param(run("2024-01-07T17:00", 5.75), "2024-01-07T22:45:00", id="in Nepal"),
        pytest.param(
            run("2024-03-30T22:30", 2, at="2024-03-31T01:30"),
            "2024-03-30T23:30:00",
            id="over the change to summer time",
        ),
        pytest.param(
            run("2024-10-26T21:30", 1, at="2024-10-27T01:30"),
            "2024-10-26T23:30:00",
            id="over the change to winter time",
        ),
    ],
)
def test_the_local_clock_decides_the_day(recording: Recording, clock: str) -> None:
    activity = converted(recording, IN_MADRID)
    assert activity.start_date_local.isoformat() == clock
    assert activity.day == date.fromisoformat(clock[:10])


def test_the_moment_in_utc_is_kept_beside_the_local_time() -> None:
    document = converted(run("2024-01-07T22:30", -8), IN_MADRID).model_dump()
    assert document["start_date"] == "2024-01-07T22:30:00Z"
    assert document["file_name"] == "a.fit"


def test_time_in_zones_and_impulse_are_reckoned_with_the_athletes_numbers(athlete: Athlete) -> None:
    recording = run("2024-01-07T22:30").model_copy(
        update={
            "moving_time_s": 600,
            "average_hr_bpm": 140.0,
            "seconds_by_bpm": {90: 60.0, 135: 60.0, 136: 120.0, 185: 300.0, 195: 60.0},
        }
    )
    activity = converted(recording, OwnNumbers(MADRID, athlete, WOMEN))
    assert activity.hr_zone_times_s == (120, 120, 0, 0, 360)
    assert activity.hr_zone_upper_bpm == (135, 150, 165, 180, 190)
    expected = training_impulse(600, 140, resting_hr_bpm=50, max_hr_bpm=190, weighting=WOMEN)
    assert activity.trimp == pytest.approx(expected, abs=1e-3)


def test_without_own_zones_those_of_the_reserve_hold() -> None:
    athlete = Athlete(athlete_id="me", max_hr_bpm=190, resting_hr_bpm=50)
    recording = run("2024-01-07T22:30").model_copy(update={"seconds_by_bpm": {100: 10.0}})
    activity = converted(recording, OwnNumbers(MADRID, athlete))
    assert activity.hr_zone_upper_bpm == (134, 148, 162, 176, 190)
    assert activity.hr_zone_times_s == (10, 0, 0, 0, 0)


@pytest.mark.parametrize("known", [{}, {"max_hr_bpm": 190}, {"resting_hr_bpm": 50}])
def test_numbers_that_are_not_known_leave_zones_and_impulse_missing(known: dict[str, int]) -> None:
    recording = run("2024-01-07T22:30").model_copy(
        update={"moving_time_s": 600, "average_hr_bpm": 140.0, "seconds_by_bpm": {140: 600.0}}
    )
    activity = converted(recording, OwnNumbers(MADRID, Athlete(athlete_id="me", **known)))
    assert activity.hr_zone_times_s is None
    assert activity.trimp is None
    assert activity.training_load is None


def test_a_session_without_heart_rate_has_neither_impulse_nor_load(athlete: Athlete) -> None:
    recording = run("2024-01-07T22:30").model_copy(update={"moving_time_s": 600})
    activity = converted(recording, OwnNumbers(MADRID, athlete))
    assert activity.trimp is None
    assert activity.hr_zone_times_s is None
    assert activity.training_load is None
    assert activity.model_dump()["hr_load_type"] is None


def load_of(athlete: Athlete, **known: Any) -> float | None:
    recording = run("2024-01-07T22:30").model_copy(update={"moving_time_s": 3600} | known)
    return converted(recording, OwnNumbers(MADRID, athlete)).training_load


def test_an_hour_at_the_athletes_threshold_is_a_load_of_a_hundred(athlete: Athlete) -> None:
    own = athlete.model_copy(update={"threshold_hr_bpm": 160})
    assert load_of(own, average_hr_bpm=160.0) == 100
    assert load_of(own, seconds_by_bpm={160: 3600.0}) == 100
    assert load_of(athlete, average_hr_bpm=169.0) == 100  # 50 + 0.85 x 140


def test_the_load_is_told_by_every_heart_rate_where_most_are_known(athlete: Athlete) -> None:
    halves = {100: 1800.0, 180: 1800.0}
    by_mean = load_of(athlete, average_hr_bpm=140.0)
    by_samples = load_of(athlete, average_hr_bpm=140.0, seconds_by_bpm=halves)
    assert by_mean is not None
    assert by_samples is not None
    assert by_samples > by_mean + 10


def test_samples_of_four_fifths_stand_for_the_whole_and_fewer_do_not(athlete: Athlete) -> None:
    whole = load_of(athlete, average_hr_bpm=100.0, seconds_by_bpm={150: 3600.0})
    most = load_of(athlete, average_hr_bpm=100.0, seconds_by_bpm={150: 2880.0})
    fewer = load_of(athlete, average_hr_bpm=100.0, seconds_by_bpm={150: 2879.0})
    assert whole == most
    assert fewer == load_of(athlete, average_hr_bpm=100.0)


def test_pauses_with_the_watch_running_do_not_add_to_the_load(athlete: Athlete) -> None:
    once = load_of(athlete, seconds_by_bpm={150: 3600.0})
    assert load_of(athlete, seconds_by_bpm={150: 7200.0}) == once


def test_the_load_says_how_it_was_reckoned(athlete: Athlete) -> None:
    recording = run("2024-01-07T22:30").model_copy(
        update={"moving_time_s": 3600, "average_hr_bpm": 169.0}
    )
    document = converted(recording, OwnNumbers(MADRID, athlete)).model_dump()
    assert (document["hr_load"], document["hr_load_type"], document["lthr"]) == (100, "HRSS", None)
