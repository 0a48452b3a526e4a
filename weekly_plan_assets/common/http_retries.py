"""How long to go on asking a server that is in trouble, and how fast to ask one that is not.

What counts as trouble is decided by the caller.
"""

import logging
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext
from math import inf
from random import uniform
from threading import Lock
from time import monotonic, sleep
from typing import TypeVar

import stamina
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.domain.units import SECONDS_PER_DAY
from weekly_plan_assets.errors import WeeklyPlanError

MOST_ATTEMPTS = 5
BUDGET_S = 60.0
"""All failed attempts and waits of one trouble together take no longer than this."""

IMPATIENT_S = 5.0
"""For a question that a command can do without."""

REST_S = 45.0
"""After so long without a failed attempt, further trouble is new trouble, with a whole budget.

Less than the minute of rest before Dagster tries a step again, more than the time between two
questions of one command.
"""

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 16.0
"""Waits double from the first to the longest; a server that names its own is obeyed instead."""

JITTER_S = 0.25

LEAST_SHARE = 1 / 6
"""The first attempt of a question gets at least this share of the budget: the answer before it
came, and a server that has just recovered may be slow. All attempts together get no more where the
server has just left another account without an answer."""

MOST_GIVEN_UP = 3
"""Accounts that a server leaves without an answer, one after another, before it is not asked for
any other: the trouble is the server's then."""


log = logging.getLogger(__name__)
T = TypeVar("T")


class TemporaryError(WeeklyPlanError):
    """A failure that is worth another attempt.

    Attributes:
        wait_s: How long the server asks to wait; None if it does not say.
    """

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


class GivenUpError(WeeklyPlanError):
    """The attempts or the budget are used up; a sentence that says what the last failure was."""


class ServerTrouble:
    """What is known of one server in trouble from all accounts that are asked for.

    An account that is not answered may be the only one: its quota is used up, or there is something
    in its data that the server cannot do. Any answer shows that the server is there.
    """

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._given_up: list[str] = []
        self._last_s = -inf
        self._lock = Lock()

    def note_answer(self) -> None:
        """An account was answered."""
        with self._lock:
            self._given_up = []

    def note_given_up(self, sentence: str) -> None:
        """An account was given up, with a sentence that says why."""
        with self._lock:
            self._given_up.append(sentence)
            self._last_s = monotonic()

    def since_answer(self, within_s: float) -> tuple[str, ...]:
        """Why accounts were given up since any was answered, unless that is longer ago."""
        with self._lock:
            if monotonic() - self._last_s >= within_s:
                self._given_up = []
            return tuple(self._given_up)


class Patience:
    """Asks for one account of a server again while there is trouble, one budget for all questions.

    A question after the budget is used up fails at once, with the sentence of the one before: what
    did not answer a moment ago is not waited for again. After a rest the budget is whole again.
    Threads may ask at once: what they wait at the same time is counted once.
    """

    def __init__(
        self,
        budget_s: float = BUDGET_S,
        *,
        rest_s: float = REST_S,
        server: ServerTrouble | None = None,
    ) -> None:
        """Start with the whole budget.

        Args:
            budget_s: How long all failed attempts and waits together may take.
            rest_s: After how long without a failed attempt the budget is whole again.
            server: What other accounts of the server know; None: there are none.
        """
        self._budget_s = budget_s
        self._rest_s = rest_s
        self._server = server or ServerTrouble()
        self._spent_s = 0.0
        self._last_failure_s = -inf
        self._given_up: str | None = None
        self._lock = Lock()

    def ask(
        self,
        ask: Callable[[float], T],
        *,
        longest_s: float = inf,
        turn: Callable[[], AbstractContextManager[float]] = lambda: nullcontext(0.0),
    ) -> T:
        """What `ask` answers, asked again after every `TemporaryError`, with growing waits.

        Args:
            ask: One attempt; it is given the seconds within which it must end.
            longest_s: How long one attempt may take.
            turn: Waits until an attempt may begin, and is held until its end. It gives the seconds
                that it waited, which no server in trouble is to blame for: they are not counted.

        Raises:
            GivenUpError: The attempts or the budget are used up.
        """
        trouble = self._begin()

        def attempt() -> T:
            with turn() as waited_s:
                trouble.leave_out(waited_s)
                return ask(min(longest_s, trouble.begin_attempt()))

        def wait_s(error: Exception) -> bool | float:
            if not isinstance(error, TemporaryError):
                return False
            with self._lock:
                self._last_failure_s = monotonic()
            return trouble.next_wait_s(error)

        caller = stamina.RetryingCaller(attempts=MOST_ATTEMPTS, timeout=None)
        try:
            answer = caller(wait_s, attempt)
        except TemporaryError as error:
            sentence = trouble.given_up(error)
            with self._lock:
                self._given_up = sentence
            self._server.note_given_up(sentence)
            raise GivenUpError(sentence) from error
        finally:
            with self._lock:
                self._spent_s = max(self._spent_s, trouble.spent_before_last_attempt_s)
        self._server.note_answer()
        return answer

    def _begin(self) -> "_Trouble":
        """A question with what is left of the budget, which is whole again after a rest."""
        with self._lock:
            if monotonic() - self._last_failure_s >= self._rest_s:
                self._spent_s, self._given_up = 0.0, None
            if self._given_up is not None:
                raise GivenUpError(self._given_up)
            others = self._server.since_answer(self._rest_s)
            if len(others) >= MOST_GIVEN_UP:
                raise GivenUpError(others[-1])
            if others:
                left_s = min(LEAST_SHARE * self._budget_s, self._budget_s - self._spent_s)
                return _Trouble(self._spent_s + left_s, self._spent_s)
            return _Trouble(self._budget_s, self._spent_s)


