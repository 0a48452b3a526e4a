"""The kinds of values that sources send: clocks, days and numbers, strictly kept apart.

A value of the wrong kind is refused here, and one that no calendar or store can hold. Whether a
value can be true is judged in `plausible`.
"""

import re
from datetime import date, datetime
from math import isfinite
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

FIRST_YEAR = 1900
LAST_YEAR = 2200
"""Training recorded outside of these years was not; nor can weeks be counted at the calendar's
very ends."""

LARGEST_WHOLE_NUMBER = 2**63 - 1
"""What the store can hold."""

LONGEST_LIST = 100
"""Values of a list: nobody has so many heart-rate zones, and a row has to fit into a document."""

_BEGINS_WITH_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _no_boolean(value: Any) -> Any:
    """Refuses true and false, which Python counts as 1 and 0."""
    if isinstance(value, bool):
        raise PydanticCustomError("boolean_for_number", "Input should be a number")
    return value


def _rounded(value: Any) -> Any:
    """The nearest whole number: devices send seconds and beats with fractions."""
    value = _no_boolean(value)
    return round(value) if isinstance(value, float) and isfinite(value) else value


def _that_can_be_stored(value: int) -> int:
    if abs(value) > LARGEST_WHOLE_NUMBER:
        raise PydanticCustomError("too_large", "Input should fit into 64 bits")
    return value


def _no_epoch(value: Any) -> Any:
    """Refuses numbers, which would be taken for seconds since 1970: no clock shows them."""
    if isinstance(value, date) or (isinstance(value, str) and _BEGINS_WITH_DAY.match(value)):
        return value
    raise PydanticCustomError("no_day", "Input should begin with a day as YYYY-MM-DD")


def _without_zone(moment: datetime) -> datetime:
    """A local clock reading: its zone, where one was sent, says nothing about the day."""
    return moment.replace(tzinfo=None)


def _of_our_time(value: Any) -> Any:
    """Refuses years before `FIRST_YEAR` and after `LAST_YEAR`."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise PydanticCustomError(
            "no_day_of_our_time",
            "Input should lie between the years {first} and {last}",
            {"first": FIRST_YEAR, "last": LAST_YEAR},
        )
    return value


def _no_fraction(value: Any) -> Any:
    """Refuses numbers that count nothing, which would become the text of an id."""
    if isinstance(value, float):
        raise PydanticCustomError("no_id", "Input should be a text or a whole number")
    return value


def _no_long_list(value: Any) -> Any:
    """Refuses a list before each of its values is looked at, which may be millions."""
    if isinstance(value, list | tuple) and len(value) > LONGEST_LIST:
        raise PydanticCustomError(
            "too_long", "Input should hold at most {most} values", {"most": LONGEST_LIST}
        )
    return value


LONGEST_ID = 200

Id = Annotated[str, BeforeValidator(_no_fraction), Field(min_length=1, max_length=LONGEST_ID)]
"""What names a row at its source."""

AnyClock = Annotated[datetime, BeforeValidator(_no_epoch), AfterValidator(_without_zone)]
"""What a clock shows at any time, such as the end of what has no end yet."""

LocalClock = Annotated[AnyClock, AfterValidator(_of_our_time)]
"""What the athlete's clock showed, without an offset; its date decides the training day."""

LocalDay = Annotated[date, BeforeValidator(_no_epoch), AfterValidator(_of_our_time)]
Number = Annotated[float, BeforeValidator(_no_boolean)]
WholeNumber = Annotated[int, BeforeValidator(_rounded), AfterValidator(_that_can_be_stored)]

WholeNumbers = Annotated[tuple[WholeNumber, ...], BeforeValidator(_no_long_list)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_no_long_list)]
