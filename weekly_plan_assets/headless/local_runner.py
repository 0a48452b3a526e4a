"""Runs without the UI: the jobs of the code location, in this process, on the shared history.

What the command line offers and how it looks belong to `cli`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from dagster import (
    AssetKey,
    DagsterInstance,
    WeeklyPartitionsDefinition,
)

from weekly_plan_assets.defs.build import build_defs
from weekly_plan_assets.defs.partitions import (
    MAX_WEEKS_PER_RUN,
    first_partition,
    weekly_partitions,
    weeks_without_partition,
)
from weekly_plan_assets.domain.week import TrainingWeek, week_ranges, weeks_between
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.headless.runs_here import RunsHere
from weekly_plan_assets.lineage.handover import require_same_athlete
from weekly_plan_assets.lineage.records.records import RunEvent
from weekly_plan_assets.runs.code_location import CLOSE_WEEK, WEEKLY_PLAN
from weekly_plan_assets.runs.dagster_private import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)
from weekly_plan_assets.runs.tags import (
    WEEKS_TAG,
)
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.settings.first_week import remember_first_day
from weekly_plan_assets.sources.base import TrainingSource
from weekly_plan_assets.sources.opening import open_source
from weekly_plan_assets.storage.connection import project_database
from weekly_plan_assets.storage.week_rows import WEEKLY_METRICS, WeekRows

if TYPE_CHECKING:
    from weekly_plan_assets.sources.files.importing import Progress


class EarlierDataError(WeeklyPlanError, RuntimeError):
    """The data begin before the partitions of this process; the next process has them all."""


@dataclass(frozen=True, kw_only=True)
class LocalRunner(RunsHere):
    """Runs the jobs of one athlete in this process.

    Attributes:
        settings: Those that the code location is built from.
        weeks: The partitions of its assets.
        source: Where the runs read; asked for its first day.
    """

    settings: Settings
    weeks: WeeklyPartitionsDefinition
    source: TrainingSource

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
        """Run a job that plans from `observed`; the rest is that of `run_planning`."""
        return self.run_planning(job_name, {PARTITION_NAME_TAG: observed.key})[0]

    def _run_ranges(
        self, weeks: Sequence[TrainingWeek], what: str, assets: Sequence[AssetKey] | None = None
    ) -> None:
        """Run the job that makes no plan, or some assets of it, over `weeks`."""
        for first, last in week_ranges(weeks, MAX_WEEKS_PER_RUN):
            tags = {
                ASSET_PARTITION_RANGE_START_TAG: first.key,
                ASSET_PARTITION_RANGE_END_TAG: last.key,
                WEEKS_TAG: f"{first} to {last}",
            }
            self.run_without_plan(CLOSE_WEEK, tags, f"{what} of {first} to {last}", assets)
