"""Arguments that several commands take."""

from typing import Annotated

import typer

from weekly_plan_assets.domain.week import TrainingWeek


def one_week(text: str) -> TrainingWeek:
    """The week of a Monday as it is typed."""
    try:
        return TrainingWeek.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


ObservedWeek = Annotated[
    TrainingWeek | None,
    typer.Option(
        parser=one_week,
        metavar="MONDAY",
        help="The training week observed, by its Monday (YYYY-MM-DD); the plan is for the week "
        "after. Default: the latest whole week.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to stdout.")]
AthleteId = Annotated[
    str | None,
    typer.Option(
        "--athlete",
        metavar="ID",
        help="Whose documents, where the database holds several athletes.",
    ),
]
RunId = Annotated[
    str,
    typer.Argument(
        metavar="RUN_ID",
        help="A runId, the beginning of one, or latest; weekly-plan runs lists them.",
    ),
]
