"""A page of sections, tables and lines, before it is known where it will be shown.

`render_page` writes it to a terminal, `markdown` as GitHub markdown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Cell: TypeAlias = str | tuple[str, str]
"""Text, or text with a rich style, which markdown has no use for."""


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table.

    Attributes:
        head: Titles of the columns.
        right: Numbers of the columns that are flush right.
    """

    head: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    items: Sequence[Cell]


Part: TypeAlias = Cell | PageTable | Bullets


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page under a title of its own; one without parts is not shown."""

    title: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Page:
    """A title, lines below it, and sections."""

    title: str
    lines: Sequence[Cell] = ()
    sections: Sequence[Section] = field(default_factory=tuple)


def text_of(cell: Cell) -> str:
    """The text of a cell without its style."""
    return cell if isinstance(cell, str) else cell[0]
