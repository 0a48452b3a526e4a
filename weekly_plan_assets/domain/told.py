"""The kinds of values that sources tell: clocks, days and numbers, strictly told from one another.

A value of the wrong kind is refused here. Whether one can be true is judged in `plausible`.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

_BEGINS_WITH_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _no_boolean(value: Any) -> Any:
    """Refuses true and false, which Python counts as 1 and 0."""
    if isinstance(value, bool):
        raise PydanticCustomError("boolean_for_number", "Input should be a number")
    return value


def _no_epoch(value: Any) -> Any:
    """Refuses numbers, which would be taken for seconds since 1970: no clock shows them."""
    if isinstance(value, date) or (isinstance(value, str) and _BEGINS_WITH_DAY.match(value)):
        return value
    raise PydanticCustomError("no_day", "Input should begin with a day as YYYY-MM-DD")


def _without_zone(moment: datetime) -> datetime:
    """A local clock reading: its zone, where one was sent, says nothing about the day."""
    return moment.replace(tzinfo=None)


LocalClock = Annotated[datetime, BeforeValidator(_no_epoch), AfterValidator(_without_zone)]
"""What the athlete's clock showed, without an offset; its date decides the training day."""

LocalDay = Annotated[date, BeforeValidator(_no_epoch)]
Number = Annotated[float, BeforeValidator(_no_boolean)]
WholeNumber = Annotated[int, BeforeValidator(_no_boolean)]
