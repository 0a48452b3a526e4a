"""`weekly-plan evaluate` with what is stored: reports again, blind sheets, and their scores."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from weekly_plan_assets.cli.store import open_database
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets.terminal.console import err, out, print_json
from weekly_plan_assets.terminal.failures import FAILED, say

if TYPE_CHECKING:
    from pymongo.database import Database

    from weekly_plan_assets.evaluation.blind_sheet import BlindSheet
    from weekly_plan_assets.evaluation.filled_sheet import FilledSheet
    from weekly_plan_assets.evaluation.record import Evaluation
    from weekly_plan_assets.evaluation.score_sums import ScoreSums
    from weekly_plan_assets.planners.model.patient_model import PatientModel
    from weekly_plan_assets.storage.codec import BsonDocument

DEFAULT_SEED = 1


def _require_free(path: Path) -> None:
    """Refuse a file that is there: it may be a sheet that somebody has filled in.

    Raises:
        typer.BadParameter: It is there, or its folder is not.
    """
    if path.exists() or path.is_symlink():
        raise typer.BadParameter(
            f"{path} is there already, and may be filled in; give another name or delete it",
            param_hint="--blind",
        )
    if not path.parent.is_dir():
        raise typer.BadParameter(
            f"there is no folder {path.parent}; create it", param_hint="--blind"
        )


@dataclass(frozen=True, slots=True)
class SheetWish:
    """Which sheet is made of an evaluation, and who scores it.

    Attributes:
        path: Where it is written; None if it is not.
        seed: Draws the order of the letters.
        judge: A model that scores it; None for none.
    """

    path: Path | None
    seed: int
    judge: "PatientModel | None"


def sheet_wish(path: Path | None, seed: int | None, judge: str | None) -> SheetWish | None:
    """What the options ask for; None if they ask for no sheet.

    Raises:
        typer.BadParameter: The file is there, a seed has no sheet, or the judge is no model.
        typer.Exit: The judge cannot be asked; it is said why.
    """
    if path is not None:
        _require_free(path)
    if path is None and judge is None:
        if seed is not None:
            raise typer.BadParameter("--seed draws the order on a sheet; add --blind FILE")
        return None
    model = None if judge is None else _judge_named(judge)
    return SheetWish(path, DEFAULT_SEED if seed is None else seed, model)


def make_sheet(
    database: "Database[BsonDocument]",
    evaluation: "Evaluation",
    wish: SheetWish,
    *,
    simulated: bool,
) -> "Evaluation":
    """Make the sheet that is wished for, and keep its key and scores with the evaluation.

    Returns:
        The evaluation with them.

    Raises:
        SheetError: There is nothing to compare.
        OSError: It cannot be written.
    """
    from weekly_plan_assets.evaluation.blind_sheet import blind_sheet
    from weekly_plan_assets.evaluation.record import read_answers, store_evaluation

    answers = read_answers(database, evaluation.evaluation_id)
    sheet = blind_sheet(answers, wish.seed, evaluation.personas)
    if evaluation.sheet(sheet.key.sheet_id) is None:
        evaluation = evaluation.with_sheet(sheet.key)
        store_evaluation(database, evaluation)
    if wish.path is not None:
        _write(sheet, wish.path, simulated=simulated or bool(evaluation.personas))
    if wish.judge is not None:
        filled = _scored_by(wish.judge, sheet)
        known = evaluation.sheet(sheet.key.sheet_id) or sheet.key
        if filled is not None:
            evaluation = evaluation.with_sheet(known.with_filled(filled))
            store_evaluation(database, evaluation)
    return evaluation


def _write(sheet: "BlindSheet", path: Path, *, simulated: bool) -> None:
    from weekly_plan_assets.cli.pages.blind_sheet_page import sheet_as_markdown
    from weekly_plan_assets.common.whole_file import write_whole

    write_whole(path, sheet_as_markdown(sheet, simulated=simulated))
    count = len(sheet.entries)
    left_out = len(sheet.key.weeks) - count
    to_score = f"{counted(count, 'week')} to score"
    err.print(f"{path}: {to_score}", markup=False, soft_wrap=True)
    if left_out:
        err.print(
            f"not on the sheet: {counted(left_out, 'week')}, because fewer than two planners have "
            "a valid plan; they are counted when the scores are summed",
            style="yellow",
            soft_wrap=True,
        )


def _judge_named(name: str) -> "PatientModel":
    """The model that scores, once it is known that it can be asked."""
    from weekly_plan_assets.planners.base import PlannerError
    from weekly_plan_assets.planners.model.patient_model import PatientModel
    from weekly_plan_assets.planners.named import is_language_model

    if not is_language_model(name):
        raise typer.BadParameter(
            f"{name} is a planner that reads no plans; name a language model as provider:name",
            param_hint="--judge",
        )
    settings = load_settings()
    model = PatientModel(
        name,
        timeout_s=settings.model_timeout_s,
        max_tokens=settings.model_max_tokens,
        decides_weeks=False,
    )
    try:
        model.check()
    except PlannerError as error:
        say(_of_judge(error))
        raise typer.Exit(FAILED) from None
    return model


def _scored_by(model: "PatientModel", sheet: "BlindSheet") -> "FilledSheet | None":
    """Let a model score the sheet, showing how far it is; None if it scored nothing."""
    from weekly_plan_assets.cli.pages.blind_sheet_page import judge_instructions, judge_question
    from weekly_plan_assets.evaluation.sheet_judge import SheetJudge
    from weekly_plan_assets.planners.base import PlannerError

    questions = {entry.number: judge_question(sheet, entry) for entry in sheet.entries}
    attempts = load_settings().max_attempts
    judge = SheetJudge(model, sheet.key, judge_instructions(), questions, attempts)
    if any(model.model_id in week.planners for week in sheet.key.weeks):
        _say_softly(f"{model.model_id} scores its own plans, too; models tend to prefer their own")
    with err.status("showing the sheet") as status:
        try:
            for number in judge.run():
                status.update(f"{model.model_id} scores week {number} of {len(questions)}")
        except PlannerError as error:
            say(_of_judge(error))
        except KeyboardInterrupt:
            _say_softly("interrupted; what is scored is kept")
    for number, why in judge.not_scored.items():
        _say_softly(f"{model.model_id} has no scores that can be read for week {number}: {why}")
    return judge.filled()


def _of_judge(error: Exception) -> str:
    """Planners name the setting, which nobody set here."""
    return str(error).replace("WEEKLY_PLAN_MODEL", "--judge")


def _say_softly(sentence: str) -> None:
    """Say what is worth knowing, and no failure."""
    err.print(sentence, style="yellow", markup=False, soft_wrap=True)


def show_again(name: str, wish: SheetWish | None, *, as_json: bool) -> None:
    """Show a stored evaluation with the scores of its sheets, and make a sheet of it.

    Raises:
        UnknownEvaluationError: There is none of that name.
        SheetError: There is nothing to compare.
    """
    from weekly_plan_assets.cli.pages.render_evaluation import say_gaps
    from weekly_plan_assets.evaluation.record import read_evaluation

    settings = load_settings()
    database = open_database(settings)
    evaluation = read_evaluation(database, name)
    if wish is not None:
        evaluation = make_sheet(database, evaluation, wish, simulated=settings.is_sample)
    say_gaps(evaluation)
    show_evaluation(evaluation, simulated=settings.is_sample, as_json=as_json)


def show_evaluation(evaluation: "Evaluation", *, simulated: bool, as_json: bool) -> None:
    """Show an evaluation and the sums of its filled sheets; as JSON without any key."""
    from weekly_plan_assets.cli.pages.render_evaluation import render_evaluation

    if as_json:
        print_json(evaluation_in_json(evaluation))
        return
    render_evaluation(evaluation, simulated=simulated)
    for one in _sums_of(evaluation):
        _render(one)


def evaluation_in_json(evaluation: "Evaluation") -> "dict[str, Any]":
    """An evaluation with the sums of its filled sheets, and without any key."""
    shown = evaluation.model_dump(exclude={"sheets"})
    return {**shown, "scores": [one.model_dump() for one in _sums_of(evaluation)]}


def _sums_of(evaluation: "Evaluation") -> "list[ScoreSums]":
    from weekly_plan_assets.evaluation.score_sums import ScoreSums

    return [ScoreSums.of(key, filled) for key in evaluation.sheets for filled in key.filled]


def read_scores(path: Path, *, as_json: bool) -> None:
    """Read a filled sheet, keep what it says with its evaluation, and show the sums.

    Raises:
        HandedFileError: The file is none that a sheet can be.
        SheetError: Something is missing in it; each line is named.
        UnknownEvaluationError: Its key is not stored here.
        OSError: It cannot be read.
    """
    from weekly_plan_assets.evaluation.record import evaluation_of_sheet, store_evaluation
    from weekly_plan_assets.evaluation.score_sums import ScoreSums
    from weekly_plan_assets.evaluation.sheet_reading import read_sheet, sheet_id_in
    from weekly_plan_assets.storage.handed_files import read_handed_file

    text = read_handed_file(path).decode("utf-8", "replace")
    sheet_id = sheet_id_in(text)
    database = open_database(load_settings())
    evaluation = evaluation_of_sheet(database, sheet_id)
    key = evaluation.sheet(sheet_id)
    assert key is not None  # noqa: S101 - it was found by it
    filled = read_sheet(text, key)
    store_evaluation(database, evaluation.with_sheet(key.with_filled(filled)))
    sums = ScoreSums.of(key, filled)
    if as_json:
        print_json(sums.model_dump())
    else:
        _render(sums)
        out.print(f"evaluationId {evaluation.evaluation_id}", style="dim", soft_wrap=True)


def _render(sums: "ScoreSums") -> None:
    from weekly_plan_assets.cli.pages.render_scores import render_sums

    out.print()
    render_sums(sums)
