"""What every run-keyed document says, and how far its execution got."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.week import TrainingWeek


class Status(StrEnum):
    """How far a planning execution got."""

    STARTED = "started"
    SUCCESS = "success"
    FAILURE = "failure"


class RunRecord(Document):
    """Which execution, whose, from which week and for which.

    `week_start` and `week_end` always name the planned week; `observed_week_start` is the
    partition, the week that the plan was made from.
    """

    run_id: str = Field(min_length=1)
    athlete_id: str
    observed_week_start: date
    week_start: date
    week_end: date

    @property
    def observed_week(self) -> TrainingWeek:
        """The week that the plan is made from."""
        return TrainingWeek(self.observed_week_start)

    @property
    def planned_week(self) -> TrainingWeek:
        """The week that the plan is for."""
        return TrainingWeek(self.week_start)

    @property
    def identity(self) -> dict[str, object]:
        """The fields of this class, for another record of the same execution."""
        return {name: getattr(self, name) for name in RunRecord.model_fields}
