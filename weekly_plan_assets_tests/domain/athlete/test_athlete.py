from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.plan.weekly_plan import Intensity, Sport
from weekly_plan_assets.domain.recorded.activity import Activity

OWN_ZONES = (138, 147, 156, 165, 184)


def activity(day: int, **fields: Any) -> Activity:
    values = {"id": f"a{day}", "type": "Run", "start_date_local": datetime(2024, 5, day, 7)}  # noqa: DTZ001 - a clock reading
    return Activity(**(values | fields))


def test_own_zones_win_over_heart_rate_reserve() -> None:
    athlete = Athlete(athlete_id="i1", max_hr_bpm=190, resting_hr_bpm=50, zone_upper_bpm=OWN_ZONES)
    assert athlete.hr_bounds(2) == Intensity(zone=2, bpm_low=138, bpm_high=147)
    assert athlete.hr_bounds(5) == Intensity(zone=5, bpm_low=165, bpm_high=184)


def test_zone_one_takes_its_lower_end_from_the_reserve() -> None:
    athlete = Athlete(athlete_id="i1", max_hr_bpm=190, resting_hr_bpm=50, zone_upper_bpm=OWN_ZONES)
    assert athlete.hr_bounds(1) == Intensity(zone=1, bpm_low=120, bpm_high=138)


def test_zone_one_has_no_lower_end_without_a_reserve() -> None:
    athlete = Athlete(athlete_id="i1", zone_upper_bpm=OWN_ZONES)
    assert athlete.hr_bounds(1) == Intensity(zone=1, bpm_low=None, bpm_high=138)


def test_a_reserve_that_contradicts_the_own_zones_is_not_used() -> None:
    athlete = Athlete(athlete_id="i1", max_hr_bpm=220, resting_hr_bpm=80, zone_upper_bpm=OWN_ZONES)
    assert athlete.hr_bounds(1).bpm_low is None


@pytest.mark.parametrize(
    ("zone", "low", "high"),
    [(1, 120, 134), (2, 134, 148), (3, 148, 162), (4, 162, 176), (5, 176, 190)],
)
def test_without_own_zones_they_are_shares_of_heart_rate_reserve(
    zone: int, low: int, high: int
) -> None:
    athlete = Athlete(athlete_id="i1", max_hr_bpm=190, resting_hr_bpm=50)
    assert athlete.hr_bounds(zone) == Intensity(zone=zone, bpm_low=low, bpm_high=high)


@pytest.mark.parametrize("known", [{}, {"max_hr_bpm": 190}, {"resting_hr_bpm": 50}])
def test_bounds_are_none_where_half_of_the_reserve_is_missing(known: dict[str, int]) -> None:
    athlete = Athlete(athlete_id="i1", **known)
    assert athlete.hr_bounds(3) == Intensity(zone=3, bpm_low=None, bpm_high=None)


@pytest.mark.parametrize("zone", [0, 6, -1])
def test_a_zone_that_does_not_exist_is_refused(zone: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 5"):
        Athlete(athlete_id="i1", max_hr_bpm=190, resting_hr_bpm=50).hr_bounds(zone)


@pytest.mark.parametrize(
    "fields",
    [
        {"zone_upper_bpm": (138, 138, 156, 165, 184)},
        {"zone_upper_bpm": (0, 138, 156, 165, 184)},
        {"max_hr_bpm": 60, "resting_hr_bpm": 60},
        {"resting_hr_bpm": 60, "threshold_hr_bpm": 60},
        {"threshold_hr_bpm": 190, "max_hr_bpm": 185},
        {"long_run_weekday": 7},
        {"strength_weekdays": [7]},
        {"sports": []},
    ],
)
def test_an_impossible_profile_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Athlete(athlete_id="i1", **fields)


def test_the_latest_known_heart_rates_win_whatever_the_order() -> None:
    activities = [
        activity(3, icu_resting_hr=None, athlete_max_hr=188),
        activity(1, icu_resting_hr=52, athlete_max_hr=185),
        activity(2, icu_resting_hr=48, athlete_max_hr=186),
    ]
    athlete = Athlete.observed("i1", activities)
    assert (athlete.max_hr_bpm, athlete.resting_hr_bpm) == (188, 48)
    assert Athlete.observed("i1", activities[::-1]) == athlete


def test_a_zero_or_impossible_resting_heart_rate_is_passed_over() -> None:
    recorded = [
        activity(1, icu_resting_hr=50),
        activity(2, icu_resting_hr=0),
        activity(3, icu_resting_hr=190, athlete_max_hr=185),
    ]
    assert Athlete.observed("i1", recorded).resting_hr_bpm == 50


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        ((138, 147, 156, 165, 170, 175, 184), OWN_ZONES),
        (OWN_ZONES, OWN_ZONES),
        ((138, 147, 156, 165), None),
        ((138, 147, 147, 165, 184), None),
        (None, None),
    ],
)
def test_seven_recorded_zones_become_five(
    recorded: tuple[int, ...] | None, expected: tuple[int, ...] | None
) -> None:
    athlete = Athlete.observed("i1", [activity(1, icu_hr_zones=recorded)])
    assert athlete.zone_upper_bpm == expected


