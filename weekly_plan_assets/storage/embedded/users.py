"""Which processes use the embedded server, as far as this user may see them."""

from collections.abc import Iterator
from pathlib import Path

import psutil

_OURS = {"weekly-plan": "weekly-plan", "weekly_plan_assets.cli": "weekly-plan"}
"""How the words of a command line name our own command."""


def server_users(lock: Path) -> list[str]:
    """The processes that hold the file of the users open, each as its command and number."""
    return [f"{_command(process)} (process {process.pid})" for process in _holders(lock)]


def _holders(lock: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if any(Path(file.path) == lock for file in process.open_files()):
                yield process
        except (psutil.Error, OSError):  # gone by now, or another user's
            continue


def _command(process: psutil.Process) -> str:
    """The command without its options, which are nobody's business."""
    try:
        words = [Path(word).name for word in process.cmdline()]
    except psutil.Error:
        words = []
    for word, following in zip(words, [*words[1:], ""], strict=False):
        if word in _OURS:
            is_command = following.isalpha()
            return f"{_OURS[word]} {following}" if is_command else _OURS[word]
    return words[0] if words else "a program"
