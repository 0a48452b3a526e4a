"""`weekly-plan backfill`: metrics and plans of past weeks."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, one_week
from weekly_plan_assets.cli.console import err, loading, out, print_json
from weekly_plan_assets.cli.errors import FAILED, INTERRUPTED
from weekly_plan_assets.cli.notify import notify
from weekly_plan_assets.cli.store import opening
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between

if TYPE_CHECKING:
    from weekly_plan_assets.headless import Headless
    from weekly_plan_assets.lineage.records import RunEvent

_MONDAY = "YYYY-MM-DD"


def backfill(
    first: Annotated[
        TrainingWeek,
        typer.Option("--from", parser=one_week, metavar=_MONDAY, help="The first week's Monday."),
    ],
    last: Annotated[
        TrainingWeek,
        typer.Option("--to", parser=one_week, metavar=_MONDAY, help="The last week's Monday."),
    ],
    *,
    plans: Annotated[
        bool, typer.Option("--plans", help="Plan from each of the weeks too.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Do the weeks again that are finished already.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compute past weeks, and plan from each of them as if it had just ended.

    Weeks that are finished are left out, so that an interrupted backfill goes on where it was.
    """
    import os

    from weekly_plan_assets.settings import load_settings

    settings = load_settings()
    with opening(settings), loading():
        from weekly_plan_assets.backfill import workers_for
        from weekly_plan_assets.cli.import_bar import ImportBar
        from weekly_plan_assets.headless import Headless, open_instance

    weeks = list(weeks_between(first, last))
    _require(weeks, first, last)
    with open_instance() as instance:
        headless = Headless.of(settings, instance, ImportBar(err))
        headless.settle_earlier_runs()
        try:
            computed = _compute(headless, weeks, plans=plans, force=force)
            events: list[RunEvent] = []
            skipped: list[TrainingWeek] = []
            compared = True
            if plans:
                workers = workers_for(instance, len(weeks), os.cpu_count() or 1)
                events, skipped = _plan(headless, weeks, workers, force=force)
                compared = not events or _compare(headless, weeks)
        except KeyboardInterrupt:
            err.print("interrupted; the same command goes on where it was", style="yellow")
            raise typer.Exit(INTERRUPTED) from None
    failed = [event for event in events if event.errors]
    if as_json:
        print_json(
            {
                "computed": [str(week) for week in computed],
                "events": events,
                "skipped": [str(week) for week in skipped],
            }
        )
    else:
        _report(len(computed), events, failed, len(skipped))
    notify(settings, headless.database)
    raise typer.Exit(FAILED if failed or not compared else 0)


def _require(weeks: Sequence[TrainingWeek], first: TrainingWeek, last: TrainingWeek) -> None:
    from weekly_plan_assets.partitions import require_partition

    if not weeks:
        raise typer.BadParameter(f"{last} lies before {first}", param_hint="--to")
    for week, hint in ((first, "--from"), (last, "--to")):
        try:
            require_partition(week)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint=hint) from error


def _compute(
    headless: "Headless", weeks: Sequence[TrainingWeek], *, plans: bool, force: bool
) -> Sequence[TrainingWeek]:
    """Read and compute the weeks, and for plans the history before them."""
    from weekly_plan_assets.domain.weekly_metrics import HISTORY_WEEKS

    before = headless.missing_weeks(weeks[-1].next())
    earliest = weeks[0].shift(-HISTORY_WEEKS) if plans else weeks[0]
    missing = {week for week in before if week >= earliest}
    wanted = sorted(missing | set(weeks if force else headless.unstored(weeks)))
    if wanted:
        with err.status(f"computing {len(wanted)} week(s)"):
            headless.materialize_metrics(wanted)
    return wanted


def _plan(
    headless: "Headless", weeks: Sequence[TrainingWeek], workers: int, *, force: bool
) -> "tuple[list[RunEvent], list[TrainingWeek]]":
    """Plan from the weeks that were not planned from yet, and compare plans with what was done."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from weekly_plan_assets.backfill import plan_weeks, planned_weeks

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
                        f"{event.observed_week_start}: {error}", style="red", markup=False
                    )
    return sorted(events, key=lambda event: event.observed_week_start), sorted(done)


def _compare(headless: "Headless", weeks: Sequence[TrainingWeek]) -> bool:
    """Compare the weeks with the plans for them, now that all are there; False: it failed."""
    from weekly_plan_assets.headless import RunFailedError

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
    out.print(f"{computed} week(s) computed")
    if events or skipped:
        made = len(events) - len(failed)
        out.print(f"{made} plan(s) published, {len(failed)} failed, {skipped} there already")
