"""Threads that start at the same moment, for tests of what happens when runs collide."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")


def at_once(action: Callable[[int], T], *, threads: int = 8) -> list[T]:
    """What `action(0)`, `action(1)`, … return when all are let go together; errors are raised."""
    start = Barrier(threads)

    def wait_and_act(number: int) -> T:
        start.wait()
        return action(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(wait_and_act, range(threads)))
