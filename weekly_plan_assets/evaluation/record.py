"""What is kept of an evaluation: who was asked, about which weeks, and the figures."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

from pydantic import Field
from pymongo.database import Database

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.evaluation.backtest_figures import Asking, Figures
from weekly_plan_assets.evaluation.blind_sheet import SheetKey
from weekly_plan_assets.evaluation.kept_answers import EvaluationAnswer
from weekly_plan_assets.evaluation.quality.score import ItemScore
from weekly_plan_assets.storage.codec import BsonDocument, encode
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.errors import StoreError
from weekly_plan_assets.storage.retrying import retried
from weekly_plan_assets.storage.upsert import replacing_upsert, write_upserts

LATEST = "latest"


class UnknownEvaluationError(StoreError):
    """No evaluation, or more than one, is meant; the message says which there are."""


class WeekLeftOut(Document):
    """A week about which nobody could be asked, and why."""

    athlete_id: str | None = None
    observed_week_start: date
    reason: str


class WeekFigures(Document):
    """Figures of one model about one observed week of one athlete."""

    athlete_id: str | None = None
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
        by_week: dict[tuple[str, TrainingWeek], list[Asking]] = {}
        for asking in askings:
            by_week.setdefault((asking.athlete_id, asking.week), []).append(asking)
        models = {attempt.model for asking in askings for attempt in asking.attempts}
        return cls(
            model_id=model_id,
            prompt_version=prompt_version,
            answered_by=tuple(sorted(model for model in models if model is not None)),
            stopped=stopped,
            figures=Figures.of(askings),
            weeks=tuple(
                WeekFigures(
                    athlete_id=athlete_id,
                    observed_week_start=week.start,
                    figures=Figures.of(of_week),
                )
                for (athlete_id, week), of_week in by_week.items()
            ),
        )


class Evaluation(Document):
    """One evaluation: planners side by side over the same weeks.

    Attributes:
        athlete_id: Whose weeks; None for simulated athletes.
        personas: Who the simulated athletes are, by key; empty for weeks of the store.
        registry_version: Names the rules by which the answers were judged.
        repeats: How often each planner was asked about each week.
        max_attempts: How many answers it had for it.
        complete: Whether every planner was asked about every week, or it ended before.
        weeks: The weeks observed, oldest first.
        left_out: Weeks between the first of them and the latest whole week that were not.
        quality: The items of plan quality over the valid plans for simulated athletes, with one
            reading a planner; empty for weeks of the store.
        sheets: The keys of the blind sheets that were made of its plans.
    """

    evaluation_id: str = Field(min_length=1)
    athlete_id: str | None
    personas: dict[str, str] = Field(default_factory=dict)
    started_at: datetime
    ended_at: datetime
    registry_version: str
    repeats: int = Field(ge=1)
    max_attempts: int = Field(ge=1)
    complete: bool
    weeks: tuple[date, ...]
    left_out: tuple[WeekLeftOut, ...]
    models: tuple[ModelFigures, ...]
    quality: tuple[ItemScore, ...] = ()
    sheets: tuple[SheetKey, ...] = ()

    def with_sheet(self, key: SheetKey) -> Self:
        """The evaluation with the key of a sheet, in place of one of the same sheet."""
        others = [one for one in self.sheets if one.sheet_id != key.sheet_id]
        return self.model_copy(update={"sheets": (*others, key)})

    def sheet(self, sheet_id: str) -> SheetKey | None:
        """The key of a sheet; None if it is not one of this evaluation."""
        return next((one for one in self.sheets if one.sheet_id == sheet_id), None)


def store_evaluation(database: Database[BsonDocument], evaluation: Evaluation) -> None:
    """Keep an evaluation; one of the same id is replaced.

    Raises:
        UpsertError: The server refused it.
    """
    upsert = replacing_upsert({"_id": evaluation.evaluation_id}, encode(evaluation))
    write_upserts(database[CollectionName.EVALUATIONS], [upsert])


def store_answer(database: Database[BsonDocument], answer: EvaluationAnswer) -> None:
    """Keep the answers of one asking; those of the same asking are replaced.

    Raises:
        UpsertError: The server refused them.
    """
    upsert = replacing_upsert({"_id": answer.key}, encode(answer))
    write_upserts(database[CollectionName.EVALUATION_ANSWERS], [upsert])


@retried
def read_answers(
    database: Database[BsonDocument], evaluation_id: str
) -> tuple[EvaluationAnswer, ...]:
    """The answers of an evaluation, by athlete, week and planner."""
    theirs = {"_id": {"$regex": f"^{re.escape(evaluation_id)}[|]"}}
    found = database[CollectionName.EVALUATION_ANSWERS].find(theirs, sort=[("_id", 1)])
    return tuple(EvaluationAnswer.model_validate(document) for document in found)


@retried
def read_evaluation(database: Database[BsonDocument], name: str) -> Evaluation:
    """The evaluation of an id, of the start of one, or the latest.

    Args:
        database: Where it is stored.
        name: An evaluationId, the start of one, or `latest`.

    Raises:
        UnknownEvaluationError: There is none, or more than one.
    """
    theirs = {} if name == LATEST else {"_id": {"$regex": f"^{re.escape(name)}"}}
    evaluations = database[CollectionName.EVALUATIONS]
    found = evaluations.find(theirs, sort=[("startedAt", -1)], limit=2).to_list()
    if not found:
        raise UnknownEvaluationError(
            f"the database {database.name} holds no evaluation {name}; `weekly-plan evaluate` "
            "makes one and shows its evaluationId"
        )
    if len(found) > 1 and name != LATEST:
        raise UnknownEvaluationError(
            f"{name} is the start of more than one evaluationId, such as {found[0]['_id']} and "
            f"{found[1]['_id']}; write more of it"
        )
    return Evaluation.model_validate(found[0])


@retried
def evaluation_of_sheet(database: Database[BsonDocument], sheet_id: str) -> Evaluation:
    """The evaluation that a blind sheet was made of, the latest of several with the same plans.

    Raises:
        UnknownEvaluationError: There is none.
    """
    theirs = {"sheets.sheetId": sheet_id}
    found = database[CollectionName.EVALUATIONS].find_one(theirs, sort=[("startedAt", -1)])
    if found is None:
        raise UnknownEvaluationError(
            f"the database {database.name} holds no key of the blind sheet {sheet_id}; read it "
            "back with the database, and the settings, with which it was written"
        )
    return Evaluation.model_validate(found)
