"""What the metadata of a cohort's materialization says: how many athletes, and who failed."""

from collections.abc import Mapping
from typing import Any, Protocol

from dagster import MetadataValue, TableColumn, TableRecord, TableSchema

from weekly_plan_assets.common.plain_text import plain
from weekly_plan_assets.ui.stored_metadata import Metadata

MOST_NAMED = 20


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


def counts_of(outcomes: AthleteOutcomes) -> Metadata:
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
