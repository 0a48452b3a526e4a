"""The same command in a new process, for what is settled once a process, such as partitions."""

import os
import sys
from typing import NoReturn


def start_again() -> NoReturn:
    """Replace this process by one that runs the same command from its beginning."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - our own command
