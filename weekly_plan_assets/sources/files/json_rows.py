"""Reads a JSON file of rows as the Intervals.icu API answers them."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.json_rows import Row, parse_rows


def read_json_rows(path: Path, model: type[Row]) -> list[Row]:
    """The rows of a file; none where there is no such file.

    Raises:
        SourceError: It cannot be read, is no list of rows, or one of them is refused.
    """
    if not path.exists():
        return []
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error}; export it again") from error
    return parse_rows(content, str(path), model, way_out="correct it or export it again")


def refuse_twins(path: Path, keys: Sequence[str]) -> None:
    """Refuse a file in which two rows have the same key.

    Raises:
        SourceError: Two have; it names their key.
    """
    twin = next((key for key, count in Counter(keys).items() if count > 1), None)
    if twin is not None:
        raise SourceError(f"{path} holds the id {twin} more than once; export it again")
