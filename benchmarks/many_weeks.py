"""A store that holds any number of weeks: copies of one week of the sample athlete, ever earlier.

Weeks before the sample athlete's first one can be in no partition; so they are copied as documents,
those of the plan made from the week included. What reads them cannot tell them from others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from pymongo.database import Database

from weekly_plan_assets.domain.recorded.columns import DATE_CHARACTERS
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument

ROWS = ("activities", "wellness", "weekly_metrics", "stored_weeks")
OF_RUNS = ("run_artifacts", "plan_snapshots", "plan_adherence", "run_events")

_DAYS = ("weekStart", "weekEnd", "observedWeekStart", "start_date_local")


@dataclass(frozen=True, slots=True)
class CopiedWeek:
    """Everything that is stored of one week: what was done in it, and the plan made from it."""

    database: Database[BsonDocument]
    documents: dict[str, list[BsonDocument]]

    @classmethod
    def of(cls, database: Database[BsonDocument], week: TrainingWeek) -> Self:
        """As it is stored.

        Raises:
            RuntimeError: Nothing is, in one of the collections.
        """
        runs = database["run_artifacts"].distinct("runId", {"observedWeekStart": week.key})
        found = {
            **{name: list(database[name].find({"weekStart": week.key})) for name in ROWS},
            **{name: list(database[name].find({"runId": {"$in": runs}})) for name in OF_RUNS},
        }
        empty = [name for name, documents in found.items() if not documents]
        if empty:
            raise RuntimeError(f"nothing of week {week} is stored in {', '.join(empty)}")
        return cls(database, found)

    def copy(self, weeks_back: range) -> None:
        """Store it again, so many weeks earlier each."""
        for name, documents in self.documents.items():
            self.database[name].insert_many(_moved(documents, weeks_back))


def forget_plans_from(database: Database[BsonDocument], week: TrainingWeek) -> None:
    """Delete the plans that were made from this week: nobody plans one week so often.

    Their run events stay, as those of so many other weeks would be there.
    """
    runs = database["run_artifacts"].distinct("runId", {"observedWeekStart": week.key})
    for name in ("run_artifacts", "plan_snapshots", "plan_adherence"):
        database[name].delete_many({"runId": {"$in": runs}})


def _moved(documents: list[BsonDocument], weeks_back: range) -> Iterator[BsonDocument]:
    for back in weeks_back:
        for document in documents:
            yield {
                name: _moved_value(name, value, back)
                for name, value in document.items()
                if name != "_id"
            }


def _moved_value(name: str, value: Any, back: int) -> Any:
    if name in _DAYS:
        return _earlier(value, back)
    if name == "id":
        return _earlier(value, back) if _is_day(value) else f"{value}-{back}"
    return f"{value}-{back}" if name == "runId" else value


def _earlier(moment: str, back: int) -> str:
    day = date.fromisoformat(moment[:DATE_CHARACTERS]) - timedelta(weeks=back)
    return day.isoformat() + moment[DATE_CHARACTERS:]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
