"""Runs without the UI: the jobs of the code location, in this process, on the shared history.

What the command line offers and how it looks belong to `cli`.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

import portalocker
from dagster import (
    AssetKey,
    DagsterEvent,
    DagsterInstance,
    Definitions,
    JsonMetadataValue,
    WeeklyPartitionsDefinition,
)
from pymongo.database import Database

from weekly_plan_assets.defs.build import build_defs
from weekly_plan_assets.defs.partitions import (
    MAX_WEEKS_PER_RUN,
    first_partition,
    weekly_partitions,
    weeks_without_partition,
)
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.headless.local_execution import execute_here
from weekly_plan_assets.lineage.handover import require_same_athlete
from weekly_plan_assets.lineage.records.records import RunEvent
from weekly_plan_assets.runs.code_location import CLOSE_WEEK, WEEKLY_PLAN
from weekly_plan_assets.runs.dagster_private import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
    make_new_run_id,
)
from weekly_plan_assets.runs.ends import restore_end
from weekly_plan_assets.runs.events import record_run_events, run_events_of
from weekly_plan_assets.runs.facts import run_errors, was_interrupted
from weekly_plan_assets.runs.launcher import fail_if_not_ended, fail_lost_runs
from weekly_plan_assets.runs.set_aside import is_store_away, reason_of
from weekly_plan_assets.runs.tags import (
    COMMAND_LINE,
    COMMAND_LINE_TAG,
    WEEKS_TAG,
    tags_of_this_process,
)
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.settings.first_week import remember_first_day
from weekly_plan_assets.sources.base import TrainingSource
from weekly_plan_assets.sources.opening import open_source
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import project_database
from weekly_plan_assets.storage.week_rows import WEEKLY_METRICS, WeekRows
from weekly_plan_assets.ui.stored_metadata import LEFT_OUT_METADATA

if TYPE_CHECKING:
    from weekly_plan_assets.sources.files.importing import Progress

log = logging.getLogger(__name__)

_LOCK = ".lock"

_MOST_REFUSALS = 5
"""After so many refused events a command goes on; the next one tries them again."""


class RunFailedError(WeeklyPlanError, RuntimeError):
    """A run that the plan stands on did not succeed; the message says which and why."""


class EarlierDataError(WeeklyPlanError, RuntimeError):
    """The data begin before the partitions of this process; the next process has them all."""


@dataclass(frozen=True)
class LocalRunner:
    """Runs jobs in this process.

    Attributes:
        settings: Those that the code location is built from.
        weeks: The partitions of its assets.
        database: Where the runs write; asked for the weeks that are missing.
        source: Where the runs read; asked for its first day.
        lock_folder: Every run holds a lock file here until its event is written. A file that nobody
            holds is of a run that was killed, or whose event could not be written.
        log_level: Which of Dagster's own messages are shown.
        left_out: What the runs so far could not use of what the source sent, a sentence each.
    """

    settings: Settings
    weeks: WeeklyPartitionsDefinition
    instance: DagsterInstance
    definitions: Definitions
    database: Database[BsonDocument]
    source: TrainingSource
    lock_folder: Path
    log_level: str = "CRITICAL"
    left_out: list[str] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        settings: Settings,
        instance: DagsterInstance,
        progress: "Progress | None" = None,
        log_level: str = "CRITICAL",
    ) -> Self:
        """With the code location, the database and the source of the settings in force.

        Args:
            settings: Those in force.
            instance: Where the history of the runs is kept.
            progress: Called with how many files of how many are read.
            log_level: Which of Dagster's own messages are shown.
        """
        url = settings.mongo_url.get_secret_value() if settings.mongo_url else None
        return cls(
            instance=instance,
            settings=settings,
            weeks=weekly_partitions(settings),
            definitions=build_defs(settings),
            database=project_database(url, settings.embedded_dir, settings.database_name),
            source=open_source(settings, settings.today(), progress=progress),
            lock_folder=settings.dagster_state_dir / "headless",
            log_level=log_level,
        )

    def require_same_athlete(self) -> None:
        """Refuse a source that is not the athlete's whose training the store holds.

        Raises:
            OtherAthleteError: It is somebody else's; the message says what to do.
            SourceError: It cannot be read.
        """
        WeekRows(self.database, WEEKLY_METRICS, self.source.athlete_id).require_own()
        require_same_athlete(self.source, self.database)

    def missing_weeks(self, before: TrainingWeek) -> list[TrainingWeek]:
        """The weeks before `before`, from the source's first day on, that have no metrics yet.

        The first day is noted, so that the next process begins its partitions there.

        Raises:
            EarlierDataError: The data begin before the partitions, and no setting wants that.
            OSError: The first day cannot be noted.
        """
        first_day = self.source.first_day()
        if first_day is None:
            return []
        remember_first_day(self.lock_folder.parent, self.source.athlete_id, first_day)
        first = first_partition(self.weeks)
        unread = weeks_without_partition(self.weeks, first_day, self.settings)
        if unread is not None and self.settings.first_week < first.start:
            raise EarlierDataError(unread)
        if unread is not None:
            self.left_out.append(unread)
        first_read = max(TrainingWeek.containing(first_day), first)
        return self.unstored(list(weeks_between(first_read, before.shift(-1))))

    def unstored(self, weeks: Sequence[TrainingWeek]) -> list[TrainingWeek]:
        """Those of `weeks` that have no metrics yet."""
        metrics = WeekRows(self.database, WEEKLY_METRICS, self.source.athlete_id)
        stored = metrics.stored_weeks(weeks)
        return [week for week in weeks if week not in stored]

    def materialize_metrics(self, weeks: Sequence[TrainingWeek]) -> None:
        """Read `weeks` from the source and compute their metrics, in as few runs as possible.

        Raises:
            RunFailedError: A run did not succeed.
        """
        self._run_ranges(weeks, "metrics")

    def materialize_adherence(self, weeks: Sequence[TrainingWeek]) -> None:
        """Compare what was done in `weeks` with what was planned for them.

        Raises:
            RunFailedError: A run did not succeed.
        """
        self._run_ranges(weeks, "adherence", [AssetKey("adherence")])

    def plan(self, observed: TrainingWeek, job_name: str = WEEKLY_PLAN) -> RunEvent:
        """Run a job that plans from `observed`, write its run event, and return it.

        An event that the store refuses is returned all the same, and tried again by later commands.

        Raises:
            KeyboardInterrupt: It was interrupted; the event says so too.
            PyMongoError: The store does not answer.
        """
        dagster_run_id = make_new_run_id()
        with self._alive(dagster_run_id) as lock:
            try:
                self._execute(job_name, {PARTITION_NAME_TAG: observed.key}, dagster_run_id)
            finally:
                events = self._record(lock, dagster_run_id)
        if events is None:
            events = run_events_of(self.instance, self.database, dagster_run_id)
        return events[0]

    def settle_earlier_runs(self) -> int:
        """Finish what earlier commands could not: those that were killed, or had lost the store.

        A run whose process is gone is marked as failed, one of the UI too. A command's run that
        ended without its run event gets it now; one whose event is refused is warned of, and tried
        again by the next command.

        Returns:
            How many runs were marked as failed.

        Raises:
            PyMongoError: The store does not answer.
        """
        self.lock_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        settled = _Settled()
        for path in sorted(self.lock_folder.glob(f"*{_LOCK}")):
            try:
                self._settle(path, settled)
            except Exception as error:
                if is_store_away(self.database):
                    raise
                log.warning("run %s cannot be settled: %s", _run_of(path), reason_of(error))
        lost = fail_lost_runs(self.instance)
        for dagster_run_id in lost:
            self._record(None, dagster_run_id)
        return settled.killed + len(lost)

    def _settle(self, path: Path, settled: "_Settled") -> None:
        """Finish the run of a lock file, unless it is alive or another command is doing it."""
        try:
            with portalocker.Lock(path, flags=portalocker.LOCK_EX | portalocker.LOCK_NB, timeout=0):
                # The process that executes a run holds its lock, so no process does.
                settled.killed += fail_if_not_ended(self.instance, _run_of(path))
                if settled.refused < _MOST_REFUSALS:
                    settled.refused += self._record(path, _run_of(path)) is None
        except portalocker.LockException:
            return

    def _record(self, lock: Path | None, dagster_run_id: str) -> tuple[RunEvent, ...] | None:
        """Write the events of a run and forget it; None if the store refuses them.

        Then the lock file stays, so that later commands try again. A run of the UI has none.
        """
        try:
            events = record_run_events(self.instance, self.database, dagster_run_id)
        except Exception as error:
            if is_store_away(self.database):
                raise
            log.warning(
                "run %s: its event cannot be written; the next command tries again: %s",
                dagster_run_id,
                reason_of(error),
            )
            return None
        if lock is not None:
            self._forget(lock, dagster_run_id)
        return events

    def _run_ranges(
        self, weeks: Sequence[TrainingWeek], what: str, assets: Sequence[AssetKey] | None = None
    ) -> None:
        """Run the job that makes no plan, or some assets of it, over `weeks`."""
        for first, last in ranges(weeks, MAX_WEEKS_PER_RUN):
            tags = {
                ASSET_PARTITION_RANGE_START_TAG: first.key,
                ASSET_PARTITION_RANGE_END_TAG: last.key,
                WEEKS_TAG: f"{first} to {last}",
            }
            dagster_run_id = make_new_run_id()
            with self._alive(dagster_run_id) as lock:
                try:
                    self._execute(CLOSE_WEEK, tags, dagster_run_id, assets)
                finally:
                    self._forget(lock, dagster_run_id)
            errors = run_errors(self.instance, dagster_run_id)
            if errors:
                raise RunFailedError(f"{what} of {first} to {last}: {'; '.join(errors)}")

    def _execute(
        self,
        job_name: str,
        tags: Mapping[str, str],
        dagster_run_id: str,
        assets: Sequence[AssetKey] | None = None,
    ) -> None:
        job = self.definitions.resolve_job_def(job_name)
        own_tags = {COMMAND_LINE_TAG: COMMAND_LINE, **tags_of_this_process(dagster_run_id)}
        with self._canceled_by_ctrl_c(dagster_run_id):
            events = execute_here(
                job,
                self.instance,
                dagster_run_id,
                {**tags, **own_tags},
                assets=assets,
                run_config={"loggers": {"console": {"config": {"log_level": self.log_level}}}},
            )
            self.left_out.extend(_left_out_of(events))
            if any(was_interrupted(event) for event in events):
                raise KeyboardInterrupt

    @contextmanager
    def _canceled_by_ctrl_c(self, dagster_run_id: str) -> Iterator[None]:
        """A Ctrl-C between two steps would leave the run open for ever."""
        try:
            yield
        except KeyboardInterrupt:
            restore_end(self.instance, dagster_run_id)
            run = self.instance.get_run_by_id(dagster_run_id)
            if run is not None and not run.is_finished:
                self.instance.report_run_canceled(run, "interrupted")
            raise

    @contextmanager
    def _alive(self, dagster_run_id: str) -> Iterator[Path]:
        """Hold the lock file of a run, which stays until the run is forgotten."""
        self.lock_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.lock_folder / f"{dagster_run_id}{_LOCK}"
        while True:
            with portalocker.Lock(path, flags=portalocker.LOCK_EX | portalocker.LOCK_NB):
                # Another command may have taken it for a dead run's before it was locked.
                if path.exists():
                    yield path
                    return

    def _forget(self, lock: Path, dagster_run_id: str) -> None:
        """Remove the lock file of a run that has ended, and of one that never began."""
        run = self.instance.get_run_by_id(dagster_run_id)
        if run is None or run.is_finished:
            lock.unlink(missing_ok=True)


@dataclass
class _Settled:
    """How many earlier runs were marked as failed, and how many events were refused."""

    killed: int = 0
    refused: int = 0


def _run_of(lock: Path) -> str:
    """The id of the Dagster run that a lock file is of."""
    return lock.name.removesuffix(_LOCK)


def _left_out_of(events: Iterable[DagsterEvent]) -> list[str]:
    """What the materializations of a run say of rows and values that could not be used."""
    reasons: dict[str, None] = {}
    for event in events:
        if event.is_step_materialization:
            shown = event.materialization.metadata.get(LEFT_OUT_METADATA)
            if isinstance(shown, JsonMetadataValue) and isinstance(shown.data, list):
                reasons |= dict.fromkeys(map(str, shown.data))
    return list(reasons)


def ranges(
    weeks: Sequence[TrainingWeek], longest: int
) -> Iterator[tuple[TrainingWeek, TrainingWeek]]:
    """First and last of each run of consecutive weeks, none longer than `longest` weeks."""
    first = last = None
    for week in sorted(weeks):
        if first is None or last is None:
            first = last = week
        elif week == last.next() and week < first.shift(longest):
            last = week
        else:
            yield first, last
            first = last = week
    if first is not None and last is not None:
        yield first, last
