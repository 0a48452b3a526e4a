"""The one codec between Python values and BSON: what MongoDB keeps, and in which form.

BSON refuses numpy numbers, pandas' missing values and calendar days, and drops a time's zone. All
of that is settled here and nowhere else. Which documents exist is not known here.
"""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from math import inf
from typing import TYPE_CHECKING, Any, TypeAlias

import orjson
from pydantic import BaseModel, SecretStr
from typing_extensions import TypeIs

from weekly_plan_assets.errors import WeeklyPlanError

if TYPE_CHECKING:
    from pandas import DataFrame

BsonDocument: TypeAlias = dict[str, Any]
"""A document as pymongo takes and gives it."""

_LEAST, _GREATEST = -(2**63), 2**63 - 1
"""The integers of BSON."""

_PLAIN = frozenset({str, bool, bytes, type(None)})
"""Types that BSON takes as they are: nearly all of a row, which is not looked at any further."""


class CodecError(WeeklyPlanError, TypeError):
    """A value that has no form in the store; the message names its path and its type."""


def encode(value: object, path: str = "document") -> Any:  # noqa: C901, PLR0911, PLR0912 - one dispatch
    """The BSON form of `value`.

    Models become documents under their aliases, days become `YYYY-MM-DD`, aware times become UTC
    at BSON's millisecond precision, whatever pandas or numpy calls missing becomes None.

    Args:
        value: Nested mappings, sequences, models, frames, scalars.
        path: Where the value stands, for the error.

    Raises:
        CodecError: A naive time, an infinite number, an integer beyond 64 bits, a mapping key that
            is not text, or a type without a BSON form.
    """
    if container := _CONTAINERS.get(type(value)):  # no pattern is tried on most that is nested
        return container(value, path)
    match value:
        case None | bool() | bytes():
            return value
        case Enum():
            return encode(value.value, path)
        case str():
            return str(value)
        case int():
            return _whole_number(value, path)
        case float():
            return _number(value, path)
        case datetime():
            return _moment(value, path)
        case date():
            return value.isoformat()
        case BaseModel():
            return encode(value.model_dump(by_alias=True), path)
        case Mapping():
            return _mapping(value, path)
        case list() | tuple():
            return _sequence(value, path)
        case set() | frozenset():
            return sorted(encode(item, path) for item in value)
        case SecretStr():
            raise CodecError(f"{path} is a secret, which is never stored; leave it out")
    return _foreign(value, path)


def encode_rows(rows: object) -> list[BsonDocument]:
    """The documents of a frame's rows, or of an iterable of models or mappings.

    Raises:
        CodecError: `rows` is something else, or a row does not encode to a document.
    """
    return list(each_encoded(rows))


def each_encoded(rows: object) -> Iterator[BsonDocument]:
    """As `encode_rows`, each when it is asked for: of many rows not all are held at once.

    Raises:
        CodecError: As there, when the row is asked for.
    """
    records: Iterable[object]
    if _is_frame(rows):
        records = rows.to_dict(orient="records")
    elif isinstance(rows, Iterable) and not isinstance(rows, str | bytes | Mapping | BaseModel):
        records = rows
    else:
        raise CodecError(
            f"rows are a DataFrame or a list of models or mappings, not {type(rows).__name__}"
        )
    for index, record in enumerate(records):
        yield _document(record, f"row[{index}]")


def content_hash(value: object) -> str:
    """SHA-256 over the canonical JSON of an encoded value: equal content, equal hash."""
    return hashlib.sha256(_canonical_bytes(value)).hexdigest()


def canonical_json(value: object) -> str:
    """JSON of an encoded value: sorted keys, no blanks, times as ISO-8601 UTC."""
    return _canonical_bytes(value).decode()


def _canonical_bytes(value: object) -> bytes:
    """As the standard library writes it, by which all stored hashes were made.

    orjson writes the same, five times as fast, except for some numbers with an exponent.
    """
    try:
        written = orjson.dumps(value, default=json_scalar, option=_SORTED)
    except orjson.JSONEncodeError:  # what it refuses, the standard library refuses or can write
        return _CANONICAL.encode(value).encode()
    if (b"0.0000" in written or _EXPONENT.search(written)) and _WRITTEN_OTHERWISE.search(written):
        return _CANONICAL.encode(value).encode()
    return written


