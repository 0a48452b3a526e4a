"""The id of a planned session in calendars and files, which outlives a re-plan.

It names a place in a week: `weekly-plan:<Monday>:<date>:<n>`. The first session of a Tuesday keeps
its id, whatever a later plan makes of it, so that entries are updated and never doubled.
"""

from datetime import date

NAMESPACE = "weekly-plan:"
"""Begins all ids, so that nobody else's are taken for ours."""

_NOTE = "note"


def session_id(monday: date, day: date, number: int) -> str:
    """The id of a session.

    Args:
        monday: The Monday of its week.
        day: Its day.
        number: Which of the day's sessions it is, counted from 1.
    """
    return f"{week_prefix(monday)}{day}:{number}"


def week_note_id(monday: date) -> str:
    """The id of the note about a week."""
    return f"{week_prefix(monday)}{_NOTE}"


def week_prefix(monday: date) -> str:
    """What all ids of a week begin with."""
    return f"{NAMESPACE}{monday}:"


def is_own_id(external_id: str | None) -> bool:
    """Whether an id is one of this project."""
    return external_id is not None and external_id.startswith(NAMESPACE)
