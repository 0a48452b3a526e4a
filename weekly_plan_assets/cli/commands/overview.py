"""`weekly-plan overview`: the week of every athlete of the roster, and who needs a look."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, one_week
from weekly_plan_assets.cli.commands.athlete import choose_nobody
from weekly_plan_assets.cli.store import open_database
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.terminal.console import out, print_json
from weekly_plan_assets.terminal.failures import FAILED, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from weekly_plan_assets.athletes.overview import AthleteWeek


def overview(
    week: Annotated[
        TrainingWeek | None,
        typer.Option(
            parser=one_week,
            metavar="MONDAY",
            help="Monday (YYYY-MM-DD) of a planned week. Default: the present week of each "
            "athlete; if nothing is planned for it, the latest planned week.",
        ),
    ] = None,
    *,
    as_json: AsJson = False,
    as_html: Annotated[
        bool, typer.Option("--html", help="Print it as a page of HTML, to open or to send.")
    ] = False,
    to: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the page of HTML to this file instead."),
    ] = None,
) -> None:
    """Show the week of each athlete of the roster, those that need a look first."""
    from weekly_plan_assets.athletes.overview_reading import overview_of
    from weekly_plan_assets.cli.pages.render_overview import render_overview
    from weekly_plan_assets.settings import load_settings

    choose_nobody()
    if as_json and (as_html or to is not None):
        raise typer.BadParameter("give --json or --html, not both")
    settings = load_settings()
    rows = overview_of(settings, open_database(settings), week)
    if as_json:
        print_json(rows)
    elif as_html or to is not None:
        _show_page(rows, to, is_simulated=settings.is_sample)
    else:
        render_overview(rows, simulated=settings.is_sample)


def _show_page(rows: "Sequence[AthleteWeek]", to: Path | None, *, is_simulated: bool) -> None:
    """Print the overview as a page of HTML, or write it to a file."""
    from weekly_plan_assets.common.whole_file import write_whole
    from weekly_plan_assets.overview_page.overview_content import overview_on_page
    from weekly_plan_assets.overview_page.overview_html import overview_html

    page = overview_html(overview_on_page(rows, is_simulated=is_simulated))
    if to is None:
        sys.stdout.write(page)
        return
    try:
        write_whole(to, page)
    except OSError as error:
        say(f"{to} cannot be written ({error.strerror}); check its folder, or give another file")
        raise typer.Exit(FAILED) from error
    out.print(str(to), markup=False, soft_wrap=True)
