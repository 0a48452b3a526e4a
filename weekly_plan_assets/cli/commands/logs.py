"""`weekly-plan logs`: where the logs are, and the last lines of each."""

from typing import Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson
from weekly_plan_assets.terminal.console import out, print_json


def logs(
    lines: Annotated[
        int, typer.Option(metavar="N", min=0, max=1000, help="Number of lines to show of each log.")
    ] = 5,
    *,
    as_json: AsJson = False,
) -> None:
    """Show where the logs are and the last lines of each.

    The logs of each step of a run are in the Dagster UI: `weekly-plan dev`, then Runs.
    """
    from dataclasses import asdict

    from weekly_plan_assets.operations.log_files import log_files
    from weekly_plan_assets.settings import load_settings

    settings = load_settings()
    found = list(log_files(settings, lines))
    if as_json:
        print_json([{**asdict(one), "path": str(one.path)} for one in found])
        return
    if not found:
        out.print(f"there are no logs in {settings.state_dir} yet", soft_wrap=True)
    for one in found:
        out.print(str(one.path), style="bold", soft_wrap=True)
        written = one.written_at.astimezone().strftime("%Y-%m-%d %H:%M")
        out.print(f"  {one.about}, written {written}, {one.size_bytes / 1000:,.1f} kB", style="dim")
        for line in one.lines:
            # A terminal shows the beginning of a long line, a pipe gets all of it.
            out.print(f"  {line}", soft_wrap=not out.is_terminal, no_wrap=True, overflow="ellipsis")
