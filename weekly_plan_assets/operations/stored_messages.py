"""Messages made from what is stored: of how a planned week ended, and of today's sessions."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TypeAlias

from pymongo.database import Database

from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.athlete.athlete_id import UNKNOWN_ATHLETE
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.reading import Lineage, UnreadableRunError
from weekly_plan_assets.lineage.records.records import PlanSnapshot, Status
from weekly_plan_assets.lineage.records.stored_run import StoredRun
from weekly_plan_assets.messages.failure_message import failure_message
from weekly_plan_assets.messages.message import Line, Message
from weekly_plan_assets.messages.named_athlete import NamedAthlete
from weekly_plan_assets.messages.week_message import (
    calendar_attachment,
    day_message,
    page_attachment,
    week_message,
)
from weekly_plan_assets.settings.roster import Roster
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.week_page.stored_page import page_of_plan

AthleteNames: TypeAlias = Mapping[str, str] | None


def message_of_end(
    database: Database[BsonDocument],
    event: BsonDocument,
    *,
    is_simulated: bool,
    athlete: NamedAthlete | None = None,
) -> Message:
    """The message for the end of a planned week: its plan, or why there is none.

    Args:
        database: Where the run is stored.
        event: Its run event.
        is_simulated: Whether the athlete is not a real person.
        athlete: Who is named in it; None where there is only one.
    """
    option = "" if athlete is None else athlete.option
    called = None if athlete is None else athlete.called
    message = _message_of_end(database, event, option, called, is_simulated=is_simulated)
    return message if athlete is None else athlete.titled(message)


def _message_of_end(
    database: Database[BsonDocument],
    event: BsonDocument,
    option: str,
    called: str | None,
    *,
    is_simulated: bool,
) -> Message:
    run = _run(database, event["runId"])
    if event["status"] == Status.FAILURE:
        language = run.inputs.athlete.language if run and run.inputs else Language.ENGLISH
        observed = event.get("observedWeekStart")
        return failure_message(
            event["runId"],
            event["errors"],
            date.fromisoformat(event["weekStart"]),
            date.fromisoformat(event["weekEnd"]),
            observed=None if observed is None else date.fromisoformat(observed),
            language=language,
            option=option,
        )
    if run is None or run.snapshot is None:
        title = f"Plan for {event['weekStart']} to {event['weekEnd']} is ready"
        return Message(title, (Line(f"runId {event['runId']}"),))
    lineage = Lineage(database)
    page = page_of_plan(lineage, run.snapshot, is_simulated=is_simulated, name=called)
    return week_message(
        run.snapshot,
        run.inputs,
        lineage.snapshot_before(run.snapshot),
        (
            page_attachment(run.snapshot, page),
            calendar_attachment(run.snapshot, run.inputs, datetime.now(UTC)),
        ),
        option,
    )


def message_of_day(
    database: Database[BsonDocument],
    day: date,
    athlete_id: str | None,
    names: AthleteNames = None,
) -> tuple[Message, str] | None:
    """The reminder of a day from the plan in force, and whose it is; None where nothing is planned.

    In force is the newest plan for the week of that day. A plan of another week says nothing about
    it, though it has the same weekdays.

    Args:
        database: Where plans are.
        day: The athlete's local day.
        athlete_id: Whose plan; None where the database holds one athlete.
        names: What athletes are called, by id; None where there is only one.
    """
    snapshot = Lineage(database, athlete_id).latest_snapshot(TrainingWeek.containing(day))
    if not isinstance(snapshot, PlanSnapshot):
        return None
    message = day_message(snapshot, day)
    if message is None:
        return None
    athlete = named_athlete(names, snapshot.athlete_id)
    return message if athlete is None else athlete.titled(message), snapshot.athlete_id


def athlete_names(roster: Roster | None) -> AthleteNames:
    """What the athletes of a roster are called, by id; None without a roster."""
    return None if roster is None else {one.id: one.called for one in roster.athletes}


def named_athlete(names: AthleteNames, athlete_id: str | None) -> NamedAthlete | None:
    """The athlete that a message names; None where there is only one, or nobody knows whose."""
    if names is None or athlete_id in {None, UNKNOWN_ATHLETE}:
        return None
    known = str(athlete_id)
    return NamedAthlete(known, names.get(known, known))


def _run(database: Database[BsonDocument], run_id: str) -> StoredRun | None:
    """The run, as far as it can be read: a message goes out all the same."""
    try:
        run = Lineage(database).run(run_id)
    except UnreadableRunError:
        return None
    return run if isinstance(run, StoredRun) else None
