"""Any number of activities in training weeks, and how the IO manager is given them to store."""

from dataclasses import dataclass
from datetime import date, timedelta
from time import perf_counter
from typing import Any, ClassVar

from dagster import (
    AssetsDefinition,
    BackfillPolicy,
    DagsterInstance,
    OutputContext,
    WeeklyPartitionsDefinition,
    asset,
    materialize,
)
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
)

from benchmarks.figures import QUIET
from weekly_plan_assets.defs.io_manager import AthleteScope, MongoIOManager, week_rows_in
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.week import DAYS_PER_WEEK, TrainingWeek
from weekly_plan_assets.sources.sample.source import SampleSource
from weekly_plan_assets.storage.week_rows import ACTIVITIES
from weekly_plan_assets_tests.support.graph import MongoAt

FIRST = TrainingWeek(date(2000, 1, 3))


class Somebody(AthleteScope):
    """The one athlete."""

    def athlete_id(self) -> str:
        """Theirs."""
        return "bench"


class TimedIOManager(MongoIOManager):
    """The project's own, which notes how long it took to store."""

    took_s: ClassVar[list[float]] = []

    def handle_output(self, context: OutputContext, obj: object) -> None:
        """Store as the project does."""
        began_s = perf_counter()
        super().handle_output(context, obj)
        self.took_s.append(perf_counter() - began_s)


@dataclass(frozen=True, slots=True)
class ManyRows:
    """Activities of consecutive weeks, as the activities asset returns them."""

    rows: list[Activity]
    weeks: int

    @classmethod
    def of(cls, weeks: int, rows_a_week: int) -> "ManyRows":
        """So many a week, each like one of the sample athlete, with an id of its own."""
        last = date(2024, 12, 29)
        patterns = SampleSource(last).activities(last - timedelta(weeks=52), last)
        rows = [
            _moved(patterns[number % len(patterns)], number, rows_a_week)
            for number in range(weeks * rows_a_week)
        ]
        return cls(rows, weeks)

    def store(self, url: str, database: str) -> float:
        """Seconds that the IO manager takes for them, in one ranged run of one asset."""
        mongo = MongoAt(url=url, database_name=database)
        with DagsterInstance.ephemeral() as instance:
            materialize(
                [self._asset()],
                instance=instance,
                resources={"io_manager": TimedIOManager(mongo=mongo, source=Somebody())},
                tags={
                    ASSET_PARTITION_RANGE_START_TAG: FIRST.key,
                    ASSET_PARTITION_RANGE_END_TAG: FIRST.shift(self.weeks - 1).key,
                },
                run_config=QUIET,
            )
        return TimedIOManager.took_s.pop()

    def _asset(self) -> AssetsDefinition:
        partitions = WeeklyPartitionsDefinition(start_date=FIRST.key, day_offset=1)

        @asset(
            partitions_def=partitions,
            backfill_policy=BackfillPolicy.single_run(),
            metadata=week_rows_in(ACTIVITIES),
        )
        def activities() -> Any:
            return self.rows

        return activities


def _moved(pattern: Activity, number: int, rows_a_week: int) -> Activity:
    week, place = divmod(number, rows_a_week)
    day = FIRST.shift(week).start + timedelta(days=place % DAYS_PER_WEEK)
    clock = pattern.start_date_local.replace(year=day.year, month=day.month, day=day.day)
    return pattern.model_copy(update={"id": f"bench{number}", "start_date_local": clock})
