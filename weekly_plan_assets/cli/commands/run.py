"""`weekly-plan run`: plan the week after an observed one."""

from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, ObservedWeek, SourceAthlete, require_week
from weekly_plan_assets.cli.commands.athlete import (
    name_in_roster,
    settings_for,
    settings_for_planning,
)
from weekly_plan_assets.cli.commands.run_roster import chosen_in, run_roster
from weekly_plan_assets.cli.notify import notify
from weekly_plan_assets.cli.restart import start_again
from weekly_plan_assets.cli.store import open_database, opening
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.terminal.console import err, loading, out, print_json, report_problems
from weekly_plan_assets.terminal.failures import FAILED, INTERRUPTED, say, say_failed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from weekly_plan_assets.domain.week import TrainingWeek
    from weekly_plan_assets.headless.local_runner import LocalRunner
    from weekly_plan_assets.lineage.records.reading import AnyRun
    from weekly_plan_assets.lineage.records.records import RunEvent
    from weekly_plan_assets.settings import Settings


def run(
    week: ObservedWeek = None,
    athlete: SourceAthlete = None,
    *,
    everybody: Annotated[
        bool, typer.Option("--all", help="Plan for every athlete of the roster.")
    ] = False,
    next_week: Annotated[
        bool,
        typer.Option("--next", help="Plan next week from the days of this week known so far."),
    ] = False,
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help="Plan also for athletes of a roster whose plan would be made from the same data.",
        ),
    ] = False,
    as_json: AsJson = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Show Dagster's own messages.")
    ] = False,
) -> None:
    """Read the training data, compute the week, plan the next one, and show the plan.

    Without options, the present week is planned from the last whole one. Earlier weeks without
    metrics are read first, so that the plan has its history.
    """
    settings = settings_for_planning(athlete, everybody=everybody)
    observed = _observed_week(week, settings.today(), next_week=next_week)
    require_week(observed, settings, "--week")
    log_level = "INFO" if verbose else "CRITICAL"
    if settings.roster is not None:
        only = chosen_in(settings.roster, athlete, everybody=everybody)
        run_roster(
            settings,
            lambda today: [_observed_week(week, today, next_week=next_week)],
            only=only,
            again=again,
            as_json=as_json,
            log_level=log_level,
        )
        if only and not as_json:
            _show_plan_of(only[0], lambda today: _observed_week(week, today, next_week=next_week))
        return
    _run_for_one(settings, observed, log_level, as_json=as_json)


def _show_plan_of(athlete_id: str, observed_on: "Callable[[date], TrainingWeek]") -> None:
    """Show what was planned for the only athlete of a roster that was asked for."""
    from weekly_plan_assets.cli.pages.render import render_plan
    from weekly_plan_assets.lineage.records.reading import Lineage

    settings = settings_for(athlete_id)
    planned = observed_on(settings.today()).next()
    snapshot = Lineage(open_database(settings), athlete_id).latest_snapshot(planned)
    if snapshot is not None:
        render_plan(snapshot, simulated=settings.is_sample, name=name_in_roster(athlete_id))


def _run_for_one(
    settings: "Settings", observed: "TrainingWeek", log_level: str, *, as_json: bool
) -> None:
    import logging

    _name_abandoned_state()
    # SQLAlchemy logs a Ctrl-C that falls into its tidying up, traceback and all; we say it below.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    with opening(settings), loading():
        from weekly_plan_assets.cli.pages.render import render_plan
        from weekly_plan_assets.defs.partitions import require_partition, weekly_partitions
        from weekly_plan_assets.headless.local_runner import EarlierDataError, LocalRunner
        from weekly_plan_assets.lineage.records.reading import Lineage
        from weekly_plan_assets.runs.history.history import first_history_fault, lost
        from weekly_plan_assets.runs.instance import open_instance
        from weekly_plan_assets.terminal.import_bar import ImportBar

    try:
        require_partition(weekly_partitions(settings), observed)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--week") from error

    try:
        with open_instance() as instance:
            headless = LocalRunner.of(settings, instance, ImportBar(err), log_level)
            event = _plan(headless, observed)
    except EarlierDataError:
        start_again()
    except KeyboardInterrupt:
        err.print("interrupted; what is stored stays, and the next run goes on", style="yellow")
        raise typer.Exit(INTERRUPTED) from None

    stored = Lineage(headless.database).run(event.run_id)
    snapshot = stored.snapshot if stored is not None else None
    for notice in _notices(headless, stored, settings, observed):
        err.print(f"! {notice}", style="yellow", soft_wrap=True)
    if as_json:
        print_json({"event": event, "plan": snapshot})
    elif snapshot is not None:
        name = name_in_roster(snapshot.athlete_id)
        render_plan(snapshot, simulated=settings.is_sample, name=name)
        _name_deliveries(stored)
    if snapshot is None:
        say(f"no plan: {'; '.join(event.errors)}")
        err.print(f"runId {event.run_id}", style="dim")
    find = (
        first_history_fault if snapshot is None else lost
    )  # what failed may follow from any fault
    fault = find(settings.dagster_state_dir)
    if fault is not None:
        say_failed(fault.sentence)
    notify(settings, headless.database)
    if snapshot is None:
        raise typer.Exit(FAILED)


