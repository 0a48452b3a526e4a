"""How long a race will take, in which zone it is run, and what load it brings: estimates.

Where a race stands in the week belongs to `commitments`.
"""

from dataclasses import dataclass
from math import floor

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.athlete.race_intensity import zone_of_race
from weekly_plan_assets.domain.athlete.race_time import expected_time_s
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE

TRAINED_THROUGH_S = 90 * 60
"""A C race of up to so many seconds is trained through; longer ones cost what a B race costs,
whatever letter they have (coaching practice)."""


@dataclass(frozen=True, slots=True)
class RaceEffort:
    """The estimate of a race. Its sport is that of the race, or the athlete's main one."""

    sport: Sport
    duration_s: int
    zone: int
    load: int


def is_trained_through(race: Race, athlete: Athlete) -> bool:
    """Whether the race takes the place of a training session: a short C race does."""
    is_short = race_effort(race, athlete).duration_s <= TRAINED_THROUGH_S
    return race.priority is RacePriority.C and is_short


def race_effort(race: Race, athlete: Athlete) -> RaceEffort:
    """What the race will be: by target time, the athlete's threshold, distance, else an hour."""
    sport = race.sport or athlete.endurance_sports[0]
    duration_s = expected_time_s(race, sport, athlete)
    zone = zone_of_race(sport, duration_s)
    load = floor(athlete.load_rates(sport).load(duration_s / SECONDS_PER_MINUTE, zone))
    return RaceEffort(sport, duration_s, zone, load)
