"""`weekly-plan run`: plan the week after an observed one."""

from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, ObservedWeek
from weekly_plan_assets.cli.console import err, loading, print_json, report_problems
from weekly_plan_assets.cli.errors import FAILED, INTERRUPTED
from weekly_plan_assets.cli.notify import notify
from weekly_plan_assets.cli.store import opening

if TYPE_CHECKING:
    from weekly_plan_assets.domain.week import TrainingWeek
    from weekly_plan_assets.headless import Headless
    from weekly_plan_assets.lineage.records import RunEvent


def run(
    week: ObservedWeek = None,
    *,
    as_json: AsJson = False,
    verbose: Annotated[bool, typer.Option(help="Show Dagster's own messages.")] = False,
) -> None:
    """Read the training data, compute the week, plan the next one, and show the plan.

    Earlier weeks without metrics are read first, so that the plan has its history.
    """
    import logging

    from weekly_plan_assets.settings import load_settings

    settings = load_settings()
    # SQLAlchemy logs a Ctrl-C that falls into its tidying up, traceback and all; we say it below.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    with opening(settings), loading():
        from weekly_plan_assets.cli.import_bar import ImportBar
        from weekly_plan_assets.cli.render import render_plan
        from weekly_plan_assets.domain.week import TrainingWeek
        from weekly_plan_assets.headless import Headless, open_instance
        from weekly_plan_assets.lineage.reading import Lineage
        from weekly_plan_assets.partitions import require_partition

    observed = week or TrainingWeek.latest_whole(settings.today())
    try:
        require_partition(observed)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--week") from error

    try:
        with open_instance() as instance:
            log_level = "INFO" if verbose else "CRITICAL"
            headless = Headless.of(settings, instance, ImportBar(err), log_level)
            event = _plan(headless, observed)
    except KeyboardInterrupt:
        err.print("interrupted; what is stored stays, and the next run goes on", style="yellow")
        raise typer.Exit(INTERRUPTED) from None

    snapshot = Lineage(headless.database).snapshot(event.run_id)
    if as_json:
        print_json({"event": event, "plan": snapshot})
    elif snapshot is not None:
        render_plan(snapshot, simulated=settings.is_sample)
    if snapshot is None:
        err.print(f"no plan: {'; '.join(event.errors)}", style="red", markup=False)
        err.print(f"runId {event.run_id}", style="dim")
    notify(settings, headless.database)
    if snapshot is None:
        raise typer.Exit(FAILED)


def _plan(headless: "Headless", observed: "TrainingWeek") -> "RunEvent":
    """Settle what earlier runs left, fill the history, and plan; says what it is doing."""
    from weekly_plan_assets.sources.base import SourceError

    with err.status(f"planning from the week of {observed}") as status:
        killed = headless.settle_earlier_runs()
        if killed:
            err.print(f"{killed} earlier run(s) had been killed; recorded as failed")
        try:
            missing = headless.missing_weeks(observed)
            problems = headless.source.problems
        except SourceError:
            # The run meets the same, and its event keeps what it was.
            missing, problems = [], ()
        if missing:
            status.update(f"reading {len(missing)} earlier week(s)")
            headless.materialize_metrics(missing)
            status.update(f"planning from the week of {observed}")
        event = headless.plan(observed)
    report_problems(problems)
    return event
