"""A code location that keeps an asset of its own in MongoDB through this project's IO manager.

The asset returns rows and says where they are kept; the IO manager replaces a week of them at a
time, by key, remembers in a ledger which weeks were stored, and shows Dagster what changed.
MONGO_URL and the other settings decide where the database is.
"""

from datetime import timedelta

import pandas as pd
from dagster import AssetExecutionContext, Definitions, WeeklyPartitionsDefinition, asset

from weekly_plan_assets.defs.io_manager import AthleteScope, MongoIOManager, week_rows_in
from weekly_plan_assets.defs.resources import SettingsMongo
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.week_rows import RowKind

NIGHTS = RowKind("sleep_diary", key="night", day_field="night")
WEEKS = WeeklyPartitionsDefinition("2024-01-01", day_offset=1)


class Sleeper(AthleteScope):
    """Whose nights these are."""

    def athlete_id(self) -> str:
        """The id that is stored with every row."""
        return "sleeper"


@asset(partitions_def=WEEKS, metadata=week_rows_in(NIGHTS))
def sleep_diary(context: AssetExecutionContext) -> pd.DataFrame:
    """The nights of a week; drawn here, where a real one would read a file or a service."""
    week = TrainingWeek.parse(context.partition_key)
    nights = [week.start + timedelta(days=number) for number in range(7)]
    return pd.DataFrame(
        {
            "night": [night.isoformat() for night in nights],
            "sleep_s": [7 * 3600 + 600 * (night.day % 5) for night in nights],
        }
    )


@asset(partitions_def=WEEKS, metadata=week_rows_in(RowKind("sleep_weeks", "week", "week")))
def sleep_weeks(context: AssetExecutionContext, sleep_diary: pd.DataFrame) -> pd.DataFrame:
    """One row a week: the mean night."""
    return pd.DataFrame(
        {"week": [context.partition_key], "mean_sleep_s": [float(sleep_diary["sleep_s"].mean())]}
    )


def build_defs(mongo: SettingsMongo | None = None) -> Definitions:
    """The code location, over the database of the settings or another one."""
    manager = MongoIOManager(mongo=mongo or SettingsMongo(), source=Sleeper())
    return Definitions(assets=[sleep_diary, sleep_weeks], resources={"io_manager": manager})


defs = build_defs()
