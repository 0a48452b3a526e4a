"""A step for each of many athletes: what goes wrong for one stays theirs."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pymongo.database import Database

from weekly_plan_assets.athletes.opened_athlete import OpenedAthlete
from weekly_plan_assets.athletes.stored_steps import StoredSteps
from weekly_plan_assets.common.subject import working_for
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.settings.choices import SourceName
from weekly_plan_assets.settings.roster import RosterAthlete, athlete_settings
from weekly_plan_assets.settings.roster_words import in_roster_words
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import DocumentSizeError, UpsertError
from weekly_plan_assets.storage.indexes import holds_several_athletes
from weekly_plan_assets.storage.liveness import is_store_away
from weekly_plan_assets.storage.run_documents import RunDocuments

T = TypeVar("T")

READERS = 4
"""Sources on the network that are read at once."""

_LONGEST_ERROR = 2_000


@dataclass(slots=True)
class Outcomes(Generic[T]):
    """What a step gave for each athlete, and why it gave nothing for others; by their ids."""

    done: dict[str, T] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenedRoster:
    """The athletes of a roster, each opened once.

    Attributes:
        settings: What the athletes share.
        database: Where their rows and documents are.
    """

    settings: Settings
    database: Database[BsonDocument]
    _opened: dict[RosterAthlete, StoredSteps] = field(default_factory=dict)

    def for_each(
        self, athletes: Sequence[RosterAthlete], step: Callable[[StoredSteps], T]
    ) -> Outcomes[T]:
        """Take athletes through a step, one after another.

        Args:
            athletes: Some of the roster.
            step: Called for each; may raise anything.

        Raises:
            PyMongoError: The store does not answer, which is the same for all.
        """
        outcomes: Outcomes[T] = Outcomes()
        for athlete in athletes:
            self._take(athlete, step, outcomes)
        return outcomes

    def read_each(
        self, athletes: Sequence[RosterAthlete], step: Callable[[StoredSteps], T]
    ) -> Outcomes[T]:
        """As `for_each`, but several at once of those whose source is on the network.

        A reader of such a source waits for answers most of the time. How much is asked of one
        address is limited where the requests are made.
        """
        waiting = [one for one in athletes if one.source == SourceName.INTERVALS]
        outcomes: Outcomes[T] = Outcomes()
        with ThreadPoolExecutor(READERS) as pool:
            reading = [pool.submit(self._take, one, step, outcomes) for one in waiting]
            try:
                for one in reading:
                    one.result()
            except BaseException:  # the store is away, or Ctrl-C: nobody else is begun with
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        others = self.for_each([one for one in athletes if one not in waiting], step)
        return Outcomes(outcomes.done | others.done, outcomes.errors | others.errors)

    def _take(
        self, athlete: RosterAthlete, step: Callable[[StoredSteps], T], outcomes: Outcomes[T]
    ) -> None:
        try:
            with working_for(athlete.called):
                outcomes.done[athlete.id] = step(self._steps_of(athlete))
        except Exception as error:
            if is_store_away(self.database):
                raise
            outcomes.errors[athlete.id] = roster_error(error, athlete)

    def write_each(
        self,
        collection: str,
        athletes: Sequence[RosterAthlete],
        documents: Mapping[str, Sequence[BsonDocument]],
    ) -> Outcomes[None]:
        """Write run-keyed documents of athletes, by their ids, all at once.

        Where the store refuses any, those of each athlete are written alone, which shows whose
        they are.

        Returns:
            For whom they are stored, and why not for others.

        Raises:
            PyMongoError: The store does not answer.
        """
        of_runs = RunDocuments(self.database, collection)

        def write_alone(steps: StoredSteps) -> None:
            of_runs.merge_all(documents[steps.athlete_id])

        try:
            of_runs.merge_all([one for of_athlete in documents.values() for one in of_athlete])
        except (DocumentSizeError, UpsertError):
            return self.for_each([one for one in athletes if one.id in documents], write_alone)
        return Outcomes(dict.fromkeys(documents))

    def _steps_of(self, athlete: RosterAthlete) -> StoredSteps:
        if athlete not in self._opened:
            opened = OpenedAthlete(athlete_settings(self.settings, athlete))
            found = opened.source.athlete_id
            if found != athlete.id:
                raise SourceError(
                    f"the source of athlete {athlete.id} holds the data of {found}; correct id, "
                    "key or folder in the roster"
                )
            self._opened[athlete] = StoredSteps(
                opened, self.database, holds_several_athletes(self.database)
            )
        return self._opened[athlete]


def roster_error(error: Exception, athlete: RosterAthlete) -> str:
    """Why something failed for an athlete, in words of the roster."""
    return in_roster_words(error_text(error), athlete)


def error_text(error: Exception) -> str:
    """Why something failed, in a line: the project's own errors say all, others need their name."""
    text = " ".join(str(error).split())
    if not isinstance(error, WeeklyPlanError):
        text = f"{type(error).__name__}: {text}"
    return text[:_LONGEST_ERROR]
