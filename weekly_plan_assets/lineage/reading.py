"""Reading the lineage: the run-keyed documents as records, newest first.

What is shown of them lies in `cli`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pymongo import DESCENDING
from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records import PlanSnapshot, RunEvent
from weekly_plan_assets.storage.codec import BsonDocument


@dataclass(frozen=True, slots=True)
class Lineage:
    """The lineage kept in one database."""

    database: Database[BsonDocument]

    def snapshot(self, run_id: str) -> PlanSnapshot | None:
        """The plan that `run_id` published."""
        return self._newest_snapshot({"runId": run_id})

    def latest_snapshot(self, planned_week: TrainingWeek | None = None) -> PlanSnapshot | None:
        """The newest plan; for `planned_week` where one is given, else for the latest week."""
        query = {} if planned_week is None else {"weekStart": planned_week.key}
        return self._newest_snapshot(query)

    def events(self, limit: int) -> list[RunEvent]:
        """The newest `limit` run events."""
        documents = self.database["run_events"].find({}, {"_id": 0}, limit=limit)
        documents = documents.sort("createdAt", DESCENDING)
        return [RunEvent.model_validate(document) for document in documents]

    def _newest_snapshot(self, query: Mapping[str, Any]) -> PlanSnapshot | None:
        newest = [("weekStart", DESCENDING), ("createdAt", DESCENDING)]
        document = self.database["plan_snapshots"].find_one(query, {"_id": 0}, sort=newest)
        return None if document is None else PlanSnapshot.model_validate(document)
