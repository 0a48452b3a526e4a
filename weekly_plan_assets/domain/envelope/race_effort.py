"""How long a race will take, in which zone it is run, and what load it brings: estimates.

Where a race stands in the week belongs to `commitments`.
"""

from dataclasses import dataclass
from math import floor

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.athlete.targets import supported_time_s
from weekly_plan_assets.domain.plan.plan_limits import FARTHEST_SESSION_M, LONGEST_SESSION_S
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.value_limits import fastest_race_s
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE

SPEED_M_S = {Sport.RUN: 2.8, Sport.RIDE: 7.5, Sport.SWIM: 0.8, Sport.STRENGTH: 1.0}
"""Speed of an ordinary amateur, for a race without a target time: a 60 min 10 km, 27 km/h, 21 min
for 1000 m. Project convention."""

UNKNOWN_DURATION_S = 60 * 60
"""Of a race of which neither distance nor target time is known. Project convention."""

LONGEST_S_BY_ZONE = ((5, 25 * 60), (4, 2 * 60 * 60), (3, 5 * 60 * 60))
"""The zone in which a race of up to so many seconds is held; longer ones lie in zone 2.

An hour is held at threshold, by its definition, about two close to it, a marathon below it
(coaching practice).
"""

LONGEST_RACE_ZONE = 2

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


def target_time_s(race: Race) -> int | None:
    """The time that the athlete wants; None if there is none, or none that a race can take."""
    time_s, distance_m = race.target_time_s, race.distance_m
    if time_s is None or time_s > LONGEST_SESSION_S:
        return None
    family = race.sport and race.sport.name.lower()
    return None if distance_m and time_s < fastest_race_s(family, distance_m) else time_s


def race_distance_m(race: Race) -> int | None:
    """The distance in whole metres; None if it is not known, or none that is raced."""
    distance_m = race.distance_m
    if distance_m is None or distance_m > FARTHEST_SESSION_M:
        return None
    return max(1, round(distance_m))


def is_trained_through(race: Race, athlete: Athlete) -> bool:
    """Whether the race takes the place of a training session: a short C race does."""
    is_short = race_effort(race, athlete).duration_s <= TRAINED_THROUGH_S
    return race.priority is RacePriority.C and is_short


def race_effort(race: Race, athlete: Athlete) -> RaceEffort:
    """What the race will be: by target time, the athlete's threshold, distance, else an hour."""
    sport = race.sport or athlete.endurance_sports[0]
    own = race.model_copy(update={"sport": sport})
    duration_s = (
        target_time_s(race)
        or supported_time_s(own, athlete)
        or _usual_time_s(race, sport)
        or UNKNOWN_DURATION_S
    )
    zone = next(
        (zone for zone, longest_s in LONGEST_S_BY_ZONE if duration_s <= longest_s),
        LONGEST_RACE_ZONE,
    )
    load = floor(athlete.load_rates(sport).load(duration_s / SECONDS_PER_MINUTE, zone))
    return RaceEffort(sport, duration_s, zone, load)


def _usual_time_s(race: Race, sport: Sport) -> int | None:
    """What an ordinary amateur takes; None if the distance is not known."""
    if race.distance_m is None or race_distance_m(race) is None:
        return None
    return min(LONGEST_SESSION_S, max(1, round(race.distance_m / SPEED_M_S[sport])))
