"""What a cohort's materialization shows: how many athletes, who failed, and who needs a look.

Athletes are named by their ids: Dagster keeps what it is given, also of an athlete who is removed.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Protocol

from dagster import MetadataValue, TableColumn, TableRecord, TableSchema

from weekly_plan_assets.common.plain_text import plain
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.ui.stored_metadata import Metadata
from weekly_plan_assets.ui.tables import table

MOST_NAMED = 20
MOST_LOOKED_AT = 50


class AthleteOutcomes(Protocol):
    """What was done for some athletes and went wrong for others, by their ids."""

    @property
    def done(self) -> Mapping[str, Any]:
        """Results."""
        ...

    @property
    def errors(self) -> Mapping[str, str]:
        """Reasons."""
        ...


class LookedAt(Protocol):
    """An athlete of an overview."""

    @property
    def athlete_id(self) -> str:
        """Whose week."""
        ...

    @property
    def status(self) -> str:
        """Whether there is a plan."""
        ...

    @property
    def look(self) -> tuple[str, ...]:
        """Reasons to take a look."""
        ...


def look_metadata(rows: Iterable[LookedAt], planned_week: TrainingWeek) -> Metadata:
    """The athletes that need a look, the first ones in a table, and where the overview is."""
    needing = [one for one in rows if one.look]
    named = ((one.athlete_id, str(one.status), " ".join(one.look)) for one in needing)
    shown: Metadata = {
        "overview": MetadataValue.url(f"../overview?week={planned_week}"),
        "athletes_to_look_at": len(needing),
    }
    if needing:
        columns = dict.fromkeys(("athlete", "status", "look"), str)
        shown["look"] = table(columns, islice(named, MOST_LOOKED_AT))
    return shown


def athlete_counts(outcomes: AthleteOutcomes) -> Metadata:
    """How many athletes, and a table of those that failed, as far as they can be named."""
    counts: Metadata = {"athletes": len(outcomes.done), "athletes_failed": len(outcomes.errors)}
    if not outcomes.errors:
        return counts
    named = sorted(outcomes.errors.items())[:MOST_NAMED]
    records = [TableRecord({"athlete": plain(one), "reason": plain(why)}) for one, why in named]
    columns = [TableColumn("athlete"), TableColumn("reason")]
    return {**counts, "failed": MetadataValue.table(records, TableSchema(columns))}


def failures_of(outcomes: AthleteOutcomes) -> str:
    """Who failed and why, in a text; empty where nobody did."""
    named = [f"{one}: {why}" for one, why in sorted(outcomes.errors.items())]
    more = [f"and {len(named) - MOST_NAMED} more"] if len(named) > MOST_NAMED else []
    return plain("; ".join([*named[:MOST_NAMED], *more]))
