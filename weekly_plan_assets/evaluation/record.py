"""What is kept of an evaluation: who was asked, about which weeks, and the figures."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

from pydantic import Field
from pymongo.database import Database

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.evaluation.backtest_figures import Asking, Figures
from weekly_plan_assets.storage.codec import BsonDocument, encode
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.upsert import replacing_upsert, write_upserts


class WeekLeftOut(Document):
    """A week about which nobody could be asked, and why."""

    observed_week_start: date
    reason: str


class WeekFigures(Document):
    """Figures of one model about one observed week."""

    observed_week_start: date
    figures: Figures


class ModelFigures(Document):
    """Figures of one model: over all weeks, and week by week.

    Attributes:
        answered_by: Who answered, where the answers said so: a name may stand for many versions.
        stopped: Why it was not asked further; None if it was asked to the end.
    """

    model_id: str
    prompt_version: str
    answered_by: tuple[str, ...]
    stopped: str | None
    figures: Figures
    weeks: tuple[WeekFigures, ...]

    @classmethod
    def of(
        cls, model_id: str, prompt_version: str, askings: Sequence[Asking], stopped: str | None
    ) -> Self:
        """The figures over these askings, in the order in which they were made."""
        by_week: dict[TrainingWeek, list[Asking]] = {}
        for asking in askings:
            by_week.setdefault(asking.week, []).append(asking)
        models = {attempt.model for asking in askings for attempt in asking.attempts}
        return cls(
            model_id=model_id,
            prompt_version=prompt_version,
            answered_by=tuple(sorted(model for model in models if model is not None)),
            stopped=stopped,
            figures=Figures.of(askings),
            weeks=tuple(
                WeekFigures(observed_week_start=week.start, figures=Figures.of(of_week))
                for week, of_week in by_week.items()
            ),
        )


class Evaluation(Document):
    """One evaluation: planners side by side over the same weeks.

    Attributes:
        registry_version: Names the rules by which the answers were judged.
        repeats: How often each planner was asked about each week.
        max_attempts: How many answers it had for it.
        complete: Whether every planner was asked about every week, or it ended before.
        weeks: The weeks observed, oldest first.
        left_out: Weeks between the first of them and the latest whole week that were not.
    """

    evaluation_id: str = Field(min_length=1)
    athlete_id: str
    started_at: datetime
    ended_at: datetime
    registry_version: str
    repeats: int = Field(ge=1)
    max_attempts: int = Field(ge=1)
    complete: bool
    weeks: tuple[date, ...]
    left_out: tuple[WeekLeftOut, ...]
    models: tuple[ModelFigures, ...]


def store_evaluation(database: Database[BsonDocument], evaluation: Evaluation) -> None:
    """Keep an evaluation; one of the same id is replaced.

    Raises:
        UpsertError: The server refused it.
    """
    upsert = replacing_upsert({"_id": evaluation.evaluation_id}, encode(evaluation))
    write_upserts(database[CollectionName.EVALUATIONS], [upsert])
