"""The steps of an athlete's weeks, from the store into the store.

The same functions as those of the assets of one athlete, between which the IO manager reads and
writes; here one athlete after another is taken through a step, without Dagster.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd
from pymongo.database import Database

from weekly_plan_assets.athletes.opened_athlete import OpenedAthlete
from weekly_plan_assets.athletes.planner_setup import PlannerSetup
from weekly_plan_assets.athletes.week_steps import adherence_of, known_after, metrics_of
from weekly_plan_assets.delivery.deliver_plan import deliver_unasked
from weekly_plan_assets.delivery.deliverable import DeliverablePlan
from weekly_plan_assets.domain.athlete.habit import HABIT_WEEKS
from weekly_plan_assets.domain.metrics.weekly_metrics import HISTORY_WEEKS, WeeklyMetrics
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.run_id import mint_run_id
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.delivery_receipt import TargetOutcome
from weekly_plan_assets.lineage.records.planning import ExecutionInfo, freeze_inputs
from weekly_plan_assets.lineage.records.provenance import Provenance, RunOrigin
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.lineage.records.records import (
    PlanAdherence,
    PlanningInputs,
    PlanningOutcome,
    PlanSnapshot,
    Status,
)
from weekly_plan_assets.storage.codec import BsonDocument, encode, encode_rows
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.run_documents import RunDocuments
from weekly_plan_assets.storage.week_models import as_models
from weekly_plan_assets.storage.week_rows import (
    ACTIVITIES,
    MAX_REMOVED_SHARE,
    WEEKLY_METRICS,
    WELLNESS,
    RowKind,
    WeekRows,
)
from weekly_plan_assets.storage.window_counts import WindowCounts


@dataclass(frozen=True, slots=True)
class Planned:
    """What became of an athlete's week.

    Attributes:
        run_id: The execution; of a plan that stands, the one that made it.
        errors: Why there is no valid plan; empty where there is one.
        stands: Whether the plan was made before, by the same code from the same inputs.
    """

    run_id: str
    errors: tuple[str, ...] = ()
    stands: bool = False


@dataclass(frozen=True, slots=True)
class StoredSteps:
    """The steps of one athlete, whose rows and documents are in `database`."""

    athlete: OpenedAthlete
    database: Database[BsonDocument]

    def read(self, kind: RowKind, weeks: Sequence[TrainingWeek]) -> WindowCounts:
        """Read activities or wellness of consecutive weeks from the source, and store them."""
        source = self.athlete.source
        weeks = self._with_data(weeks)
        first, last = self.athlete.days_known(weeks)
        self.athlete.require_same_athlete(self.database)
        if kind == ACTIVITIES:
            rows = encode_rows(source.activities(first, last))
            return self._rows(kind).replace(weeks, rows, source.left_out("activities", first, last))
        rows = encode_rows(source.wellness(first, last))
        return self._rows(kind).replace(weeks, rows, source.left_out("wellness", first, last))

    def summarise(self, weeks: Sequence[TrainingWeek]) -> WindowCounts:
        """Compute the metrics of consecutive weeks, and store them."""
        weeks = self._with_data(weeks)
        frame = metrics_of(
            self.athlete,
            self.database,
            weeks,
            pd.DataFrame(self._load(ACTIVITIES, weeks, HISTORY_WEEKS)),
            pd.DataFrame(self._load(WELLNESS, weeks)),
        )
        return self._rows(WEEKLY_METRICS).replace(weeks, encode_rows(frame))

    def compare(self, weeks: Sequence[TrainingWeek]) -> int:
        """Compare what was done in consecutive weeks with their plans; how many had one."""
        weeks = self._with_data(weeks)
        done = adherence_of(
            self.athlete,
            self.database,
            as_models(self._load(ACTIVITIES, weeks), Activity),
            as_models(self._load(WEEKLY_METRICS, weeks), WeeklyMetrics),
        )
        documents = self._documents(CollectionName.PLAN_ADHERENCE)
        for one in done.values():
            documents.merge(encode(one))
        return len(done)

    def plan(
        self, week: TrainingWeek, planner: PlannerSetup, origin: RunOrigin, *, again: bool
    ) -> Planned:
        """Plan the week after `week`, unless that was done before; publish a valid plan.

        Args:
            week: The observed week.
            planner: Who is asked.
            origin: The run.
            again: Whether it is planned even where a plan from the same inputs stands.
        """
        inputs = self._inputs(week, planner, origin)
        standing = None if again else self._standing(inputs)
        if standing is not None:
            return Planned(standing, stands=True)
        artifacts = self._documents(CollectionName.RUN_ARTIFACTS)
        artifacts.merge(encode(inputs))
        attempts = planner.ask(inputs)
        outcome = PlanningOutcome.of(inputs, attempts, _ended(inputs, origin))
        artifacts.merge(encode(outcome))
        if outcome.status is Status.SUCCESS:
            snapshot = PlanSnapshot.of(outcome, _ended(inputs, origin))
            self._documents(CollectionName.PLAN_SNAPSHOTS).merge(encode(snapshot))
        return Planned(inputs.run_id, outcome.errors)

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

    def _with_data(self, weeks: Sequence[TrainingWeek]) -> Sequence[TrainingWeek]:
        """Of several weeks those since the athlete's first day: before it there is nothing to know.

        A single week is asked for by itself, and stays.
        """
        first_day = self.athlete.first_day if len(weeks) > 1 else None
        since = [week for week in weeks if first_day is None or week.end >= first_day]
        return since or weeks[-1:]

    def _inputs(
        self, week: TrainingWeek, planner: PlannerSetup, origin: RunOrigin
    ) -> PlanningInputs:
        started_at = datetime.now(UTC)
        known = known_after(
            self.athlete,
            week,
            metrics=as_models(self._load(WEEKLY_METRICS, [week], HISTORY_WEEKS), WeeklyMetrics),
            activities=as_models(self._load(ACTIVITIES, [week], HABIT_WEEKS - 1), Activity),
            wellness=as_models(self._load(WELLNESS, [week], HISTORY_WEEKS), WellnessDay),
            adherence=self._adherence(week),
        )
        run_id = mint_run_id(origin.dagster_run_id, week, self.athlete.source.athlete_id)
        execution = ExecutionInfo(origin, started_at, planner.recorded)
        return freeze_inputs(run_id, known, planner.planner, execution)

    def _standing(self, inputs: PlanningInputs) -> str | None:
        """The runId of a plan that the same code made from the same inputs, if one stands."""
        newest = self._documents(CollectionName.PLAN_SNAPSHOTS).newest_for(
            inputs.planned_week, "weekStart", inputs.athlete_id
        )
        if newest is None:
            return None
        snapshot = PlanSnapshot.model_validate(newest)
        made, due = snapshot.provenance, inputs.provenance
        if made is None or due is None:
            return None
        same = (
            made.input_hashes == due.input_hashes
            and made.registry_version == due.registry_version
            and made.code == due.code
            and made.planner == due.planner
        )
        return snapshot.run_id if same else None

    def _adherence(self, week: TrainingWeek) -> list[PlanAdherence]:
        documents = self._documents(CollectionName.PLAN_ADHERENCE)
        weeks = [week.shift(-back) for back in range(HABIT_WEEKS - 1, -1, -1)]
        athlete_id = self.athlete.source.athlete_id
        found = (documents.newest_for(one, "weekStart", athlete_id) for one in weeks)
        return [PlanAdherence.model_validate(one) for one in found if one is not None]

    def _load(
        self, kind: RowKind, weeks: Sequence[TrainingWeek], earlier_weeks: int = 0
    ) -> list[BsonDocument]:
        earlier = [weeks[0].shift(-back) for back in range(earlier_weeks, 0, -1)]
        return self._rows(kind).load([*earlier, *weeks], required=weeks)

    def _rows(self, kind: RowKind) -> WeekRows:
        may_remove_most = self.athlete.settings.allow_removal
        return WeekRows(
            self.database,
            kind,
            self.athlete.source.athlete_id,
            1.0 if may_remove_most else MAX_REMOVED_SHARE,
        )

    def _documents(self, collection: str) -> RunDocuments:
        return RunDocuments(self.database, collection)


def _ended(inputs: PlanningInputs, origin: RunOrigin) -> Provenance | None:
    """The provenance of what is made now from the inputs."""
    provenance = inputs.provenance
    return None if provenance is None else provenance.ended(datetime.now(UTC), origin)