def _document(record: object, path: str) -> BsonDocument:
    encoded = encode(record, path)
    if not isinstance(encoded, dict):
        raise CodecError(f"{path} is {type(record).__name__}, which is not a document")
    return encoded


def _mapping(value: Any, path: str) -> BsonDocument:
    return {
        key if type(key) is str else _key(key, path): (
            item
            if (kind := type(item)) in _PLAIN
            or (kind is float and -inf < item < inf)
            or (kind is int and _LEAST <= item <= _GREATEST)
            else encode(item, f"{path}.{key}")
        )
        for key, item in value.items()
    }


def _sequence(value: Any, path: str) -> list[Any]:
    return [
        item
        if (kind := type(item)) in _PLAIN
        or (kind is float and -inf < item < inf)
        or (kind is int and _LEAST <= item <= _GREATEST)
        else encode(item, f"{path}[{index}]")
        for index, item in enumerate(value)
    ]


_CONTAINERS: dict[type, Callable[[Any, str], Any]] = {
    dict: _mapping,
    list: _sequence,
    tuple: _sequence,
}


def _whole_number(value: int, path: str) -> int:
    plain = int(value)
    if not _LEAST <= plain <= _GREATEST:
        raise CodecError(f"{path} is {plain}, which does not fit the store's 64 bits")
    return plain


def _number(value: float, path: str) -> float | None:
    if math.isnan(value):
        return None
    if math.isinf(value):
        raise CodecError(f"{path} is {value}; store a finite number, or None for not measured")
    return float(value)


def _moment(value: datetime, path: str) -> datetime | None:
    if value != value:  # noqa: PLR0124 - pandas' NaT is a datetime that differs from itself
        return None
    if value.tzinfo is None:
        raise CodecError(f"{path} is {value}, a time without a zone; give it one")
    return whole_ms(value)


def whole_ms(moment: datetime) -> datetime:
    """A moment in UTC and whole milliseconds, which is what the store keeps of it."""
    utc = moment.astimezone(UTC)
    return datetime.combine(utc.date(), utc.time(), UTC).replace(
        microsecond=utc.microsecond // 1000 * 1000
    )


def _key(key: object, path: str) -> str:
    if not isinstance(key, str):
        raise CodecError(f"{path} has the key {key!r}; keys are text")
    return str(key)


def _foreign(value: Any, path: str) -> Any:
    """Values of numpy and pandas, which the code that made them has imported."""
    if _is_frame(value):
        return encode_rows(value)
    if type(value).__name__ == "NAType":
        return None
    if _is_numpy_time(value):  # finer units than microseconds would come out as bare integers
        value = value.astype(f"{value.dtype.kind}8[us]")
    to_python = getattr(value, "tolist", None)  # numpy scalars and arrays, pandas Series and Index
    plain = value if to_python is None else to_python()
    if type(plain) is type(value):
        raise CodecError(f"{path} is {type(value).__name__}, which has no form in the store")
    return encode(plain, path)


def _is_numpy_time(value: Any) -> bool:
    """Whether this is a numpy time or duration, or an array of them; days stay days."""
    if type(value).__module__ != "numpy" or value.dtype.kind not in "mM":
        return False
    return not value.dtype.str.endswith("[D]")


def _is_frame(value: object) -> "TypeIs[DataFrame]":
    return type(value).__name__ == "DataFrame" and hasattr(value, "to_dict")


def json_scalar(value: object) -> str:
    """The JSON form of what `encode` leaves beyond JSON's own types, as `json.dumps` asks for."""
    if isinstance(value, datetime):
        return iso_utc(value)
    raise CodecError(f"{type(value).__name__} has no JSON form")


_CANONICAL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=json_scalar
)
_SORTED = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME
_EXPONENT = re.compile(rb"e[-+0-9][0-9]*(?:[],}]|$)")
"""How every number with an exponent ends, and other text seldom; soon looked for."""

_WRITTEN_OTHERWISE = re.compile(rb"(?:^|[:,\[])-?(?:0\.0000[0-9]|[0-9.]+e)")
"""A number that may be written otherwise: with an exponent, or so small that Python writes one."""


def iso_utc(moment: datetime) -> str:
    """A time as a person or JSON reads it: ISO-8601 in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
