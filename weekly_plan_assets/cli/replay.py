"""`weekly-plan replay`: stored runs made again, and compared with what is stored."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson
from weekly_plan_assets.cli.athlete import lineage_of
from weekly_plan_assets.cli.console import err, out, print_json
from weekly_plan_assets.cli.errors import FAILED
from weekly_plan_assets.cli.store import open_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from weekly_plan_assets.lineage.reading import Lineage
    from weekly_plan_assets.lineage.replay_report import ReplayReport

_Run = Annotated[
    str | None,
    typer.Argument(
        metavar="RUN_ID|BUNDLE_FOLDER",
        help="A runId, its beginning, or latest; or a folder that `export` wrote.",
    ),
]
_All = Annotated[bool, typer.Option("--all", help="Every run in the database.")]
_Frozen = Annotated[
    bool, typer.Option("--frozen", help="Look at the stored inputs only, not at today's store.")
]


def replay(
    run: _Run = None, *, every: _All = False, frozen: _Frozen = False, as_json: AsJson = False
) -> None:
    """Make a stored run again from its own inputs, and tell what comes out differently.

    Nothing is asked of a source or a model. For a run in the database, what it used is compared
    with what the store holds now, too. The exit code is 0 where nothing differs.
    """
    if (run is None) != every:
        raise typer.BadParameter("give a runId or a folder, or --all")
    if run is None:
        reports = _all(frozen=frozen)
        failed = any(report.differs for report in reports)
    else:
        report = _one_of_bundle(Path(run)) if Path(run).is_dir() else _one(run, frozen=frozen)
        reports = [report]
        failed = not report.is_equal
    if as_json:
        told = [report.model_dump() | {"isEqual": report.is_equal} for report in reports]
        print_json(told if every else told[0])
    else:
        _render(reports, every=every)
    if failed:
        raise typer.Exit(FAILED)


def _one_of_bundle(folder: Path) -> "ReplayReport":
    from weekly_plan_assets.lineage.bundle import BundleError, read_bundle
    from weekly_plan_assets.lineage.replay_report import ReplayReport

    try:
        return ReplayReport.of(read_bundle(folder))
    except BundleError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(FAILED) from None


def _one(run_id: str, *, frozen: bool) -> "ReplayReport":
    from weekly_plan_assets.lineage.drift import Scope, drifted_runs
    from weekly_plan_assets.settings import load_settings

    lineage = lineage_of(load_settings(), None, run=run_id)
    run_id = lineage.resolve(run_id)
    drifted = () if frozen else drifted_runs(lineage.database, Scope(run_id=run_id))
    return _replayed(lineage, run_id).with_drift(*drifted)


def _all(*, frozen: bool) -> "list[ReplayReport]":
    from rich.progress import track

    from weekly_plan_assets.lineage.drift import drifted_runs
    from weekly_plan_assets.lineage.reading import Lineage
    from weekly_plan_assets.settings import load_settings

    database = open_database(load_settings())
    lineage = Lineage(database)
    drifted = {} if frozen else {run.run_id: run for run in drifted_runs(database)}
    artifacts = database["run_artifacts"].find({}, {"runId": 1}).sort("observedWeekStart", 1)
    run_ids = [str(document["runId"]) for document in artifacts]

    def reports() -> "Iterator[ReplayReport]":
        shown = track(
            run_ids,
            description="replaying",
            console=err,
            transient=True,
            disable=not err.is_terminal,
        )
        for run_id in shown:
            drift = drifted.get(run_id)
            yield _replayed(lineage, run_id).with_drift(*([drift] if drift else []))

    return list(reports())


def _replayed(lineage: "Lineage", run_id: str) -> "ReplayReport":
    from weekly_plan_assets.lineage.reading import UnreadableRunError
    from weekly_plan_assets.lineage.replay_report import ReplayReport
    from weekly_plan_assets.lineage.stored_run import StoredRun

    try:
        # A run whose documents were deleted since it was found has nothing to replay.
        return ReplayReport.of(lineage.run(run_id) or StoredRun(run_id))
    except UnreadableRunError as error:
        return ReplayReport.unreadable(run_id, error)


def _render(reports: "list[ReplayReport]", *, every: bool) -> None:
    from weekly_plan_assets.cli.drift import render_drift

    for report in reports:
        if every and report.is_equal:
            continue
        verdict = "equal" if report.is_equal else "differs" if report.differs else "not replayed"
        out.print(f"{report.run_id}: {report.problem or verdict}", markup=False, soft_wrap=True)
        for note in report.notes:
            out.print(f"  {note}", style="yellow", markup=False, soft_wrap=True)
        for one in report.differences:
            out.print(f"  {one.path}", markup=False, soft_wrap=True)
            out.print(f"    stored  {one.stored!r}", markup=False, soft_wrap=True)
            out.print(f"    again   {one.again!r}", markup=False, soft_wrap=True)
        if report.drift is not None:
            render_drift(report.drift)
    if every:
        equal = sum(report.is_equal for report in reports)
        differing = sum(report.differs for report in reports)
        left = len(reports) - equal - differing
        out.print(f"{equal} equal, {differing} differ, {left} with nothing to replay")