def test_zones_of_a_run_win_over_those_of_a_later_ride() -> None:
    activities = [
        activity(1, icu_hr_zones=OWN_ZONES),
        activity(2, type="Ride", icu_hr_zones=(120, 130, 140, 150, 170)),
    ]
    assert Athlete.observed("i1", activities).zone_upper_bpm == OWN_ZONES
    assert Athlete.observed("i1", activities[1:]).zone_upper_bpm == (120, 130, 140, 150, 170)


@pytest.mark.parametrize(
    ("types", "sports"),
    [
        ([], (Sport.RUN,)),
        ([None, "WeightTraining"], (Sport.RUN,)),
        (["VirtualRide"], (Sport.RIDE,)),
        (["OpenWaterSwim", "GravelRide", "TrailRun"], (Sport.RUN, Sport.RIDE, Sport.SWIM)),
    ],
)
def test_sports_are_those_that_were_recorded(
    types: list[str | None], sports: tuple[Sport, ...]
) -> None:
    activities = [activity(day, type=kind) for day, kind in enumerate(types, start=1)]
    assert Athlete.observed("i1", activities).sports == sports


def test_an_athlete_of_strength_alone_runs_for_endurance() -> None:
    athlete = Athlete(athlete_id="i1", sports=(Sport.STRENGTH,))
    assert athlete.endurance_sports == (Sport.RUN,)


def test_a_profile_survives_json() -> None:
    athlete = Athlete.observed("i1", [activity(1, icu_hr_zones=OWN_ZONES, athlete_max_hr=190)])
    assert Athlete.model_validate_json(athlete.model_dump_json()) == athlete


def test_the_threshold_is_that_of_runs_where_it_can_be_true() -> None:
    activities = [
        activity(1, lthr=170, athlete_max_hr=190),
        activity(2, lthr=195),
        activity(3, type="Ride", lthr=160),
    ]
    assert Athlete.observed("i1", activities).threshold_hr_bpm == 170
    assert Athlete.observed("i1", activities[1:]).threshold_hr_bpm == 195
    assert Athlete.observed("i1", activities[2:]).threshold_hr_bpm == 160


def test_a_maximum_below_zero_is_not_taken() -> None:
    activities = [activity(1, athlete_max_hr=190), activity(2, athlete_max_hr=-1)]
    assert Athlete.observed("i1", activities).max_hr_bpm == 190


OBSERVED = Athlete(
    athlete_id="i1",
    resting_hr_bpm=50,
    threshold_hr_bpm=170,
    max_hr_bpm=184,
    zone_upper_bpm=OWN_ZONES,
    sports=(Sport.RIDE,),
)


def test_the_athletes_own_numbers_win_and_the_others_stay() -> None:
    athlete = OBSERVED.with_own(AthleteFile(resting_hr_bpm=45))
    assert athlete == OBSERVED.model_copy(update={"resting_hr_bpm": 45})
    assert OBSERVED.with_own(AthleteFile()) == OBSERVED


def test_an_observed_number_that_contradicts_the_athletes_own_is_dropped() -> None:
    athlete = OBSERVED.with_own(AthleteFile(max_hr_bpm=168))
    assert (athlete.resting_hr_bpm, athlete.threshold_hr_bpm) == (50, None)
    assert (athlete.max_hr_bpm, athlete.zone_upper_bpm) == (168, None)


def test_own_zones_bring_their_maximum_along() -> None:
    zones = (130, 145, 160, 175, 188)
    athlete = OBSERVED.with_own(AthleteFile(zone_upper_bpm=zones))
    assert (athlete.zone_upper_bpm, athlete.max_hr_bpm) == (zones, 188)
    assert Athlete.model_validate(athlete.model_dump()) == athlete


def test_observed_zones_hold_below_the_athletes_own_maximum_where_they_end_there() -> None:
    assert OBSERVED.with_own(AthleteFile(max_hr_bpm=184)).zone_upper_bpm == OWN_ZONES
    assert OBSERVED.with_own(AthleteFile(max_hr_bpm=186)).zone_upper_bpm is None
