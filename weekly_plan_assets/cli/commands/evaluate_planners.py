"""`weekly-plan evaluate`: planners are asked about past weeks, of the store or of personas."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from weekly_plan_assets.cli.commands.athlete import (
    lineage_of,
    say_whose,
    settings_and_id,
    settings_for,
)
from weekly_plan_assets.cli.commands.run_roster import chosen_in
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets.terminal.console import err
from weekly_plan_assets.terminal.failures import FAILED, INTERRUPTED, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pymongo.database import Database

    from weekly_plan_assets.evaluation.backtest import AthleteWeeks, Backtest
    from weekly_plan_assets.evaluation.record import Evaluation
    from weekly_plan_assets.evaluation.stored import PastWeeks
    from weekly_plan_assets.lineage.records.reading import Lineage
    from weekly_plan_assets.planners.base import Planner
    from weekly_plan_assets.settings import Settings
    from weekly_plan_assets.sources.base import TrainingSource
    from weekly_plan_assets.storage.codec import BsonDocument

STORED_WEEKS = 12
PERSONA_WEEKS = 4

STORED_EVERY_S = 10.0
"""The figures so far are stored no more often: models take longer than that for a few answers, and
the rules would be slowed down."""


@dataclass(frozen=True, slots=True)
class Question:
    """Who is asked about which weeks.

    Attributes:
        weeks: How many, of each athlete; None for the usual number.
        models: Planners by name; empty for those of the settings.
        athlete: What `--athlete` says.
        personas: Keys of simulated athletes; None for the weeks of the store.
    """

    weeks: int | None
    models: "Sequence[str]"
    repeats: int
    athlete: str | None
    personas: "Sequence[str] | None"


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of it.

    Attributes:
        whole: False where a Ctrl-C ended it early.
        simulated: Whether the weeks of the store are those of the sample.
    """

    database: "Database[BsonDocument]"
    evaluation: "Evaluation"
    whole: bool
    simulated: bool


def ask_planners(question: Question) -> Asked:
    """Ask, keep every answer as soon as it is there, and keep the figures.

    Raises:
        typer.BadParameter: The roster has several athletes, and it is not said which one is meant.
        typer.Exit: Nobody can be asked, or nothing was answered; it is said why.
    """
    from weekly_plan_assets.evaluation.record import store_evaluation
    from weekly_plan_assets.evaluation.stored import NothingStoredError
    from weekly_plan_assets.planners.base import PlannerError

    settings, athlete = _settings_and_id(question)
    try:
        planners = planners_asked(question, settings)
        if question.personas is None:
            lineage = lineage_of(settings, athlete)
            database = lineage.database
            backtest, evaluated = _of_the_store(question, planners, settings, lineage)
        else:
            from weekly_plan_assets.cli.store import open_database

            database = open_database(settings)
            backtest, evaluated = _of_personas(question, planners, settings, database)
    except (NothingStoredError, PlannerError) as error:
        say(str(error))
        raise typer.Exit(FAILED) from None

    from weekly_plan_assets.cli.pages.render_evaluation import say_gaps

    whole = asked_to_the_end(backtest, lambda: store_evaluation(database, evaluated()))
    evaluation = evaluated()
    say_gaps(evaluation)
    if not backtest.begun:
        err.print("nothing was answered, so there is nothing to compare", style="red")
        raise typer.Exit(FAILED if whole else INTERRUPTED)
    store_evaluation(database, evaluation)
    if not whole:
        err.print("interrupted; what is done is kept", style="yellow")
    return Asked(database, evaluation, whole, settings.is_sample)


def _settings_and_id(question: Question) -> "tuple[Settings, str | None]":
    """The settings of the athlete whose weeks are meant, and the id that was asked for."""
    roster = load_settings().roster
    if roster is None or question.personas is not None:
        return settings_for(question.athlete), question.athlete
    (chosen,) = chosen_in(roster, question.athlete, everybody=False)
    return settings_and_id(chosen, reads_only=False)


def _of_the_store(
    question: Question, planners: "Sequence[Planner]", settings: "Settings", lineage: "Lineage"
) -> "tuple[Backtest, Callable[[], Evaluation]]":
    """The latest whole weeks of an athlete.

    Raises:
        NothingStoredError: There is no such week.
        SourceError: The source, or the athlete's own file, cannot be read.
    """
    from weekly_plan_assets.sources.opening import open_source

    source = open_source(settings, settings.today())
    past = weeks_asked_about(question, settings, source, lineage)
    say_whose(settings, None, [past.athlete_id])
    backtest = backtest_of([past], question, planners, settings, lineage.database)
    return backtest, backtest.evaluation


