"""How long a race is likely to take: by the time that is wanted, the threshold, or the distance."""

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.race import Race
from weekly_plan_assets.domain.athlete.thresholds import Confidence, ThresholdMeasure
from weekly_plan_assets.domain.plan.plan_limits import FARTHEST_SESSION_M, LONGEST_SESSION_S
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.value_limits import (
    RACE_DISTANCE_M,
    RACE_PACE_FADES,
    fastest_race_s,
)
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR

SPEED_M_S = {Sport.RUN: 2.8, Sport.RIDE: 7.5, Sport.SWIM: 0.8, Sport.STRENGTH: 1.0}
"""Speed of an ordinary amateur, for a race without a target time: a 60 min 10 km, 27 km/h, 21 min
for 1000 m. Project convention."""

UNKNOWN_DURATION_S = 60 * 60
"""Of a race of which neither distance nor target time is known. Project convention."""


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


def expected_time_s(race: Race, sport: Sport, athlete: Athlete) -> int:
    """Seconds: the time that is wanted, else that of the threshold, the distance, else an hour."""
    own = race.model_copy(update={"sport": sport})
    return (
        target_time_s(race)
        or supported_time_s(own, athlete)
        or _usual_time_s(race, sport)
        or UNKNOWN_DURATION_S
    )


def supported_time_s(race: Race, athlete: Athlete) -> int | None:
    """The time of a run or swim that the athlete's threshold supports, by Riegel's curve (1981).

    Returns:
        Seconds; None where no distance or no trustworthy threshold is known, and for rides, which
        go by their course.
    """
    threshold = athlete.threshold_in(race.sport or Sport.RUN)
    if threshold is None or race.distance_m is None or threshold.confidence is Confidence.LOW:
        return None
    if threshold.measure is not ThresholdMeasure.PACE or not RACE_DISTANCE_M.hold(race.distance_m):
        return None
    hour_m = threshold.value * SECONDS_PER_HOUR
    share: float = (race.distance_m / hour_m) ** (1 + RACE_PACE_FADES)
    return round(SECONDS_PER_HOUR * share)


def _usual_time_s(race: Race, sport: Sport) -> int | None:
    """What an ordinary amateur takes; None if the distance is not known."""
    if race.distance_m is None or race_distance_m(race) is None:
        return None
    return min(LONGEST_SESSION_S, max(1, round(race.distance_m / SPEED_M_S[sport])))
