"""The overview of a roster: one row an athlete and week, with the reasons to take a look.

A row says nothing that is not stored; `overview_reading` reads it. How an overview is shown belongs
to `cli` and `overview_page`.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

from pydantic import Field

from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.plan.weekly_plan import Phase
from weekly_plan_assets.planners.words import WORDS

LEAST_DONE_SHARE = 0.5
"""With fewer of the planned sessions done a week is looked at. Project convention."""

_LONGEST_ERROR = 300


class WeekStatus(StrEnum):
    """Whether an athlete has a plan for the week."""

    PLANNED = "planned"
    FAILED = "failed"
    NOT_PLANNED = "not planned"


class Need(StrEnum):
    """Why to take a look at an athlete, the most urgent first."""

    FAILURE = "failure"
    NO_PLAN = "no_plan"
    DELIVERY = "delivery"
    RED_LIGHT = "red_light"
    MISSED = "missed"
    AWAY_OR_BACK = "away_or_back"
    AMBER_LIGHT = "amber_light"
    NOTHING = "nothing"


_URGENCY = {need: number for number, need in enumerate(Need)}


class LastWeek(Document):
    """What was done of the plan for the week before.

    Attributes:
        time_share: Time of the planned sessions that was done; None where no time was planned.
    """

    sessions_done: int = Field(ge=0)
    sessions_planned: int = Field(ge=0)
    time_share: float | None = Field(default=None, ge=0)

    @property
    def is_much_missed(self) -> bool:
        """Whether less than half of the planned sessions were done."""
        return self.sessions_done < LEAST_DONE_SHARE * self.sessions_planned


class AthleteWeek(Document):
    """A planned week of one athlete, as a coach looks at it.

    Attributes:
        run_id: The run that made the plan, else the one that failed; None if there is none.
        error: Why the newest run failed, if it did; a plan that was made before stands.
        hours: Planned time of all sessions.
        races: Goal races in the week, such as `A: City marathon`.
        red: Names of the signals of readiness that are red.
        amber: Names of those that are amber.
        state: Illness, injury or the way back, in a sentence.
        last_week: None where no plan was made in time to be followed.
        undelivered: Targets where the plan, or something of it, did not arrive.
        delivery_problem: Why nothing arrived in one of them, and what to do.
        look: Reasons to take a look, the most urgent first; empty if there are none.
    """

    athlete_id: str
    name: str | None = None
    week_start: date
    status: WeekStatus
    run_id: str | None = None
    error: str | None = None
    phase: Phase | None = None
    hours: float | None = None
    load: float | None = None
    sessions: int | None = None
    races: tuple[str, ...] = ()
    red: tuple[str, ...] = ()
    amber: tuple[str, ...] = ()
    state: str | None = None
    last_week: LastWeek | None = None
    undelivered: tuple[str, ...] = ()
    delivery_problem: str | None = None
    look: tuple[str, ...] = ()
    need: Need = Need.NOTHING

    @property
    def called(self) -> str:
        """The name, else the id."""
        return self.name or self.athlete_id

    def with_look(self) -> "AthleteWeek":
        """The row with the reasons to take a look."""
        reasons = list(_reasons(self))
        if not reasons:
            return self
        look = tuple(text for _, text in reasons)
        return self.model_copy(update={"look": look, "need": reasons[0][0]})


def most_urgent_first(rows: Iterable[AthleteWeek]) -> tuple[AthleteWeek, ...]:
    """The rows by what is most urgent about them, then by name."""
    return tuple(
        sorted(rows, key=lambda one: (_URGENCY[one.need], one.called.casefold(), one.athlete_id))
    )


def signals_in_words(names: Iterable[str]) -> str:
    """The names of signals of readiness as a coach reads them."""
    words = WORDS[Language.ENGLISH].signals
    return ", ".join(words.get(name, name) for name in names)


def _reasons(row: AthleteWeek) -> Iterator[tuple[Need, str]]:
    """In the order of `Need`."""
    if row.error is not None:
        failed = "A later run failed" if row.status is WeekStatus.PLANNED else "Planning failed"
        yield Need.FAILURE, _sentence(f"{failed}: {_shortened(row.error)}")
    if row.status is WeekStatus.NOT_PLANNED:
        yield Need.NO_PLAN, "No plan for this week."
    if row.delivery_problem is not None:
        said = _shortened(row.delivery_problem)
        yield Need.DELIVERY, _sentence(f"The plan was not delivered: {said}")
    elif row.undelivered:
        yield Need.DELIVERY, f"The plan did not fully arrive in: {', '.join(row.undelivered)}."
    if row.red:
        yield Need.RED_LIGHT, f"Red: {signals_in_words(row.red)}."
    done = row.last_week
    if done is not None and done.is_much_missed:
        planned = f"{done.sessions_done} of {done.sessions_planned} planned sessions"
        yield Need.MISSED, f"Did {planned} last week."
    if row.state is not None:
        yield Need.AWAY_OR_BACK, row.state
    if row.amber:
        yield Need.AMBER_LIGHT, f"Amber: {signals_in_words(row.amber)}."


def _shortened(error: str) -> str:
    return error if len(error) <= _LONGEST_ERROR else f"{error[: _LONGEST_ERROR - 3].rstrip()}..."


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
