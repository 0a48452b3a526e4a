"""`run` and `backfill` with a roster: for every athlete, or for one of them."""

from typing import TYPE_CHECKING

import typer

from weekly_plan_assets.cli.notify import notify
from weekly_plan_assets.cli.store import opening
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.settings.refused_settings import UnknownAthleteError
from weekly_plan_assets.terminal.console import err, loading, out, print_json, report_problems
from weekly_plan_assets.terminal.failures import FAILED, INTERRUPTED, say_failed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date

    from weekly_plan_assets.athletes.cohorts import Cohort
    from weekly_plan_assets.domain.week import TrainingWeek
    from weekly_plan_assets.headless.cohort_runner import CohortRunner
    from weekly_plan_assets.lineage.records.records import RunEvent
    from weekly_plan_assets.settings import Settings
    from weekly_plan_assets.settings.roster import Roster


def chosen_in(roster: "Roster", athlete: str | None, *, everybody: bool | None) -> tuple[str, ...]:
    """The ids of the only athletes that a command is for; none: all.

    Args:
        roster: Who may be meant.
        athlete: What `--athlete` says; None if it is not given.
        everybody: Whether `--all` is given; None for a command that does not know it.

    Raises:
        typer.BadParameter: It is not said for whom, or said twice, or the roster has no such
            athlete, or several.
    """
    if everybody and athlete is not None:
        raise typer.BadParameter("give either --athlete or --all")
    if everybody:
        return ()
    if athlete is not None:
        try:
            return (roster.require(athlete).id,)
        except UnknownAthleteError as error:
            raise typer.BadParameter(str(error), param_hint="--athlete") from None
    if not roster.athletes:
        raise typer.BadParameter("the roster is empty; `weekly-plan athletes add` fills it")
    or_all = "" if everybody is None else ", or say --all"
    raise typer.BadParameter(
        f"the roster has {len(roster.athletes)} athletes: name one with --athlete{or_all}"
    )


def run_roster(
    settings: "Settings",
    observed_on: "Callable[[date], Sequence[TrainingWeek]]",
    *,
    only: "Collection[str]" = (),
    again: bool = False,
    plans: bool = True,
    as_json: bool = False,
    log_level: str = "CRITICAL",
) -> None:
    """Read what is missing, and plan from each of the observed weeks, the earliest first.

    Args:
        settings: What the athletes share.
        observed_on: The weeks that are planned from, by the local day of a cohort.
        only: Ids of the only athletes; empty: all.
        again: Whether it is planned for those whose plan stands.
        plans: Whether it is planned at all.
        as_json: Whether the events are written as JSON.
        log_level: Which of Dagster's own messages are shown.
    """
    with opening(settings), loading():
        from weekly_plan_assets.headless.cohort_runner import CohortRunner
        from weekly_plan_assets.runs.instance import open_instance

    events: list[RunEvent] = []
    undelivered: list[str] = []
    problems: list[str] = []
    asked = 0
    try:
        with open_instance() as instance:
            runner = CohortRunner.of(settings, instance, log_level)
            runner.settle_earlier_runs()
            cohorts = runner.cohorts(only)
            with err.status("looking for the first day of each athlete"):
                runner = runner.with_first_days(cohorts)
            athletes = sum(len(cohort.athletes) for cohort in cohorts)
            for cohort in cohorts:
                observed = observed_on(cohort.today())
                _read(runner, cohort, observed[-1] if plans else observed[-1].next())
                for week in observed if plans else ():
                    asked += len(cohort.athletes)
                    with err.status(f"planning from {week} for {_who(cohort)}"):
                        events += runner.plan(cohort, week, again=again)
                    undelivered += _undelivered(runner, cohort, week)
                problems += _not_read(runner, cohort)
    except KeyboardInterrupt:
        err.print("interrupted; the same command goes on where it was", style="yellow")
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        print_json({"events": events, "undelivered": undelivered})
    else:
        report(events, undelivered, athletes, asked)
    report_problems(problems)
    notify(settings, runner.database)
    if any(event.errors for event in events):
        raise typer.Exit(FAILED)


def _read(runner: "CohortRunner", cohort: "Cohort", before: "TrainingWeek") -> None:
    """Read the weeks before `before` that are missing, and compute their metrics."""
    from weekly_plan_assets.headless.runs_here import RunFailedError

    with err.status(f"reading {_who(cohort)}") as status:
        missing = runner.missing_weeks(cohort, before)
        weeks = sorted({week for of_athlete in missing.values() for week in of_athlete})
        behind = [athlete_id for athlete_id, of_athlete in missing.items() if of_athlete]
        if not weeks:
            return
        of_whom = counted(len(behind), "athlete")
        status.update(f"reading {counted(len(weeks), 'earlier week')} of {of_whom}")
        try:
            runner.materialize_metrics(cohort.part(behind), weeks)
        except RunFailedError as error:  # the planning of these athletes says so, too
            say_failed(str(error))


def _who(cohort: "Cohort") -> str:
    return f"{counted(len(cohort.athletes), 'athlete')} of {cohort.key}"


def _not_read(runner: "CohortRunner", cohort: "Cohort") -> "Iterator[str]":
    """What could not be read of the files of each athlete, a phrase each."""
    found = runner.opened.for_each(cohort.athletes, lambda steps: steps.athlete.source.problems)
    for one in cohort.athletes:
        yield from (f"{one.called}: {problem}" for problem in found.done.get(one.id, ()))


def _undelivered(
    runner: "CohortRunner", cohort: "Cohort", observed: "TrainingWeek"
) -> "Iterator[str]":
    from weekly_plan_assets.storage.roster_queries import delivery_problems

    ids = [one.id for one in cohort.athletes]
    for athlete_id, problem in sorted(delivery_problems(runner.database, ids, observed).items()):
        yield f"{athlete_id}: {problem}"


def report(
    events: "Collection[RunEvent]", undelivered: "Collection[str]", athletes: int, asked: int
) -> None:
    """Say who has no plan and why, how many have one, and which plans did not arrive.

    Args:
        events: One for each plan that was asked for.
        undelivered: Whose plan was not delivered, and why, a sentence each.
        athletes: How many there are.
        asked: For how many athletes and weeks a plan was to be there.
    """
    failed = [event for event in events if event.errors]
    for event in failed:
        reason = " ".join("; ".join(event.errors).split())
        line = f"{event.athlete_id}, {event.observed_week_start}: {reason}"
        out.print(line, style="red", markup=False, soft_wrap=True)
    counts = {
        "planned": len(events) - len(failed),
        "failed": len(failed),
        "as planned before": asked - len(events),
    }
    said = ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "read"
    weeks = asked // athletes if athletes else 0
    whose = counted(athletes, "athlete") + (f", {weeks} weeks each" if weeks > 1 else "")
    out.print(f"{whose}: {said}; `weekly-plan overview` shows them", soft_wrap=True)
    if undelivered:
        were = "was" if len(undelivered) == 1 else "were"
        out.print(f"{counted(len(undelivered), 'plan')} {were} not delivered:", style="yellow")
    for one in undelivered:
        out.print(f"  {one}", style="yellow", markup=False, soft_wrap=True)
