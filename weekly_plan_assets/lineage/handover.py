"""Whether a source is the athlete's whose training the store holds.

What is compared, and from when two sets of training are one person's, belongs to
`domain.recorded.same_athlete`.
"""

from datetime import date

from pymongo.database import Database

from weekly_plan_assets.domain.athlete.athlete_id import NAMELESS_ATHLETE, Identity
from weekly_plan_assets.domain.recorded.field_types import FIRST_YEAR, LAST_YEAR
from weekly_plan_assets.domain.recorded.same_athlete import Agreement, Training, agreement
from weekly_plan_assets.sources.base import TrainingSource
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import ChangedHandsError
from weekly_plan_assets.storage.indexes import holds_several_athletes
from weekly_plan_assets.storage.stored_training import stored_sessions, stored_wellness

_EVER = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)

_GIVE_AN_ID = (
    "give the athlete an id of their own (`id: NAME` in the file that WEEKLY_PLAN_ATHLETE names, "
    "or WEEKLY_PLAN_ATHLETE_ID=NAME)"
)


def require_same_athlete(source: TrainingSource, database: Database[BsonDocument]) -> None:
    """Refuse files that are not those of the athlete under whose id they would be stored.

    Data that name their athlete are never compared. Files whose athlete gave an id are refused
    where they contradict what is stored. Files without an id are refused, too, where nothing shows
    that they are the same person's.

    Raises:
        ChangedHandsError: They are somebody else's, or nothing shows whose.
        SourceError: The source cannot be read.
    """
    if source.identity is Identity.NAMED:
        return
    stored, offered = _recorded(source, database)
    if stored.is_empty or offered.is_empty:
        return
    found = agreement(stored, offered)
    if found.contradicts:
        raise ChangedHandsError(_contradiction(source, found, database))
    if source.identity is Identity.UNKNOWN and not found.common:
        raise ChangedHandsError(
            f"the files name no athlete, and have no day in common with what the database "
            f"{database.name} holds of athlete {NAMELESS_ATHLETE!r}, so nothing shows that they "
            f"are the same person's; if they are, set WEEKLY_PLAN_ATHLETE_ID={NAMELESS_ATHLETE}, "
            f"otherwise {_GIVE_AN_ID}{_own_database(database)}"
        )


def _recorded(
    source: TrainingSource, database: Database[BsonDocument]
) -> tuple[Training, Training]:
    """What is stored and what the source offers; wellness only where sessions do not decide."""
    sessions = stored_sessions(database, source.athlete_id), source.activities(*_EVER)
    if all(sessions):
        return Training(sessions[0], ()), Training(sessions[1], ())
    wellness = stored_wellness(database, source.athlete_id), source.wellness(*_EVER)
    return Training(sessions[0], wellness[0]), Training(sessions[1], wellness[1])


def _contradiction(
    source: TrainingSource, found: Agreement, database: Database[BsonDocument]
) -> str:
    compared = (
        f"the files are not those of athlete {source.athlete_id!r} in the database "
        f"{database.name}: of {found.shared} {found.what}, {found.common} are the same, so "
        "nothing was changed"
    )
    if source.identity is Identity.UNKNOWN:
        return f"{compared}; {_GIVE_AN_ID}{_own_database(database)}"
    return (
        f"{compared}; set WEEKLY_PLAN_EXPORT_DIR to the folder of {source.athlete_id}, or give "
        f"this athlete another id{_own_database(database)}"
    )


def _own_database(database: Database[BsonDocument]) -> str:
    """What a second athlete needs beside an id."""
    if holds_several_athletes(database):
        return ""
    return (
        ", and a database of their own (MONGO_DATABASE), or let this one hold several athletes "
        "with `weekly-plan db migrate --multi-athlete --apply`"
    )
