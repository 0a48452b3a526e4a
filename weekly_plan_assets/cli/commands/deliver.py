"""`weekly-plan deliver`: put a published plan on the calendar, or into a folder of files."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, AthleteId, EitherWeek
from weekly_plan_assets.cli.commands.athlete import lineage_of, say_whose, source_athlete
from weekly_plan_assets.cli.weeks import plan_of
from weekly_plan_assets.terminal.console import err, loading, out, print_json
from weekly_plan_assets.terminal.failures import FAILED, say, say_failed

if TYPE_CHECKING:
    from weekly_plan_assets.delivery.deliver_plan import Delivery
    from weekly_plan_assets.delivery.deliverable import DeliverablePlan
    from weekly_plan_assets.lineage.records.delivery_receipt import DeliveryReceipt
    from weekly_plan_assets.lineage.records.reading import Lineage
    from weekly_plan_assets.settings import DeliveryTarget, Settings

COMMAND = "command"
"""Who asked, in receipts of deliveries from the terminal."""


def deliver(
    week: EitherWeek = None,
    athlete: AthleteId = None,
    *,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="TARGETS",
            help="Where to: intervals, files, or both with a comma. Default: WEEKLY_PLAN_DELIVER.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be written, and write nothing.")
    ] = False,
    take_back: Annotated[
        bool, typer.Option("--take-back", help="Remove what was delivered and is still to come.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask before the first delivery to a calendar.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Deliver a published plan, by default that of the latest planned week.

    What you moved, edited, deleted or did on the calendar is left as it is; so are entries of your
    own, and days that are over. Delivering again sends only what has changed.
    """
    from weekly_plan_assets.settings import load_settings

    settings = load_settings()
    targets = _targets(to, settings)
    lineage = lineage_of(settings, athlete)
    with loading():
        plan = _plan(lineage, week, settings)
    say_whose(settings, athlete, [plan.snapshot.athlete_id])
    deliveries = {target: _opened(target, plan, settings, lineage) for target in targets}
    if dry_run:
        _show_previews(deliveries, plan, take_back=take_back, as_json=as_json)
        return
    receipts = [
        _delivered(target, delivery, plan, take_back=take_back, agreed=yes)
        for target, delivery in deliveries.items()
    ]
    _show(receipts, as_json=as_json)


def _targets(to: str | None, settings: "Settings") -> tuple["DeliveryTarget", ...]:
    from weekly_plan_assets.settings import DeliveryTarget
    from weekly_plan_assets.settings.choices import known_targets
    from weekly_plan_assets.settings.refused_settings import NotAllowedError

    if to is None and not settings.delivery_targets:
        raise typer.BadParameter(
            "say where to deliver: intervals or files; or set WEEKLY_PLAN_DELIVER",
            param_hint="--to",
        )
    try:
        names = settings.delivery_targets if to is None else known_targets(to).split()
    except NotAllowedError as error:
        raise typer.BadParameter(f"{to!r}: {error}", param_hint="--to") from None
    return tuple(DeliveryTarget(name) for name in names)


def _plan(lineage: "Lineage", week: EitherWeek, settings: "Settings") -> "DeliverablePlan":
    """The plan that is meant, with what it becomes.

    Raises:
        typer.Exit: There is none, or it is of version 1.0.
    """
    from weekly_plan_assets.delivery.deliverable import DeliverablePlan
    from weekly_plan_assets.lineage.records.records import PlanSnapshot
    from weekly_plan_assets.lineage.records.stored_run import StoredRun

    snapshot = plan_of(lineage, week, settings)
    if not isinstance(snapshot, PlanSnapshot):
        say(f"the plan of run {snapshot.run_id} is of version 1.0, which cannot be delivered")
        raise typer.Exit(FAILED)
    run = lineage.run(snapshot.run_id)
    return DeliverablePlan.of(snapshot, run.inputs if isinstance(run, StoredRun) else None)


def _opened(
    target: "DeliveryTarget", plan: "DeliverablePlan", settings: "Settings", lineage: "Lineage"
) -> "Delivery":
    from weekly_plan_assets.delivery.deliver_plan import open_delivery, require_own_calendar
    from weekly_plan_assets.settings import DeliveryTarget

    delivery = open_delivery(target, settings, lineage.database)
    if target is DeliveryTarget.INTERVALS:
        require_own_calendar(plan, settings, source_athlete(settings, ask=True))
    return delivery


def _show_previews(
    deliveries: "dict[DeliveryTarget, Delivery]",
    plan: "DeliverablePlan",
    *,
    take_back: bool,
    as_json: bool,
) -> None:
    previews = {
        target.value: one.preview(plan, take_back=take_back) for target, one in deliveries.items()
    }
    if as_json:
        print_json(previews)
        return
    from weekly_plan_assets.cli.pages.page import Page, Section
    from weekly_plan_assets.cli.pages.render_delivery import preview_table
    from weekly_plan_assets.cli.pages.render_page import render_page

    sections = [Section(name, [preview_table(one)]) for name, one in previews.items()]
    title = f"What a delivery of {plan.snapshot.week_start} to {plan.snapshot.week_end} would do"
    render_page(Page(title=title, lines=["nothing was written"], sections=sections))


def _delivered(
    target: "DeliveryTarget",
    delivery: "Delivery",
    plan: "DeliverablePlan",
    *,
    take_back: bool,
    agreed: bool,
) -> "DeliveryReceipt":
    """Deliver; before anything goes to a calendar for the first time, show what and ask."""
    from weekly_plan_assets.delivery.deliver_plan import needs_consent

    if not agreed and needs_consent(target, delivery, plan.snapshot.athlete_id):
        _require_consent(target, delivery, plan)
    with err.status(f"delivering to {target}"):
        return delivery.deliver(plan, COMMAND, take_back=take_back)


def _require_consent(
    target: "DeliveryTarget", delivery: "Delivery", plan: "DeliverablePlan"
) -> None:
    """Show what would be written, and ask.

    Raises:
        typer.Exit: The answer is no, or nobody is there to ask.
    """
    from weekly_plan_assets.cli.questions import Answers

    _show_previews({target: delivery}, plan, take_back=False, as_json=False)
    if not sys.stdin.isatty():
        say_failed(
            f"nothing was delivered to {target}: the first delivery asks in a terminal; --yes "
            "agrees without being asked"
        )
        raise typer.Exit(FAILED)
    if not Answers(quiet=False).agree("Write this to your calendar?"):
        err.print("nothing was written", style="yellow")
        raise typer.Exit(FAILED)


def _show(receipts: Sequence["DeliveryReceipt"], *, as_json: bool) -> None:
    from weekly_plan_assets.cli.pages.page import Page, Section
    from weekly_plan_assets.cli.pages.render_delivery import delivered_in_words, delivery_parts
    from weekly_plan_assets.cli.pages.render_page import render_page

    if as_json:
        print_json(receipts)
    else:
        title = f"Delivery of {receipts[0].week_start} to {receipts[0].week_end}"
        sections = [Section(one.target, [*delivery_parts(one)]) for one in receipts]
        render_page(Page(title=title, lines=[], sections=sections))
        for one in receipts:
            out.print(delivered_in_words(one), markup=False, soft_wrap=True)
    if not all(one.is_whole for one in receipts):
        raise typer.Exit(FAILED)
