"""Documents with schema version 1.0: of the workflow that this lineage comes from.

Texts stand where version 2.0 has numbers; there is no coverage, no envelope and no provenance.
They are read as they are and never rewritten; what of them a planner can use belongs to
`storage.version_1_rows`.
"""

from datetime import UTC, date, datetime
from typing import Any, Literal

from pydantic import Field, field_validator

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.week import TrainingWeek


class RecordV1(Document):
    """What every run-keyed document of this version says.

    `created_at` may be stored as a date or as ISO text; without a zone it is UTC.
    """

    run_id: str = Field(min_length=1)
    athlete_id: str | None = None
    week_start: date
    week_end: date
    created_at: datetime | None = None

    @field_validator("created_at")
    @classmethod
    def _utc_without_zone(cls, at: datetime | None) -> datetime | None:
        return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at

    @property
    def planned_week(self) -> TrainingWeek:
        """The week that the plan is for."""
        return TrainingWeek(self.week_start)


class DayV1(Document):
    """One day, in words, in the language of the workflow (Spanish)."""

    day_name: str = Field(alias="day")
    date: date
    activity: str
    distance_time: str | None = Field(default=None, alias="distance_time")
    intensity: str | None = None
    goal: str | None = None
    note: str | None = None


class NextWeekV1(Document):
    """The planned week as a whole."""

    objective: str
    phase: str
    week_start: date
    week_end: date


class ActivityPlanV1(Document):
    """The published week."""

    next_week: NextWeekV1
    days: tuple[DayV1, ...]


class PlanSnapshotV1(RecordV1):
    """A published plan."""

    attempt: int | None = None
    schema_version: Literal["1.0"] = Field(alias="schema_version")
    activity_plan: ActivityPlanV1
    justification: tuple[str, ...] = ()


class RunEventV1(RecordV1):
    """How one planned week ended."""

    status: str
    attempt: int | None = None
    error_count: int | None = None
    errors: tuple[str, ...] = ()


class RunArtifactsV1(RecordV1):
    """Inputs, prompt and outputs, as far as they were kept; the parts are of no fixed shape."""

    prompt_version: str | None = None
    model_id: str | None = None
    prompt: Any = None
    metrics: Any = None
    history: Any = None
    activities: Any = None
    wellness: Any = None
    status: str | None = None
    attempt: int | None = None
    output_validated: Any = None
    output_raw: Any = None
    errors: tuple[str, ...] = ()
    error_count: int | None = None
