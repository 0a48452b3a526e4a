"""How long to go on asking a server that is in trouble, and how fast to ask one that is not.

What counts as trouble is decided by whoever asks.
"""

import logging
from collections.abc import Callable
from threading import Lock
from time import monotonic, sleep
from typing import TypeVar

import stamina
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

MOST_ATTEMPTS = 5
BUDGET_S = 60.0
"""From the first attempt of a request on, no wait may end later than this."""

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 16.0
"""Waits double from the first to the longest; a server that names its own is obeyed instead."""

JITTER_S = 0.25

log = logging.getLogger(__name__)
T = TypeVar("T")


class TemporaryError(Exception):
    """A failure that is worth another attempt.

    Attributes:
        wait_s: How long the server asks to wait; None where it does not say.
    """

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


class GivenUpError(Exception):
    """The attempts or the budget are used up; a sentence that says what the last failure was."""


def ask_patiently(ask: Callable[[], T], *, budget_s: float = BUDGET_S) -> T:
    """What `ask` answers, asked again after every `TemporaryError`, with growing waits.

    Args:
        ask: One attempt.
        budget_s: When to give up, from now.

    Raises:
        GivenUpError: The attempts or the budget are used up.
    """
    began_s = monotonic()
    attempts = 0

    def counted() -> T:
        nonlocal attempts
        attempts += 1
        return ask()

    def worth_waiting(error: Exception) -> bool | float:
        if not isinstance(error, TemporaryError):
            return False
        if error.wait_s is None:
            return True
        in_time = monotonic() - began_s + error.wait_s <= budget_s
        return error.wait_s if in_time else False

    caller = stamina.RetryingCaller(
        attempts=MOST_ATTEMPTS,
        timeout=budget_s,
        wait_initial=FIRST_WAIT_S,
        wait_max=LONGEST_WAIT_S,
        wait_jitter=JITTER_S,
    )
    try:
        return caller(worth_waiting, counted)
    except TemporaryError as error:
        asked = f" and asks to wait {error.wait_s:.0f} s" if error.wait_s is not None else ""
        raise GivenUpError(
            f"{error}{asked}; given up after {attempts} attempt{'s' if attempts > 1 else ''} in "
            f"{monotonic() - began_s:.0f} s, so run again later"
        ) from error


class Pace:
    """Keeps requests at least so far apart that no more than `per_s` are sent in a second."""

    def __init__(self, per_s: float) -> None:
        self._gap_s = 1 / per_s
        self._next_s = 0.0
        self._lock = Lock()

    def wait(self) -> None:
        """Wait until the next request may be sent."""
        with self._lock:
            now_s = monotonic()
            turn_s = max(now_s, self._next_s)
            self._next_s = turn_s + self._gap_s
        sleep(turn_s - now_s)


def _tell(details: RetryDetails) -> None:
    log.warning("%s; asking again in %.1f s", details.caused_by, details.wait_for)


# The default is a line on stdout, in the midst of what a command answers there.
set_on_retry_hooks([_tell])
