"""GitHub markdown: pages written as it, and text that is no markup made safe in it."""

import re
from collections.abc import Iterator, Sequence

from weekly_plan_assets.cli.pages.page import Bullets, Page, PageTable, Part, text_of
from weekly_plan_assets.common.plain_text import plain

_MARKUP = re.compile(r"[\\`*_~\[\]<>|#&@]")
_LINK = re.compile(r":(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_LIST = re.compile(r"^(?:[-+=]|\d+(?=[.)]))")


def escaped(text: str) -> str:
    """Text that shows as it is, on one line, in a table, a list or a paragraph.

    What an athlete or a model wrote must neither become markup or a link nor end the line.
    """
    one_line = " ".join(plain(text).split())
    safe = _MARKUP.sub(r"\\\g<0>", one_line)
    safe = _LINK.sub(r"\\\g<0>", safe)
    return _LIST.sub(_not_a_list, safe)


def page_as_markdown(page: Page) -> str:
    """The page; all its text is escaped."""
    blocks = [f"# {escaped(page.title)}", *(escaped(text_of(line)) for line in page.lines)]
    for section in page.sections:
        if section.parts:
            blocks += [f"## {escaped(section.title)}", *map(_part, section.parts)]
    return "\n\n".join(blocks) + "\n"


def _part(part: Part) -> str:
    if isinstance(part, PageTable):
        return "\n".join(_table(part))
    if isinstance(part, Bullets):
        return "\n".join(f"- {escaped(text_of(item))}" for item in part.items)
    return escaped(text_of(part))


def _table(table: PageTable) -> Iterator[str]:
    yield _row(table.head)
    yield _row(["---:" if number in table.right else "---" for number in range(len(table.head))])
    for row in table.rows:
        yield _row([escaped(text_of(cell)) for cell in row])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _not_a_list(found: re.Match[str]) -> str:
    """A digit cannot be escaped, the full stop behind it can."""
    mark = found.group()
    return f"\\{mark}" if not mark[0].isdigit() else f"{mark}\\"
