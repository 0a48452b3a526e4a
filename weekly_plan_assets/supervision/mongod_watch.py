"""Brings the embedded server back whenever it died, in a thread: a start may take a while."""

import logging
import threading
import time
from dataclasses import dataclass, field

from weekly_plan_assets.storage.embedded import EmbeddedServer, EmbeddedServerError
from weekly_plan_assets.supervision.restarts import Restarts

log = logging.getLogger(__name__)

_EVERY_S = 1.0
_PAUSES_S = (1.0, 5.0, 15.0, 30.0, 60.0)
"""A full disk, for example, may have room again in a minute or two."""


@dataclass
class MongodWatch:
    """Watches a server of which this process holds a lease, while a `with` block runs.

    Attributes:
        given_up: Why the server cannot be brought back; None as long as that is not known.
    """

    server: EmbeddedServer
    given_up: str | None = None
    _restarts: Restarts = field(default_factory=lambda: Restarts(_PAUSES_S))
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "MongodWatch":
        self._thread = threading.Thread(target=self._watch, name="dev-mongod", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        pause_s: float | None = _EVERY_S
        pid = self.server.pid
        while pause_s is not None and not self._stop.wait(pause_s):
            try:
                self.server.ensure_running()
            except EmbeddedServerError as error:
                log.error("mongod cannot be started: %s", error)  # noqa: TRY400 - it says it all
                pause_s = self._restarts.after_death(time.monotonic(), was_ready=False)
                self.given_up = str(error) if pause_s is None else None
                continue
            pause_s = _EVERY_S
            if self.server.pid != pid:
                log.warning("mongod had ended; it runs again as process %s", self.server.pid)
                pid = self.server.pid
                self._restarts.after_death(time.monotonic(), was_ready=True)
