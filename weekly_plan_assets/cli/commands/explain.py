"""`weekly-plan explain`: where a plan came from, on one page."""

import sys
from typing import Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, AthleteId, RunOrWeek
from weekly_plan_assets.cli.commands.athlete import lineage_of, say_whose, settings_and_id
from weekly_plan_assets.cli.weeks import needs_athlete, run_id_from
from weekly_plan_assets.terminal.console import print_json


def explain(
    run: RunOrWeek,
    athlete: AthleteId = None,
    *,
    as_json: AsJson = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Write GitHub Markdown to stdout.")
    ] = False,
) -> None:
    """Show what was planned, from which data and by which rules, and what became of it."""
    from weekly_plan_assets.cli.pages.markdown import page_as_markdown
    from weekly_plan_assets.cli.pages.render import SIMULATED
    from weekly_plan_assets.cli.pages.render_explanation import explanation_page
    from weekly_plan_assets.cli.pages.render_page import render_page
    from weekly_plan_assets.lineage.audit import explaining

    if as_json and markdown:
        raise typer.BadParameter("give --json or --markdown, not both")
    settings, athlete = settings_and_id(athlete)
    lineage = lineage_of(settings, athlete, run=needs_athlete(run))
    explanation = explaining.explain(lineage.stored_run(run_id_from(lineage, run, settings)))
    say_whose(settings, athlete, [explanation.athlete_id])
    if as_json:
        print_json(explanation.model_dump())
        return
    page = explanation_page(explanation, *([SIMULATED] if settings.is_sample else []))
    if markdown:
        sys.stdout.write(page_as_markdown(page))
    else:
        render_page(page)
