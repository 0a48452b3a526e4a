"""Runs without the UI: the jobs of the code location, in this process, on the shared history.

What the command line offers and how it looks lies in `cli`.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self

import portalocker
from dagster import AssetKey, DagsterInstance, Definitions
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)
from dagster._core.utils import make_new_run_id
from pymongo.database import Database

from weekly_plan_assets import dagster_state  # noqa: F401 - dagster.yaml names what is in it
from weekly_plan_assets.definitions import defs
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.jobs import CLOSE_WEEK, WEEKLY_PLAN
from weekly_plan_assets.lineage.records import RunEvent
from weekly_plan_assets.lineage.run_events import record_run_events
from weekly_plan_assets.lineage.run_facts import run_errors, was_interrupted
from weekly_plan_assets.partitions import MAX_WEEKS_PER_RUN, WEEKS
from weekly_plan_assets.run_tags import HEADLESS_TAG, MACHINE_TAG, this_machine
from weekly_plan_assets.run_workers import LOST
from weekly_plan_assets.settings import PROJECT_ROOT, Settings
from weekly_plan_assets.sources.base import TrainingSource
from weekly_plan_assets.sources.opening import SourceChoice, open_source
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import project_database
from weekly_plan_assets.storage.week_rows import WEEKLY_METRICS, WeekRows

if TYPE_CHECKING:
    from weekly_plan_assets.sources.files.importing import Progress

_LOCK = ".lock"

_NO_COMPUTE_LOGS = {
    "module": "dagster._core.storage.noop_compute_log_manager",
    "class": "NoOpComputeLogManager",
}
"""Steps write to the terminal itself; Dagster would start four processes a run to send it there."""


class RunFailedError(RuntimeError):
    """A run that the plan stands on did not succeed; the message says which and why."""


@contextmanager
def open_instance() -> Iterator[DagsterInstance]:
    """The Dagster instance that the UI and the daemon use too."""
    home = os.environ.setdefault("DAGSTER_HOME", str(PROJECT_ROOT))
    with DagsterInstance.local_temp(home, {"compute_logs": _NO_COMPUTE_LOGS}) as instance:
        yield instance


@dataclass(frozen=True)
class Headless:
    """Runs jobs in this process.

    Attributes:
        database: Where the runs write; asked for the weeks that are missing.
        source: Where the runs read; asked for its first day.
        lock_folder: Every run holds a lock file here until all is told of it. A file that nobody
            holds is of a run that was killed, or whose event could not be stored.
        log_level: Which of Dagster's own messages are shown.
    """

    instance: DagsterInstance
    definitions: Definitions
    database: Database[BsonDocument]
    source: TrainingSource
    lock_folder: Path
    log_level: str = "CRITICAL"

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
            progress: Told how far the reading of files is.
            log_level: Which of Dagster's own messages are shown.
        """
        url = settings.mongo_url.get_secret_value() if settings.mongo_url else None
        return cls(
            instance=instance,
            definitions=defs,
            database=project_database(url, settings.embedded_dir, settings.database_name),
            source=open_source(SourceChoice.of(settings), settings.today(), progress=progress),
            lock_folder=settings.dagster_state_dir / "headless",
            log_level=log_level,
        )

    def missing_weeks(self, before: TrainingWeek) -> list[TrainingWeek]:
        """The weeks before `before`, from the source's first day on, that have no metrics yet."""
        first_day = self.source.first_day()
        if first_day is None:
            return []
        first_partition = date.fromisoformat(str(WEEKS.get_first_partition_key()))
        first = TrainingWeek.containing(max(first_day, first_partition))
        return self.unstored(list(weeks_between(first, before.shift(-1))))

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

        Raises:
            KeyboardInterrupt: It was interrupted; the event tells so too.
        """
        dagster_run_id = make_new_run_id()
        with self._alive(dagster_run_id) as lock:
            try:
                self._execute(job_name, {PARTITION_NAME_TAG: observed.key}, dagster_run_id)
            finally:
                events = record_run_events(self.instance, self.database, dagster_run_id)
                self._forget(lock, dagster_run_id)
        return events[0]

    def settle_earlier_runs(self) -> int:
        """Finish what earlier commands could not: those that were killed, or had lost the store.

        A run whose process is gone is marked as failed. A run that ended without its run event
        gets it now.

        Returns:
            How many runs were marked as failed.
        """
        self.lock_folder.mkdir(parents=True, exist_ok=True)
        return sum(self._settle(path) for path in sorted(self.lock_folder.glob(f"*{_LOCK}")))

    def _settle(self, path: Path) -> bool:
        """Whether the run of this lock file had been killed, and was marked as failed."""
        try:
            with portalocker.Lock(path, flags=portalocker.LOCK_EX | portalocker.LOCK_NB, timeout=0):
                run = self.instance.get_run_by_id(path.name.removesuffix(_LOCK))
                killed = run is not None and not run.is_finished
                if run is not None:
                    if killed:
                        self.instance.report_run_failed(run, LOST)
                    record_run_events(self.instance, self.database, run.run_id)
                path.unlink(missing_ok=True)
                return killed
        except portalocker.LockException:  # it is alive, or another command is settling it
            return False

    def _run_ranges(
        self, weeks: Sequence[TrainingWeek], what: str, assets: Sequence[AssetKey] | None = None
    ) -> None:
        """Run the job that makes no plan, or some assets of it, over `weeks`."""
        for first, last in ranges(weeks, MAX_WEEKS_PER_RUN):
            tags = {
                ASSET_PARTITION_RANGE_START_TAG: first.key,
                ASSET_PARTITION_RANGE_END_TAG: last.key,
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
        with self._canceled_by_ctrl_c(dagster_run_id):
            result = job.execute_in_process(
                instance=self.instance,
                run_id=dagster_run_id,
                tags={**tags, HEADLESS_TAG: "true", MACHINE_TAG: this_machine()},
                run_config={"loggers": {"console": {"config": {"log_level": self.log_level}}}},
                partition_key=tags.get(PARTITION_NAME_TAG),
                asset_selection=assets,
                raise_on_error=False,
            )
            if any(was_interrupted(event) for event in result.all_events):
                raise KeyboardInterrupt

    @contextmanager
    def _canceled_by_ctrl_c(self, dagster_run_id: str) -> Iterator[None]:
        """A Ctrl-C between two steps would leave the run open for ever."""
        try:
            yield
        except KeyboardInterrupt:
            run = self.instance.get_run_by_id(dagster_run_id)
            if run is not None and not run.is_finished:
                self.instance.report_run_canceled(run, "interrupted")
            raise

    @contextmanager
    def _alive(self, dagster_run_id: str) -> Iterator[Path]:
        """Hold the lock file of a run, which stays until the run is forgotten."""
        self.lock_folder.mkdir(parents=True, exist_ok=True)
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
            lock.unlink()


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
