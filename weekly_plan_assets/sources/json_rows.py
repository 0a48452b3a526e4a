"""Reads rows as the Intervals.icu API answers them, wherever they come from.

One row that cannot be used, or one value of it, is named and left out while the others are read.
Getting the bytes belongs to the file reader or the API client; making a value fit to be stored, to
`storable`.
"""

import json
import logging
import reprlib
from collections.abc import Callable, Mapping
from collections.abc import Collection as Some
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from weekly_plan_assets.domain.plan.session_id import is_own
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.calendar import CalendarEvent
from weekly_plan_assets.domain.recorded.field_types import Id, LocalDay
from weekly_plan_assets.domain.recorded.left_out import Collection, LeftOut
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.sources.base import Problem, SourceError
from weekly_plan_assets.sources.json_text import TOO_DEEP, NoListError, value_of, values_of
from weekly_plan_assets.sources.storable import cleaned, required_keys

log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=BaseModel)

MOST_ROWS = 200_000
"""Ten activities a day for fifty years; more is no answer to what was asked."""

MOST_NAMED = 1000
"""So many rows and values that cannot be used are named one by one; others are only counted."""

BROKEN_FROM = 5
"""Where at least so many rows and more than half of all cannot be used, the answer as a whole is
not what it should be: a single bad row stops nothing, but a changed format does. Convention."""

_MOST_SAID = 10
_DATE_CHARACTERS = 10
_LONGEST_KEY = 100
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is known of a kind of row in addition to its model.

    Attributes:
        name: The attribute that no two rows share.
        day: The key whose text begins with the row's day.
        is_ours: Whether the project made the row itself. It is not looked at, so that what a server
            made of it is no fault of the athlete's data.
    """

    name: str | None = None
    day: str | None = None
    collection: Collection | None = None
    is_ours: Callable[[Mapping[str, Any]], bool] = lambda _: False


def _was_delivered(raw: Mapping[str, Any]) -> bool:
    return is_own(raw.get("external_id"))


_KINDS: Mapping[type[BaseModel], _Kind] = {
    Activity: _Kind(name="id", day="start_date_local", collection="activities"),
    WellnessDay: _Kind(name="day", day="id", collection="wellness"),
    CalendarEvent: _Kind(name="id", day="start_date_local", is_ours=_was_delivered),
}


@dataclass(frozen=True)
class ParsedRows(Generic[Row]):
    """The rows that can be used, and what is wrong with the others."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def left_out(self) -> list[LeftOut]:
        """What is missing."""
        return [problem.left_out for problem in self.problems if problem.left_out is not None]


def parse_rows(
    content: bytes,
    where: str,
    model: type[Row],
    *,
    way_out: str,
    name: str | None = None,
    fields: Some[str] | None = None,
    most_rows: int = MOST_ROWS,
) -> ParsedRows[Row]:
    """The rows of a JSON text.

    Args:
        content: The text, in UTF-8.
        where: How errors call the place that it comes from.
        name: How problems call it, which are kept: without the folders of a machine. None: as
            errors do.
        model: What each row must be.
        way_out: What the reader of a message can do.
        fields: The keys that were asked for; others are not looked at. None: all keys.
        most_rows: How many rows there may be.

    Raises:
        SourceError: It is not JSON, is no list of rows, holds too many, or most of them cannot be
            used.
    """
    reader = _RowReader(where if name is None else name, model, fields, most_rows)
    try:
        for raw in values_of(reader.text_of(content)):
            reader.read(raw)
    except NoListError as error:
        raise SourceError(
            f"{where} holds a JSON {error}, not the list of rows that Intervals.icu answers; "
            f"{way_out}"
        ) from error
    except ValueError as error:
        raise _not_json(error, where, way_out) from error
    if (fault := reader.mostly_broken()) is not None:
        raise SourceError(f"{where}: {fault}; {way_out}")
    return reader.result()


