"""`weekly-plan doctor`: what is right, what is wrong, and how to mend it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, SourceAthlete
from weekly_plan_assets.cli.commands.athlete import settings_for
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.settings import SettingsError
from weekly_plan_assets.settings.refused_settings import UnknownAthleteError
from weekly_plan_assets.terminal.console import err, out, print_json

if TYPE_CHECKING:
    from weekly_plan_assets.lineage.audit.broken_invariant import BrokenInvariant
    from weekly_plan_assets.operations.diagnosis import Diagnosis
    from weekly_plan_assets.settings import Settings
    from weekly_plan_assets.terminal.plain import PlainConsole

_BROKEN_SHOWN = 20


def doctor(
    athlete: SourceAthlete = None,
    *,
    deep: Annotated[
        bool,
        typer.Option(
            "--deep", help="Also check everything that is stored and report contradictions."
        ),
    ] = False,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="First move damaged files of Dagster's history aside; with --deep, also write "
            "missing run events.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the settings, the state folder, the database, the source and the planner."""
    from weekly_plan_assets.operations.diagnosis import Level
    from weekly_plan_assets.operations.doctor import diagnose
    from weekly_plan_assets.terminal.import_bar import ImportBar

    try:
        settings_for(athlete)
    except UnknownAthleteError:
        raise
    except SettingsError:
        pass  # is among the findings
    if repair:
        _repair_history()
    findings = diagnose(ImportBar(err))
    broken: list[BrokenInvariant] = []
    if deep and not any(_is_of_store(finding) for finding in findings):
        broken = _broken_invariants(repair=repair)
    healthy = not broken and all(finding.level is not Level.WRONG for finding in findings)
    if as_json:
        report = {"healthy": healthy, "findings": findings}
        print_json(report | ({"brokenInvariants": broken} if deep else {}))
    else:
        show_findings(findings, out)
        if deep:
            _show_broken(broken)
    raise typer.Exit(0 if healthy else 1)


def _is_of_store(finding: "Diagnosis") -> bool:
    """Whether a finding says that the store cannot be read, and why."""
    from weekly_plan_assets.operations.diagnosis import Level
    from weekly_plan_assets.operations.doctor import STORES

    return finding.level is Level.WRONG and finding.subject in STORES


def _repair_history() -> None:
    from weekly_plan_assets.runs.history.history import is_in_force
    from weekly_plan_assets.runs.history.history_repair import repair_history
    from weekly_plan_assets.settings import dagster_home, load_settings

    def make_log(dagster_run_id: str) -> None:
        from weekly_plan_assets.runs.instance_storage import (
            make_log,  # Dagster takes a second to load
        )

        make_log(folder, dagster_run_id)

    settings = load_settings()
    home = dagster_home()
    if not is_in_force(home):
        err.print(
            f"Dagster's history is kept as {home}/dagster.yaml says; --repair mends only files in "
            "the state folder, so use the tools of that storage",
            style="yellow",
            soft_wrap=True,
        )
        return
    folder = settings.dagster_state_dir
    moved = repair_history(folder, make_log)
    done = "nothing of Dagster's history is damaged" if moved is None else moved.sentence
    err.print(done, style="yellow", soft_wrap=True)
    if moved is not None and moved.unsettled:
        _close(settings, moved.unsettled)


def _close(settings: "Settings", dagster_run_ids: "Sequence[str]") -> None:
    """Record how runs ended that nobody will settle, because their history was moved."""
    from weekly_plan_assets.cli.store import open_database
    from weekly_plan_assets.runs.audit import close_runs

    closed = close_runs(open_database(settings), dagster_run_ids)
    for event in closed:
        err.print(f"run {event.run_id} is recorded as {event.status.value}", style="yellow")


def _broken_invariants(*, repair: bool) -> "list[BrokenInvariant]":
    """What does not hold in the lineage, after mending what can be mended."""
    from weekly_plan_assets.cli.store import open_database
    from weekly_plan_assets.runs.audit import broken_invariants, mend
    from weekly_plan_assets.runs.history.history_faults import HistoryError
    from weekly_plan_assets.runs.instance import open_instance
    from weekly_plan_assets.settings import load_settings

    database = open_database(load_settings())
    with err.status("reading all that is stored"):
        try:
            with open_instance() as instance:
                broken = list(broken_invariants(database, instance))
                if repair and any(finding.can_be_repaired for finding in broken):
                    mended = mend(database, instance, broken)
                    err.print(
                        f"{counted(len(mended), 'run')} recorded as they ended", style="yellow"
                    )
                    broken = list(broken_invariants(database, instance))
        except HistoryError:  # is among the findings
            broken = list(broken_invariants(database, None))
    return broken


def show_findings(findings: "Sequence[Diagnosis]", console: "PlainConsole") -> None:
    """Write the findings, a line each."""
    from weekly_plan_assets.operations.diagnosis import Level

    marks = {Level.RIGHT: ("ok", "green"), Level.NOTE: ("note", "yellow")}
    for finding in findings:
        mark, style = marks.get(finding.level, ("WRONG", "red"))
        console.print(f"{mark:<6}", style=style, end="")
        console.print(f"{finding.subject}: {finding.text}", markup=False, soft_wrap=True)


def _show_broken(broken: "Sequence[BrokenInvariant]") -> None:
    from weekly_plan_assets.lineage.audit.broken_invariant import STATEMENTS

    names = {finding.invariant for finding in broken}
    for invariant, statement in STATEMENTS.items():
        if invariant not in names:
            out.print(f"{'ok':<6}", style="green", end="")
            out.print(f"{invariant.value}: {statement}", soft_wrap=True)
    for finding in broken[:_BROKEN_SHOWN]:
        out.print(f"{'WRONG':<6}", style="red", end="")
        out.print(f"{finding.invariant.value}: {finding.sentence}", soft_wrap=True)
    if len(broken) > _BROKEN_SHOWN:
        more = len(broken) - _BROKEN_SHOWN
        out.print(f"{'WRONG':<6}", style="red", end="")
        out.print(f"{more} more; --json names them all")
