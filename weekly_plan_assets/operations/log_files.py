"""The log files that commands, `dev` and the embedded server keep in the state folder."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from weekly_plan_assets.settings import Settings

_TAIL_BYTES = 200_000
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ERRORS_NAMED = 3


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log file.

    Attributes:
        about: What is logged there.
        written_at: When it was last written to.
        lines: The last lines, oldest first.
    """

    path: Path
    about: str
    written_at: datetime
    size_bytes: int
    lines: tuple[str, ...]


def log_files(settings: Settings, last: int) -> Iterator[LogFile]:
    """The logs that there are, with the last lines of each; those that cannot be read are left out.

    Args:
        settings: Those in force.
        last: How many lines of each.
    """
    for about, path in _places(settings):
        try:
            state = path.stat()
            with path.open("rb") as file:
                file.seek(max(0, state.st_size - _TAIL_BYTES))
                text = file.read().decode(errors="replace")
        except OSError:
            continue
        lines = [line.rstrip() for line in _COLOUR.sub("", text).splitlines() if line.strip()]
        written_at = datetime.fromtimestamp(state.st_mtime, UTC)
        yield LogFile(path, about, written_at, state.st_size, tuple(lines[-last:] if last else ()))


def _places(settings: Settings) -> Iterator[tuple[str, Path]]:
    parts = settings.dagster_state_dir / "dev"
    for path in sorted(parts.glob("*.log")):
        yield f"weekly-plan dev: {path.name.partition('.')[0].replace('_', ' ')}", path
    for name in ("mongod.log", "mongod.out"):
        yield "the embedded MongoDB server", settings.embedded_dir / name
    errors = sorted((settings.state_dir / "errors").glob("*.log"))
    for path in errors[-_ERRORS_NAMED:]:
        yield "an error that this program did not expect", path