def parse_object(content: bytes, where: str, model: type[Row], *, way_out: str) -> Row:
    """The one object of a JSON text; arguments and errors are those of `parse_rows`."""
    reader = _RowReader(where, model, None, 1)
    try:
        raw = value_of(reader.text_of(content))
    except ValueError as error:
        raise _not_json(error, where, way_out) from error
    values, _ = cleaned(raw, model) if isinstance(raw, dict) else (raw, {})
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise SourceError(f"{where}: the answer {first_fault(error)}; {way_out}") from error


def say_problems(answer: ParsedRows[Row]) -> list[Row]:
    """The rows, with a warning for each that could not be used: no figure says that it is missing.

    For settings and the calendar, on which bounds rest.
    """
    for problem in answer.problems[:_MOST_SAID]:
        log.warning("not read whole: %s", problem)
    return answer.rows


def first_fault(error: ValidationError) -> str:
    """What is wrong with a row, by its first fault; a long value is cut short."""
    return _fault(error.errors(include_url=False)[0])


def _fault(detail: Mapping[str, Any]) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "missing":
        return f"has no {key}"
    has = f"has {key} = " if key else "is "
    return f"{has}{reprlib.repr(detail['input'])}, which is refused: {detail['msg']}"


def _not_json(error: ValueError, where: str, way_out: str) -> SourceError:
    if isinstance(error, json.JSONDecodeError):
        return SourceError(
            f"{where} is not JSON at line {error.lineno}, column {error.colno}: {error.msg}; "
            f"{way_out}"
        )
    return SourceError(f"{where} cannot be read: {error}; {way_out}")


