"""How hard a race is by how long it takes, and what that makes of work at race effort."""

from datetime import date
from itertools import pairwise

import pytest

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.athlete.race_intensity import (
    middling_race_s,
    race_shares,
    zone_of_race,
)
from weekly_plan_assets.domain.athlete.targets import race_targets, targets_of
from weekly_plan_assets.domain.athlete.thresholds import (
    Confidence,
    Threshold,
    ThresholdMeasure,
    ThresholdSource,
)
from weekly_plan_assets.domain.envelope.race_effort import race_effort
from weekly_plan_assets.domain.guardrails.target_rules import POWER_BY_ZONE
from weekly_plan_assets.domain.plan.session_parts import Intent, Target, TargetKind, stretch
from weekly_plan_assets.domain.plan.weekly_plan import Sport

HOUR_S = 3600
MINUTES = range(10, 16 * 60, 5)


def known(sport: Sport, value: float) -> Athlete:
    threshold = Threshold(
        sport=sport,
        measure=ThresholdMeasure.POWER if sport is Sport.RIDE else ThresholdMeasure.PACE,
        value=value,
        source=ThresholdSource.FILE,
        confidence=Confidence.HIGH,
    )
    return Athlete(athlete_id="i1", max_hr_bpm=190, resting_hr_bpm=50, thresholds=(threshold,))


RIDER, RUNNER = known(Sport.RIDE, 240), known(Sport.RUN, 1000 / 240)


def race(sport: Sport, **known: float) -> Race:
    return Race.model_validate(
        {"date": date(2026, 5, 1), "priority": RacePriority.A, "sport": sport, **known}
    )


def first(kind: TargetKind, targets: tuple[Target, ...]) -> Target | None:
    return next((one for one in targets if one.kind is kind), None)


def watts(hours: float, zone: int) -> tuple[float, float]:
    ride = race(Sport.RIDE, target_time_s=round(hours * HOUR_S))
    work = stretch(zone, 900, Intent.RACE)
    found = first(TargetKind.POWER, targets_of(work, RIDER, Sport.RIDE, ride))
    assert found is not None
    assert found.low is not None
    return found.low / 240, found.high / 240


@pytest.mark.parametrize(
    ("hours", "zone", "least", "most"),
    [(1, 4, 0.95, 1.0), (2, 3, 0.85, 0.91), (3, 3, 0.77, 0.83), (4, 2, 0.70, 0.76)],
)
def test_race_effort_of_a_ride_is_what_can_be_held_so_long(
    hours: float, zone: int, least: float, most: float
) -> None:
    assert watts(hours, zone) == pytest.approx((least, most), abs=0.02)
    assert race_effort(race(Sport.RIDE, target_time_s=hours * HOUR_S), RIDER).zone == zone


@pytest.mark.parametrize("sport", [Sport.RIDE, Sport.RUN])
def test_the_longer_a_race_the_easier_it_is(sport: Sport) -> None:
    shares = [found for minutes in MINUTES if (found := race_shares(sport, 60 * minutes))]
    assert len(shares) > 50
    assert all(low < high for low, high in shares)
    assert all(after <= before for before, after in pairwise(shares))
    zones = [zone_of_race(sport, 60 * minutes) for minutes in MINUTES]
    assert zones == sorted(zones, reverse=True)


def test_the_power_of_a_race_fits_its_zone() -> None:
    for minutes in MINUTES:
        low, high = race_shares(Sport.RIDE, 60 * minutes) or (0, 0)
        least, most = POWER_BY_ZONE[zone_of_race(Sport.RIDE, 60 * minutes)]
        assert least <= low
        assert high <= most + 0.01, minutes
    for zone in (2, 3, 4, 5):
        assert zone_of_race(Sport.RIDE, middling_race_s(zone)) == zone
        assert zone_of_race(Sport.RUN, middling_race_s(zone)) == zone


def test_race_pace_without_a_target_time_is_what_the_threshold_supports() -> None:
    marathon = race(Sport.RUN, distance_m=42_195)
    work = stretch(3, 900, Intent.RACE)
    found = first(TargetKind.PACE, targets_of(work, RUNNER, Sport.RUN, marathon))
    assert found is not None
    assert found.low is not None
    # 4:00 min/km for an hour makes about 3:00 h, or 4:15 min/km.
    assert found.low < race_effort(marathon, RUNNER).duration_s / 42.195 < found.high
    on_the_day = first(TargetKind.PACE, race_targets(marathon, 3, 3 * HOUR_S, RUNNER))
    assert on_the_day == found


def test_a_rider_with_an_ftp_gets_the_watts_of_the_race_on_its_day() -> None:
    ride = race(Sport.RIDE, target_time_s=4 * HOUR_S)
    found = first(TargetKind.POWER, race_targets(ride, 2, 4 * HOUR_S, RIDER))
    assert found is not None
    assert found.high <= 0.77 * 240


def test_a_run_of_more_than_five_hours_goes_by_effort() -> None:
    ultra = race(Sport.RUN, distance_m=100_000, target_time_s=11 * HOUR_S)
    assert race_shares(Sport.RUN, 11 * HOUR_S) is None
    work = stretch(2, 900, Intent.RACE)
    assert targets_of(work, RUNNER, Sport.RUN, ultra)
