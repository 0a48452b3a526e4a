"""An action on a database, done by a process that is killed right before a chosen command is sent.

With every command in turn, nothing that the action does to the database goes untried.
"""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from typing import Any

from pymongo import monitoring
from pymongo.database import Database

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client

_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    [
        "weekly_plan_assets_tests.support.killed_process",
        "weekly_plan_assets.lineage.export.migration",
        "weekly_plan_assets.storage.restore",
    ]
)
_HANDSHAKE = frozenset({"hello", "isMaster", "ping", "endSessions"})
_MOST_COMMANDS = 2_000


@dataclass(frozen=True)
class DoomedAction:
    """An action that is done on a database by another process.

    Attributes:
        action: A function of a module; its first argument is the database.
        keywords: Further arguments.
    """

    action: Callable[..., Any]
    url: str
    database_name: str
    keywords: dict[str, Any]

    def killed_before(self, number: int, command_name: str | None = None) -> bool:
        """Begin it and be killed before the `number`th command, of that name if one is given.

        Returns:
            Whether it came so far; else it was done to its end.
        """
        process = _PROCESSES.Process(target=self._do, args=(number, command_name))
        process.start()
        process.join(60)
        assert process.exitcode in {0, -signal.SIGKILL}, process.exitcode
        return process.exitcode != 0

    def killed_before_each_command(self, prepare: Callable[[], object]) -> Iterator[int]:
        """Do it again and again, killed one command later each time, and at last to its end.

        Args:
            prepare: Called before each time.

        Yields:
            The number of the command before which it was killed.
        """
        for number in count(1):
            assert number < _MOST_COMMANDS, "the action never ends"
            prepare()
            killed = self.killed_before(number)
            yield number
            if not killed:
                return

    def _do(self, number: int, command_name: str | None) -> None:
        monitoring.register(_Killer(number, command_name))
        with open_client(self.url) as client:
            self.action(client[self.database_name], **self.keywords)


class _Killer(monitoring.CommandListener):
    """Kills its process when the chosen command is about to be sent."""

    def __init__(self, number: int, command_name: str | None) -> None:
        self._left = number
        self._command_name = command_name

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        counts = event.command_name not in _HANDSHAKE
        if self._command_name is not None:
            counts = event.command_name == self._command_name
        self._left -= counts
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Of no interest."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Of no interest."""


def doomed(
    action: Callable[..., Any], database: Database[BsonDocument], url: str, **keywords: Any
) -> DoomedAction:
    """`action(database, **keywords)`, to be done by another process."""
    return DoomedAction(action, url, database.name, keywords)
