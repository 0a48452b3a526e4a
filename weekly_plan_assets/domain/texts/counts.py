"""A number with its noun in English: `1 session`, `2 sessions`, `0 days`."""


def counted(number: int, noun: str) -> str:
    """The number and the noun, which takes an s unless there is one of it.

    Args:
        number: How many.
        noun: In the singular; words before it are fine, as in `hard session`.
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"
