"""Sessions of every kind that goes to a calendar or a watch, and the whole library for athletes."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.targets import threshold_m_s, with_targets
from weekly_plan_assets.domain.athlete.thresholds import (
    Confidence,
    Threshold,
    ThresholdMeasure,
    ThresholdSource,
)
from weekly_plan_assets.domain.plan.session_parts import (
    Block,
    BlockPart,
    Intent,
    Step,
    Stretch,
    Target,
    TargetKind,
    block,
)
from weekly_plan_assets.domain.plan.session_zones import EASY_ZONE
from weekly_plan_assets.domain.plan.weekly_plan import (
    PlannedDay,
    PlannedSession,
    SessionKind,
    Sport,
)
from weekly_plan_assets.domain.week import DAY_NAMES
from weekly_plan_assets.planners.workout_library import library, main_set
from weekly_plan_assets.rendering.rendered_session import RenderedSession, rendered_week

MONDAY = date(2026, 3, 2)
ZONES = {
    Intent.RECOVERY: 1,
    Intent.EASY: EASY_ZONE,
    Intent.STEADY: EASY_ZONE,
    Intent.TEMPO: 3,
    Intent.THRESHOLD: 4,
    Intent.VO2: 5,
    Intent.SPRINT: 5,
    Intent.RACE: 4,
}


def stretch(
    intent: Intent, duration_s: int, *targets: Target, metres: int | None = None
) -> Stretch:
    return Stretch(
        intent=intent,
        zone=ZONES[intent],
        duration_s=duration_s,
        distance_m=metres,
        targets=targets,
    )


def session(
    sport: Sport, blocks: tuple[Block, ...], kind: SessionKind = SessionKind.EASY
) -> PlannedSession:
    return PlannedSession(
        sport=sport,
        kind=kind,
        duration_s=sum(one.duration_s for one in blocks) or 3600,
        intensity=None,
        blocks=blocks,
        planned_load=50,
        name=f"A {kind.value} session",
        description="Warm-up, then the work.",
        goal="Get better at it.",
    )


def target(kind: TargetKind, low: float | None, high: float) -> Target:
    return Target(kind=kind, low=low, high=high)


EASY_HR = target(TargetKind.HR, None, 144)
WARM_UP = block(stretch(Intent.EASY, 900, EASY_HR), part=BlockPart.WARM_UP)
COOL_DOWN = block(stretch(Intent.EASY, 600, EASY_HR), part=BlockPart.COOL_DOWN)
VERY_EASY = stretch(Intent.RECOVERY, 120, target(TargetKind.RPE, 1, 2))
TEMPO = stretch(Intent.TEMPO, 600, target(TargetKind.PACE, 285, 301))
FAST = stretch(Intent.SPRINT, 20, target(TargetKind.RPE, 7, 8))
SHORT = stretch(Intent.VO2, 30, target(TargetKind.POWER, 280, 300))
FLOAT = stretch(Intent.EASY, 30, target(TargetKind.POWER, 120, 150))
LENGTHS = stretch(Intent.THRESHOLD, 200, target(TargetKind.PACE, 96, 100), metres=200)
WALL = stretch(Intent.RECOVERY, 20, target(TargetKind.RPE, 1, 2))

SESSIONS = {
    "repeats": session(
        Sport.RUN,
        (WARM_UP, block(Step(repeats=3, work=TEMPO, recovery=VERY_EASY)), COOL_DOWN),
        SessionKind.TEMPO,
    ),
    "a ramp": session(
        Sport.RUN,
        (
            block(stretch(Intent.EASY, 600, EASY_HR), part=BlockPart.WARM_UP),
            block(
                stretch(Intent.STEADY, 600, target(TargetKind.HR, 140, 150)),
                stretch(Intent.TEMPO, 600, target(TargetKind.HR, 150, 160)),
                stretch(Intent.THRESHOLD, 605, target(TargetKind.HR, 160, 168)),
            ),
        ),
        SessionKind.THRESHOLD,
    ),
    "strides": session(
        Sport.RUN,
        (
            block(stretch(Intent.EASY, 2700, EASY_HR)),
            block(Step(repeats=4, work=FAST, recovery=stretch(Intent.RECOVERY, 40))),
            block(stretch(Intent.RECOVERY, 300), part=BlockPart.COOL_DOWN),
        ),
    ),
    "nested repeats": session(
        Sport.RIDE,
        (
            WARM_UP,
            block(
                Step(repeats=8, work=SHORT, recovery=FLOAT),
                stretch(Intent.RECOVERY, 180),
                repeats=3,
            ),
        ),
        SessionKind.VO2,
    ),
    "a repeated block": session(
        Sport.RIDE,
        (block(TEMPO, stretch(Intent.EASY, 90), VERY_EASY, repeats=4),),
        SessionKind.TEMPO,
    ),
    "power": session(
        Sport.RIDE,
        (block(Step(repeats=5, work=SHORT, recovery=FLOAT)),),
        SessionKind.VO2,
    ),
    "a swim set": session(
        Sport.SWIM,
        (
            block(stretch(Intent.EASY, 480, metres=400), part=BlockPart.WARM_UP),
            block(Step(repeats=8, work=LENGTHS, recovery=WALL)),
            block(stretch(Intent.EASY, 240, metres=200), part=BlockPart.COOL_DOWN),
        ),
        SessionKind.THRESHOLD,
    ),
    "race": session(Sport.RUN, (), SessionKind.RACE),
    "strength": session(Sport.STRENGTH, (), SessionKind.STRENGTH),
}


def week_of(*sessions: PlannedSession) -> list[PlannedDay]:
    """A week with these sessions on its Monday."""
    return [
        PlannedDay(
            date=MONDAY + timedelta(days=number),
            day_name=name,
            planned_load=0,
            sessions=sessions if number == 0 else (),
        )
        for number, name in enumerate(DAY_NAMES)
    ]


def rendered(planned: PlannedSession, athlete: Athlete | None = None) -> RenderedSession:
    (one,) = rendered_week(week_of(planned), athlete)
    return one


def _measured(sport: Sport, measure: ThresholdMeasure, value: float) -> Threshold:
    return Threshold(
        sport=sport,
        measure=measure,
        value=value,
        source=ThresholdSource.FILE,
        confidence=Confidence.HIGH,
    )


ATHLETES = (
    Athlete(athlete_id="nothing"),
    Athlete(athlete_id="heart", threshold_hr_bpm=168, max_hr_bpm=186),
    Athlete(
        athlete_id="all",
        threshold_hr_bpm=168,
        thresholds=(
            _measured(Sport.RUN, ThresholdMeasure.PACE, 3.7),
            _measured(Sport.RIDE, ThresholdMeasure.POWER, 250),
            _measured(Sport.SWIM, ThresholdMeasure.PACE, 1.1),
        ),
    ),
)


@cache
def library_sessions() -> tuple[RenderedSession, ...]:
    """Every level of the library, for athletes of whom little and much is known."""
    return tuple(_library_sessions())


def _library_sessions() -> Iterator[RenderedSession]:
    for athlete in ATHLETES:
        for family in library().values():
            for level in range(len(family.levels)):
                main = main_set(family, level, threshold_m_s(athlete, family.sport))
                blocks = with_targets((WARM_UP, main, COOL_DOWN), athlete, family.sport)
                yield rendered(session(family.sport, blocks, SessionKind.TEMPO), athlete)
