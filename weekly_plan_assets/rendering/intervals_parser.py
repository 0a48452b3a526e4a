"""Reads the workout text of Intervals.icu as its calendar does, as far as that is documented.

Before a text is sent, it is read back, so that nothing is dropped or taken for something else. It
is written from the rules of the syntax, not from our writer: a line without a duration is no step,
bpm are dropped, a bare zone is power, and a header without a blank line before it repeats nothing.
"""

import re
from dataclasses import dataclass, field

from weekly_plan_assets.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE
from weekly_plan_assets.rendering.intervals_text import TextPart, TextStep, text_parts
from weekly_plan_assets.rendering.rendered_session import (
    RenderedSession,
    RenderingError,
    StepKind,
)

_REPEAT_HEADER = re.compile(r"(?:^|\s)(\d{1,3})x$", re.IGNORECASE)
_SECTIONS = {
    "warmup": StepKind.WARM_UP,
    "warm up": StepKind.WARM_UP,
    "warm-up": StepKind.WARM_UP,
    "cooldown": StepKind.COOL_DOWN,
    "cool down": StepKind.COOL_DOWN,
    "cool-down": StepKind.COOL_DOWN,
    "main set": None,
    "main": None,
}
_DURATION = re.compile(r"(?<![\w:.%-])(?:(?P<h>\d+)h)?(?:(?P<m>\d+)m)?(?:(?P<s>\d+)s)?(?![\w%])")
_DISTANCE = re.compile(r"(?<![\w:.%-])(?P<n>\d+(?:\.\d+)?)(?P<unit>mtr|km|mi|yrd)(?![\w%])")
_METRES = {"mtr": 1.0, "km": 1000.0, "mi": 1609.344, "yrd": 0.9144}
_TARGET = re.compile(
    r"(?<![\w:.])(?:"
    r"(?P<percent>\d+(?:-\d+)?% ?(?:LTHR|HR|Pace)?)"
    r"|(?P<watts>\d+(?:-\d+)?w)"
    r"|(?P<zone>Z\d(?:-Z\d)?(?: (?:HR|Pace))?)"
    r"|(?P<pace>\d+:\d\d(?:-\d+:\d\d)?/(?:km|mi|100m|100y|500m) Pace)"
    r")(?!\w)",
    re.IGNORECASE,
)
_KIND = re.compile(r"\bintensity=(\w+)")
_STEP = re.compile(r"^\s*-\s*(.*)$")


@dataclass
class _Reading:
    """A text on its way into parts."""

    parts: list[TextPart] = field(default_factory=list)
    steps: list[TextStep] = field(default_factory=list)
    repeats: int = 1
    section: StepKind | None = None

    def end_part(self) -> None:
        if self.steps:
            self.parts.append(TextPart(self.repeats, tuple(self.steps)))
        self.steps, self.repeats = [], 1


def steps_of_text(text: str) -> tuple[TextPart, ...]:
    """The parts that a calendar makes of a description; prose makes none."""
    reading, blank_before = _Reading(), True
    for line in text.split("\n"):
        bare = line.strip()
        step = _STEP.match(line)
        if not bare:
            if reading.repeats > 1:
                reading.end_part()
            blank_before = True
            continue
        if step is not None:
            made = _step(step.group(1), reading.section)
            if made is not None:
                reading.steps.append(made)
        else:
            _read_header(bare, reading, blank_before=blank_before)
        blank_before = False
    reading.end_part()
    return tuple(reading.parts)


def check_text(session: RenderedSession, text: str) -> None:
    """Refuse a text that a calendar would read as other steps than it is meant to have.

    Raises:
        RenderingError: It would; names the session and the first step that differs.
    """
    wanted, found = text_parts(session), steps_of_text(text)
    if wanted == found:
        return
    pairs = zip((*wanted, None), (*found, None), strict=False)
    first = next((pair for pair in pairs if pair[0] != pair[1]), (wanted, found))
    raise RenderingError(
        f"the session {session.title!r} of {session.day} would be read as {first[1]} instead of "
        f"{first[0]}; report it as a fault of this program"
    )


def _read_header(line: str, reading: _Reading, *, blank_before: bool) -> None:
    """A header of a section or of repeats; any other line is prose, and changes nothing."""
    repeated = _REPEAT_HEADER.search(line)
    name = line[: repeated.start()].strip() if repeated else line
    is_section = name.lower() in _SECTIONS
    if not is_section and not (repeated and not name):
        return
    reading.end_part()
    if is_section:
        reading.section = _SECTIONS[name.lower()]
    if repeated and blank_before:
        reading.repeats = int(repeated.group(1))


def _step(words: str, section: StepKind | None) -> TextStep | None:
    """The step of a line; None where it has no duration and no distance, and so is dropped."""
    distance, duration_s = _last(_DISTANCE, words), _duration_s(words)
    if distance is None and not duration_s:
        return None
    target = _last(_TARGET, words)
    kind = _KIND.search(words)
    metres = None
    if distance is not None:
        metres = round(float(distance["n"]) * _METRES[distance["unit"]])
    return TextStep(
        duration_s=None if metres is not None else duration_s,
        distance_m=metres,
        steering=None if target is None else target.group().strip(),
        kind=StepKind(kind.group(1)) if kind and kind.group(1) in set(StepKind) else section,
    )


def _duration_s(words: str) -> int:
    """Seconds of the last duration in a line; 0 for none."""
    found = _last(_DURATION, words)
    if found is None:
        return 0
    hours, minutes, seconds = (int(found[unit] or 0) for unit in ("h", "m", "s"))
    return hours * SECONDS_PER_HOUR + minutes * SECONDS_PER_MINUTE + seconds


def _last(pattern: re.Pattern[str], words: str) -> re.Match[str] | None:
    """The last match that is not empty: of two durations or targets in a line, the later holds."""
    found = [match for match in pattern.finditer(words) if match.group()]
    return found[-1] if found else None
