"""The `weekly-plan` command: what an athlete types, and how it is shown.

Commands import what they use inside their functions, so that `--help` and `db` stay fast. What they
do is done elsewhere; here are arguments, words and exit codes.
"""

import gc
import signal

import typer

from weekly_plan_assets.cli import (
    backfill,
    compare,
    db,
    dev,
    doctor,
    drift,
    evaluate,
    explain,
    export,
    replay,
    run,
    show,
)
from weekly_plan_assets.cli.console import show_warnings
from weekly_plan_assets.cli.errors import exit_code_of

app = typer.Typer(
    name="weekly-plan",
    help="From a training week to next week's plan, with its lineage in MongoDB.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("run")(run.run)
app.command("show")(show.show)
app.command("runs")(show.runs)
app.command("explain")(explain.explain)
app.command("compare")(compare.compare)
app.command("backfill")(backfill.backfill)
app.command("replay")(replay.replay)
app.command("drift")(drift.drift)
app.command("export")(export.export)
app.command("evaluate")(evaluate.evaluate)
app.command("dev")(dev.dev)
app.command("doctor")(doctor.doctor)
app.add_typer(db.app, name="db")


def main() -> None:
    """Run the command; exit code 0 only on success."""
    show_warnings()
    try:
        app()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - known ones become a sentence
        raise SystemExit(exit_code_of(error)) from None
    finally:
        # All is said and stored; a Ctrl-C now would only interrupt the tidying up.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        gc.freeze()  # nor need the collector look for what ends with the process
