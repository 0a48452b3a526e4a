"""Chance that is the same everywhere: generators seeded by text, and a bell curve without libm."""

from random import Random

_BELL_DRAWS = 12


def generator(*names: object) -> Random:
    """A generator of its own for what `names` name; Python seeds it with the text's SHA-512."""
    return Random(":".join(["weekly-plan-sample", *map(str, names)]))  # noqa: S311 - a simulation


def bell(chance: Random, spread: float) -> float:
    """A draw around 0 with standard deviation `spread`: a sum of twelve uniform draws.

    `Random.gauss` would call the machine's own logarithm, whose last digit differs.
    """
    return (sum(chance.random() for _ in range(_BELL_DRAWS)) - _BELL_DRAWS / 2) * spread
