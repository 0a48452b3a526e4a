"""A message, and how it reads as plain text, as Markdown and as HTML, within a service's length."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from weekly_plan_assets.common.plain_text import plain

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+|~!])")
"""What Markdown gives a meaning to; a dash or a number at the start of a line is not used here."""

CUT = "..."
"""Stands where lines were left out."""


class MessageForm(StrEnum):
    """How a service shows what it is sent."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Line:
    """A line; `strong` stands before its text, in bold where that can be."""

    text: str = ""
    strong: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message, to services that take files."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent.

    Attributes:
        title: One line.
        lines: The most important first: those at the end are left out where a service takes less.
        is_failure: Whether it is about a failure.
    """

    title: str
    lines: tuple[Line, ...]
    is_failure: bool = False
    attachments: tuple[Attachment, ...] = ()

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return self.body(MessageForm.TEXT)

    def body(self, form: MessageForm, most: int | None = None) -> str:
        """The lines as a service shows them, as many whole ones as it takes.

        Args:
            form: How it shows them.
            most: Characters that it takes; None: any number. The first line stays, cut if need be.
        """
        break_ = "<br>\n" if form is MessageForm.HTML else "\n"
        written = [_WRITERS[form](line) for line in self.lines]
        if most is None or len(break_.join(written)) <= most:
            return break_.join(written)
        kept = list(_fitting(written, most - len(break_) - len(CUT), len(break_)))
        if not kept:
            return plain(self.lines[0].text)[: max(0, most)]
        return break_.join([*kept, CUT])


def _fitting(written: list[str], most: int, break_length: int) -> Iterator[str]:
    length = 0
    for line in written:
        length += len(line) + break_length
        if length > most + break_length:
            return
        yield line


def _joined(strong: str, text: str) -> str:
    return " ".join(part for part in (strong, text) if part)


def _as_text(line: Line) -> str:
    return plain(_joined(line.strong, line.text))


def _as_markdown(line: Line) -> str:
    def safe(text: str) -> str:
        return _MARKS.sub(r"\\\1", plain(text))

    strong = f"**{safe(line.strong)}**" if line.strong else ""
    return _joined(strong, safe(line.text))


def _as_html(line: Line) -> str:
    def safe(text: str) -> str:
        return escape(plain(text), quote=False)

    strong = f"<b>{safe(line.strong)}</b>" if line.strong else ""
    return _joined(strong, safe(line.text))


_WRITERS: dict[MessageForm, Callable[[Line], str]] = {
    MessageForm.TEXT: _as_text,
    MessageForm.MARKDOWN: _as_markdown,
    MessageForm.HTML: _as_html,
}
