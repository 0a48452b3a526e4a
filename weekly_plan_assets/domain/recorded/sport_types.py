"""Which activity types are which sport of a plan.

Families of recorded sessions, which decide what counts where, belong to `session_kind`.
"""

from collections.abc import Mapping

from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.activity import RIDE_TYPES, RUN_TYPES
from weekly_plan_assets.domain.recorded.session_kind import SWIM_TYPES

ACTIVITY_TYPES_BY_SPORT: Mapping[Sport, frozenset[str]] = {
    Sport.RUN: RUN_TYPES,
    Sport.RIDE: RIDE_TYPES,
    Sport.SWIM: SWIM_TYPES,
}
"""The endurance sports with their activity types, in the order that decides between equals."""

SPORTS_BY_ACTIVITY_TYPE: Mapping[str, Sport] = {
    kind: sport for sport, kinds in ACTIVITY_TYPES_BY_SPORT.items() for kind in kinds
}
