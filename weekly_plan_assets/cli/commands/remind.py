"""`weekly-plan remind`: send today's sessions, for those who have a timer of their own."""

from typing import Annotated

import typer

from weekly_plan_assets.cli.arguments import AthleteId
from weekly_plan_assets.cli.commands.athlete import lineage_of, settings_and_id
from weekly_plan_assets.terminal.console import err, out


def remind(
    athlete: AthleteId = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the message, and send nothing.")
    ] = False,
) -> None:
    """Send today's sessions to WEEKLY_PLAN_NOTIFY, once a day to each service.

    They are those of the plan for this week. On a day without sessions, or without a plan,
    nothing is sent.
    """
    from weekly_plan_assets.operations import notifications
    from weekly_plan_assets.operations.stored_messages import message_of_day

    settings, athlete = settings_and_id(athlete)
    lineage = lineage_of(settings, athlete)
    today = settings.today()
    found = message_of_day(lineage.database, today, lineage.athlete_id)
    if found is None:
        err.print(f"nothing is planned for today, {today}", style="yellow")
        return
    if dry_run:
        message, _ = found
        out.print(f"{message.title}\n\n{message.text}", markup=False, soft_wrap=True)
        return
    sent = notifications.remind(lineage.database, settings, today, lineage.athlete_id)
    out.print("today's sessions were sent" if sent else "today's sessions had been sent before")
