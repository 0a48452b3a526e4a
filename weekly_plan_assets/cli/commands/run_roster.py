"""`weekly-plan run --all`: plan for every athlete of a roster, or for one of them."""

from collections import Counter
from typing import TYPE_CHECKING

import typer

from weekly_plan_assets.cli.notify import notify
from weekly_plan_assets.cli.store import opening
from weekly_plan_assets.terminal.console import err, loading, out, print_json
from weekly_plan_assets.terminal.failures import FAILED, INTERRUPTED, say_failed

if TYPE_CHECKING:
    from collections.abc import Collection

    from weekly_plan_assets.athletes.cohorts import Cohort
    from weekly_plan_assets.domain.week import TrainingWeek
    from weekly_plan_assets.headless.cohort_runner import CohortRunner
    from weekly_plan_assets.lineage.records.records import RunEvent
    from weekly_plan_assets.settings import Settings


def run_roster(
    settings: "Settings",
    observed: "TrainingWeek",
    *,
    only: "Collection[str]" = (),
    again: bool = False,
    as_json: bool = False,
    log_level: str = "CRITICAL",
) -> None:
    """Plan from `observed` for the athletes of the roster.

    Args:
        settings: What they share.
        observed: The week that is planned from.
        only: Ids of the only athletes; empty: all.
        again: Whether it is planned for those whose plan stands.
        as_json: Whether the events are written as JSON.
        log_level: Which of Dagster's own messages are shown.
    """
    with opening(settings), loading():
        from weekly_plan_assets.headless.cohort_runner import CohortRunner
        from weekly_plan_assets.runs.instance import open_instance

    try:
        with open_instance() as instance:
            runner = CohortRunner.of(settings, instance, log_level)
            runner.settle_earlier_runs()
            events: list[RunEvent] = []
            athletes = 0
            for cohort in runner.cohorts(only):
                athletes += len(cohort.athletes)
                events += _plan(runner, cohort, observed, again=again)
    except KeyboardInterrupt:
        err.print("interrupted; the same command goes on where it was", style="yellow")
        raise typer.Exit(INTERRUPTED) from None
    failed = [event for event in events if event.errors]
    if as_json:
        print_json({"events": events})
    else:
        _report(events, athletes)
    notify(settings, runner.database)
    if failed:
        raise typer.Exit(FAILED)


def _plan(
    runner: "CohortRunner", cohort: "Cohort", observed: "TrainingWeek", *, again: bool
) -> "tuple[RunEvent, ...]":
    """Read what is missing of a cohort's past, and plan."""
    from weekly_plan_assets.headless.runs_here import RunFailedError

    who = f"{len(cohort.athletes)} athletes of {cohort.key}"
    with err.status(f"reading {who}") as status:
        missing = runner.missing_weeks(cohort, observed)
        weeks = sorted({week for of_athlete in missing.values() for week in of_athlete})
        behind = [athlete_id for athlete_id, of_athlete in missing.items() if of_athlete]
        if weeks:
            status.update(f"reading {len(weeks)} earlier weeks of {len(behind)} athletes")
            try:
                runner.materialize_metrics(cohort.part(behind), weeks)
            except RunFailedError as error:  # the planning of these athletes says so, too
                say_failed(str(error))
        status.update(f"planning for {who}")
        return runner.plan(cohort, observed, again=again)


def _report(events: "Collection[RunEvent]", athletes: int) -> None:
    failed = [event for event in events if event.errors]
    for event in failed:
        reason = " ".join("; ".join(event.errors).split())
        out.print(f"{event.athlete_id}: {reason}", style="red", markup=False, soft_wrap=True)
    counts = Counter(
        {
            "planned": len(events) - len(failed),
            "failed": len(failed),
            "as planned before": athletes - len(events),
        }
    )
    said = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    out.print(f"{athletes} athletes: {said}; `weekly-plan overview` shows them", soft_wrap=True)
