"""Readiness: how ready the athlete is for load, as signals of the observed week.

Each signal carries its inputs, its bounds and their source. What they mean for the coming week
belongs to `phase` and `envelope`.
"""

from weekly_plan_assets.domain.readiness.signal import RAISED, Light, Readiness, Signal
from weekly_plan_assets.domain.readiness.week_readiness import readiness_of

__all__ = ["RAISED", "Light", "Readiness", "Signal", "readiness_of"]
