"""Reads rows as the Intervals.icu API answers them, wherever they come from.

How their bytes are got belongs to whoever reads a file or asks the API.
"""

import json
import reprlib
from typing import Any, Never, TypeVar

from pydantic import BaseModel, ValidationError

from weekly_plan_assets.sources.base import SourceError

Row = TypeVar("Row", bound=BaseModel)


def parse_rows(content: bytes, where: str, model: type[Row], *, way_out: str) -> list[Row]:
    """The rows of a JSON text.

    Args:
        content: The text, in UTF-8.
        where: How messages call the place that it comes from.
        model: What each row must be.
        way_out: What the reader of a message can do.

    Raises:
        SourceError: It is not JSON, is no list of rows, or one of them is refused.
    """
    rows = _parse(content, where, way_out)
    if not isinstance(rows, list):
        raise SourceError(
            f"{where} holds a JSON {type(rows).__name__}, not the list of rows that "
            f"Intervals.icu answers; {way_out}"
        )
    return [_row(f"{where}: row {index}", raw, model, way_out) for index, raw in enumerate(rows)]


def parse_object(content: bytes, where: str, model: type[Row], *, way_out: str) -> Row:
    """The one object of a JSON text; arguments and errors are those of `parse_rows`."""
    return _row(f"{where}: the answer", _parse(content, where, way_out), model, way_out)


def first_fault(error: ValidationError) -> str:
    """What is wrong with a row, by its first fault; a long value is cut short."""
    detail = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "missing":
        return f"has no {key}"
    told = f"has {key} = " if key else "is "
    return f"{told}{reprlib.repr(detail['input'])}, which is refused: {detail['msg']}"


def _parse(content: bytes, where: str, way_out: str) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise SourceError(
            f"{where} is not JSON at line {error.lineno}, column {error.colno}: {error.msg}; "
            f"{way_out}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{where} cannot be read: {error}; {way_out}") from error


def _row(what: str, raw: object, model: type[Row], way_out: str) -> Row:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        named = f" (id {raw['id']})" if isinstance(raw, dict) and "id" in raw else ""
        raise SourceError(f"{what}{named} {first_fault(error)}; {way_out}") from error


def _refuse_constant(name: str) -> Never:
    """Python's parser takes NaN and Infinity, which JSON does not have."""
    raise ValueError(f"it holds {name}, which is not JSON (not measured is null)")
