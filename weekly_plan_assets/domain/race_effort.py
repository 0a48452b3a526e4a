"""How long a race will take, in which zone it is run, and what load it brings: estimates.

Where a race stands in the week belongs to `commitments`.
"""

from dataclasses import dataclass
from math import floor

from weekly_plan_assets.domain.athlete import Race
from weekly_plan_assets.domain.session_load import zone_load
from weekly_plan_assets.domain.training_impulse import SECONDS_PER_MINUTE
from weekly_plan_assets.domain.weekly_plan import Sport

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


@dataclass(frozen=True, slots=True)
class RaceEffort:
    """The estimate of a race. Its sport is that of the race, or the athlete's main one."""

    sport: Sport
    duration_s: int
    zone: int
    load: int


def race_effort(race: Race, main_sport: Sport) -> RaceEffort:
    """What the race will be: by target time, else by distance, else an hour."""
    sport = race.sport or main_sport
    if race.target_time_s is not None:
        duration_s = race.target_time_s
    elif race.distance_m is not None:
        duration_s = max(1, round(race.distance_m / SPEED_M_S[sport]))
    else:
        duration_s = UNKNOWN_DURATION_S
    zone = next(
        (zone for zone, longest_s in LONGEST_S_BY_ZONE if duration_s <= longest_s),
        LONGEST_RACE_ZONE,
    )
    load = floor(zone_load(duration_s / SECONDS_PER_MINUTE, zone))
    return RaceEffort(sport, duration_s, zone, load)
