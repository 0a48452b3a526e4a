"""Reads rows as the Intervals.icu API answers them from a JSON file."""

import json
import reprlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Never, TypeVar

from pydantic import BaseModel, ValidationError

from weekly_plan_assets.sources.base import SourceError

Row = TypeVar("Row", bound=BaseModel)


def read_json_rows(path: Path, model: type[Row]) -> list[Row]:
    """The rows of a file; none where there is no such file.

    Raises:
        SourceError: It cannot be read, is no list of rows, or one of them is refused.
    """
    return [_row(path, index, raw, model) for index, raw in enumerate(_read(path))]


def refuse_twins(path: Path, keys: Sequence[str]) -> None:
    """Refuse a file in which two rows have the same key.

    Raises:
        SourceError: Two have; it names their key.
    """
    twin = next((key for key, count in Counter(keys).items() if count > 1), None)
    if twin is not None:
        raise SourceError(f"{path} holds the id {twin} more than once; export it again")


def _read(path: Path) -> list[Any]:
    if not path.exists():
        return []
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise SourceError(
            f"{path} is not JSON at line {error.lineno}, column {error.colno}: {error.msg}; "
            "export it again"
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise SourceError(f"{path} cannot be read: {error}; export it again") from error
    if not isinstance(content, list):
        raise SourceError(
            f"{path} holds a JSON {type(content).__name__}, not the list of rows that "
            "Intervals.icu answers; export it again"
        )
    return content


def _row(path: Path, index: int, raw: object, model: type[Row]) -> Row:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        named = f" (id {raw['id']})" if isinstance(raw, dict) and "id" in raw else ""
        raise SourceError(
            f"{path}: row {index}{named} {first_fault(error)}; correct it or export it again"
        ) from error


def first_fault(error: ValidationError) -> str:
    """What is wrong with a row, by its first fault; a long value is cut short."""
    detail = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "missing":
        return f"has no {key}"
    told = f"has {key} = " if key else "is "
    return f"{told}{reprlib.repr(detail['input'])}, which is refused: {detail['msg']}"


def _refuse_constant(name: str) -> Never:
    """Python's parser takes NaN and Infinity, which JSON does not have."""
    raise ValueError(f"it holds {name}, which is not JSON (not measured is null)")
