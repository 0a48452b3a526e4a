"""Files that appear whole or not at all, readable by their owner alone."""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex


def write_whole(path: Path, text: str) -> None:
    """Replace a file by another in one step, whatever ends this process meanwhile.

    Args:
        path: A file in a folder that exists.
        text: What it holds afterwards; written to the disk before the file appears.

    Raises:
        OSError: It cannot be written; then the file is as it was.
    """
    made = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)