def _name_deliveries(stored: "AnyRun | None") -> None:
    """Say where the plan went."""
    from weekly_plan_assets.cli.pages.render_delivery import delivered_in_words
    from weekly_plan_assets.lineage.records.stored_run import StoredRun

    for receipt in stored.deliveries if isinstance(stored, StoredRun) else ():
        is_new = bool(receipt.passes) and receipt.run_id.startswith(receipt.passes[-1].asked_by)
        out.print(delivered_in_words(receipt, is_new=is_new), markup=False, soft_wrap=True)


def _observed_week(
    named: "TrainingWeek | None", today: "date", *, next_week: bool
) -> "TrainingWeek":
    """The week to plan from: the one named, the present one, or the last whole one."""
    from weekly_plan_assets.domain.week import TrainingWeek

    if named is not None and next_week:
        raise typer.BadParameter("give --week or --next, not both")
    if named is not None:
        return named
    return TrainingWeek.containing(today) if next_week else TrainingWeek.latest_whole(today)


def _name_abandoned_state() -> None:
    from weekly_plan_assets.settings.installation import abandoned_state

    left = abandoned_state()
    if left is not None:
        sentence = f"data of version 0.1 are in {left}; weekly-plan doctor says more"
        err.print(sentence, style="yellow")


def _notices(
    headless: "LocalRunner",
    stored: "AnyRun | None",
    settings: "Settings",
    observed: "TrainingWeek",
) -> "Iterator[str]":
    """What to know beside the plan; nothing without one, whose reason is said elsewhere."""
    from weekly_plan_assets.delivery.arrivals import missing_arrivals
    from weekly_plan_assets.domain.athlete.athlete import Language
    from weekly_plan_assets.domain.week import language_of_day
    from weekly_plan_assets.lineage.records.stored_run import StoredRun
    from weekly_plan_assets.sources.base import SourceError
    from weekly_plan_assets.sources.notices import absent_keys, end_of_data, week_notices

    if not isinstance(stored, StoredRun) or stored.inputs is None or stored.snapshot is None:
        return
    today = settings.today()
    language = Language(language_of_day(stored.snapshot.activity_plan.days[0].day_name))
    yield from week_notices(observed, today, language)
    yield from missing_arrivals(headless.database, settings, stored.snapshot)
    file = settings.athlete_file
    try:
        if stored.inputs.metrics.is_empty:
            yield from end_of_data(headless.source, observed, today, language)
        yield from absent_keys(headless.source, athlete_file=None if file is None else str(file))
    except SourceError:
        return


def _plan(headless: "LocalRunner", observed: "TrainingWeek") -> "RunEvent":
    """Settle what earlier runs left, fill the history, and plan; says what it is doing."""
    from weekly_plan_assets.sources.base import SourceError
    from weekly_plan_assets.storage.errors import OtherAthleteError

    with err.status(f"planning from the week of {observed}") as status:
        killed = headless.settle_earlier_runs()
        if killed:
            err.print(
                f"killed before they ended and recorded as failed: {counted(killed, 'earlier run')}"
            )
        try:
            headless.require_same_athlete()
            missing = headless.missing_weeks(observed)
            problems, summary = headless.source.problems, headless.source.import_summary
        except (SourceError, OtherAthleteError):
            # The run meets the same, and its event keeps what it was.
            missing, problems, summary = [], (), None
        if missing:
            status.update(f"reading {counted(len(missing), 'earlier week')}")
            headless.materialize_metrics(missing)
            status.update(f"planning from the week of {observed}")
        event = headless.plan(observed)
    if summary:
        err.print(summary, style="dim", soft_wrap=True)
    report_problems(list(dict.fromkeys([*map(str, problems), *headless.left_out])))
    return event
