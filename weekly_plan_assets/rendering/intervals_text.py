"""A session in the workout text of Intervals.icu.

Prose first, then the steps. What the syntax knows, and what it drops without a word, follows from
its author's guide and from what clients of it found; `intervals_parser` reads it back.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from weekly_plan_assets.domain.plan.session_parts import BlockPart, TargetKind
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE
from weekly_plan_assets.rendering.rendered_session import (
    RenderedPart,
    RenderedSession,
    RenderedStep,
    StepKind,
)
from weekly_plan_assets.rendering.steering import SteeredBy, SteeringUnit

LONGEST_PROSE = 500
"""A longer note is cut on a Garmin watch, as a client found."""

HEADERS = {
    BlockPart.WARM_UP: "Warmup",
    BlockPart.MAIN: "Main set",
    BlockPart.COOL_DOWN: "Cooldown",
}
"""The words that the syntax knows; the first and the last also say what their steps are."""

SPOKEN_KINDS = frozenset({StepKind.RECOVERY, StepKind.REST})
"""Steps that say by themselves what they are."""

TARGETS = {TargetKind.POWER: "POWER", TargetKind.PACE: "PACE", TargetKind.HR: "HR"}


@dataclass(frozen=True, slots=True)
class TextStep:
    """A step as the text says it.

    Attributes:
        duration_s: None where metres are stated.
        steering: The range as it is written; None for none.
        kind: None where nothing says what it is.
    """

    duration_s: int | None
    distance_m: int | None
    steering: str | None
    kind: StepKind | None


@dataclass(frozen=True, slots=True)
class TextPart:
    """Steps that the text repeats together."""

    repeats: int
    steps: tuple[TextStep, ...]


def intervals_text(session: RenderedSession) -> str:
    """The description of an entry of the calendar: prose, and the steps below it."""
    blocks = ["\n".join(_prose(session))]
    shown: BlockPart | None = None
    for part in session.parts:
        lines = [_line(step, part) for step in part.steps]
        if part.repeats > 1:
            lines.insert(0, f"{HEADERS[part.section]} {part.repeats}x")
            shown = None
        elif part.section is not shown:
            lines.insert(0, HEADERS[part.section])
            shown = part.section
        else:
            blocks[-1] += "\n" + "\n".join(lines)
            continue
        blocks.append("\n".join(lines))
    return "\n\n".join(block for block in blocks if block)


def text_parts(session: RenderedSession) -> tuple[TextPart, ...]:
    """What the text says, to be compared with what is read from it."""
    merged: list[TextPart] = []
    sections: list[BlockPart] = []
    for part in session.parts:
        steps = tuple(_text_step(step, part) for step in part.steps)
        joins = (
            part.repeats == 1
            and merged
            and merged[-1].repeats == 1
            and sections[-1] is part.section
        )
        if joins:
            merged[-1] = TextPart(1, (*merged[-1].steps, *steps))
        else:
            merged.append(TextPart(part.repeats, steps))
            sections.append(part.section)
    return tuple(merged)


def intervals_target(session: RenderedSession) -> str:
    """What steers the session as the calendar names it: AUTO where its steps differ, or none is."""
    kinds = {
        step.steering.kind
        for part in session.parts
        for step in part.steps
        if step.steering is not None
    }
    return TARGETS[kinds.pop()] if len(kinds) == 1 else "AUTO"


def _prose(session: RenderedSession) -> Iterator[str]:
    """The notes that fit, whole ones only; what to do stands in steps that a number steers."""
    left = LONGEST_PROSE
    is_steered = any(step.steering for part in session.parts for step in part.steps)
    notes = session.notes if is_steered else (session.description, *session.notes)
    for number, note in enumerate(notes):
        if number > 0 and len(note) > left:
            break
        left -= len(note) + 1
        yield note


def _line(step: RenderedStep, part: RenderedPart) -> str:
    said = _text_step(step, part)
    words = [
        step.cue[:1].upper() + step.cue[1:],
        _amount(step),
        said.steering or "",
        f"intensity={step.kind.value}" if step.kind in SPOKEN_KINDS else "",
    ]
    return f"- {' '.join(word for word in words if word)}"


def _text_step(step: RenderedStep, part: RenderedPart) -> TextStep:
    by_section = {BlockPart.WARM_UP: StepKind.WARM_UP, BlockPart.COOL_DOWN: StepKind.COOL_DOWN}
    kind = step.kind if step.kind in SPOKEN_KINDS else by_section.get(part.section)
    return TextStep(
        duration_s=step.duration_s if step.distance_m is None else None,
        distance_m=step.distance_m,
        steering=None if step.steering is None else _range(step.steering),
        kind=kind,
    )


def _amount(step: RenderedStep) -> str:
    """`1h5m`, `5m30s`, `90s` or `400mtr`: a bare m would be minutes."""
    if step.distance_m is not None:
        return f"{step.distance_m}mtr"
    hours, rest = divmod(step.duration_s, SECONDS_PER_HOUR)
    minutes, seconds = divmod(rest, SECONDS_PER_MINUTE)
    amounts = ((hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{amount}{unit}" for amount, unit in amounts if amount)


def _range(steering: SteeredBy) -> str:
    low, high, unit = steering.low, steering.high, steering.unit
    match unit:
        case SteeringUnit.HR_ZONE:
            return f"Z{low} HR" if low == high else f"Z{low}-Z{high} HR"
        case SteeringUnit.PACE_KM | SteeringUnit.PACE_100M:
            ends = [_clock(low)] if low == high else [_clock(low), _clock(high)]
            return f"{'-'.join(ends)}{unit.value}"
        case _:
            return f"{low}{unit.value}" if low == high else f"{low}-{high}{unit.value}"


def _clock(seconds: int) -> str:
    return f"{seconds // SECONDS_PER_MINUTE}:{seconds % SECONDS_PER_MINUTE:02}"
