"""The steps of an athlete's weeks, from the store into the store.

The same functions as those of the assets of one athlete, between which the IO manager reads and
writes; here one athlete after another is taken through a step, without Dagster.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pymongo.database import Database

from weekly_plan_assets.athletes.opened_athlete import OpenedAthlete
from weekly_plan_assets.delivery.deliver_plan import deliver_unasked
from weekly_plan_assets.delivery.deliverable import DeliverablePlan
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.delivery_receipt import TargetOutcome
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.lineage.records.records import (
    PlanSnapshot,
)
from weekly_plan_assets.storage.codec import BsonDocument, encode_rows
from weekly_plan_assets.storage.week_rows import (
    ACTIVITIES,
    MAX_REMOVED_SHARE,
    WEEKLY_METRICS,
    RowKind,
    WeekRows,
)
from weekly_plan_assets.storage.window_counts import WindowCounts


@dataclass(frozen=True, slots=True)
class StoredSteps:
    """The steps of one athlete, whose rows and documents are in `database`.

    Attributes:
        among_others: Whether the database is known to hold several athletes.
    """

    athlete: OpenedAthlete
    database: Database[BsonDocument]
    among_others: bool = False

    @property
    def athlete_id(self) -> str:
        """Whose steps they are."""
        return self.athlete.source.athlete_id

    def read(self, kind: RowKind, weeks: Sequence[TrainingWeek]) -> WindowCounts:
        """Read activities or wellness of consecutive weeks from the source, and store them."""
        source = self.athlete.source
        weeks = self.with_data(weeks)
        if not weeks:
            return WindowCounts()
        first, last = self.athlete.days_known(weeks)
        self.athlete.require_same_athlete(self.database)
        if kind == ACTIVITIES:
            rows = encode_rows(source.activities(first, last))
            return self._rows(kind).replace(weeks, rows, source.left_out("activities", first, last))
        rows = encode_rows(source.wellness(first, last))
        return self._rows(kind).replace(weeks, rows, source.left_out("wellness", first, last))

    def store_metrics(self, rows: Sequence[BsonDocument]) -> WindowCounts:
        """Store metrics, a row a week."""
        if not rows:
            return WindowCounts()
        weeks = [TrainingWeek.parse(row["weekStart"]) for row in rows]
        return self._rows(WEEKLY_METRICS).replace(weeks, rows)

    def deliver(self, week: TrainingWeek, asked_by: str) -> tuple[TargetOutcome, ...]:
        """Deliver the plan made from `week` to the targets of the athlete.

        Args:
            week: The observed week.
            asked_by: The Dagster run.

        Returns:
            What became of it in each target; nothing, where there is no target or no plan.
        """
        if not self.athlete.settings.delivery_targets:
            return ()
        lineage = Lineage(self.database, self.athlete.source.athlete_id)
        snapshot = lineage.latest_snapshot(week.next())
        if not isinstance(snapshot, PlanSnapshot):
            return ()
        plan = DeliverablePlan.stored(lineage, snapshot)
        return deliver_unasked(plan, self.athlete.settings, self.database, asked_by)

    def with_data(self, weeks: Sequence[TrainingWeek]) -> Sequence[TrainingWeek]:
        """The weeks since the athlete's first day: before it there is nothing to know.

        A single week is asked for by itself, and stays.
        """
        first_day = self.athlete.first_day if len(weeks) > 1 else None
        return [week for week in weeks if first_day is None or week.end >= first_day]

    def _rows(self, kind: RowKind) -> WeekRows:
        may_remove_most = self.athlete.settings.allow_removal
        return WeekRows(
            self.database,
            kind,
            self.athlete.source.athlete_id,
            1.0 if may_remove_most else MAX_REMOVED_SHARE,
            self.among_others,
        )
