"""`weekly-plan explain`: where a plan came from, on one page."""

import sys
from typing import Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, AthleteId, RunId
from weekly_plan_assets.cli.athlete import lineage_of
from weekly_plan_assets.cli.console import print_json


def explain(
    run_id: RunId,
    athlete: AthleteId = None,
    *,
    as_json: AsJson = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Write GitHub markdown to stdout.")
    ] = False,
) -> None:
    """Tell what was planned, from which numbers, judged how, and what became of it."""
    from weekly_plan_assets.cli.markdown import page_as_markdown
    from weekly_plan_assets.cli.render import SIMULATED
    from weekly_plan_assets.cli.render_explanation import explanation_page
    from weekly_plan_assets.cli.render_page import render_page
    from weekly_plan_assets.lineage import explaining
    from weekly_plan_assets.settings import load_settings

    if as_json and markdown:
        raise typer.BadParameter("give --json or --markdown, not both")
    settings = load_settings()
    lineage = lineage_of(settings, athlete, run=run_id)
    told = explaining.explain(lineage.stored_run(run_id))
    if as_json:
        print_json(told.model_dump())
        return
    page = explanation_page(told, *([SIMULATED] if settings.is_sample else []))
    if markdown:
        sys.stdout.write(page_as_markdown(page))
    else:
        render_page(page)
