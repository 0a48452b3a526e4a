"""`weekly-plan evaluate` with what is stored: reports again, blind sheets, and their scores."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from weekly_plan_assets.cli.store import open_database
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets.terminal.console import err, out, print_json

if TYPE_CHECKING:
    from pymongo.database import Database

    from weekly_plan_assets.evaluation.record import Evaluation
    from weekly_plan_assets.evaluation.score_sums import ScoreSums
    from weekly_plan_assets.storage.codec import BsonDocument


def require_free(path: Path) -> None:
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


def write_sheet(
    database: "Database[BsonDocument]",
    evaluation: "Evaluation",
    path: Path,
    seed: int,
    *,
    simulated: bool,
) -> "Evaluation":
    """Write the blind sheet of an evaluation, and keep its key with the evaluation.

    Returns:
        The evaluation with the key.

    Raises:
        SheetError: There is nothing to compare.
        OSError: It cannot be written.
    """
    from weekly_plan_assets.cli.pages.blind_sheet_page import sheet_as_markdown
    from weekly_plan_assets.common.whole_file import write_whole
    from weekly_plan_assets.evaluation.blind_sheet import blind_sheet
    from weekly_plan_assets.evaluation.record import read_answers, store_evaluation

    answers = read_answers(database, evaluation.evaluation_id)
    sheet = blind_sheet(answers, seed, evaluation.personas)
    known = evaluation.sheet(sheet.key.sheet_id)
    if known is None:
        evaluation = evaluation.with_sheet(sheet.key)
        store_evaluation(database, evaluation)
    text = sheet_as_markdown(sheet, simulated=simulated or bool(evaluation.personas))
    write_whole(path, text)
    count = len(sheet.entries)
    left_out = len(sheet.key.weeks) - count
    to_score = f"{count} week{'s' if count > 1 else ''} to score"
    err.print(f"{path}: {to_score}", markup=False, soft_wrap=True)
    if left_out:
        err.print(
            f"{left_out} week(s) are not on the sheet, because fewer than two planners have a valid"
            " plan; they are counted when the scores are summed",
            style="yellow",
            soft_wrap=True,
        )
    return evaluation


def show_again(name: str, blind: Path | None, seed: int, *, as_json: bool) -> None:
    """Show a stored evaluation with the scores of its sheets, and write its blind sheet again.

    Raises:
        UnknownEvaluationError: There is none of that name.
        SheetError: There is nothing to compare.
    """
    from weekly_plan_assets.cli.pages.render_evaluation import render_evaluation, say_gaps
    from weekly_plan_assets.evaluation.record import read_evaluation

    settings = load_settings()
    database = open_database(settings)
    evaluation = read_evaluation(database, name)
    if blind is not None:
        evaluation = write_sheet(database, evaluation, blind, seed, simulated=settings.is_sample)
    sums = _all_sums(evaluation)
    say_gaps(evaluation)
    if as_json:
        show_json(evaluation, sums)
        return
    render_evaluation(evaluation, simulated=settings.is_sample)
    for one in sums:
        _render(one)


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


def show_json(evaluation: "Evaluation", sums: "list[ScoreSums]") -> None:
    """Write an evaluation as JSON, without the keys of its sheets."""
    shown = evaluation.model_dump(exclude={"sheets"})
    print_json({**shown, "scores": [one.model_dump() for one in sums]})


def _all_sums(evaluation: "Evaluation") -> "list[ScoreSums]":
    from weekly_plan_assets.evaluation.score_sums import ScoreSums

    return [ScoreSums.of(key, filled) for key in evaluation.sheets for filled in key.filled]


def _render(sums: "ScoreSums") -> None:
    from weekly_plan_assets.cli.pages.render_scores import render_sums

    out.print()
    render_sums(sums)
