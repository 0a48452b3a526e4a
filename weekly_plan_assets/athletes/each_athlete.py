"""A step for each of many athletes: what goes wrong for one stays theirs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pymongo.database import Database

from weekly_plan_assets.athletes.opened_athlete import OpenedAthlete
from weekly_plan_assets.athletes.stored_steps import StoredSteps
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.settings.roster import RosterAthlete, athlete_settings
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.liveness import is_store_away

T = TypeVar("T")

_LONGEST_ERROR = 2_000


@dataclass(slots=True)
class Outcomes(Generic[T]):
    """What a step gave for each athlete, and why it gave nothing for others; by their ids."""

    done: dict[str, T] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def for_each(
    athletes: Sequence[RosterAthlete],
    settings: Settings,
    database: Database[BsonDocument],
    step: Callable[[StoredSteps], T],
) -> Outcomes[T]:
    """Take athletes through a step, one after another.

    Args:
        athletes: Of the roster.
        settings: What they share.
        database: Where their rows and documents are.
        step: Called for each; may raise anything.

    Raises:
        PyMongoError: The store does not answer, which is the same for all.
    """
    outcomes: Outcomes[T] = Outcomes()
    for athlete in athletes:
        try:
            outcomes.done[athlete.id] = step(_steps_of(athlete, settings, database))
        except Exception as error:
            if is_store_away(database):
                raise
            outcomes.errors[athlete.id] = error_text(error)
    return outcomes


def _steps_of(
    athlete: RosterAthlete, settings: Settings, database: Database[BsonDocument]
) -> StoredSteps:
    opened = OpenedAthlete(athlete_settings(settings, athlete))
    found = opened.source.athlete_id
    if found != athlete.id:
        raise SourceError(
            f"the source of athlete {athlete.id} holds the data of {found}; correct id, key or "
            "folder in the roster"
        )
    return StoredSteps(opened, database)


def error_text(error: Exception) -> str:
    """Why something failed, in a line: the project's own errors say all, others need their name."""
    text = " ".join(str(error).split())
    if not isinstance(error, WeeklyPlanError):
        text = f"{type(error).__name__}: {text}"
    return text[:_LONGEST_ERROR]


def chunks_of(athletes: Sequence[RosterAthlete], size: int) -> Iterator[Sequence[RosterAthlete]]:
    """The athletes in pieces of at most `size`, in their order."""
    for first in range(0, len(athletes), size):
        yield athletes[first : first + size]
