"""Sessions as an iCalendar file, for calendars that subscribe to it or import it.

A calendar reads a feed whole: what is no longer in it disappears, what has a greater sequence is
changed, and a new UID would be a new entry. So the UID is the id of the session, which outlives a
re-plan, and what was taken away stays for a while as cancelled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from weekly_plan_assets.rendering.rendered_session import RenderedSession

PRODUCT = "-//weekly-plan-assets//weekly-plan//EN"
NAME = "Training"
"""What the calendar is called where it is subscribed to."""

REFRESH = timedelta(hours=6)
"""How often a calendar is asked to read the file again; most decide by themselves."""


@dataclass(frozen=True, slots=True)
class CancelledSession:
    """A session that an earlier plan had."""

    session_id: str
    day: date
    title: str


def week_calendar(
    sessions: Sequence[RenderedSession],
    *,
    owner: str,
    stamp: datetime,
    sequences: Mapping[str, int],
    cancelled: Sequence[CancelledSession] = (),
) -> bytes:
    """The file; the same arguments give the same bytes.

    Args:
        sessions: Those that are planned.
        owner: The athlete, so that two athletes' sessions are not taken for one another.
        stamp: When it is written, aware.
        sequences: How often each session has changed, by its id; 0 where it is not there.
        cancelled: Those that are planned no more.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("name", NAME)
    calendar.add("x-wr-calname", NAME)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for one in sessions:
        event = _event(one, owner, stamp, sequences)
        event.add("status", "CONFIRMED")
        event.add("description", "\n\n".join([one.description, *one.notes]))
        calendar.add_component(event)
    for gone in cancelled:
        event = _event(gone, owner, stamp, sequences)
        event.add("status", "CANCELLED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(
    session: RenderedSession | CancelledSession,
    owner: str,
    stamp: datetime,
    sequences: Mapping[str, int],
) -> Event:
    """An event of a whole day, which makes nobody look busy and rings no bell."""
    event = Event()
    event.add("uid", f"{session.session_id}@{owner}.weekly-plan-assets")
    event.add("sequence", sequences.get(session.session_id, 0))
    event.add("dtstamp", stamp)
    event.add("dtstart", session.day)
    event.add("dtend", session.day + timedelta(days=1))
    event.add("summary", session.title)
    event.add("transp", "TRANSPARENT")
    return event
