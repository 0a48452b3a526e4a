"""How fast a session of a sport can be at all, by its zone."""

from weekly_plan_assets.domain.plan.weekly_plan import Sport

SPEED_M_S = {Sport.RUN: (1.0, 6.5), Sport.RIDE: (2.0, 16.0), Sport.SWIM: (0.3, 2.0)}
"""From a slow walk, a climb on a mountain bike and a first swim to a little above the world records
over an hour: 5.9 m/s run, 15.8 m/s ridden, 1.6 m/s swum. No mean of a session lies outside."""

SPEED_SHARE = {1: 0.7, 2: 0.75, 3: 0.85, 4: 0.95, 5: 1.0}
"""Of the fastest, by the zone of a session's main part: an easy hour of the best runners is run at
about 4.5 m/s (practice)."""


def fastest_m_s(sport: Sport, zone: int) -> float:
    """The speed that nobody exceeds in a sport and a zone."""
    return SPEED_SHARE[zone] * SPEED_M_S[sport][1]
