"""The `weekly-plan` command: what an athlete types, and how it is shown.

Commands import what they use inside their functions, so that `--help` and `db` stay fast. What they
do is done elsewhere; here are arguments, words and exit codes.
"""

import gc
import os
import signal
import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from weekly_plan_assets.cli.commands import (
    athletes,
    backfill,
    compare,
    db,
    deliver,
    dev,
    doctor,
    drift,
    evaluate,
    explain,
    export,
    forget,
    init,
    logs,
    overview,
    remind,
    replay,
    run,
    show,
)
from weekly_plan_assets.common.private_folder import PRIVATE_UMASK
from weekly_plan_assets.terminal.console import out, show_warnings
from weekly_plan_assets.terminal.failures import exit_code_of, quieten_background

app = typer.Typer(
    name="weekly-plan",
    help="Turn a training week into next week's plan, with its lineage in MongoDB.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
# The lines of `--help`: at most 60 characters, so that none is cut off or broken at 80 columns.
app.command("init", short_help="Set up your data source, time zone and heart rates.")(init.init)
app.command("run", short_help="Read the training data and plan the next week.")(run.run)
app.command("show", short_help="Show a published plan.")(show.show)
app.command("runs", short_help="List planned weeks and how their runs ended.")(show.runs)
app.command("overview", short_help="Show every athlete's week, and who needs a look.")(
    overview.overview
)
app.command("deliver", short_help="Put a plan on your calendar, or into a folder.")(deliver.deliver)
app.command("explain", short_help="Show the data and the rules behind a plan.")(explain.explain)
app.command("compare", short_help="Show two plans side by side.")(compare.compare)
app.command("backfill", short_help="Compute past weeks, optionally with plans.")(backfill.backfill)
app.command("replay", short_help="Repeat a stored run and show what differs.")(replay.replay)
app.command("drift", short_help="List runs whose data has changed since.")(drift.drift)
app.command("export", short_help="Write the documents of a run into a folder.")(export.export)
app.command("evaluate", short_help="Compare planners on past weeks.")(evaluate.evaluate)
app.command("remind", short_help="Send today's sessions to your phone or mailbox.")(remind.remind)
app.command("dev", short_help="Run the Dagster UI, schedules and sensors.")(dev.dev)
app.command("doctor", short_help="Check the installation and explain how to fix it.")(doctor.doctor)
app.command("logs", short_help="Show where the logs are and their last lines.")(logs.logs)
app.command("forget", short_help="Delete everything stored about an athlete.")(forget.forget)
app.add_typer(
    athletes.app, name="athletes", short_help="List, add and remove the athletes of a roster."
)
app.add_typer(
    db.app, name="db", short_help="Start, stop, back up, restore and migrate the database."
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it
    if wanted:
        from weekly_plan_assets.lineage.records.code_version import package_version

        out.print(f"weekly-plan {package_version()}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Take the options that come before a command."""


def main() -> None:
    """Run the command; exit code 0 only on success."""
    os.umask(PRIVATE_UMASK)  # also of all processes that a command starts
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a name that a terminal cannot show fails nothing
            stream.reconfigure(errors="replace")
    show_warnings()
    quieten_background()
    try:
        try:
            app()
        finally:
            if sys.stdout is not None:  # a shell may close it
                sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - known ones become a sentence
        raise SystemExit(exit_code_of(error)) from None
    finally:
        # All is said and stored; a Ctrl-C now would only interrupt the tidying up.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        gc.freeze()  # nor need the collector look for what ends with the process
