"""The training load that a planned session is expected to bring, from its time in each zone.

Only planned load is estimated here; the load of a recorded session comes from its source. What an
hour brings a particular athlete belongs to `load_scale`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from weekly_plan_assets.domain.plan.session_parts import Block
from weekly_plan_assets.domain.plan.session_zones import zone_times_s
from weekly_plan_assets.domain.plan.weekly_plan import HARD_FROM_ZONE
from weekly_plan_assets.domain.units import MINUTES_PER_HOUR, SECONDS_PER_MINUTE

INTENSITY_FACTOR_BY_ZONE = {1: 0.55, 2: 0.68, 3: 0.83, 4: 0.95, 5: 1.06}
"""Intensity of each heart-rate zone as a share of threshold intensity.

Close to the middle of Coggan's levels 1 to 5; zone 1 at the upper end of its level, because nobody
trains at the lower, and zone 5 at the lower, because heart rate lags in short repeats (coaching
practice).
"""

STRENGTH_LOAD_PER_HOUR = 30.0
"""Load of an hour of strength work; heart rate understates it, so it is a convention (practice)."""


@dataclass(frozen=True, slots=True)
class LoadRates:
    """What an hour in each heart-rate zone brings, zone 1 first."""

    by_zone: tuple[float, ...]

    def per_hour(self, zone: int) -> float:
        """Training load of one hour in a zone, 1 to 5."""
        return self.by_zone[zone - 1]

    def load(self, minutes: float, zone: int) -> float:
        """Training load of `minutes` in a zone, 1 to 5."""
        return self.per_hour(zone) * minutes / MINUTES_PER_HOUR

    def scaled(self, easy: float, hard: float) -> "LoadRates":
        """The same with zones 1 and 2 times `easy`, and zones 3 to 5 times `hard`."""
        return LoadRates(
            tuple(
                per_hour * (easy if zone < HARD_FROM_ZONE else hard)
                for zone, per_hour in enumerate(self.by_zone, start=1)
            )
        )


TABLE_RATES = LoadRates(
    tuple(float(100 * factor**2) for factor in INTENSITY_FACTOR_BY_ZONE.values())
)
"""What an hour brings an athlete of whom nothing else is known.

Load = hours x IF^2 x 100: an hour at threshold intensity is 100 (Coggan's training stress score; a
definition).
"""


def blocks_load(blocks: Iterable[Block], rates: LoadRates) -> float:
    """Training load of a session made of these blocks, not rounded."""
    times_s = zone_times_s(blocks)
    return sum(rates.load(time_s / SECONDS_PER_MINUTE, zone) for zone, time_s in times_s.items())
