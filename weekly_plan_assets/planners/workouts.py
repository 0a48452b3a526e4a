"""The session library: what single sessions look like, with their load and their words.

Which sessions a week holds and on which days is decided in `schedule`.
"""

from dataclasses import dataclass

from weekly_plan_assets.domain.athlete import Athlete
from weekly_plan_assets.domain.session_load import (
    MINUTES_PER_HOUR,
    STRENGTH_LOAD_PER_HOUR,
    zone_load,
)
from weekly_plan_assets.domain.weekly_plan import Intensity, PlannedSession, SessionKind, Sport

RECOVERY_ZONE = 1
EASY_ZONE = 2
WARM_UP_MIN = 5
"""Part of a steady session that is ridden, run or swum in below its zone, and out again."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """A hard session: warm-up, repeats, cool-down. Minutes add up to a multiple of five."""

    kind: SessionKind
    zone: int
    warm_up_min: int
    repeats: int
    work_min: int
    recovery_min: int
    cool_down_min: int
    goal: str

    @property
    def duration_min(self) -> int:
        """Minutes from start to end."""
        work_min = self.repeats * (self.work_min + self.recovery_min)
        return self.warm_up_min + work_min + self.cool_down_min

    @property
    def load(self) -> int:
        """Expected training load: easy around the repeats, zone 1 between them."""
        easy_min = self.warm_up_min + self.cool_down_min
        return round(
            zone_load(easy_min, EASY_ZONE)
            + zone_load(self.repeats * self.work_min, self.zone)
            + zone_load(self.repeats * self.recovery_min, RECOVERY_ZONE)
        )


TEMPO_GOAL = "Hold a steady, strong effort; builds endurance at a brisk pace."
THRESHOLD_GOAL = "Spend time close to threshold; raises the pace that can be held for an hour."
VO2_GOAL = "Spend time close to maximal oxygen uptake; raises the aerobic ceiling."

FULL_INTERVALS = {
    SessionKind.TEMPO: Intervals(SessionKind.TEMPO, 3, 15, 2, 12, 3, 10, TEMPO_GOAL),
    SessionKind.THRESHOLD: Intervals(SessionKind.THRESHOLD, 4, 15, 3, 8, 2, 10, THRESHOLD_GOAL),
    SessionKind.VO2: Intervals(SessionKind.VO2, 5, 15, 5, 3, 2, 10, VO2_GOAL),
}
"""Hard sessions of 50 and 55 minutes, for weeks with load enough around them."""

SHORT_INTERVALS = {
    SessionKind.TEMPO: Intervals(SessionKind.TEMPO, 3, 10, 2, 6, 2, 4, TEMPO_GOAL),
    SessionKind.THRESHOLD: Intervals(SessionKind.THRESHOLD, 4, 10, 3, 4, 1, 5, THRESHOLD_GOAL),
    SessionKind.VO2: Intervals(SessionKind.VO2, 5, 10, 3, 3, 2, 5, VO2_GOAL),
}
"""The same in 30 minutes, the shortest run that every load envelope allows."""

STEADY_GOALS = {
    SessionKind.RECOVERY: "Recover while moving; adds no fatigue.",
    SessionKind.EASY: "Build aerobic endurance at little cost.",
    SessionKind.LONG: "Build endurance for long efforts; easy from start to end.",
}


def steady_load(minutes: int, zone: int) -> int:
    """Expected training load of a steady session."""
    return round(zone_load(minutes, zone))


def strength_load(minutes: int) -> int:
    """Expected training load of a strength session."""
    return round(STRENGTH_LOAD_PER_HOUR * minutes / MINUTES_PER_HOUR)


def steady_session(
    athlete: Athlete, sport: Sport, kind: SessionKind, zone: int, minutes: int
) -> PlannedSession:
    """A session in one zone throughout: recovery, easy or long."""
    intensity = athlete.hr_bounds(zone)
    return PlannedSession(
        sport=sport,
        kind=kind,
        duration_s=minutes * 60,
        intensity=intensity,
        planned_load=steady_load(minutes, zone),
        description=(
            f"Warm-up: {WARM_UP_MIN} min very easy. "
            f"Main set: {minutes - 2 * WARM_UP_MIN} min steady in {_named(intensity)}. "
            f"Cool-down: {WARM_UP_MIN} min very easy."
        ),
        goal=STEADY_GOALS[kind],
    )


def interval_session(athlete: Athlete, sport: Sport, intervals: Intervals) -> PlannedSession:
    """A hard session in the athlete's zones."""
    intensity = athlete.hr_bounds(intervals.zone)
    easy = _named(athlete.hr_bounds(EASY_ZONE))
    return PlannedSession(
        sport=sport,
        kind=intervals.kind,
        duration_s=intervals.duration_min * 60,
        intensity=intensity,
        planned_load=intervals.load,
        description=(
            f"Warm-up: {intervals.warm_up_min} min in {easy}. "
            f"Main set: {intervals.repeats} x {intervals.work_min} min in {_named(intensity)}, "
            f"{intervals.recovery_min} min very easy after each. "
            f"Cool-down: {intervals.cool_down_min} min in {easy}."
        ),
        goal=intervals.goal,
    )


def strength_session(minutes: int) -> PlannedSession:
    """General strength work for an endurance athlete."""
    return PlannedSession(
        sport=Sport.STRENGTH,
        kind=SessionKind.STRENGTH,
        duration_s=minutes * 60,
        intensity=None,
        planned_load=strength_load(minutes),
        description=(
            "Warm-up: 5 min of mobility. "
            f"Main set: {minutes - 10} min of squats, lunges, calf raises, rows and planks, "
            "2 to 3 sets of 8 to 10, each ending with two repetitions in reserve. "
            "Cool-down: 5 min of stretching."
        ),
        goal="Keep muscles and tendons strong enough for the endurance work.",
    )


def _named(zone: Intensity) -> str:
    """The zone in words, with its bounds where they are known."""
    if zone.bpm_high is None:
        return f"zone {zone.zone}"
    if zone.bpm_low is None:
        return f"zone {zone.zone} (up to {zone.bpm_high} bpm)"
    return f"zone {zone.zone} ({zone.bpm_low} to {zone.bpm_high} bpm)"
