"""A Monday as a user types it: of the week that a plan was made from, or of the week it is for."""

import re
from typing import TYPE_CHECKING

import typer

from weekly_plan_assets.cli.arguments import one_week
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.terminal.console import err
from weekly_plan_assets.terminal.failures import FAILED, say

if TYPE_CHECKING:
    from weekly_plan_assets.lineage.records.reading import AnySnapshot, Lineage
    from weekly_plan_assets.settings import Settings

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def needs_athlete(*runs: str) -> str | None:
    """Which of the runs only an athlete makes plain, as `lineage_of` takes it: none by its runId.

    Args:
        runs: As typed: runIds, `latest` or Mondays.
    """
    from weekly_plan_assets.lineage.records.reading import LATEST

    return None if any(run == LATEST or _DAY.fullmatch(run) for run in runs) else runs[0]


def run_id_from(lineage: "Lineage", run: str, settings: "Settings") -> str:
    """The runId of what was typed; for a Monday, says of which week the run is.

    Of a latest run without a plan, says how it ended and which run published the latest plan.

    Raises:
        UnknownRunError: No run is meant by it, or several are.
        typer.BadParameter: It is a day, but no Monday.
        typer.Exit: There is no run of that week.
    """
    from weekly_plan_assets.lineage.records.reading import LATEST

    if not _DAY.fullmatch(run):
        run_id = lineage.resolve(run)
        if run == LATEST:
            _say_if_without_plan(lineage, run_id)
        return run_id
    week = one_week(run)
    found = lineage.run_of_week(week)
    if found is None:
        raise _nothing(lineage, week, settings)
    run_id, planned = found
    _say_which(lineage, week, planned)
    return run_id


def _say_if_without_plan(lineage: "Lineage", run_id: str) -> None:
    from weekly_plan_assets.lineage.records.reading import UnreadableRunError

    try:
        if lineage.snapshot(run_id) is not None:
            return
        event, latest = lineage.event(run_id), lineage.latest_snapshot()
    except UnreadableRunError:  # the command itself says so of the run that it shows
        return
    how = "how it ended is not recorded" if event is None else "; ".join(event.errors)
    way = (
        "no run has published one yet"
        if latest is None
        else f"the latest plan is that of run {latest.run_id}, which can be given in its place"
    )
    text = f"the latest run, {run_id}, has no plan ({how or 'it ended without one'}); {way}"
    err.print(text, style="yellow", markup=False, soft_wrap=True)


def plan_of(lineage: "Lineage", week: TrainingWeek | None, settings: "Settings") -> "AnySnapshot":
    """The plan made from a week, else the plan for it; the latest week's where none is given.

    Raises:
        typer.Exit: There is none.
    """
    if week is None:
        latest = lineage.latest_snapshot()
        if latest is None:
            say(_no_plan_yet(lineage, settings))
            raise typer.Exit(FAILED)
        return latest
    made_from = lineage.latest_snapshot(week.next())
    found = made_from or lineage.latest_snapshot(week)
    if found is None:
        raise _nothing(lineage, week, settings)
    _say_which(lineage, week, found.planned_week)
    return found


def _no_plan_yet(lineage: "Lineage", settings: "Settings") -> str:
    """Where a plan was looked for, and what can be done."""
    from weekly_plan_assets.settings import SourceName

    whose = "" if lineage.athlete_id is None else f" of athlete {lineage.athlete_id}"
    if settings.roster is not None:
        return (
            f"the database {lineage.database.name} holds no plan{whose} yet; "
            "`weekly-plan run --all` makes one for each athlete of the roster"
        )
    text = f"the database {lineage.database.name}, in which plans from the source in force "
    text += f"({settings.source}) are kept, holds no plan{whose} yet; `weekly-plan run` makes one"
    if settings.is_sample:
        return f"{text}; for your own data set INTERVALS_API_KEY or WEEKLY_PLAN_EXPORT_DIR"
    if settings.source_name is not None:
        return text
    others = [SourceName.SAMPLE]
    if settings.source is SourceName.INTERVALS and settings.export_dir is not None:
        others = [SourceName.FOLDER, *others]
    named = " or ".join(f"WEEKLY_PLAN_SOURCE={one}" for one in others)
    return f"{text}, and {named} looks for those that were made from other data"


def _say_which(lineage: "Lineage", week: TrainingWeek, planned: TrainingWeek) -> None:
    observed = planned.shift(-1)
    text = f"{week} as the {'planned' if planned == week else 'observed'} week: the plan for the "
    text += f"week of {planned}, made from the week of {observed}"
    if planned != week and lineage.latest_snapshot(week) is not None:
        text += f" (the plan for the week of {week} is that of {week.shift(-1)})"
    err.print(text, style="dim", soft_wrap=True)


def _nothing(lineage: "Lineage", week: TrainingWeek, settings: "Settings") -> typer.Exit:
    """Say that there is no plan of a week, and what can be done."""
    first, today = settings.first_week, settings.today()
    latest = lineage.latest_snapshot()
    if not first <= week.start <= today:
        way = f"training weeks go from {first} to {TrainingWeek.containing(today)}"
    else:
        way = f"`weekly-plan run --week {week}` makes one from it"
    stored = "" if latest is None else f" (the latest plan is for the week of {latest.week_start})"
    say(f"no plan was published from or for the week of {week}{stored}; {way}")
    return typer.Exit(FAILED)
