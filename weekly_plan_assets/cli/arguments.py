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
        help="Monday (YYYY-MM-DD) of the week to plan from; the plan is for the week after. "
        "Default: the latest whole week.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to stdout.")]
AthleteId = Annotated[
    str | None,
    typer.Option(
        "--athlete",
        metavar="ID|NAME",
        help="Athlete to show; in a roster by id or name. Default: the one whose data the source "
        "holds.",
    ),
]
SourceAthlete = Annotated[
    str | None,
    typer.Option(
        "--athlete",
        metavar="ID|NAME",
        help="Athlete to read: of a roster by id or name, else of the account or folder by id. "
        "Default: the one in the settings.",
    ),
]
EitherWeek = Annotated[
    TrainingWeek | None,
    typer.Option(
        parser=one_week,
        metavar="MONDAY",
        help="Monday (YYYY-MM-DD) of a week, either the one observed or the one planned.",
    ),
]
RunOrWeek = Annotated[
    str,
    typer.Argument(
        metavar="RUN_ID|MONDAY",
        help="A runId, the start of one, latest (the most recent run), or the Monday of a week, "
        "observed or planned.",
    ),
]
