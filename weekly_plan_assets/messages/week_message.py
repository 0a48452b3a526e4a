"""The message of a planned week, and the reminder of one of its days."""

from collections.abc import Iterator
from datetime import date, datetime

from weekly_plan_assets.common.figures_in_words import duration
from weekly_plan_assets.domain.adherence import SessionOutcome
from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.plan.weekly_plan import PlannedDay, PlannedSession
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR
from weekly_plan_assets.domain.week import language_of_day
from weekly_plan_assets.lineage.records.records import PlanningInputs, PlanSnapshot
from weekly_plan_assets.messages.message import Attachment, Line, Message
from weekly_plan_assets.messages.message_words import MESSAGE_WORDS, MessageWords
from weekly_plan_assets.planners.wording import date_in_words, first_day_in_words
from weekly_plan_assets.planners.words import WORDS
from weekly_plan_assets.rendering.calendar_file import week_calendar
from weekly_plan_assets.rendering.rendered_session import rendered_week

KEPT_OUTCOMES = frozenset({SessionOutcome.DONE, SessionOutcome.CHANGED, SessionOutcome.MOVED})


def week_message(
    snapshot: PlanSnapshot,
    inputs: PlanningInputs | None,
    previous: PlanSnapshot | None = None,
    attachments: tuple[Attachment, ...] = (),
    option: str = "",
) -> Message:
    """The week: what it is for, a line a day, the key sessions, and what to know before it.

    Args:
        snapshot: The published plan.
        inputs: What it was made from; None where that is no longer stored.
        previous: An earlier plan for the same week; what differs is named.
        attachments: What goes with it.
        option: What commands need to be about the athlete, with a blank before it.
    """
    language = language_of(snapshot)
    words, own = WORDS[language], MESSAGE_WORDS[language]
    week, days = snapshot.activity_plan.next_week, snapshot.activity_plan.days
    hours = sum(one.duration_s for day in days for one in day.sessions) / SECONDS_PER_HOUR
    lines = [
        Line(week.objective),
        Line(),
        *(_day_line(day, own) for day in days),
        *_section(_key_sessions(days, own)),
        *_section(_warnings(snapshot, own)),
        *_section(_changes(snapshot, previous, own)),
        *_section(_last_week(inputs, own)),
        Line(),
        Line(own.more.format(week=snapshot.observed_week_start, athlete=option)),
        Line(f"runId {snapshot.run_id}"),
    ]
    return Message(
        title=own.week_title.format(
            first=first_day_in_words(week.week_start, week.week_end, words),
            last=date_in_words(week.week_end, words),
            hours=f"{hours:.1f}".replace(".", words.decimal),
        ),
        lines=tuple(lines),
        attachments=attachments,
    )


def day_message(snapshot: PlanSnapshot, day: date) -> Message | None:
    """The reminder of a day; None where it has no session, or the plan is for other days.

    Args:
        snapshot: The plan in force.
        day: The athlete's local day.
    """
    own = MESSAGE_WORDS[language_of(snapshot)]
    planned = next((one for one in snapshot.activity_plan.days if one.date == day), None)
    if planned is None or not planned.sessions:
        return None
    lines: list[Line] = []
    for session in planned.sessions:
        lines += [Line(f"{duration(session.duration_s)}. {session.description}", session.title)]
        lines += [Line(session.goal), *_about(session), Line()]
    return Message(
        title=own.day_title.format(
            title=" + ".join(one.title for one in planned.sessions),
            duration=duration(sum(one.duration_s for one in planned.sessions)),
        ),
        lines=tuple(lines[:-1]),
    )


def calendar_attachment(
    snapshot: PlanSnapshot, inputs: PlanningInputs | None, stamp: datetime
) -> Attachment:
    """The week as a file that a calendar imports.

    Args:
        snapshot: The plan.
        inputs: What it was made from; None where that is no longer stored.
        stamp: When it is made, aware.
    """
    athlete = None if inputs is None else inputs.athlete
    sessions = rendered_week(snapshot.activity_plan.days, athlete)
    content = week_calendar(sessions, owner=snapshot.athlete_id, stamp=stamp, sequences={})
    return Attachment(f"week-{snapshot.week_start}.ics", "text/calendar", content)


def page_attachment(snapshot: PlanSnapshot, page: str) -> Attachment:
    """The page of the week."""
    return Attachment(f"week-{snapshot.week_start}.html", "text/html", page.encode())


def language_of(snapshot: PlanSnapshot) -> Language:
    """The language of a plan."""
    return Language(language_of_day(snapshot.activity_plan.days[0].day_name))


def _section(lines: list[Line]) -> list[Line]:
    """Lines with a blank one before them; nothing where there are none."""
    return [Line(), *lines] if lines else []


def _day_line(day: PlannedDay, own: MessageWords) -> Line:
    return Line(_titles(day) or own.rest, f"{day.day_name} {day.date.day}:")


def _key_sessions(days: tuple[PlannedDay, ...], own: MessageWords) -> list[Line]:
    """What to do in the hard sessions and races."""
    return [
        Line(f"{day.day_name}, {session.title}. {session.description}", f"{own.key_session}:")
        for day in days
        for session in day.sessions
        if session.is_hard or session.is_race
    ]


def _warnings(snapshot: PlanSnapshot, own: MessageWords) -> list[Line]:
    warnings = [Line(text) for text in snapshot.activity_plan.warnings]
    return [Line(strong=f"{own.before_you_start}:"), *warnings] if warnings else []


def _changes(
    snapshot: PlanSnapshot, previous: PlanSnapshot | None, own: MessageWords
) -> list[Line]:
    """The days on which a new plan has other sessions than the one before it."""
    if previous is None:
        return []
    before = {day.date: _titles(day) for day in previous.activity_plan.days}
    lines = []
    for day in snapshot.activity_plan.days:
        new, old = _titles(day), before.get(day.date, "")
        if new == old:
            continue
        form = own.was if new else own.dropped
        lines.append(Line(form.format(day=day.day_name, new=new or own.rest, old=old or own.rest)))
    return [Line(strong=f"{own.changed}:"), *lines] if lines else []


def _titles(day: PlannedDay) -> str:
    return ", ".join(f"{one.title} {duration(one.duration_s)}" for one in day.sessions)


def _last_week(inputs: PlanningInputs | None, own: MessageWords) -> list[Line]:
    done = None if inputs is None else inputs.adherence
    if done is None or not done.sessions:
        return []
    kept = sum(one.outcome in KEPT_OUTCOMES for one in done.sessions)
    return [Line(own.last_week.format(done=kept, planned=len(done.sessions)))]


def _about(session: PlannedSession) -> Iterator[Line]:
    for text in (session.where, session.stop_when):
        if text:
            yield Line(text)
    for one in session.alternatives:
        yield Line(one.description)
