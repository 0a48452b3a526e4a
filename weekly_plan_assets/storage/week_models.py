"""Stored rows of training weeks as models."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel
from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.retrying import retried
from weekly_plan_assets.storage.week_rows import LEDGER, WEEKLY_METRICS, RowKind, WeekRows

Model = TypeVar("Model", bound=BaseModel)

_STAMPS = {"athleteId", "weekStart"}
"""What the store adds to a row, besides times and hash."""


@dataclass(frozen=True, slots=True)
class WeekModels:
    """The stored weeks of one athlete."""

    database: Database[BsonDocument]
    athlete_id: str

    def load(self, kind: RowKind, model: type[Model], weeks: Sequence[TrainingWeek]) -> list[Model]:
        """The rows of `weeks`, in order; all but the last may be missing.

        Raises:
            MissingWeekError: The last week was never stored, or one of the weeks only half-way.
        """
        rows = WeekRows(self.database, kind, self.athlete_id).load(weeks, required=weeks[-1:])
        return as_models(rows, model)


def as_models(rows: Iterable[BsonDocument], model: type[Model]) -> list[Model]:
    """Stored rows as what they were before the store stamped them."""
    known = {field.alias or name for name, field in model.model_fields.items()}
    stamps = _STAMPS - known
    return [
        model.model_validate({key: value for key, value in row.items() if key not in stamps})
        for row in rows
    ]


@retried
def stored_athlete(database: Database[BsonDocument]) -> str | None:
    """Whose weeks the database holds; one database holds one athlete. None: it holds no week."""
    entry = database[LEDGER].find_one({"collection": WEEKLY_METRICS.collection})
    return None if entry is None else str(entry["athleteId"])


@retried
def weeks_with_metrics(
    database: Database[BsonDocument], athlete_id: str | None
) -> list[TrainingWeek]:
    """Every week of an athlete whose metrics were stored, the latest last."""
    of_athlete = {"collection": WEEKLY_METRICS.collection, "athleteId": athlete_id}
    keys = database[LEDGER].distinct("weekStart", of_athlete)
    return sorted(TrainingWeek.parse(key) for key in keys)
