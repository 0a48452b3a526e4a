"""The time that a session was recorded for, without its long pauses, and what two of them share.

Which sessions are one is decided in `twins`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LONG_PAUSE_SHARE = 0.5
"""A session that moved for less of its time than this was left open, not just interrupted."""

ALIKE = 0.8
"""Two amounts are alike when the smaller is this part of the greater. Project convention."""


@dataclass(frozen=True, slots=True)
class RecordedStretch:
    """When one session was recorded.

    Attributes:
        lasted_s: From its start to its end.
        time_s: Moving time; NaN where it is not known.
        distance_m: NaN where it is not known.
        spans_s: What was recorded between long pauses, in seconds from the start; empty where no
            pause is known.
    """

    lasted_s: float
    time_s: float
    distance_m: float
    spans_s: tuple[tuple[float, float], ...]

    @classmethod
    def of(cls, lasted_s: float, time_s: float, distance_m: float, spans: Any) -> "RecordedStretch":
        """The stretch of an activity's values; `spans` is what it keeps of them, if anything."""
        known = spans if isinstance(spans, Sequence) and not isinstance(spans, str) else ()
        return cls(lasted_s, time_s, distance_m, tuple((one[0], one[1]) for one in known))

    @property
    def is_left_open(self) -> bool:
        """Whether it moved for a small part of its time, nobody knows which."""
        return not self.spans_s and self.time_s < LONG_PAUSE_SHARE * self.lasted_s

    @property
    def recorded_s(self) -> float:
        """How long it was recorded."""
        if self.spans_s:
            return sum(end - begin for begin, end in self.spans_s)
        return self.time_s if self.is_left_open else self.lasted_s

    @property
    def parts_s(self) -> tuple[tuple[float, float], ...]:
        """The stretches between long pauses; all of it without any."""
        return self.spans_s or ((0.0, self.lasted_s),)


def shared_s(one: RecordedStretch, other: RecordedStretch, later_s: float) -> float:
    """For how long both were recorded at once.

    Where nobody knows when one of them moved, they share all of its time if they are alike in time
    and distance, else none of it.

    Args:
        one: A session.
        other: Another one.
        later_s: By how much the other began later.
    """
    if one.is_left_open or other.is_left_open:
        alike = _are_alike(one.recorded_s, other.recorded_s)
        alike = alike and _are_alike(one.distance_m, other.distance_m)
        return min(one.recorded_s, other.recorded_s) if alike else 0.0
    return sum(
        max(0.0, min(end, other_end + later_s) - max(begin, other_begin + later_s))
        for begin, end in one.parts_s
        for other_begin, other_end in other.parts_s
    )


def _are_alike(one: float, other: float) -> bool:
    if math.isnan(one) or math.isnan(other):
        return True
    return min(one, other) >= ALIKE * max(one, other)
