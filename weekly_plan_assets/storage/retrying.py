"""Repeat an operation after an error of MongoDB that passes by itself, such as an election.

The one place that says which errors those are. How often Dagster repeats a whole step is said in
`step_retries`, how often a source is asked in `http_retries`.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from math import inf
from time import monotonic, sleep
from typing import ParamSpec, TypeVar

from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    CursorNotFound,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)

from weekly_plan_assets.storage.errors import InterruptedWriteError

RETRY_BUDGET_S = 60.0
"""No attempt begins later than this after the first failure. A replica set elects a primary within
12 s (MongoDB manual, "Replica Set Elections": the median with the default settings), so that
several elections in a row are survived."""

FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 2.0

TEMPORARY_CODES = frozenset(
    {
        6,  # HostUnreachable
        7,  # HostNotFound
        89,  # NetworkTimeout
        91,  # ShutdownInProgress
        112,  # WriteConflict
        134,  # ReadConcernMajorityNotAvailableYet
        189,  # PrimarySteppedDown
        262,  # ExceededTimeLimit
        9001,  # SocketException
        10058,  # LegacyNotPrimary
        10107,  # NotWritablePrimary
        11600,  # InterruptedAtShutdown
        11602,  # InterruptedDueToReplStateChange
        13435,  # NotPrimaryNoSecondaryOk
        13436,  # NotPrimaryOrSecondary
    }
)
"""The codes of MongoDB's specification of retryable reads and writes, and the conflict of two
writes. 11601 (Interrupted) is not among them: somebody ended that operation on purpose."""

_LABELS = ("RetryableWriteError", "TransientTransactionError", "RetryableError")
"""Set by the server, or by pymongo, on errors after which a repetition is right."""

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

_repeating: ContextVar[bool] = ContextVar("_repeating", default=False)
"""Whether an operation further out is repeated: then those within it are not by themselves."""


_last_attempt_s: ContextVar[float] = ContextVar("_last_attempt_s", default=inf)
"""When the last attempt may begin, on the monotonic clock."""


@contextmanager
def attempts_within(time_s: float) -> Iterator[None]:
    """Let no attempt begin later than this from now: for callers with little time of their own."""
    outer = _last_attempt_s.set(monotonic() + time_s)
    try:
        yield
    finally:
        _last_attempt_s.reset(outer)


def is_temporary(error: BaseException) -> bool:
    """Whether the same operation may succeed a moment later, so that it is worth another try."""
    if isinstance(error, ConnectionFailure | CursorNotFound | InterruptedWriteError):
        return True
    if isinstance(error, BulkWriteError):
        failures = (*error.details["writeErrors"], *error.details["writeConcernErrors"])
        codes = {failure["code"] for failure in failures}
        return bool(codes) and codes <= TEMPORARY_CODES
    if not isinstance(error, OperationFailure):
        return False
    return error.code in TEMPORARY_CODES or any(error.has_error_label(one) for one in _LABELS)


def with_retries(operation: Callable[[], T]) -> T:
    """Run `operation`, again after every temporary error, with growing waits.

    Args:
        operation: One attempt; running it twice must do the same as running it once.

    Raises:
        PyMongoError: It failed for good, `RETRY_BUDGET_S` are used up, or no server was found: the
            driver has waited for one already.
        InterruptedWriteError: The same, of writes.
    """
    if _repeating.get():
        return operation()
    deadline_s = None
    wait_s = FIRST_WAIT_S
    outer = _repeating.set(True)
    try:
        while True:
            try:
                return operation()
            except (PyMongoError, InterruptedWriteError) as error:
                if not _is_worth_another_try(error):
                    raise
                if deadline_s is None:
                    deadline_s = min(monotonic() + RETRY_BUDGET_S, _last_attempt_s.get())
                    log.warning("MongoDB interrupted an operation (%s): retrying", _reason(error))
                if monotonic() + wait_s > deadline_s:
                    raise
            sleep(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)
    finally:
        _repeating.reset(outer)


def retried(operation: Callable[P, T]) -> Callable[P, T]:
    """A function that is run again after a temporary error, as `with_retries` does it."""

    @wraps(operation)
    def repeated(*arguments: P.args, **keywords: P.kwargs) -> T:
        return with_retries(lambda: operation(*arguments, **keywords))

    return repeated


def _is_worth_another_try(error: Exception) -> bool:
    return is_temporary(error) and not isinstance(error, ServerSelectionTimeoutError)


def _reason(error: Exception) -> str:
    """MongoDB's name for the error where it has one; the full text may run over many lines."""
    details = getattr(error.__cause__ or error, "details", None)
    if not isinstance(details, Mapping):
        return type(error).__name__
    single = (*details.get("writeErrors", ()), *details.get("writeConcernErrors", ()))
    named = (one.get("codeName") or one.get("errmsg") for one in (details, *single))
    return next((str(name) for name in named if name), type(error).__name__)
