"""What Intervals.icu says in a webhook: whose data has changed, and on which days.

The format is not part of the API's document. It is read as the server is seen to send it: an object
with the `secret` of the app and a list of `events`, each with an athlete, a type, and the activity
or the days that it is about. Whatever does not look like that is left out.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hmac import compare_digest
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from weekly_plan_assets.errors import WeeklyPlanError

MOST_EVENTS = 1000
"""Of one request; more are not looked at."""

OF_ACTIVITIES = frozenset(
    {"ACTIVITY_UPLOADED", "ACTIVITY_ANALYZED", "ACTIVITY_UPDATED", "ACTIVITY_DELETED"}
)
_BEGINS_WITH_A_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T|$)")

OF_DAYS = frozenset({"WELLNESS_UPDATED", "FITNESS_UPDATED"})


class WebhookRefusedError(WeeklyPlanError, ValueError):
    """A request is no webhook, or does not hold the secret; the message repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class ChangedDays:
    """Where data of an athlete has changed.

    Attributes:
        days: Local days that the event names.
        activity_id: The activity that has changed, which may have been on another day before; None
            if the event is about days alone.
    """

    athlete_id: str
    days: frozenset[date]
    activity_id: str | None = None


def _day_of(text: Any) -> date:
    """The day of a local time; a number is none, whatever it might count."""
    if not isinstance(text, str) or not _BEGINS_WITH_A_DAY.match(text):
        raise ValueError
    return date.fromisoformat(text[:10])


_Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
_Day = Annotated[date, BeforeValidator(_day_of)]


class _Activity(BaseModel):
    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    id: _Id
    start_date_local: _Day | None = None


class _DayRecord(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: _Day


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    athlete_id: _Id
    type: str
    activity: _Activity | None = None
    records: tuple[_DayRecord, ...] = ()


def changes_of(body: bytes, secret: SecretStr) -> list[ChangedDays]:
    """What a webhook says has changed.

    Args:
        body: The body of the request.
        secret: The one that the app has at Intervals.icu.

    Raises:
        WebhookRefusedError: It is no JSON object, or its secret is another one.
    """
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise WebhookRefusedError("The body has to be JSON.") from None
    given = payload.get("secret") if isinstance(payload, dict) else None
    if not isinstance(given, str) or not compare_digest(
        given.encode(errors="surrogatepass"), secret.get_secret_value().encode()
    ):
        raise WebhookRefusedError("The secret is missing or wrong.")
    events = payload.get("events")
    return list(_changes(events[:MOST_EVENTS] if isinstance(events, list) else []))


def _changes(events: list[Any]) -> Iterator[ChangedDays]:
    for one in events:
        try:
            event = _Event.model_validate(one)
        except ValidationError:
            continue
        activity = event.activity
        if event.type in OF_ACTIVITIES and activity is not None:
            day = activity.start_date_local
            days = frozenset() if day is None else frozenset({day})
            yield ChangedDays(event.athlete_id, days, activity.id)
        elif event.type in OF_DAYS:
            yield ChangedDays(event.athlete_id, frozenset(record.id for record in event.records))
