"""What the tests of evaluations share: stored weeks, and a planner that answers as it is told."""

from collections.abc import Callable, Iterable, Sequence
from itertools import cycle

import pandas as pd
from pymongo.database import Database

from weekly_plan_assets.domain.metrics.weekly_metrics import HISTORY_WEEKS, summarise_weeks
from weekly_plan_assets.domain.plan.weekly_plan import SessionKind, WeeklyPlan
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.evaluation.backtest import Backtest
from weekly_plan_assets.evaluation.kept_answers import EvaluationAnswer
from weekly_plan_assets.evaluation.persona_evaluation import evaluation_of_personas
from weekly_plan_assets.evaluation.quality.persona_weeks import PersonaWeeks
from weekly_plan_assets.evaluation.record import Evaluation
from weekly_plan_assets.planners.base import Answer, Planner, PlanningRequest, Rejection
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.sources.personas.persona_table import PERSONA_BY_KEY
from weekly_plan_assets.storage.codec import BsonDocument, encode_rows
from weekly_plan_assets.storage.week_rows import ACTIVITIES, WEEKLY_METRICS, WELLNESS, WeekRows
from weekly_plan_assets_tests.support.graph import activity, wellness_day

FIRST = TrainingWeek.parse("2024-01-01")

Speech = Callable[[WeeklyPlan], Answer]
"""What is answered in place of the deterministic plan."""


def store_weeks(database: Database[BsonDocument], weeks: Sequence[TrainingWeek]) -> None:
    """Weeks of four runs and daily wellness, as the assets store them."""
    runs = [
        activity(f"{day}", f"{day}T07:00:00")
        for week in weeks
        for day in week.days
        if day.weekday() in {1, 3, 5, 6}
    ]
    nights = [wellness_day(day.isoformat()) for week in weeks for day in week.days]
    metrics = summarise_weeks("i1", weeks, pd.DataFrame(runs), pd.DataFrame(nights))
    for kind, rows in ((ACTIVITIES, runs), (WELLNESS, nights), (WEEKLY_METRICS, metrics)):
        WeekRows(database, kind, "i1").replace(weeks, encode_rows(rows))


def four_weeks_after_history(database: Database[BsonDocument]) -> list[TrainingWeek]:
    """Four stored weeks, each with its whole history stored before it."""
    weeks = [FIRST.shift(number) for number in range(HISTORY_WEEKS + 4)]
    store_weeks(database, weeks)
    return weeks[HISTORY_WEEKS:]


def asked_of_personas(
    *planners: Planner, keys: tuple[str, ...] = ("steady",), weeks: int = 3, repeats: int = 1
) -> tuple[Evaluation, list[EvaluationAnswer]]:
    """The evaluation, and every answer in the order in which it was given."""
    athletes = [PersonaWeeks(PERSONA_BY_KEY[key], weeks) for key in keys]
    answers: list[EvaluationAnswer] = []
    backtest = Backtest(athletes, planners, repeats=repeats, keep=answers.append)
    list(backtest.run())
    return evaluation_of_personas(backtest, athletes), answers


class ScriptedPlanner:
    """Answers by a script, over and over; every request and prompt is remembered."""

    prompt_version = "script-1"

    def __init__(self, model_id: str, script: Iterable[Speech]) -> None:
        self.model_id = model_id
        self.asked: list[tuple[PlanningRequest, str]] = []
        self._script = cycle(script)

    def render_prompt(self, request: PlanningRequest) -> str:
        return f"Plan {request.context.planned_week}."

    def propose(
        self, request: PlanningRequest, prompt: str, rejections: Sequence[Rejection]
    ) -> Answer:
        self.asked.append((request, prompt))
        return next(self._script)(RulesPlanner().plan(request))


def as_it_is(plan: WeeklyPlan) -> Answer:
    """The deterministic plan, of 100 tokens read and 10 written."""
    return _answer(plan.model_dump_json(by_alias=True))


def no_json(_: WeeklyPlan) -> Answer:
    return _answer("I would rather not.")


def off_by_five(plan: WeeklyPlan) -> Answer:
    """The week states five more than its sessions hold."""
    wrong = plan.next_week.model_copy(update={"planned_load": plan.next_week.planned_load + 5})
    return _answer(plan.model_copy(update={"next_week": wrong}).model_dump_json(by_alias=True))


def a_little_other(plan: WeeklyPlan) -> Answer:
    """The deterministic plan, but its first easy session is one of recovery and brings 2 less."""
    days = list(plan.days)
    at, number = next(
        (at, number)
        for at, day in enumerate(days)
        for number, session in enumerate(day.sessions)
        if session.kind in _OTHER_KIND
    )
    sessions = list(days[at].sessions)
    other = {
        "kind": _OTHER_KIND[sessions[number].kind],
        "planned_load": sessions[number].planned_load - 2,
    }
    sessions[number] = sessions[number].model_copy(update=other)
    load = days[at].planned_load - 2
    days[at] = days[at].model_copy(update={"sessions": tuple(sessions), "planned_load": load})
    load = plan.next_week.planned_load - 2
    week = plan.next_week.model_copy(update={"planned_load": load})
    changed = plan.model_copy(update={"days": tuple(days), "next_week": week})
    return _answer(changed.model_dump_json(by_alias=True))


_OTHER_KIND = {
    SessionKind.EASY: SessionKind.RECOVERY,
    SessionKind.RECOVERY: SessionKind.EASY,
}


def _answer(text: str) -> Answer:
    return Answer(text, input_tokens=100, output_tokens=10, model="script-2024-01")
