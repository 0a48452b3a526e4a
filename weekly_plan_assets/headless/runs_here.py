"""A job run in this process: on the shared history, locked while it lives, recorded when it ends.

Which jobs are run, for whom and for which weeks, belongs to `local_runner` and `cohort_runner`.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import portalocker
from dagster import AssetKey, DagsterEvent, DagsterInstance, Definitions, JsonMetadataValue
from pymongo.database import Database

from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.headless.local_execution import execute_here
from weekly_plan_assets.lineage.records.records import RunEvent
from weekly_plan_assets.runs.dagster_private import make_new_run_id
from weekly_plan_assets.runs.ends import restore_end
from weekly_plan_assets.runs.events import record_run_events, run_events_of
from weekly_plan_assets.runs.facts import run_errors, was_interrupted
from weekly_plan_assets.runs.launcher import fail_if_not_ended, fail_lost_runs
from weekly_plan_assets.runs.set_aside import reason_of
from weekly_plan_assets.runs.tags import COMMAND_LINE, COMMAND_LINE_TAG, tags_of_this_process
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.liveness import is_store_away
from weekly_plan_assets.ui.stored_metadata import LEFT_OUT_METADATA

log = logging.getLogger(__name__)

_LOCK = ".lock"

_MOST_REFUSALS = 5
"""After so many refused events a command goes on; the next one tries them again."""


class RunFailedError(WeeklyPlanError, RuntimeError):
    """A run that the plan stands on did not succeed; the message says which and why."""


@dataclass(frozen=True, kw_only=True)
class RunsHere:
    """Runs jobs in this process.

    Attributes:
        instance: Where the history of the runs is kept.
        definitions: The code location.
        database: Where the runs write.
        lock_folder: Every run holds a lock file here until its event is written. A file that nobody
            holds is of a run that was killed, or whose event could not be written.
        log_level: Which of Dagster's own messages are shown.
        left_out: What the runs so far could not use of what the source sent, a sentence each.
    """

    instance: DagsterInstance
    definitions: Definitions
    database: Database[BsonDocument]
    lock_folder: Path
    log_level: str = "CRITICAL"
    left_out: list[str] = field(default_factory=list)

    def run_planning(
        self, job_name: str, tags: Mapping[str, str], config: Mapping[str, object] | None = None
    ) -> tuple[RunEvent, ...]:
        """Run a job that plans, write its run events, and return them.

        Events that the store refuses are returned all the same, and tried again by later commands.

        Args:
            job_name: Which job.
            tags: Its partition.
            config: Config of its steps, by their names.

        Raises:
            KeyboardInterrupt: It was interrupted; the events say so too.
            PyMongoError: The store does not answer.
        """
        dagster_run_id = make_new_run_id()
        with self._alive(dagster_run_id) as lock:
            try:
                self._execute(job_name, tags, dagster_run_id, config=config)
            finally:
                events = self._record(lock, dagster_run_id)
        if events is None:
            events = run_events_of(self.instance, self.database, dagster_run_id)
        return events

    def run_without_plan(
        self,
        job_name: str,
        tags: Mapping[str, str],
        what: str,
        assets: Sequence[AssetKey] | None = None,
    ) -> None:
        """Run a job that makes no plan, or some of its assets.

        Args:
            job_name: Which job.
            tags: Its partitions.
            what: What it makes and of which weeks, for messages.
            assets: Only these; None: all.

        Raises:
            RunFailedError: It did not succeed.
        """
        dagster_run_id = make_new_run_id()
        with self._alive(dagster_run_id) as lock:
            try:
                self._execute(job_name, tags, dagster_run_id, assets)
            finally:
                self._forget(lock, dagster_run_id)
        errors = run_errors(self.instance, dagster_run_id)
        if errors:
            raise RunFailedError(f"{what}: {'; '.join(errors)}")

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

    def _execute(
        self,
        job_name: str,
        tags: Mapping[str, str],
        dagster_run_id: str,
        assets: Sequence[AssetKey] | None = None,
        config: Mapping[str, object] | None = None,
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
                run_config={
                    "loggers": {"console": {"config": {"log_level": self.log_level}}},
                    "ops": {name: {"config": of_step} for name, of_step in (config or {}).items()},
                },
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
