"""What the quantities that a plan's texts name may be, by the sessions that they stand with."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from weekly_plan_assets.domain.guardrails.amounts import near
from weekly_plan_assets.domain.guardrails.rule import PlanContext
from weekly_plan_assets.domain.plan.plan_limits import HIGHEST_HR_BPM
from weekly_plan_assets.domain.plan.session_zones import stretches
from weekly_plan_assets.domain.plan.speeds import SPEED_M_S, fastest_m_s
from weekly_plan_assets.domain.plan.weekly_plan import PlannedSession, Sport, WeeklyPlan
from weekly_plan_assets.domain.texts.quantities import Named, Quantity, quantities
from weekly_plan_assets.domain.texts.vocabulary import words

ROUNDED_SHARE = 0.1
ROUNDED_S = 60
"""A text may round what it names up by so much. Project convention."""

STATED_TWICE = 2.2
"""All times that a description names together, by its session's: it may tell the whole and the
parts. Project convention."""

NO_SESSION_ZONE = 2
"""Of strength and of a week without sessions: warming up is easy."""

STRENGTH_M = 1000
"""Carries and rowing that are a part of strength work (practice)."""

UNKNOWN_ZONES_BPM = 200
"""The highest that a text may name where the athlete's zones are not known. Project convention."""

HR_BPM_OFF = 3
MOST_PERCENT = {1: 80, 2: 87, 3: 92, 4: 97, 5: 100}
"""Of the maximal heart rate by zone: generous, because zones are the athlete's own (practice)."""

MOST_EFFORT = {1: 4, 2: 5, 3: 7, 4: 9, 5: 10}
"""On the scale of ten by zone: generous likewise (Foster's session RPE; practice)."""


@dataclass(frozen=True, slots=True)
class TextLimits:
    """What texts may name of a session, or of a week's longest and hardest one.

    Attributes:
        what: Is limited, in words.
        distance_m: As stated, else what its time allows anybody.
        speed_m_s: The fastest that is possible in its sport; None if none is.
        load: What it states; None if any load may be named.
        sport: None if any sport may be named.
        may_name_races: Whether the distances of the athlete's races may be named.
    """

    what: str
    duration_s: int
    zone: int
    bpm: int
    distance_m: float
    speed_m_s: float | None
    load: float | None
    sport: Sport | None
    may_name_races: bool

    def fault(self, named: Named) -> str | None:
        """Why this must not be named here, in a few words; None if it may."""
        if named.kind is Quantity.LOAD:
            right = self.load is None or near(named.value, self.load)
            return None if right else f"{self.what} states a load of {self.load:g}"
        most, why = self._bounds[named.kind]
        return why if most is not None and named.value > most else None

    @property
    def _bounds(self) -> Mapping[Quantity, tuple[float | None, str]]:
        """The upper limit of each quantity, and what to say if a text names more."""
        rounded, what = 1 + ROUNDED_SHARE, self.what
        percent, effort = MOST_PERCENT[self.zone], MOST_EFFORT[self.zone]
        return {
            Quantity.TIME_S: (
                rounded * self.duration_s + ROUNDED_S,
                f"{what} takes {self.duration_s} s",
            ),
            Quantity.DISTANCE_M: (
                rounded * self.distance_m,
                f"{what} holds {self.distance_m:.0f} m at most",
            ),
            Quantity.ZONE: (self.zone, f"{what} holds no zone above {self.zone}"),
            Quantity.HR_BPM: (
                self.bpm + HR_BPM_OFF,
                f"the zones of {what} end at {self.bpm} bpm",
            ),
            Quantity.HR_PERCENT: (percent, f"zone {self.zone} ends at {percent} % or below"),
            Quantity.EFFORT_OF_TEN: (effort, f"zone {self.zone} is an effort of {effort} at most"),
            Quantity.SPEED_M_S: (
                self.speed_m_s,
                f"nobody is faster than {self.speed_m_s or 0:.2g} m/s in zone {self.zone}",
            ),
        }

    def faults_of_whole(self, read: str) -> Iterator[str]:
        """What is wrong with a description as a whole: all its times together, and its sport."""
        total_s = sum(one.value for one in quantities(read) if one.kind is Quantity.TIME_S)
        if total_s > STATED_TWICE * self.duration_s + ROUNDED_S:
            yield f"names {total_s:.0f} s in all, but {self.what} takes {self.duration_s} s"
        sports = {sport for sport in SPEED_M_S if words(sport.name.title()).search(read)}
        if self.sport is not None and sports and self.sport not in sports:
            others = ", ".join(sorted(sport.value for sport in sports))
            yield f"speaks of {others}, but {self.what} is {self.sport.value}"


def limits_of(session: PlannedSession, context: PlanContext) -> TextLimits:
    """What the texts of a session may name."""
    zone = max(_zones(session), default=NO_SESSION_ZONE)
    speed_m_s = None if session.is_strength else fastest_m_s(session.sport, zone)
    possible_m = STRENGTH_M if speed_m_s is None else speed_m_s * session.duration_s
    return TextLimits(
        what="the session",
        duration_s=session.duration_s,
        zone=zone,
        bpm=_bpm(zone, session.sport, context),
        distance_m=possible_m if session.distance_m is None else session.distance_m,
        speed_m_s=speed_m_s,
        load=session.planned_load,
        sport=None if session.is_race or session.is_strength else session.sport,
        may_name_races=session.is_race,
    )


def limits_of_week(plan: WeeklyPlan, context: PlanContext) -> TextLimits:
    """What the other texts may ask of the athlete: no more than one session of the week."""
    sessions = [limits_of(session, context) for session in plan.sessions]
    zone = max((one.zone for one in sessions), default=NO_SESSION_ZONE)
    return TextLimits(
        what="the longest session" if sessions else "the week",
        duration_s=max((one.duration_s for one in sessions), default=0),
        zone=zone,
        bpm=max((one.bpm for one in sessions), default=_bpm(zone, None, context)),
        distance_m=max((one.distance_m for one in sessions), default=0.0),
        speed_m_s=max((one.speed_m_s for one in sessions if one.speed_m_s), default=None),
        load=None,
        sport=None,
        may_name_races=True,
    )


def _zones(session: PlannedSession) -> Iterable[int]:
    if session.intensity is not None:
        yield session.intensity.zone
    for _, stretch in stretches(session.blocks):
        yield stretch.zone


def _bpm(zone: int, sport: Sport | None, context: PlanContext) -> int:
    known = context.athlete.hr_bounds(zone, sport).bpm_high
    return min(HIGHEST_HR_BPM, UNKNOWN_ZONES_BPM if known is None else known)
