"""`weekly-plan deliver`: put a published plan on the calendar, or into a folder of files."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, AthleteId, EitherWeek
from weekly_plan_assets.cli.commands.athlete import lineage_of, say_whose, settings_and_id
from weekly_plan_assets.cli.commands.run_roster import chosen_in
from weekly_plan_assets.cli.weeks import plan_of
from weekly_plan_assets.terminal.console import err, loading, out, print_json
from weekly_plan_assets.terminal.failures import FAILED, say, say_failed

if TYPE_CHECKING:
    from weekly_plan_assets.delivery.deliver_plan import Delivery
    from weekly_plan_assets.delivery.deliverable import DeliverablePlan
    from weekly_plan_assets.delivery.places import Place
    from weekly_plan_assets.domain.delivery.decisions import DecidedEntry
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
            help="Where to: intervals, files, or both with a comma. Default: WEEKLY_PLAN_DELIVER; "
            "with --take-back, wherever the plan was delivered.",
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
    settings, athlete = settings_and_id(athlete, reads_only=False)
    if settings.roster is not None:
        (athlete,) = chosen_in(settings.roster, athlete, everybody=None)
    targets = () if to is None and take_back else _targets(to, settings)
    lineage = lineage_of(settings, athlete)
    with loading():
        plan = _plan(lineage, week, settings)
    say_whose(settings, athlete, [plan.snapshot.athlete_id])
    ends = [
        _ended(place, plan, settings, lineage, _Wish(dry_run, take_back, agreed=yes))
        for place in _places(targets, plan, settings, lineage)
    ]
    _show([one for one in ends if one is not None], as_json=as_json, is_dry=dry_run)
    if not all(one is not None and one.is_right for one in ends):
        raise typer.Exit(FAILED)


@dataclass(frozen=True)
class _Wish:
    """What is asked of each target."""

    dry_run: bool
    take_back: bool
    agreed: bool


@dataclass(frozen=True)
class _End:
    """What became of one target; `is_new` where this command has written something."""

    target: str
    preview: "tuple[DecidedEntry, ...]" = ()
    receipt: "DeliveryReceipt | None" = None
    is_new: bool = False

    @property
    def is_right(self) -> bool:
        """Whether nothing is missing."""
        return self.receipt is None or self.receipt.is_whole


def _places(
    targets: "Sequence[DeliveryTarget]",
    plan: "DeliverablePlan",
    settings: "Settings",
    lineage: "Lineage",
) -> "list[Place]":
    """The places that are meant: those of the targets, else where the plan's week was delivered.

    Raises:
        typer.Exit: It was delivered nowhere.
    """
    from weekly_plan_assets.delivery.places import Place, places_of_week

    found = [Place(target) for target in targets] or places_of_week(lineage.database, plan.snapshot)
    if not found and not settings.delivery_targets:
        say(
            f"the plan for the week of {plan.snapshot.week_start} was delivered nowhere, or taken "
            "back already; there is nothing to take back"
        )
        raise typer.Exit(FAILED)
    # Where nothing was delivered yet, a take-back still keeps the next run from doing it.
    return found or [Place(target) for target in settings.delivery_targets]


def _ended(
    place: "Place",
    plan: "DeliverablePlan",
    settings: "Settings",
    lineage: "Lineage",
    wish: _Wish,
) -> _End | None:
    """Deliver to one target; None where it cannot be, which is said and stops no other target."""
    from weekly_plan_assets.delivery.deliver_plan import require_own_calendar
    from weekly_plan_assets.errors import WeeklyPlanError

    target = place.target
    try:
        delivery = place.open(settings, lineage.database)
        require_own_calendar(target, delivery, plan, settings)
        if wish.dry_run:
            return _End(target.value, delivery.preview(plan, take_back=wish.take_back))
        return _delivered(target, delivery, plan, wish)
    except WeeklyPlanError as error:
        say(f"{target}: {error}")
        return None


def _targets(to: str | None, settings: "Settings") -> tuple["DeliveryTarget", ...]:
    from weekly_plan_assets.settings import DeliveryTarget
    from weekly_plan_assets.settings.choices import known_targets
    from weekly_plan_assets.settings.refused_settings import NotAllowedError

    if to is None and not settings.delivery_targets:
        from weekly_plan_assets.settings.roster_words import in_words_in_force

        where = "say where to deliver: intervals or files; or set WEEKLY_PLAN_DELIVER"
        raise typer.BadParameter(in_words_in_force(where), param_hint="--to")
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

    snapshot = plan_of(lineage, week, settings)
    if not isinstance(snapshot, PlanSnapshot):
        say(f"the plan of run {snapshot.run_id} is of version 1.0, which cannot be delivered")
        raise typer.Exit(FAILED)
    return DeliverablePlan.stored(lineage, snapshot)


def _delivered(
    target: "DeliveryTarget", delivery: "Delivery", plan: "DeliverablePlan", wish: _Wish
) -> _End | None:
    """Deliver; before anything goes to a calendar for the first time, show what and ask."""
    from weekly_plan_assets.delivery.deliver_plan import needs_consent

    snapshot = plan.snapshot
    is_first = needs_consent(target, delivery, snapshot.athlete_id)
    if is_first and not (wish.agreed or wish.take_back) and not _agreed(target, delivery, plan):
        return None
    receipts = delivery.receipts.of_week(snapshot.athlete_id, snapshot.planned_week)
    known = {len(one.passes) for one in receipts if one.run_id == snapshot.run_id}
    with err.status(f"delivering to {target}"):
        receipt = delivery.deliver(plan, COMMAND, take_back=wish.take_back)
    return _End(target.value, receipt=receipt, is_new=len(receipt.passes) not in known)


def _agreed(target: "DeliveryTarget", delivery: "Delivery", plan: "DeliverablePlan") -> bool:
    """Show what would be written, and ask; False too where nobody is there to ask."""
    from weekly_plan_assets.cli.questions import Answers

    _show([_End(target.value, delivery.preview(plan))], as_json=False, is_dry=True)
    if not sys.stdin.isatty():
        say_failed(
            f"nothing was delivered to {target}: the first delivery asks in a terminal; --yes "
            "agrees without being asked"
        )
        return False
    if Answers(quiet=False).agree("Write this to your calendar?"):
        return True
    err.print("nothing was written", style="yellow")
    return False


def _show(ends: Sequence[_End], *, as_json: bool, is_dry: bool) -> None:
    from weekly_plan_assets.cli.pages.page import Page, Section
    from weekly_plan_assets.cli.pages.render_delivery import (
        delivered_in_words,
        delivery_parts,
        preview_table,
    )
    from weekly_plan_assets.cli.pages.render_page import render_page

    if as_json:
        previews = {one.target: one.preview for one in ends}
        print_json(previews if is_dry else [one.receipt for one in ends])
    elif is_dry:
        sections = [Section(one.target, [preview_table(one.preview)]) for one in ends]
        title = "What a delivery would do"
        render_page(Page(title=title, lines=["nothing was written"], sections=sections))
    else:
        for one in ends:
            if one.receipt is None:
                continue
            section = Section(one.target, [*delivery_parts(one.receipt)])
            title = f"Delivery of {one.receipt.week_start} to {one.receipt.week_end}"
            render_page(Page(title=title, lines=[], sections=[section]))
            said = delivered_in_words(one.receipt, is_new=one.is_new)
            out.print(said, markup=False, soft_wrap=True)
