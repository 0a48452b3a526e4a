"""`weekly-plan replay`: stored runs made again, and compared with what is stored."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, AthleteId
from weekly_plan_assets.cli.commands.athlete import lineage_of, say_whose, settings_and_id
from weekly_plan_assets.cli.weeks import needs_athlete, run_id_from
from weekly_plan_assets.terminal.console import err, out, print_json
from weekly_plan_assets.terminal.failures import FAILED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from weekly_plan_assets.lineage.audit.replay import ReplayReport
    from weekly_plan_assets.lineage.records.reading import Lineage

_Run = Annotated[
    str | None,
    typer.Argument(
        metavar="RUN_ID|MONDAY|FOLDER",
        help="A runId, the start of one, latest (the most recent run), the Monday of a week, or a "
        "folder that `export` wrote.",
    ),
]
_All = Annotated[bool, typer.Option("--all", help="Replay every run of the athlete.")]
_Frozen = Annotated[
    bool,
    typer.Option(
        "--frozen", help="Use only the stored inputs; skip the comparison with the database."
    ),
]


def replay(
    run: _Run = None,
    athlete: AthleteId = None,
    *,
    every: _All = False,
    frozen: _Frozen = False,
    as_json: AsJson = False,
) -> None:
    """Repeat a stored run from its own inputs and show what differs.

    No source and no model is contacted. The inputs of a run in the database are also compared
    with what the database holds now. The exit code is 0 if nothing differs.
    """
    if (run is None) != every:
        raise typer.BadParameter("give a runId or a folder, or --all")
    if run is None:
        reports = _all(athlete, frozen=frozen)
        failed = any(report.differs for report in reports)
    else:
        folder = _folder(run)
        report = _one(run, athlete, frozen=frozen) if folder is None else _one_of_bundle(folder)
        reports = [report]
        failed = not report.is_equal
    if as_json:
        rows = [report.model_dump() | {"isEqual": report.is_equal} for report in reports]
        print_json(rows if every else rows[0])
    else:
        _render(reports, every=every)
    if failed:
        raise typer.Exit(FAILED)


def _folder(run: str) -> Path | None:
    """The folder of a bundle; None if a run in the database is meant."""
    path = Path(run)
    try:
        if path.is_file():
            raise typer.BadParameter(f"{run} is a file; give the folder of the bundle")
        return path if path.is_dir() else None
    except (OSError, ValueError):  # no path has such a name
        return None


def _one_of_bundle(folder: Path) -> "ReplayReport":
    from weekly_plan_assets.lineage.audit.bundle import BundleError, read_bundle
    from weekly_plan_assets.lineage.audit.replay import ReplayReport

    try:
        return ReplayReport.of(read_bundle(folder))
    except BundleError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(FAILED) from None


def _one(run: str, athlete: str | None, *, frozen: bool) -> "ReplayReport":
    from weekly_plan_assets.lineage.audit.drift import Scope, drifted_runs

    settings, athlete = settings_and_id(athlete)
    lineage = lineage_of(settings, athlete, run=needs_athlete(run))
    run_id = run_id_from(lineage, run, settings)
    say_whose(settings, athlete, [lineage.athlete_of(run_id)])
    drifted = () if frozen else drifted_runs(lineage.database, Scope(run_id=run_id))
    return _replayed(lineage, run_id).with_drift(*drifted)


def _all(athlete: str | None, *, frozen: bool) -> "list[ReplayReport]":
    from rich.progress import track

    from weekly_plan_assets.lineage.audit.drift import Scope, drifted_runs

    settings, athlete = settings_and_id(athlete)
    lineage = lineage_of(settings, athlete)
    say_whose(settings, athlete, [lineage.athlete_id] if lineage.athlete_id else lineage.athletes())
    scope = Scope(athlete_id=lineage.athlete_id)
    found = () if frozen else drifted_runs(lineage.database, scope)
    drifted = {run.run_id: run for run in found}
    run_ids = lineage.runs_with_inputs()

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
    from weekly_plan_assets.lineage.audit.replay import ReplayReport
    from weekly_plan_assets.lineage.records.reading import UnreadableRunError
    from weekly_plan_assets.lineage.records.stored_run import StoredRun

    try:
        # A run whose documents were deleted since it was found has nothing to replay.
        return ReplayReport.of(lineage.run(run_id) or StoredRun(run_id))
    except UnreadableRunError as error:
        return ReplayReport.unreadable(run_id, error)


def _render(reports: "list[ReplayReport]", *, every: bool) -> None:
    from weekly_plan_assets.cli.commands.drift import render_drift

    for report in reports:
        if every and report.is_equal:
            continue
        verdict = "equal" if report.is_equal else "differs" if report.differs else "not replayed"
        whose = "" if report.athlete_id is None else f" of athlete {report.athlete_id}"
        text = f"{report.run_id}{whose}: {report.problem or verdict}"
        out.print(text, markup=False, soft_wrap=True)
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
