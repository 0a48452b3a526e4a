"""How a page looks in a terminal."""

from rich.box import SIMPLE_HEAD
from rich.table import Table as RichTable
from rich.text import Text

from weekly_plan_assets.cli.console import out
from weekly_plan_assets.cli.page import Bullets, Cell, Page, Part, Table

WIDTH = 100
"""No page is wider, however wide the terminal is: longer lines are hard to read."""


def render_page(page: Page) -> None:
    """Write a page: its title, its lines, and its sections with what they hold."""
    out.print(Text(page.title, style="bold"), soft_wrap=True)
    for line in page.lines:
        _render_text(line)
    for section in page.sections:
        if section.parts:
            out.print()
            out.print(Text(section.title, style="bold cyan"))
            for part in section.parts:
                _render_part(part)


def _render_part(part: Part) -> None:
    if isinstance(part, Table):
        out.print(_table(part), width=_width())
    elif isinstance(part, Bullets):
        for item in part.items:
            _render_text(item, first="- ", others="  ")
    else:
        _render_text(part)


def _render_text(cell: Cell, *, first: str = "", others: str = "") -> None:
    """Wrapped here, line by line, because rich would fill every line up with blanks."""
    for number, line in enumerate(_text(cell).wrap(out, _width() - len(first))):
        out.print(Text.assemble(others if number else first, line), soft_wrap=True)


def _table(table: Table) -> RichTable:
    rich_table = RichTable(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for number, title in enumerate(table.head):
        flush_right = number in table.right
        rich_table.add_column(
            Text(title),
            justify="right" if flush_right else "left",
            overflow="fold",
            no_wrap=flush_right,
        )
    for row in table.rows:
        rich_table.add_row(*(_text(cell) for cell in row))
    return rich_table


def _text(cell: Cell) -> Text:
    return Text(cell) if isinstance(cell, str) else Text(*cell)


def _width() -> int:
    return min(out.width, WIDTH)
