"""The log file of a part: bounded in size, and read for errors as they are written."""

import re
import shutil
import time
from contextlib import suppress
from pathlib import Path

MAX_BYTES = 5_000_000
_REPEATED_AFTER_S = 600.0
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ERROR = re.compile(r"^\S+ \S+ \S+ - \S+ - (?:ERROR|CRITICAL) - (?P<message>.+)$")
"""A line as Dagster's loggers write it; the lines of a traceback follow without a time."""


class PartLog:
    """A log file that a part appends to.

    When it is full, its content moves to `NAME.previous.log`; so it does at the start of `dev`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read_bytes = 0
        self._last_shown_s: dict[str, float] = {}

    def begin(self) -> None:
        """Start with an empty file."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.exists():
            self._move_content()
        self.path.touch(mode=0o600)

    def new_errors(self) -> list[str]:
        """Return the errors logged since the last call, each at most once in ten minutes."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._read_bytes)
                new = file.read()
        except OSError:  # it was deleted
            return []
        whole = new[: new.rfind(b"\n") + 1]
        self._read_bytes += len(whole)
        if self._read_bytes > MAX_BYTES:
            self._move_content()
        return [message for message in _messages(whole) if self._is_news(message)]

    def last_line(self) -> str:
        """Return the last line that is not empty, or an empty text."""
        try:
            text = self.path.read_text(errors="replace")[-4000:]
        except OSError:
            return ""
        lines = _COLOUR.sub("", text).splitlines()
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def _move_content(self) -> None:
        # Copied and cut, not renamed: the part keeps the file open and appends to it.
        with suppress(OSError):  # a full disk shall not keep the log from being cut
            shutil.copyfile(self.path, self.path.with_suffix(".previous.log"))
        with self.path.open("r+b") as file:
            file.truncate(0)
        self._read_bytes = 0

    def _is_news(self, message: str) -> bool:
        now_s = time.monotonic()
        if now_s - self._last_shown_s.get(message, -_REPEATED_AFTER_S) < _REPEATED_AFTER_S:
            return False
        self._last_shown_s[message] = now_s
        return True


def _messages(lines: bytes) -> list[str]:
    text = _COLOUR.sub("", lines.decode(errors="replace"))
    found = (_ERROR.match(line) for line in text.splitlines())
    return [match["message"].strip() for match in found if match]
