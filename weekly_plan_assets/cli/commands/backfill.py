"""`weekly-plan backfill`: metrics and plans of past weeks."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, SourceAthlete, one_week, require_week
from weekly_plan_assets.cli.commands.athlete import settings_for_planning
from weekly_plan_assets.cli.commands.run_roster import chosen_in, run_roster
from weekly_plan_assets.cli.notify import notify
from weekly_plan_assets.cli.restart import start_again
from weekly_plan_assets.cli.store import opening
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.terminal.console import err, loading, out, print_json, report_problems
from weekly_plan_assets.terminal.failures import FAILED, INTERRUPTED, say_failed

if TYPE_CHECKING:
    from weekly_plan_assets.headless.local_runner import LocalRunner
    from weekly_plan_assets.lineage.records.records import RunEvent
    from weekly_plan_assets.settings import Settings

_MONDAY = "YYYY-MM-DD"


def backfill(
    first: Annotated[
        TrainingWeek,
        typer.Option("--from", parser=one_week, metavar=_MONDAY, help="Monday of the first week."),
    ],
    last: Annotated[
        TrainingWeek,
        typer.Option("--to", parser=one_week, metavar=_MONDAY, help="Monday of the last week."),
    ],
    athlete: SourceAthlete = None,
    *,
    everybody: Annotated[
        bool, typer.Option("--all", help="For every athlete of the roster.")
    ] = False,
    plans: Annotated[
        bool, typer.Option("--plans", help="Also make a plan from each week.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Repeat finished weeks, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compute the metrics of past weeks; with --plans, also plan from each as if it had just ended.

    Finished weeks are skipped, so an interrupted backfill continues where it stopped.
    """
    settings = settings_for_planning(athlete, everybody=everybody)
    if last < first:
        raise typer.BadParameter(f"{last} lies before {first}", param_hint="--to")
    require_week(first, settings, "--from")
    require_week(last, settings, "--to")
    weeks = list(weeks_between(first, last))
    if settings.roster is not None:
        only = chosen_in(settings.roster, athlete, everybody=everybody)
        run_roster(settings, lambda _: weeks, only=only, again=force, plans=plans, as_json=as_json)
        return
    _backfill_one(settings, weeks, plans=plans, force=force, as_json=as_json)


def _backfill_one(
    settings: "Settings", weeks: Sequence[TrainingWeek], *, plans: bool, force: bool, as_json: bool
) -> None:
    import os

    with opening(settings), loading():
        from weekly_plan_assets.headless.backfill import workers_for
        from weekly_plan_assets.headless.local_runner import EarlierDataError, LocalRunner
        from weekly_plan_assets.runs.history.history import first_history_fault, lost
        from weekly_plan_assets.runs.instance import open_instance
        from weekly_plan_assets.terminal.import_bar import ImportBar

    with open_instance() as instance:
        headless = LocalRunner.of(settings, instance, ImportBar(err))
        headless.settle_earlier_runs()
        headless.require_same_athlete()
        try:
            computed = _compute(headless, weeks, plans=plans, force=force)
            events: list[RunEvent] = []
            skipped: list[TrainingWeek] = []
            compared = True
            if plans:
                workers = workers_for(instance, len(weeks), os.cpu_count() or 1)
                events, skipped = _plan(headless, weeks, workers, force=force)
                compared = not events or _compare(headless, weeks)
        except EarlierDataError:
            start_again()
        except KeyboardInterrupt:
            err.print("interrupted; the same command goes on where it was", style="yellow")
            raise typer.Exit(INTERRUPTED) from None
    failed = [event for event in events if event.errors]
    find = (
        first_history_fault if failed or not compared else lost
    )  # what failed may follow from any fault
    fault = find(settings.dagster_state_dir)
    if fault is not None:
        say_failed(fault.sentence)
    if as_json:
        print_json(
            {
                "computed": [str(week) for week in computed],
                "events": events,
                "skipped": [str(week) for week in skipped],
            }
        )
    else:
        out.print(f"athlete {headless.source.athlete_id}", style="dim")
        _report(len(computed), events, failed, len(skipped))
    notify(settings, headless.database)
    raise typer.Exit(FAILED if failed or not compared else 0)


def _compute(
    headless: "LocalRunner", weeks: Sequence[TrainingWeek], *, plans: bool, force: bool
) -> Sequence[TrainingWeek]:
    """Read and compute the weeks, and for plans the history before them."""
    from weekly_plan_assets.domain.athlete.habit import HABIT_WEEKS

    before = headless.missing_weeks(weeks[-1].next())
    earliest = weeks[0].shift(1 - HABIT_WEEKS) if plans else weeks[0]
    missing = {week for week in before if week >= earliest}
    wanted = sorted(missing | set(weeks if force else headless.unstored(weeks)))
    if wanted:
        with err.status(f"computing {counted(len(wanted), 'week')}"):
            headless.materialize_metrics(wanted)
        report_problems(headless.left_out)
    return wanted


def _plan(
    headless: "LocalRunner", weeks: Sequence[TrainingWeek], workers: int, *, force: bool
) -> "tuple[list[RunEvent], list[TrainingWeek]]":
    """Plan from the weeks that were not planned from yet, and compare plans with what was done."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from weekly_plan_assets.headless.backfill import plan_weeks
    from weekly_plan_assets.storage.run_queries import planned_weeks

    done = set() if force else planned_weeks(headless.database, headless.source.athlete_id, weeks)
    todo = [week for week in weeks if week not in done]
    events = []
    columns = (TextColumn("planning"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    if todo:
        with Progress(*columns, console=err, transient=True) as bar:
            task = bar.add_task("", total=len(todo))
            for _, event in plan_weeks(todo, min(workers, len(todo))):
                events.append(event)
                bar.advance(task)
                for error in event.errors:
                    bar.console.print(
                        f"{event.observed_week_start}: {' '.join(error.split())}",
                        style="red",
                        markup=False,
                        soft_wrap=True,
                    )
    return sorted(events, key=lambda event: event.observed_week_start), sorted(done)


def _compare(headless: "LocalRunner", weeks: Sequence[TrainingWeek]) -> bool:
    """Compare the weeks with the plans for them, now that all are there; False: it failed."""
    from weekly_plan_assets.headless.runs_here import RunFailedError

    try:
        with err.status("comparing plans with what was done"):
            headless.materialize_adherence(weeks)
    except RunFailedError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        return False
    return True


def _report(
    computed: int, events: "Sequence[RunEvent]", failed: "Sequence[RunEvent]", skipped: int
) -> None:
    out.print(f"{counted(computed, 'week')} computed")
    if events or skipped:
        made = len(events) - len(failed)
        out.print(
            f"{counted(made, 'plan')} published, {len(failed)} failed, {skipped} there already"
        )
