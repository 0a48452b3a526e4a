"""`weekly-plan evaluate --all`: an evaluation for each athlete of the roster."""

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import typer

from weekly_plan_assets.cli.commands.athlete import roster_in_force
from weekly_plan_assets.cli.commands.evaluate_planners import (
    Question,
    asked_to_the_end,
    backtest_of,
    planners_asked,
    weeks_asked_about,
)
from weekly_plan_assets.cli.store import open_database
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.terminal.console import err, print_json
from weekly_plan_assets.terminal.failures import FAILED, INTERRUPTED, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from weekly_plan_assets.athletes.stored_steps import StoredSteps
    from weekly_plan_assets.evaluation.record import Evaluation
    from weekly_plan_assets.planners.base import Planner


@dataclass(slots=True)
class _RosterAsking:
    """Planners asked about one athlete after another.

    Attributes:
        planners: Who is asked; without those that gave no answer, because they would give none
            about the next athlete either.
        evaluations: What was found, by athlete.
        errors: Why an athlete was not, or not wholly, evaluated, by athlete.
        interrupted: Whether a Ctrl-C ended it.
    """

    question: Question
    planners: "Sequence[Planner]"
    evaluations: "dict[str, Evaluation]" = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    interrupted: bool = False
    _stopped: str = ""

    def ask_about(self, steps: "StoredSteps", *, before: str) -> None:
        """Ask about the weeks of one athlete, and keep the evaluation.

        Args:
            steps: Those of the athlete.
            before: Is shown before how far it is.

        Raises:
            NothingStoredError: There is no week to ask about.
            SourceError: The source, or the athlete's own file, cannot be read.
        """
        from weekly_plan_assets.evaluation.record import store_evaluation
        from weekly_plan_assets.lineage.records.reading import Lineage

        if not self.planners:
            self.errors[steps.athlete_id] = self._stopped
            return
        athlete, database = steps.athlete, steps.database
        lineage = Lineage(database, steps.athlete_id)
        past = weeks_asked_about(self.question, athlete.settings, athlete.source, lineage)
        backtest = backtest_of([past], self.question, self.planners, athlete.settings, database)
        whole = asked_to_the_end(
            backtest, lambda: store_evaluation(database, backtest.evaluation()), before=before
        )
        self.interrupted = not whole
        evaluation = backtest.evaluation()
        if backtest.begun:
            store_evaluation(database, evaluation)
            self.evaluations[steps.athlete_id] = evaluation
        elif whole and evaluation.left_out:
            self.errors[steps.athlete_id] = evaluation.left_out[0].reason
        self._leave_out_who_stopped(evaluation, steps.athlete_id)

    def _leave_out_who_stopped(self, evaluation: "Evaluation", athlete_id: str) -> None:
        stopped = {one.model_id: one.stopped for one in evaluation.models if one.stopped}
        if stopped:
            said = [f"{model} was not asked further: {why}" for model, why in stopped.items()]
            self._stopped = "; ".join(said)
            self.errors[athlete_id] = self._stopped
            self.planners = [one for one in self.planners if one.model_id not in stopped]


def evaluate_roster(question: Question, *, as_json: bool) -> None:
    """Evaluate each athlete of the roster; what fails for one stops nobody else's.

    Args:
        question: Which planners are asked, about how many weeks of each athlete.
        as_json: Whether the evaluations are written as JSON.

    Raises:
        typer.Exit: Somebody could not be evaluated, or a Ctrl-C ended it.
    """
    from weekly_plan_assets.athletes.each_athlete import OpenedRoster
    from weekly_plan_assets.cli.commands.evaluate_sheet import evaluation_in_json
    from weekly_plan_assets.cli.pages.render_roster_evaluation import render_roster_evaluation
    from weekly_plan_assets.planners.base import PlannerError

    settings, roster = roster_in_force()
    try:
        asking = _RosterAsking(question, planners_asked(question, settings))
    except PlannerError as error:
        say(str(error))
        raise typer.Exit(FAILED) from None
    if not roster.athletes:
        say("the roster has no athletes yet; `weekly-plan athletes add` adds one")
        raise typer.Exit(FAILED)
    database = open_database(settings)
    try:
        for number, athlete in enumerate(roster.athletes, start=1):
            before = f"athlete {number} of {len(roster.athletes)}, "
            # Each is opened alone, so that no more than one athlete's training is in memory.
            opened = OpenedRoster(settings, database)
            outcomes = opened.for_each([athlete], partial(asking.ask_about, before=before))
            asking.errors.update(outcomes.errors)
            if asking.interrupted:
                break
    except KeyboardInterrupt:
        asking.interrupted = True
    if as_json:
        failed = [{"athleteId": one, "error": error} for one, error in asking.errors.items()]
        evaluated = [evaluation_in_json(one) for one in asking.evaluations.values()]
        print_json({"evaluated": evaluated, "failed": failed})
    elif asking.evaluations:
        called = {one.id: one.called for one in roster.athletes}
        render_roster_evaluation(asking.evaluations, called, simulated=roster.is_simulated)
    _say_the_end(asking, len(roster.athletes))


def _say_the_end(asking: _RosterAsking, athletes: int) -> None:
    """Name everybody who failed, and say whether it was interrupted; with the exit code of it."""
    if asking.errors:
        say(f"{len(asking.errors)} of {counted(athletes, 'athlete')} not evaluated to the end:")
    for athlete_id, error in asking.errors.items():
        say(f"{athlete_id}: {error}")
    if asking.interrupted:
        err.print("interrupted; what is done is kept", style="yellow")
    if asking.errors:
        raise typer.Exit(FAILED)
    if asking.interrupted:
        raise typer.Exit(INTERRUPTED)
