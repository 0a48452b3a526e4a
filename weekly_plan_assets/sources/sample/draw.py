"""Chance that is the same everywhere: generators seeded by text, and a bell curve without libm."""

from random import Random

_BELL_BYTES = 12
_BELL_MEAN = _BELL_BYTES * 255 / 2
_BELL_DEVIATION = 256
"""Of a sum of twelve bytes: the square root of 12 (256^2 - 1) / 12, to five digits."""


def generator(*names: object) -> Random:
    """A generator of its own for what `names` name; Python seeds it with the text's SHA-512."""
    return Random(":".join(["weekly-plan-sample", *map(str, names)]))  # noqa: S311 - a simulation


def bell(chance: Random, spread: float) -> float:
    """A draw around 0 with standard deviation `spread`: a sum of twelve random bytes.

    `Random.gauss` calls the machine's own logarithm, whose last digit differs, and a sum of floats
    is rounded otherwise from Python 3.12 on.
    """
    return (sum(chance.randbytes(_BELL_BYTES)) - _BELL_MEAN) / _BELL_DEVIATION * spread
