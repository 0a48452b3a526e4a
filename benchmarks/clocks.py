"""Clocks around functions: how long each took in all, without the distortion of a profiler."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from time import perf_counter
from typing import Any
from unittest.mock import patch


@contextmanager
def clocked(
    functions: Mapping[str, tuple[object, str]], clock: Callable[[], float] = perf_counter
) -> Iterator[dict[str, float]]:
    """Seconds spent in each function inside the `with`, those that it calls included.

    Args:
        functions: By a name for the figure, a module or class and its attribute.
        clock: Gives seconds: of wall time, or of the processor.
    """
    taken_s = dict.fromkeys(functions, 0.0)
    patches = [
        patch.object(owner, attribute, _clocked(getattr(owner, attribute), name, taken_s, clock))
        for name, (owner, attribute) in functions.items()
    ]
    for one in patches:
        one.start()
    try:
        yield taken_s
    finally:
        for one in patches:
            one.stop()


def _clocked(
    function: Callable[..., Any], name: str, taken_s: dict[str, float], clock: Callable[[], float]
) -> Callable[..., Any]:
    @wraps(function)
    def timed(*arguments: Any, **keywords: Any) -> Any:
        began_s = clock()
        try:
            return function(*arguments, **keywords)
        finally:
            taken_s[name] += clock() - began_s

    return timed