class _RowReader(Generic[Row]):
    """Reads one row after the other; rows and problems gather on the way."""

    def __init__(
        self, name: str, model: type[Row], fields: Some[str] | None, most_rows: int
    ) -> None:
        self._most_rows = most_rows
        self._name = name
        self._model = model
        self._kind = _KINDS.get(model, _Kind())
        self._fields = fields
        self._rows: list[Row] = []
        self._problems: list[Problem] = []
        self._places: dict[object, int] = {}
        self._also: dict[str, int] = {}
        self._seen = self._refused = self._unnamed = 0

    def text_of(self, content: bytes) -> str:
        """Decode the text; bytes that are not UTF-8 are replaced and named as a problem."""
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            reason = f"its byte {error.start} is not UTF-8; such bytes were replaced"
            self._problems.append(Problem(self._name, reason))
            return content.decode("utf-8-sig", errors="replace")

    def read(self, raw: object) -> None:
        """Take one more row."""
        index, self._seen = self._seen, self._seen + 1
        if self._seen > self._most_rows:
            raise ValueError(f"it holds more than {self._most_rows:,} rows")
        if not isinstance(raw, dict):
            shown = "nested too deep" if raw is TOO_DEEP else f"{reprlib.repr(raw)}, no object"
            self._leave_out_row(index, {}, f"is {shown}")
            return
        if self._kind.is_ours(raw):
            return
        if self._fields is not None:
            raw = {key: value for key, value in raw.items() if key in self._fields}
        values, faults = cleaned(raw, self._model)
        for key, fault in faults.items():
            self._note_once(index, values, key, fault)
        row = self._validated(index, values)
        if row is not None:
            self._add(index, values, row)

    def mostly_broken(self) -> str | None:
        """How many rows cannot be used, where they are most of them; else None."""
        if self._refused < BROKEN_FROM or 2 * self._refused <= self._seen:
            return None
        first = next(one.reason for one in self._problems if one.reason.startswith("row "))
        return f"{self._refused} of {self._seen} rows cannot be used, the first: {first}"

    def result(self) -> ParsedRows[Row]:
        """All that could be used, and what is wrong with the rest."""
        for key, others in self._also.items():
            if others:
                reason = f"{key[:_LONGEST_KEY]!r} is likewise in {others} more rows"
                self._problems.append(Problem(self._name, reason))
        if self._unnamed:
            reason = f"{self._unnamed} more rows or values cannot be used"
            self._problems.append(Problem(self._name, reason))
        return ParsedRows(self._rows, self._problems)

    def _validated(self, index: int, values: dict[str, Any]) -> Row | None:
        """The row, without values that are refused; None if it is nothing without them."""
        for key, adapter in _extras(self._model).items():
            try:
                adapter.validate_python(values.get(key))
            except ValidationError as error:
                self._leave_out_value(index, values, key, error.errors(include_url=False)[0])
        for _ in range(_ROUNDS):
            try:
                return self._model.model_validate(values)
            except ValidationError as error:
                for key, detail in _first_of_each_key(error).items():
                    if key in required_keys(self._model) or key not in values:
                        self._leave_out_row(index, values, _fault(detail))
                        return None
                    self._leave_out_value(index, values, key, detail)
        return None

    def _add(self, index: int, values: Mapping[str, Any], row: Row) -> None:
        """Keep the row, unless another one has its name."""
        if self._kind.name is not None:
            first = self._places.setdefault(getattr(row, self._kind.name), index)
            if first != index:
                fault = f"has the id of row {first} once more; the first is used"
                self._leave_out_row(index, values, fault, way="")
                return
        self._rows.append(row)

    def _leave_out_value(
        self, index: int, values: dict[str, Any], key: str, detail: Mapping[str, Any]
    ) -> None:
        """Take the value from the row; of several faults in one list the first is named."""
        if key in values:
            fault = _fault({**detail, "loc": (key, *detail["loc"][1:])})
            self._note(index, values, f"{fault}; the value is left out", key=key)
            del values[key]

    def _leave_out_row(
        self, index: int, values: Mapping[str, Any], fault: str, *, way: str = "; it is left out"
    ) -> None:
        self._refused += 1
        self._note(index, values, f"{fault}{way}", is_row=True)

    def _note_once(self, index: int, values: Mapping[str, Any], key: str, fault: str) -> None:
        """Name what was wrong with a key; where it is wrong in many rows, in the first one only.

        A key on which a figure rests is named in every row.
        """
        if key in _extras(self._model):
            self._note(index, values, fault, key=key)
        elif key in self._also:
            self._also[key] += 1
        else:
            self._also[key] = 0
            self._note(index, values, fault)

    def _note(
        self,
        index: int,
        values: Mapping[str, Any],
        fault: str,
        *,
        key: str | None = None,
        is_row: bool = False,
    ) -> None:
        if len(self._problems) >= MOST_NAMED:
            self._unnamed += 1
            return
        id_, day = self._id(values), self._day(values)
        by = [f"id {id_}"] if id_ else []
        by += [day.isoformat()] if day and day.isoformat() != id_ else []
        named = f" ({', '.join(by)})" if by else ""
        reason = f"row {index}{named} {fault}"
        left_out = None
        if self._kind.collection is not None and (is_row or key is not None):
            left_out = LeftOut(
                collection=self._kind.collection,
                id=id_,
                day=day,
                key=key,
                reason=f"{self._name}: {reason}",
            )
        self._problems.append(Problem(self._name, reason, left_out))

    def _id(self, values: Mapping[str, Any]) -> str | None:
        if self._kind.collection == "wellness":
            day = self._day(values)
            return day.isoformat() if day else None
        try:
            value = values.get("id")
            return _ID.validate_python(str(value) if type(value) is int else value)
        except ValidationError:
            return None

    def _day(self, values: Mapping[str, Any]) -> date | None:
        text = values.get(self._kind.day or "")
        try:
            return _DAY.validate_python(text[:_DATE_CHARACTERS] if isinstance(text, str) else text)
        except ValidationError:
            return None


def _first_of_each_key(error: ValidationError) -> dict[str, Mapping[str, Any]]:
    """One fault for each key that is refused; a list may hold many."""
    faults: dict[str, Mapping[str, Any]] = {}
    for detail in error.errors(include_url=False):
        faults.setdefault(str(detail["loc"][0]) if detail["loc"] else "", detail)
    return faults


_ID: TypeAdapter[str] = TypeAdapter(Id)
_DAY: TypeAdapter[date] = TypeAdapter(LocalDay)


@cache
def _extras(model: type[BaseModel]) -> Mapping[str, TypeAdapter[Any]]:
    extras: Mapping[str, Any] = getattr(model, "CHECKED_EXTRAS", {})
    return {key: TypeAdapter(kind) for key, kind in extras.items()}
