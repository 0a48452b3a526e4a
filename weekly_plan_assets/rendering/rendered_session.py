"""A planned session as parts of steps, which every format shares."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from weekly_plan_assets.domain.athlete.athlete import Athlete, Language
from weekly_plan_assets.domain.athlete.targets import with_targets
from weekly_plan_assets.domain.plan.session_id import session_id
from weekly_plan_assets.domain.plan.session_parts import Block, BlockPart, Intent, Step, Stretch
from weekly_plan_assets.domain.plan.weekly_plan import PlannedDay, PlannedSession, Sport
from weekly_plan_assets.domain.week import TrainingWeek, language_of_day
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.planners.words import WORDS
from weekly_plan_assets.rendering.plain_prose import plain_cue, plain_prose
from weekly_plan_assets.rendering.steering import SteeredBy, steering_of

LONGEST_TITLE = 80
"""Intervals.icu refuses a longer name (its author's forum)."""


class RenderingError(WeeklyPlanError):
    """A session that cannot be written so that it is read as it is meant; a fault of this code."""


class StepKind(StrEnum):
    """What a step is to a watch."""

    WARM_UP = "warmup"
    WORK = "active"
    RECOVERY = "recovery"
    REST = "rest"
    COOL_DOWN = "cooldown"


@dataclass(frozen=True, slots=True)
class RenderedStep:
    """A step that is done once.

    Attributes:
        cue: What to do, in a few words without any number.
        duration_s: Seconds; expected where a distance decides.
        distance_m: Metres, where distance decides; None if time does.
        steering: What steers it; None where only effort does.
        stretch: The stretch of the plan that it comes from.
    """

    kind: StepKind
    cue: str
    duration_s: int
    distance_m: int | None
    steering: SteeredBy | None
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class RenderedPart:
    """Steps that are done one after another, `repeats` times."""

    section: BlockPart
    repeats: int
    steps: tuple[RenderedStep, ...]


@dataclass(frozen=True, slots=True)
class RenderedSession:
    """A session as all formats have it.

    Attributes:
        session_id: Outlives a re-plan, see `domain.plan.session_id`.
        title: What it is called, in one line of at most `LONGEST_TITLE` characters.
        parts: Its steps; empty for races and strength, which have none.
        description: What to do, in words.
        notes: What it is for and what else it says, the most useful first.
    """

    session_id: str
    day: date
    language: Language
    title: str
    session: PlannedSession
    parts: tuple[RenderedPart, ...]
    description: str
    notes: tuple[str, ...]


class _RenderedPartOf(Protocol):
    """Makes a part of steps."""

    def __call__(
        self, section: BlockPart, steps: Sequence[Step], repeats: int = 1
    ) -> RenderedPart: ...


def rendered_week(
    days: Sequence[PlannedDay], athlete: Athlete | None
) -> tuple[RenderedSession, ...]:
    """The sessions of a planned week, in order.

    Args:
        days: The week, as a plan holds it.
        athlete: Whose thresholds steer them; None if they are not known.
    """
    monday = TrainingWeek.containing(days[0].date).start
    language = Language(language_of_day(days[0].day_name))
    return tuple(
        _rendered(session_id(monday, day.date, number), day.date, session, athlete, language)
        for day in days
        for number, session in enumerate(day.sessions, start=1)
    )


def _rendered(
    id_: str, day: date, session: PlannedSession, athlete: Athlete | None, language: Language
) -> RenderedSession:
    title = plain_prose(session.title) or f"{session.sport.value} {session.kind.value}"
    return RenderedSession(
        session_id=id_,
        day=day,
        language=language,
        title=_short(title),
        session=session,
        parts=tuple(_parts(session, athlete, language)),
        description=plain_prose(session.description),
        notes=tuple(plain_prose(text) for text in _notes(session) if text.strip()),
    )


def _short(title: str) -> str:
    """The title, cut where it is too long; servers may count an emoji as two."""
    kept = title
    while len(kept.encode("utf-16-le")) // 2 > LONGEST_TITLE - (kept != title):
        kept = kept[:-1]
    return kept if kept == title else f"{kept.rstrip()}…"


def _notes(session: PlannedSession) -> Iterator[str]:
    yield session.goal
    about = (session.where, session.stop_when, session.last_time)
    yield from (text for text in about if text is not None)
    yield from (one.description for one in session.alternatives)


def _parts(
    session: PlannedSession, athlete: Athlete | None, language: Language
) -> Iterator[RenderedPart]:
    """The parts; repeats within repeats are written out, which no calendar or watch knows."""

    def rendered(section: BlockPart, steps: Sequence[Step], repeats: int = 1) -> RenderedPart:
        singles = tuple(
            _step(one, section, session.sport, athlete, language, after_s=after_s)
            for step in steps
            for one, after_s in zip(step.stretches, (None, step.work.duration_s), strict=False)
        )
        return RenderedPart(section, repeats, singles)

    for block in _with_targets(session, athlete):
        if block.repeats > 1 and all(step.repeats == 1 for step in block.steps):
            yield rendered(block.part, block.steps, block.repeats)
            continue
        for _ in range(block.repeats):
            yield from _once(block, rendered)


def _with_targets(session: PlannedSession, athlete: Athlete | None) -> tuple[Block, ...]:
    """The blocks; those of a plan of 2.0 without any target get the athlete's."""
    steps = [step for block in session.blocks for step in block.steps]
    has_targets = any(one.targets for step in steps for one in step.stretches)
    if has_targets or athlete is None or any(step.work.intent is Intent.RACE for step in steps):
        return session.blocks
    return with_targets(session.blocks, athlete, session.sport)


def _once(block: Block, rendered: _RenderedPartOf) -> Iterator[RenderedPart]:
    """The parts of a block that is done once: repeated steps apart, the others together."""
    singles: list[Step] = []
    for step in block.steps:
        if step.repeats == 1:
            singles.append(step)
            continue
        if singles:
            yield rendered(block.part, singles)
            singles = []
        yield rendered(block.part, [step], step.repeats)
    if singles:
        yield rendered(block.part, singles)


def _step(
    stretch: Stretch,
    section: BlockPart,
    sport: Sport,
    athlete: Athlete | None,
    language: Language,
    *,
    after_s: int | None,
) -> RenderedStep:
    """A step; `after_s` is the length of the work that a recovery follows."""
    steering = steering_of(stretch, sport, athlete, after_s=after_s)
    return RenderedStep(
        kind=_kind(stretch, section, sport, is_recovery=after_s is not None),
        cue=plain_cue(WORDS[language].intents[stretch.intent]),
        duration_s=stretch.duration_s,
        distance_m=stretch.distance_m,
        steering=steering,
        stretch=stretch,
    )


def _kind(stretch: Stretch, section: BlockPart, sport: Sport, *, is_recovery: bool) -> StepKind:
    if is_recovery:
        at_the_wall = sport is Sport.SWIM and stretch.distance_m is None
        return StepKind.REST if at_the_wall else StepKind.RECOVERY
    match section:
        case BlockPart.WARM_UP:
            return StepKind.WARM_UP
        case BlockPart.COOL_DOWN:
            return StepKind.COOL_DOWN
        case BlockPart.MAIN:
            return StepKind.RECOVERY if stretch.intent is Intent.RECOVERY else StepKind.WORK
