"""The least and the greatest value that can be true, for everything that figures rest on.

Wide on purpose: a record holder must fit in, and only what is certainly wrong is taken as not
measured. How the limits are applied belongs to `plausible`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from weekly_plan_assets.domain.recorded.session_kind import RIDE, RUN, STRENGTH, SWIM
from weekly_plan_assets.domain.units import SECONDS_PER_DAY, SECONDS_PER_HOUR


@dataclass(frozen=True, slots=True)
class ValueRange:
    """The least and the greatest value that can be true, both included."""

    least: float = 0.0
    greatest: float = float("inf")

    def hold(self, value: float) -> bool:
        """Whether a value can be true."""
        return self.least <= value <= self.greatest


HEART_RATE_BPM = ValueRange(30, 240)
"""Of a session: 30 is about the lowest known at rest, 240 above any known at effort (practice)."""

RESTING_HR_BPM = ValueRange(25, 150)
MAX_HR_BPM = ValueRange(100, 240)
THRESHOLD_HR_BPM = ValueRange(60, 240)
ZONE_BOUND_BPM = ValueRange(30, 300)
"""Heart rates that athletes set for themselves; some let the last zone end above any maximum."""

LONGEST_S = 7 * SECONDS_PER_DAY
"""Moving time of a session of any kind. The longest events without a stop are races of six days and
brevets of 90 h; longer journeys are recorded day by day."""

LONGEST_BY_SPORT_S: Mapping[str, float] = {
    RUN: 72 * SECONDS_PER_HOUR,
    SWIM: 72 * SECONDS_PER_HOUR,
    STRENGTH: SECONDS_PER_DAY,
}
"""Where it is less: the longest race on foot without a bed (330 km, Tor des Geants) is won in about
67 h, the longest swim took 54 h (Channel four times, 2019)."""

LONGEST_ELAPSED_S = 31 * SECONDS_PER_DAY
"""From start to end, nights included: the longest races by bike last three weeks."""

MOVING_OVER_ELAPSED = 1.1
MOVING_OVER_ELAPSED_S = 60.0
"""Nobody moves for longer than the session took; clocks differ by less than this."""

MOST_LOAD = 5000.0
"""Training load of a session. A brevet of 75 h at 60 % of heart-rate reserve comes to 3300 by heart
rate, which overstates long sessions; a day and a night of running to 900 to 1800."""

MOST_LOAD_AT_ONCE = 150.0
MOST_LOAD_PER_HOUR = 100.0
"""An hour at threshold is 100 by definition (Coggan), and nobody holds more for much longer; what
is done above threshold is limited, so that it adds a fixed amount at most."""

MOST_LOAD_PER_HOUR_OF_A_SPRINT = 300.0
"""For short sessions: an intensity of 1.7 times threshold, held for a few minutes (practice)."""

UNKNOWN_TIME_S = 12 * SECONDS_PER_HOUR
"""Assumed for a session without any known time, such as one entered by hand; a load that would take
longer is not believed. Project convention."""

SMALL_LOAD = 20.0
"""Too small to matter, and a time of whole seconds or minutes says little of its intensity."""

MOST_TRIMP_PER_HOUR = 300.0
"""At maximum heart rate Banister's weighting comes to 262 an hour for men and 274 for women."""

ACTIVITY_LIMITS: Mapping[str, ValueRange] = {
    "average_heartrate": HEART_RATE_BPM,
    "max_heartrate": HEART_RATE_BPM,
    "lthr": THRESHOLD_HR_BPM,
    "athlete_max_hr": MAX_HR_BPM,
    "icu_resting_hr": RESTING_HR_BPM,
    "distance": ValueRange(0, 5_000_000),
    "moving_time": ValueRange(0, LONGEST_S),
    "elapsed_time": ValueRange(0, LONGEST_ELAPSED_S),
    "average_speed": ValueRange(0, 100),
    "max_speed": ValueRange(0, 100),
    "icu_training_load": ValueRange(0, MOST_LOAD),
    "trimp": ValueRange(0, MOST_TRIMP_PER_HOUR * LONGEST_S / SECONDS_PER_HOUR),
}
"""Distance in m: the record of seven days by bike is about 3600 km. Speed in m/s: on skis 71."""

MOST_CTL = 300.0
"""Fitness, in load a day: professionals reach 150 to 200 in a grand tour (practice); 300 is three
hours at threshold on every day of three months."""

WELLNESS_LIMITS: Mapping[str, ValueRange] = {
    "ctl": ValueRange(0, MOST_CTL),
    "atl": ValueRange(0, 1000),
    "rampRate": ValueRange(-150, 150),
    "restingHR": RESTING_HR_BPM,
    "hrv": ValueRange(1, 400),
    "hrvSDNN": ValueRange(1, 400),
    "steps": ValueRange(1, 300_000),
    "sleepSecs": ValueRange(1, SECONDS_PER_DAY),
    "sleepScore": ValueRange(1, 100),
    "weight": ValueRange(20, 400),
}
"""ATL and ramp rate: a session of `MOST_LOAD` raises ATL by 670 and CTL by 120. Resting heart rate
in bpm; rMSSD and SDNN in ms, where devices write 0 for a night without; so
they do for sleep and steps of a day on which nobody wore them. Steps: the 320 km run in 24
h are about 270 000. Sleep in s, weight in kg."""

FASTEST_M_S: Mapping[str, float] = {RUN: 12.5, RIDE: 40.0, SWIM: 3.0}
"""Faster than anybody: a sprinter peaks at 12.4 m/s (Berlin 2009), a sprint swimmer at 2.5, a
cyclist downhill at about 36. So a mean or a peak above is a recording that went wrong."""

RACE_DISTANCE_M = ValueRange(1, 1_500_000)
RACE_TIME_S = ValueRange(1, 100 * SECONDS_PER_HOUR)
"""What a calendar can say of a race: brevets reach 1400 km and 90 to 100 h."""

RACE_PACE_FADES = 0.06
"""By this power of the distance the speed of records falls (Riegel 1981: time grows by 1.06)."""

RECORD_OF_1_KM_M_S: Mapping[str, float] = {RUN: 7.9, RIDE: 23.0, SWIM: 2.2}
"""Faster than any record: 1000 m are run in 2:12 (7.6 m/s), an hour is ridden at 15.8 m/s on a
track and at more downhill, 1500 m are swum at 1.7. From 7.9 follows a marathon of 1:51:30."""

SHORTEST_RACE_M = 800
"""Below, a race is a sprint, and the limit that of `FASTEST_M_S`."""


def fastest_race_s(family: str | None, distance_m: float) -> float:
    """The time in which nobody finishes a race, in seconds.

    Args:
        family: Family of the race's sport; None if unknown, when it could be the fastest one.
        distance_m: Distance of the race.
    """
    if distance_m < SHORTEST_RACE_M:
        return distance_m / FASTEST_M_S.get(family or RIDE, FASTEST_M_S[RIDE])
    best = RECORD_OF_1_KM_M_S.get(family or RIDE, RECORD_OF_1_KM_M_S[RIDE])
    fades: float = (distance_m / 1000) ** RACE_PACE_FADES
    return distance_m / best * fades
