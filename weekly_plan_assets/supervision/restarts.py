"""How long to wait before a part is started again, and when to give it up. Pure."""

from collections import deque
from dataclasses import dataclass, field

PAUSES_S = (0.0, 1.0, 2.0, 4.0)
"""After a death in work, and after the first, second, ... death in a row before that."""

MAX_UNREADY_DEATHS = 5
"""Deaths in a row without having been ready in between: it will not become ready."""

MAX_DEATHS = 20
WINDOW_S = 600.0
"""More than `MAX_DEATHS` in this time: it does not stay up."""


@dataclass
class Restarts:
    """The deaths of one part.

    Attributes:
        pauses_s: After a death in work, and after the first, second, ... in a row before that.
    """

    pauses_s: tuple[float, ...] = PAUSES_S
    _unready_deaths: int = 0
    _deaths_s: deque[float] = field(default_factory=deque)

    def after_death(self, now_s: float, *, was_ready: bool) -> float | None:
        """Return the pause before the next start, in seconds; None to give the part up.

        Args:
            now_s: Time of the death on any steady clock.
            was_ready: Whether it had become ready since its start.
        """
        self._unready_deaths = 0 if was_ready else self._unready_deaths + 1
        self._deaths_s.append(now_s)
        while self._deaths_s[0] < now_s - WINDOW_S:
            self._deaths_s.popleft()
        if self._unready_deaths >= MAX_UNREADY_DEATHS or len(self._deaths_s) > MAX_DEATHS:
            return None
        return self.pauses_s[min(self._unready_deaths, len(self.pauses_s) - 1)]
