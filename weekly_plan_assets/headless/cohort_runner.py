"""Runs of a roster without the UI: each cohort in one run, on the shared history."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from dagster import DagsterInstance

from weekly_plan_assets.athletes.cohorts import Cohort, cohorts_of
from weekly_plan_assets.athletes.each_athlete import OpenedRoster
from weekly_plan_assets.defs.build import build_defs
from weekly_plan_assets.defs.cohorts.cohort_partitions import add_cohorts, partition_of
from weekly_plan_assets.defs.partitions import MAX_WEEKS_PER_RUN
from weekly_plan_assets.domain.week import TrainingWeek, week_ranges, weeks_between
from weekly_plan_assets.headless.runs_here import RunsHere
from weekly_plan_assets.lineage.records.records import RunEvent
from weekly_plan_assets.runs.code_location import CLOSE_WEEK, WEEKLY_PLAN
from weekly_plan_assets.runs.dagster_private import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)
from weekly_plan_assets.runs.facts import COHORT_PUBLISHING_STEP, COHORT_TAG, WEEK_OF_COHORT_TAG
from weekly_plan_assets.runs.tags import ATHLETES_TAG, WEEKS_TAG
from weekly_plan_assets.settings import Settings, SettingsError
from weekly_plan_assets.settings.first_week import remember_first_day
from weekly_plan_assets.storage.connection import project_database
from weekly_plan_assets.storage.week_rows import WEEKLY_METRICS, WeekRows


@dataclass(frozen=True, kw_only=True)
class CohortRunner(RunsHere):
    """Runs the jobs of a roster in this process.

    Attributes:
        settings: What the athletes share.
        opened: The athletes, whose sources say when their data begin.
    """

    settings: Settings
    opened: OpenedRoster

    @classmethod
    def of(cls, settings: Settings, instance: DagsterInstance, log_level: str = "CRITICAL") -> Self:
        """With the code location and the database of the settings."""
        url = settings.mongo_url.get_secret_value() if settings.mongo_url else None
        database = project_database(url, settings.embedded_dir, settings.database_name)
        return cls(
            settings=settings,
            opened=OpenedRoster(settings, database),
            instance=instance,
            definitions=build_defs(settings),
            database=database,
            lock_folder=settings.dagster_state_dir / "headless",
            log_level=log_level,
        )

    def cohorts(self, only: Collection[str] = ()) -> list[Cohort]:
        """The cohorts of the roster, known to Dagster from now on.

        Args:
            only: Ids of the only athletes that count; empty: all.

        Raises:
            SettingsError: The roster has no athletes.
        """
        roster = self.settings.roster
        if roster is None or not roster.athletes:
            raise SettingsError("the roster is empty; `weekly-plan athletes add` fills it")
        found = cohorts_of(self.database, self.settings, roster)
        add_cohorts(self.instance, [one.key for one in found])
        return [part for one in found if (part := one.part(only)).athletes]

    def with_first_days(self, cohorts: Iterable[Cohort]) -> Self:
        """The runner whose partitions begin where the data of these athletes do.

        Else the athletes who are read first would decide how much is read of the others.
        """
        begins = self.settings.first_week
        athletes = [one for cohort in cohorts for one in cohort.athletes]
        found = self.opened.read_each(athletes, lambda steps: steps.athlete.first_day)
        for athlete_id, first_day in found.done.items():
            if first_day is not None:
                remember_first_day(self.lock_folder.parent, athlete_id, first_day)
        if self.settings.first_week >= begins:
            return self
        return replace(self, definitions=build_defs(self.settings))

    def missing_weeks(self, cohort: Cohort, before: TrainingWeek) -> dict[str, list[TrainingWeek]]:
        """For each athlete the weeks before `before` that have no metrics yet, as far as known.

        An athlete whose source cannot be read has none here; the run says what is wrong.
        """
        first_week = TrainingWeek.containing(self.settings.first_week)
        found = self.opened.read_each(cohort.athletes, lambda steps: steps.athlete.first_day)
        missing = {}
        for athlete_id, first_day in found.done.items():
            if first_day is None:
                continue
            first = max(TrainingWeek.containing(first_day), first_week)
            weeks = list(weeks_between(first, before.shift(-1)))
            stored = WeekRows(self.database, WEEKLY_METRICS, athlete_id).stored_weeks(weeks)
            missing[athlete_id] = [week for week in weeks if week not in stored]
        return missing

    def materialize_metrics(self, cohort: Cohort, weeks: Sequence[TrainingWeek]) -> None:
        """Read `weeks` of athletes of a cohort and compute their metrics.

        Raises:
            RunFailedError: A run could do nothing for any of them.
        """
        for first, last in week_ranges(weeks, MAX_WEEKS_PER_RUN):
            tags = {
                ASSET_PARTITION_RANGE_START_TAG: str(partition_of(cohort.key, first)),
                ASSET_PARTITION_RANGE_END_TAG: str(partition_of(cohort.key, last)),
                WEEKS_TAG: f"{first} to {last}",
                **_only(cohort),
            }
            self.run_without_plan(CLOSE_WEEK, tags, f"metrics of {first} to {last}")

    def plan(
        self, cohort: Cohort, observed: TrainingWeek, *, again: bool = False
    ) -> tuple[RunEvent, ...]:
        """Plan for the athletes of a cohort; one event each, none for whose plan stands.

        Args:
            cohort: The athletes.
            observed: The week that is planned from.
            again: Whether it is planned for those, too, whose plan stands.
        """
        tags = {
            PARTITION_NAME_TAG: str(partition_of(cohort.key, observed)),
            COHORT_TAG: cohort.key,
            WEEK_OF_COHORT_TAG: observed.key,
        }
        tags |= _only(cohort)
        return self.run_planning(WEEKLY_PLAN, tags, {COHORT_PUBLISHING_STEP: {"again": again}})


def _only(cohort: Cohort) -> dict[str, str]:
    """The tag that leaves out the other athletes of a cohort; none where there are no others."""
    ids = " ".join(one.id for one in cohort.athletes)
    return {ATHLETES_TAG: ids} if cohort.is_part else {}
