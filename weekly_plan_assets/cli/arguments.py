"""Arguments that several commands take."""

from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.domain.week import TrainingWeek

if TYPE_CHECKING:
    from weekly_plan_assets.settings import Settings


def one_week(text: str) -> TrainingWeek:
    """The week of a Monday as it is typed."""
    try:
        return TrainingWeek.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def require_week(week: TrainingWeek, settings: "Settings", hint: str) -> None:
    """Refuse a week outside of the training weeks, before anything is imported or read.

    Raises:
        typer.BadParameter: Names the nearest week.
    """
    first = TrainingWeek.containing(settings.first_week)
    last = TrainingWeek.containing(settings.today())
    if not first <= week <= last:
        raise typer.BadParameter(
            f"week {week} is not among the training weeks {first} to {last}; the nearest is "
            f"{min(max(week, first), last)}",
            param_hint=hint,
        )


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
        help="Athlete to show. Default: the one whose data the source holds.",
    ),
]
SourceAthlete = Annotated[
    str | None,
    typer.Option(
        "--athlete",
        metavar="ID",
        help="Athlete to read, of Intervals.icu or of the folder's files. "
        "Default: that of the settings.",
    ),
]
EitherWeek = Annotated[
    TrainingWeek | None,
    typer.Option(
        parser=one_week,
        metavar="MONDAY",
        help="A week by its Monday (YYYY-MM-DD): the one observed, or the one planned.",
    ),
]
RunId = Annotated[
    str,
    typer.Argument(
        metavar="RUN_ID",
        help="A runId, its beginning, or latest (the run made last); weekly-plan runs lists them.",
    ),
]
RunOrWeek = Annotated[
    str,
    typer.Argument(
        metavar="RUN_ID|MONDAY",
        help="A runId, its beginning, latest (the run made last), or a week by its Monday, "
        "observed or planned.",
    ),
]
