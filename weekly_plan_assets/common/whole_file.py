"""Files that appear whole or not at all, readable by their owner alone unless others may too."""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

PRIVATE = 0o600
FOR_OTHERS = 0o644
"""For what is handed on: a web server or a program that synchronises may be another user."""


def write_whole(path: Path, content: str | bytes, mode: int = PRIVATE) -> None:
    """Replace a file by another in one step, whatever ends this process meanwhile.

    Args:
        path: A file in a folder that exists.
        content: What it holds afterwards; written to the disk before the file appears.
        mode: Who may read it.

    Raises:
        OSError: It cannot be written; then the file is as it was.
    """
    made = path.with_name(f".{path.name}.{token_hex(4)}")
    data = content.encode() if isinstance(content, str) else content
    try:
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)
