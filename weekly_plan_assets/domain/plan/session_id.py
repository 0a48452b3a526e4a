"""Ids of what the project puts on calendars and into files: they outlive every re-plan.

An id names a slot of a planned week, not a run: two plans of one week name the same slots, so that
the second changes what the first one made. Which sessions a plan has, and where they are sent,
is decided elsewhere.
"""

from dataclasses import dataclass
from datetime import date

from weekly_plan_assets.domain.week import TrainingWeek

ID_PREFIX = "weekly-plan:"
"""Begins the id of everything that is ours; no other program's id may match one of them."""

_NOTE = "note"


@dataclass(frozen=True, order=True, slots=True)
class OwnEntryId:
    """What an id of ours names: a session's slot, or the note of a week.

    Attributes:
        monday: The Monday of the planned week.
        day: The session's planned day; None for the note.
        number: 1 for the first session of the day; 0 for the note.
    """

    monday: date
    day: date | None = None
    number: int = 0

    @property
    def is_week_note(self) -> bool:
        """Whether it is the note of a week."""
        return self.day is None

    def __str__(self) -> str:
        if self.day is None:
            return week_note_id(self.monday)
        return session_id(self.monday, self.day, self.number)


def session_id(monday: date, day: date, number: int) -> str:
    """The id of a session: `weekly-plan:<Monday>:<day>:<number>`.

    Args:
        monday: The Monday of the planned week.
        day: A day of that week.
        number: 1 for the first session of the day, 2 for the second, and so on.

    Raises:
        ValueError: `monday` is none, the day is of another week, or the number is not positive.
    """
    if day not in TrainingWeek(monday):
        raise ValueError(f"a session of the week of {monday} cannot be on {day}; use its own week")
    if number < 1:
        raise ValueError(f"sessions of a day are numbered from 1, but this number is {number}")
    return f"{week_prefix(monday)}{day.isoformat()}:{number}"


def week_note_id(monday: date) -> str:
    """The id of a week's note: `weekly-plan:<Monday>:note`.

    Raises:
        ValueError: `monday` is not a Monday.
    """
    return f"{week_prefix(monday)}{_NOTE}"


def week_prefix(monday: date) -> str:
    """What the ids of a week begin with."""
    return f"{ID_PREFIX}{TrainingWeek(monday).key}:"


def is_own(external_id: object) -> bool:
    """Whether an entry with this id is the project's; one that is malformed still is."""
    return isinstance(external_id, str) and external_id.startswith(ID_PREFIX)


def parse_own_id(external_id: object) -> OwnEntryId | None:
    """What an id names; None where it is not ours, or not spelt as we spell it."""
    if not isinstance(external_id, str) or not is_own(external_id):
        return None
    parts = external_id.removeprefix(ID_PREFIX).split(":")
    try:
        monday = date.fromisoformat(parts[0])
        named = (
            OwnEntryId(monday)
            if parts[1:] == [_NOTE]
            else OwnEntryId(monday, date.fromisoformat(parts[1]), int(parts[2]))
        )
        return named if str(named) == external_id else None
    except (ValueError, IndexError):
        return None