def weeks_asked_about(
    question: Question, settings: "Settings", source: "TrainingSource", lineage: "Lineage"
) -> "PastWeeks":
    """The latest whole weeks of the athlete of `lineage`, with what is known beside them.

    Args:
        question: How many.
        settings: Those of the athlete.
        source: The athlete's.
        lineage: Where the weeks are stored, and whose they are.

    Raises:
        NothingStoredError: There is no such week.
        SourceError: The source, or the athlete's own file, cannot be read.
    """
    from dataclasses import replace

    from weekly_plan_assets.domain.week import TrainingWeek
    from weekly_plan_assets.evaluation.stored import PastWeeks
    from weekly_plan_assets.sources.athlete_context import ContextReader
    from weekly_plan_assets.sources.opening import own_file

    last = TrainingWeek.latest_whole(settings.today())
    weeks = question.weeks or STORED_WEEKS
    past = PastWeeks.latest(lineage.database, last, weeks, lineage.athlete_id)
    reader = ContextReader(source, past.weeks, own_file(settings))
    return replace(past, context_of=reader.athlete_context)


def _of_personas(
    question: Question,
    planners: "Sequence[Planner]",
    settings: "Settings",
    database: "Database[BsonDocument]",
) -> "tuple[Backtest, Callable[[], Evaluation]]":
    """The last weeks of simulated athletes."""
    from weekly_plan_assets.evaluation.persona_evaluation import evaluation_of_personas
    from weekly_plan_assets.evaluation.quality.persona_weeks import PersonaWeeks
    from weekly_plan_assets.sources.personas.persona_table import PERSONA_BY_KEY

    keys = question.personas or PERSONA_BY_KEY
    with err.status("simulating the athletes"):
        athletes: list[PersonaWeeks] = [
            PersonaWeeks(PERSONA_BY_KEY[key], question.weeks or PERSONA_WEEKS) for key in keys
        ]
    backtest = backtest_of(athletes, question, planners, settings, database)
    return backtest, lambda: evaluation_of_personas(backtest, athletes)


def backtest_of(
    athletes: "Sequence[AthleteWeeks]",
    question: Question,
    planners: "Sequence[Planner]",
    settings: "Settings",
    database: "Database[BsonDocument]",
) -> "Backtest":
    """The planners asked about these weeks; every answer is stored as soon as it is there."""
    from functools import partial

    from weekly_plan_assets.evaluation.backtest import Backtest
    from weekly_plan_assets.evaluation.record import store_answer
    from weekly_plan_assets.planners.attempts import Budget

    return Backtest(
        athletes=athletes,
        planners=planners,
        repeats=question.repeats,
        max_attempts=settings.max_attempts,
        budget=Budget(settings.model_budget_s, settings.model_budget_tokens),
        keep=partial(store_answer, database),
    )


def planners_asked(question: Question, settings: "Settings") -> "list[Planner]":
    """Who is asked: the models of `--model`, or that of the settings.

    Raises:
        PlannerError: A model cannot be asked: library, provider or key are missing.
    """
    import logging

    from weekly_plan_assets.planners.base import PlannerError
    from weekly_plan_assets.planners.rules import RulesPlanner

    # Rejected answers are what is measured here, and come out in the table.
    logging.getLogger("weekly_plan_assets.planners.attempts").setLevel(logging.CRITICAL)
    if not question.models:
        beside = [] if question.personas is None else [RulesPlanner.model_id]
        names = dict.fromkeys([*beside, settings.model])
        return [_answering_planner(name, settings) for name in names]
    try:
        return [_answering_planner(name, settings) for name in dict.fromkeys(question.models)]
    except PlannerError as error:
        # Planners name the setting, which nobody set here.
        raise PlannerError(str(error).replace("WEEKLY_PLAN_MODEL", "--model")) from error


def _answering_planner(model: str, settings: "Settings") -> "Planner":
    """The planner of that name, once it is known that it can be asked."""
    from weekly_plan_assets.planners.model.planner import ModelPlanner
    from weekly_plan_assets.planners.named import planner_named

    planner = planner_named(
        model, timeout_s=settings.model_timeout_s, max_tokens=settings.model_max_tokens
    )
    if isinstance(planner, ModelPlanner):
        planner.check()
    return planner


def asked_to_the_end(
    backtest: "Backtest", store: "Callable[[], None]", *, before: str = ""
) -> bool:
    """Ask, showing how far it is; False where a Ctrl-C ended it.

    Args:
        backtest: Who is asked about what.
        store: Stores what is done, so that a process that is killed leaves it too.
        before: Is shown before how far it is.
    """
    from time import monotonic

    stored_s = monotonic()
    with err.status("reading what is known") as status:
        try:
            for number, (athlete, week, planner) in enumerate(backtest.run(), start=1):
                if backtest.begun and monotonic() - stored_s > STORED_EVERY_S:
                    store()
                    stored_s = monotonic()
                status.update(
                    f"{before}{number} of {backtest.askings}: {planner.model_id}, {athlete}, "
                    f"week of {week}"
                )
        except KeyboardInterrupt:
            return False
    return True
