"""How a page looks in a terminal."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import JustifyMethod
from rich.segment import Segment
from rich.table import Table as RichTable
from rich.text import Text

from weekly_plan_assets.cli.pages.page import Bullets, Cell, Page, PageTable, Part, text_of
from weekly_plan_assets.terminal.console import out

WIDTH = 100
"""No page is wider, however wide the terminal is: longer lines are hard to read."""

_ENDLESS = 10_000
"""Where another program reads, no cell of a table is wrapped; a text is, at `WIDTH`."""

_ROOMY = 80
"""In fewer columns the titles of figures take several lines."""

_GAP = 2
"""Blanks between two columns."""

_LEAST = 6
"""Columns are not made narrower than this while another one can be."""

_LONGEST_KEPT = 24
"""Longer words, such as runIds, are broken where there is no room."""


def render_page(page: Page) -> None:
    """Write a page: its title, its lines, and its sections with what they hold."""
    out.print(Text(page.title, style="bold"), soft_wrap=True)
    for line in page.lines:
        render_text(line)
    for section in page.sections:
        if section.parts:
            out.print()
            out.print(Text(section.title, style="bold cyan"))
            for part in section.parts:
                _render_part(part)


def render_table(table: PageTable) -> None:
    """Write a table; lines end where their text ends."""
    options = out.options.update(width=_width(), highlight=False)
    for segments in Segment.split_lines(out.render(_table(table), options)):
        line = Text.assemble(*((one.text, one.style or "") for one in segments))
        line.rstrip()
        out.print(line, soft_wrap=True)


def _render_part(part: Part) -> None:
    if isinstance(part, PageTable):
        render_table(part)
    elif isinstance(part, Bullets):
        for item in part.items:
            render_text(item, first="- ", others="  ")
    else:
        render_text(part)


def render_text(cell: Cell, *, first: str = "", others: str = "") -> None:
    """Write a text, its first line and its further ones with what they begin with.

    Wrapped here, line by line, because rich would fill every line up with blanks.
    """
    for number, line in enumerate(_text(cell).wrap(out, min(_width(), WIDTH) - len(first))):
        line.rstrip()
        out.print(Text.assemble(others if number else first, line), soft_wrap=True)


def _table(table: PageTable) -> RichTable:
    """The table for rich, each column with its width."""
    rich_table = RichTable(
        box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, _GAP - 1, 0, 0)
    )
    is_narrow = _width() < _ROOMY
    columns = []
    for number, title in enumerate(table.head):
        flush_right = number in table.right
        shown = title.replace(" ", "\n") if flush_right and is_narrow else title
        cells = [text_of(row[number]) for row in table.rows]
        columns.append(_Column.of(shown, cells, breaks=not flush_right))
    widths = _widths(columns, _width() - _GAP * (len(columns) - 1))
    for number, (column, width) in enumerate(zip(columns, widths, strict=True)):
        justify: JustifyMethod = "right" if number in table.right else "left"
        rich_table.add_column(Text(column.title), justify=justify, overflow="fold", width=width)
    for row in table.rows:
        rich_table.add_row(*(_text(cell) for cell in row))
    return rich_table


@dataclass(frozen=True, slots=True)
class _Column:
    """A title, the width of the longest cell, and the least width that breaks no word."""

    title: str
    natural: int
    least: int

    @classmethod
    def of(cls, title: str, cells: Sequence[str], *, breaks: bool) -> Self:
        """The column of these cells; a column of figures is never broken."""
        lines = [line for text in (title, *cells) for line in text.split("\n")]
        natural = max(map(cell_len, lines))
        words = (word for line in lines for word in line.split())
        longest = max(map(cell_len, words), default=1)
        return cls(title, natural, min(longest, _LONGEST_KEPT) if breaks else natural)


def _widths(columns: Sequence[_Column], room: int) -> list[int]:
    """Widths that fill the room: first every word is kept whole, then the longest lines.

    Where not even the words have room, they are broken last in the first column, whose names are
    looked for.
    """
    widths = [column.least for column in columns]
    while sum(widths) > room and max(widths) > 1:
        others = widths[1:] if max(widths[1:], default=0) > _LEAST else widths
        widths[widths.index(max(others), len(widths) - len(others))] -= 1
    lacking = [column.natural - width for column, width in zip(columns, widths, strict=True)]
    for _ in range(room - sum(widths)):
        most = max(lacking)
        if most <= 0:
            break
        number = lacking.index(most)
        widths[number] += 1
        lacking[number] -= 1
    return widths


def _text(cell: Cell) -> Text:
    return Text(cell) if isinstance(cell, str) else Text(*cell)


def _width() -> int:
    """The columns to fill: all that a line needs where another program reads."""
    if not out.is_terminal and "COLUMNS" not in os.environ:
        return _ENDLESS
    return min(out.width, WIDTH)
