"""What always holds between the documents of the lineage, and where it does not.

An outside reader: it knows what is stored and what Dagster's history says, and nothing of how
either came about. Nothing is written. What must hold within one run or one week is in
`run_invariants` and `week_invariants`.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import sleep

from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter
from pymongo.database import Database

from weekly_plan_assets.domain.run_id import dagster_run_id_of
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.lineage.audit.broken_invariant import BrokenInvariant, Invariant
from weekly_plan_assets.lineage.audit.run_invariants import broken_in_run
from weekly_plan_assets.lineage.audit.week_invariants import broken_in_week
from weekly_plan_assets.runs.dagster_private import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)
from weekly_plan_assets.runs.facts import week_of_partition
from weekly_plan_assets.runs.reconciling import unrecorded_runs
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.streams import (
    ROW_KINDS,
    DocumentsOfRun,
    RowsOfWeek,
    documents_by_run,
    documents_of_run,
    documents_without_key,
    repeated_keys,
    rows_by_week,
    rows_of_week,
)

UNFINISHED = (
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
)
PATIENCE = timedelta(minutes=5)
"""Until then the process of a run may be about to write its event: the sensor looks every 15 s."""

LONGEST_RUN = timedelta(days=1)
"""A run that this history of Dagster does not know, another machine's say, has ended by then."""

LOOKED_BACK = timedelta(days=60)
"""Events are kept 90 days from when they were first written, and a run may go on with an execution
of some weeks before."""

_PAUSES_S = (0.3, 1.5)
"""How long a week may be between two states while a run stores it."""


@dataclass(frozen=True, slots=True)
class History:
    """What Dagster knows, as far as invariants ask for it.

    Attributes:
        publishing_jobs: The jobs that publish a plan.
        is_lost: Whether the process of an unfinished run is gone.
    """

    instance: DagsterInstance
    publishing_jobs: Collection[str]
    is_lost: Callable[[DagsterRun], bool]


@dataclass(frozen=True, slots=True)
class Audit:
    """Looks for broken invariants in one database.

    Attributes:
        history: None if Dagster's history cannot be read: then only the store is looked at.
        now: When the looking begins.
        at_rest: Whether nobody is at work, so that whatever is under way is broken.
        week: Only what was made from the week of this Monday, and its rows; None: everything.
    """

    database: Database[BsonDocument]
    history: History | None
    now: datetime
    at_rest: bool = False
    week: str | None = None

    def broken(self) -> Iterator[BrokenInvariant]:
        """Every broken invariant, as soon as it is found. Holds one run or week at a time."""
        without_event = set()
        for run in documents_by_run(self.database, self.week):
            for found in self._in_run(run):
                if found.invariant is Invariant.ENDED_RUNS_HAVE_EVENTS:
                    without_event.add(dagster_run_id_of(run.run_id))
                yield found
        for kind in ROW_KINDS:
            for week in rows_by_week(self.database, kind, self.week):
                yield from self._in_week(week)
        if self.week is None:
            yield from self._keys()
            if self.history is not None:
                yield from self._in_history(self.history, without_event)

    def _keys(self) -> Iterator[BrokenInvariant]:
        for missing in documents_without_key(self.database):
            yield BrokenInvariant(
                invariant=Invariant.KEYS_ARE_UNIQUE,
                collection=missing.collection,
                key=missing.key,
                problem=f"{counted(missing.count, 'document')} without a text as {missing.key}",
                remedy="delete them, or correct them by hand",
            )
        for repeated in repeated_keys(self.database):
            yield BrokenInvariant(
                invariant=Invariant.KEYS_ARE_UNIQUE,
                collection=repeated.collection,
                key=repeated.key,
                problem=f"{counted(repeated.count, 'document')} with this key",
                remedy="delete all but one, then run `weekly-plan db bootstrap`",
            )

    def _in_run(self, run: DocumentsOfRun) -> Iterator[BrokenInvariant]:
        if not any(broken_in_run(run, self.now)):
            return
        # The four collections were read one after another; a run may have written in between.
        again = documents_of_run(self.database, run.run_id)
        if not self._is_in_progress(again):
            yield from broken_in_run(again, self.now)

    def _in_week(self, week: RowsOfWeek) -> Iterator[BrokenInvariant]:
        broken = list(broken_in_week(week))
        for pause_s in () if self.at_rest else _PAUSES_S:
            if not broken:
                break
            sleep(pause_s)
            again = rows_of_week(self.database, week.kind, week.athlete_id, week.week_start)
            broken = list(broken_in_week(again))
        yield from broken

    def _is_in_progress(self, run: DocumentsOfRun) -> bool:
        """Whether somebody works on a run, or may not have noticed yet that it ended."""
        if self.at_rest:
            return False
        times = [
            document.get("updatedAt")
            for documents in run.by_collection.values()
            for document in documents
        ]
        written = max((at for at in times if isinstance(at, datetime)), default=None)
        if written is None:
            return False
        if written > self.now - PATIENCE:
            return True
        if self.history is None or not self._is_known(self.history, run.run_id):
            return written > self.now - LONGEST_RUN
        return run.run_id.rpartition(":")[2] in _weeks_in_progress(self.history.instance)

    @staticmethod
    def _is_known(history: History, run_id: str) -> bool:
        return history.instance.get_run_by_id(dagster_run_id_of(run_id)) is not None

    def _in_history(self, history: History, named: Collection[str]) -> Iterator[BrokenInvariant]:
        """What Dagster knows and the store does not, but for the runs that are `named` already."""
        patience = timedelta() if self.at_rest else PATIENCE
        since, until = self.now - LOOKED_BACK, self.now - patience
        for dagster_run_id in unrecorded_runs(
            history.instance, self.database, history.publishing_jobs, since, until
        ):
            if dagster_run_id in named:
                continue
            yield BrokenInvariant(
                invariant=Invariant.ENDED_RUNS_HAVE_EVENTS,
                collection=CollectionName.RUN_EVENTS,
                key=dagster_run_id,
                problem="this Dagster run has ended, and no event says how",
                remedy="`weekly-plan doctor --deep --repair` writes it",
                can_be_repaired=True,
            )
        for run in history.instance.get_runs(RunsFilter(statuses=list(UNFINISHED))):
            if self.at_rest or history.is_lost(run):
                yield BrokenInvariant(
                    invariant=Invariant.RUNS_END,
                    collection="Dagster's history",
                    key=run.run_id,
                    problem=f"this Dagster run is {run.status.value}, but nothing works on it",
                    remedy="`weekly-plan doctor --deep --repair` marks it as failed",
                    can_be_repaired=True,
                )


def _weeks_in_progress(instance: DagsterInstance) -> set[str]:
    """The Mondays of the weeks that unfinished runs are about."""
    weeks = set()
    for run in instance.get_runs(RunsFilter(statuses=list(UNFINISHED))):
        for tag in (
            PARTITION_NAME_TAG,
            ASSET_PARTITION_RANGE_START_TAG,
            ASSET_PARTITION_RANGE_END_TAG,
        ):
            week = week_of_partition(run.tags.get(tag))
            if week is not None:
                weeks.add(week.key)
    return weeks
