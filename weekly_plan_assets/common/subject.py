"""Whom a warning is about, where the same work is done for many."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_SUBJECT: ContextVar[str | None] = ContextVar("subject", default=None)


@contextmanager
def working_for(name: str) -> Iterator[None]:
    """Let warnings of this thread name somebody."""
    token = _SUBJECT.set(name)
    try:
        yield
    finally:
        _SUBJECT.reset(token)


def with_subject(message: str) -> str:
    """A message that begins with whom it is about, where that is known."""
    name = _SUBJECT.get()
    return message if name is None else f"{name}: {message}"
