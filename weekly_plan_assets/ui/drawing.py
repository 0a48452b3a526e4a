"""Small SVG drawings as text: a sheet, panels with scales, and what is drawn on them.

Written by hand, because a plotting library takes longer to import than a week to plan. What a
picture shows is decided in the module of that picture.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from math import ceil, floor, log10

INK = "#1f2937"
GREY = "#9ca3af"
PALE = "#e5e7eb"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a sheet with a scale of its own, in pixels from the top left corner.

    Attributes:
        slots: Weeks or days, side by side from left to right, counted from 0.
        low: The value at the bottom.
        high: The value at the top.
    """

    left: float
    top: float
    width: float
    height: float
    slots: int
    low: float
    high: float

    @property
    def slot_width(self) -> float:
        """How wide a slot is."""
        return self.width / self.slots

    @property
    def bottom(self) -> float:
        """Where the value `low` is."""
        return self.top + self.height

    def x(self, slot: float) -> float:
        """The middle of a slot."""
        return self.left + (slot + 0.5) * self.slot_width

    def y(self, value: float) -> float:
        """The height of a value."""
        return self.bottom - (value - self.low) / (self.high - self.low) * self.height


@dataclass(slots=True)
class Sheet:
    """A white sheet to draw on; the UI may be dark."""

    width: int
    height: int
    _parts: list[str] = field(default_factory=list)

    def box(self, left: float, top: float, width: float, height: float, style: str) -> None:
        """A rectangle."""
        self._parts.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f"{style}/>"
        )

    def line(self, points: Sequence[Point], colour: str, style: str = "") -> None:
        """A line through points; nothing for less than two."""
        if len(points) > 1:
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            self._parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" {style}/>')

    def dot(self, at: Point, colour: str, radius: float = 3) -> None:
        """A dot."""
        self._parts.append(
            f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius}" fill="{colour}"/>'
        )

    def text(self, at: Point, said: str, colour: str = INK, anchor: str = "middle") -> None:
        """Words, their base line at a point."""
        self._parts.append(
            f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" fill="{colour}" text-anchor="{anchor}">'
            f"{escape(said)}</text>"
        )

    def scale(self, panel: Panel) -> None:
        """Grid lines of a panel, with their values at the left."""
        for value in ticks(panel.low, panel.high):
            y = panel.y(value)
            self.line([(panel.left, y), (panel.left + panel.width, y)], PALE)
            self.text((panel.left - 6, y + 4), f"{value:g}", GREY, "end")

    def svg(self) -> str:
        """The drawing."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}" font-family="sans-serif" font-size="12">'
            f'<rect width="100%" height="100%" fill="#fff"/>{"".join(self._parts)}</svg>'
        )


def ticks(low: float, high: float) -> list[float]:
    """Two to six round values from `low` to `high`."""
    rough = (high - low) / 4
    magnitude = 10.0 ** floor(log10(rough))
    # Each at most double the one before: a step of more than half the span may meet it only once.
    steps = (round_ * magnitude for round_ in (1, 2, 2.5, 5, 10))
    step = next(step for step in steps if step >= rough)
    first = ceil(low / step)
    return [number * step for number in range(first, floor(high / step) + 1)]


def in_markdown(svg: str, said: str) -> str:
    """A drawing as markdown that needs no file; `said` stands for it where it cannot be shown."""
    return f"![{said}](data:image/svg+xml;base64,{b64encode(svg.encode()).decode()})"
