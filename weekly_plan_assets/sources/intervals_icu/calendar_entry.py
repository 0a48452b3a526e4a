"""An entry of the Intervals.icu calendar as a delivery reads it: text and numbers as they are sent.

What planning reads of the calendar is `domain.recorded.calendar`. What an entry of ours should
hold, and what a difference means, is decided by the delivery.
"""

from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, TypeAdapter

from weekly_plan_assets.domain.plan.session_id import is_own
from weekly_plan_assets.domain.recorded.field_types import Id, LocalClock, Number, WholeNumber
from weekly_plan_assets.sources.storable import storable_value

_CLOCK: TypeAdapter[Any] = TypeAdapter(LocalClock)


def _beginning_with_day(text: str) -> str:
    _CLOCK.validate_python(text)
    return text


def _none_for_null(value: Any) -> Any:
    return () if value is None else value


ClockText = Annotated[str, AfterValidator(_beginning_with_day)]
"""A local date and time without an offset, kept as it was sent."""


class ServiceRefusal(BaseModel):
    """Why a service such as Wahoo did not take an entry.

    Attributes:
        date: When it refused, in the words of the server.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    service: str | None = None
    message: str | None = None
    date: str | None = None


class CalendarEntry(BaseModel):
    """One entry; keys are those of the Intervals.icu API. Unknown keys are kept.

    Attributes:
        WHOLE_TEXTS: Texts that are not cut, since they are compared with what was sent.
        moving_time: How long it is expected to take, in seconds.
        updated: When it was last changed, in the words of the server.
        target: `AUTO`, `POWER`, `HR` or `PACE`.
        workout_doc: What the server made of the steps in `description`.
        paired_activity_id: The activity that was done for it.
        for_week: Whether a note is about its whole week.
        oauth_client_id: The application that made it; None for a hand or an API key.
    """

    WHOLE_TEXTS: ClassVar[frozenset[str]] = frozenset({"name", "description"})

    model_config = ConfigDict(
        frozen=True, extra="allow", coerce_numbers_to_str=True, allow_inf_nan=False
    )

    id: Id
    start_date_local: ClockText
    category: str | None = None
    end_date_local: str | None = None
    type: str | None = None
    name: str | None = None
    description: str | None = None
    moving_time: WholeNumber | None = None
    distance: Number | None = None
    icu_training_load: Number | None = None
    external_id: str | None = None
    updated: str | None = None
    target: str | None = None
    workout_doc: Annotated[dict[str, Any] | None, AfterValidator(storable_value)] = None
    push_errors: Annotated[tuple[ServiceRefusal, ...], BeforeValidator(_none_for_null)] = ()
    paired_activity_id: str | None = None
    for_week: bool | None = None
    color: str | None = None
    athlete_id: str | None = None
    oauth_client_id: str | None = None

    @property
    def day(self) -> date:
        """The local calendar day on which it begins."""
        return date.fromisoformat(self.start_date_local[:10])

    @property
    def is_own(self) -> bool:
        """Whether the project made it."""
        return is_own(self.external_id)


class Device(BaseModel):
    """A service that takes planned workouts to a watch, a bike computer or a trainer.

    Attributes:
        name: As its maker spells it.
        connected: Whether the athlete connected it; None if the account does not say.
        uploads_workouts: Whether planned workouts are sent to it; None if the account does not say.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    connected: bool | None
    uploads_workouts: bool | None
