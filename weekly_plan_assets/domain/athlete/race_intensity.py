"""How hard a race is, by its sport and how long it takes: its zone, and its share of a threshold.

How long it takes belongs to `race_time`.
"""

from collections.abc import Sequence
from itertools import pairwise

from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.value_limits import RACE_PACE_FADES
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE

LONGEST_S_BY_ZONE = ((5, 25 * 60), (4, 2 * 60 * 60), (3, 5 * 60 * 60))
"""The zone in which a race of up to so many seconds is held; longer ones are in zone 2.

An hour is held at threshold, by its definition, about two close to it, a marathon below it
(coaching practice).
"""

LONGEST_RIDE_S_BY_ZONE = ((5, 25 * 60), (4, 100 * 60), (3, 210 * 60))
"""The same of rides, in which power falls faster with the hours: see `RIDE_SHARES`."""

LONGEST_RACE_ZONE = 2

RIDE_SHARES = (
    (0.3, 1.02, 1.08),
    (1.0, 0.95, 1.00),
    (2.0, 0.85, 0.91),
    (3.0, 0.77, 0.83),
    (4.0, 0.70, 0.76),
    (6.0, 0.65, 0.71),
    (8.0, 0.62, 0.68),
    (12.0, 0.57, 0.63),
)
"""Hours of a ride, and the shares of FTP between which its power is held evenly.

An hour is FTP by its definition (Coggan). Intensity factors of longer races are coaching practice:
80 to 85 % for three hours and 68 to 78 % for five to six in triathlon (Friel), about 75 % for long
sportives. The lower half of them, because they are means of the best and include surges.
"""

EVEN = 0.015
"""A running pace is held so much slower or faster. Project convention."""

LONGEST_BY_PACE_S = 5 * SECONDS_PER_HOUR
"""Runs of more hours go by ground and effort, not by pace (coaching practice)."""

MIDDLING_RACE_S = {5: 20 * SECONDS_PER_MINUTE, 4: SECONDS_PER_HOUR, 3: 3 * SECONDS_PER_HOUR}
LONG_RACE_S = 6 * SECONDS_PER_HOUR
"""What a race of each zone takes, where nobody says. Project convention."""


def zone_of_race(sport: Sport, duration_s: int) -> int:
    """The zone in which a race of so many seconds is held."""
    bounds = LONGEST_RIDE_S_BY_ZONE if sport is Sport.RIDE else LONGEST_S_BY_ZONE
    zones = (zone for zone, longest_s in bounds if duration_s <= longest_s)
    return next(zones, LONGEST_RACE_ZONE)


def middling_race_s(zone: int) -> int:
    """Seconds of a race of this zone, where none is known."""
    return MIDDLING_RACE_S.get(zone, LONG_RACE_S)


def race_shares(sport: Sport, duration_s: float) -> tuple[float, float] | None:
    """The shares of FTP, or of the speed at threshold, that a race of so many seconds is held at.

    Speed falls with the distance by Riegel's curve (1981), as records do.

    Returns:
        The least and the greatest; None where the race goes by effort, or in water by its zone.
    """
    if sport is Sport.RIDE:
        return _between(RIDE_SHARES, duration_s / SECONDS_PER_HOUR)
    if sport is not Sport.RUN or duration_s > LONGEST_BY_PACE_S:
        return None
    fades = RACE_PACE_FADES / (1 + RACE_PACE_FADES)
    share: float = (duration_s / SECONDS_PER_HOUR) ** -fades
    return share * (1 - EVEN), share * (1 + EVEN)


def _between(table: Sequence[tuple[float, float, float]], hours: float) -> tuple[float, float]:
    """The two shares of a table at so many hours, between its rows along a straight line."""
    if hours <= table[0][0]:
        return table[0][1:]
    for (before, *low), (after, *high) in pairwise(table):
        if hours <= after:
            part = (hours - before) / (after - before)
            least, most = (a + part * (b - a) for a, b in zip(low, high, strict=True))
            return least, most
    return table[-1][1:]