class _Trouble:
    """The attempts of one question, and what they leave of the budget."""

    def __init__(self, budget_s: float, spent_s: float) -> None:
        self._budget_s = budget_s
        self._spent_s = spent_s
        self._began_s = monotonic()
        self._attempt_began_s = self._began_s
        self._attempts = 0

    @property
    def spent_before_last_attempt_s(self) -> float:
        """Seconds of trouble up to the last attempt, which ended well or was the last one."""
        return self._spent_s + self._attempt_began_s - self._began_s

    def leave_out(self, waited_s: float) -> None:
        """Do not count a wait that just ended."""
        self._began_s += waited_s

    def begin_attempt(self) -> float:
        """Seconds that the attempt which begins now may take."""
        self._attempts += 1
        self._attempt_began_s = monotonic()
        if self._attempts == 1:
            return max(self._left_s(), LEAST_SHARE * self._budget_s)
        return max(self._left_s(), 0.0)

    def next_wait_s(self, error: TemporaryError) -> bool | float:
        """How long to wait for the next attempt; False where the budget has no room for one."""
        wait_s = error.wait_s
        if wait_s is None:
            wait_s = min(FIRST_WAIT_S * 2 ** (self._attempts - 1), LONGEST_WAIT_S)
            wait_s += uniform(0, JITTER_S)  # noqa: S311 - no secret
        return wait_s if wait_s < self._left_s() else False

    def given_up(self, error: TemporaryError) -> str:
        """A sentence on the last failure and all before it."""
        asked = f" and asks to wait {_span(error.wait_s)}" if error.wait_s is not None else ""
        attempts = counted(self._attempts, "attempt")
        return (
            f"{error}{asked}; given up after {attempts} in "
            f"{self._budget_s - self._left_s():.0f} s, so run again later"
        )

    def _left_s(self) -> float:
        return self._budget_s - self._spent_s - (monotonic() - self._began_s)


def _span(wait_s: float) -> str:
    return f"{wait_s:.0f} s" if wait_s <= SECONDS_PER_DAY else "more than a day"


_SERVERS: dict[str, ServerTrouble] = {}
_SHARED: dict[tuple[str, Hashable], Patience] = {}


def shared_patience(server: str, account: Hashable) -> Patience:
    """Return the one budget of this process for an account, shared by all clients of it."""
    trouble = _SERVERS.setdefault(server, ServerTrouble())
    return _SHARED.setdefault((server, account), Patience(server=trouble))


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

    def rest(self, rest_s: float) -> None:
        """Let nobody have a turn before so many seconds are over."""
        with self._lock:
            self._next_s = max(self._next_s, monotonic() + rest_s)


def _report_retry(details: RetryDetails) -> None:
    log.warning("%s; asking again in %.1f s", details.caused_by, details.wait_for)


# The default is a line on stdout, in the midst of what a command answers there.
set_on_retry_hooks([_report_retry])
