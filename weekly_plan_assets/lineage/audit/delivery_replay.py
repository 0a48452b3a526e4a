"""What a published plan puts on a calendar, made from the stored records alone.

A delivery sends this, and a replay makes it again and compares it with the receipt, to the byte.
"""

from collections.abc import Iterator

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.delivery.decisions import Decision
from weekly_plan_assets.domain.delivery.entries import WantedEntry
from weekly_plan_assets.lineage.audit.differences import ABSENT, Difference, differences
from weekly_plan_assets.lineage.records.delivery_receipt import DeliveryReceipt
from weekly_plan_assets.lineage.records.records import PlanningInputs, PlanSnapshot
from weekly_plan_assets.rendering.calendar_entries import session_entries, week_note
from weekly_plan_assets.storage.codec import encode


def wanted_entries(snapshot: PlanSnapshot, athlete: Athlete | None) -> tuple[WantedEntry, ...]:
    """What the plan wants on a calendar: its sessions, and a note about the week.

    Args:
        snapshot: The plan.
        athlete: Whose thresholds steer the sessions; None if they are no longer stored.
    """
    plan = snapshot.activity_plan
    reasons = tuple(reason.text for reason in snapshot.justification)
    first_day, is_hard = (
        plan.days[0].day_name,
        any(one.is_hard for day in plan.days for one in day.sessions),
    )
    note = week_note(plan.next_week, reasons, first_day, snapshot.run_id, is_hard=is_hard)
    return (note, *session_entries(plan.days, athlete))


def delivery_differences(
    receipt: DeliveryReceipt, snapshot: PlanSnapshot, inputs: PlanningInputs | None
) -> Iterator[Difference]:
    """Where a receipt holds other entries than the plan makes again.

    Args:
        receipt: One of the same run.
        snapshot: The plan of the run.
        inputs: What it was made from.
    """
    athlete = None if inputs is None else inputs.athlete
    again = {one.session_id: one for one in wanted_entries(snapshot, athlete)}
    place = f"deliveries[{receipt.target} {receipt.account}]"
    for number, one in enumerate(receipt.passes):
        for entry in one.entries:
            if entry.wanted is None or entry.decision is Decision.LEAVE:
                continue  # of what was left, an earlier plan's entry may stand there
            path = f"{place}.passes[{number}].{entry.session_id}"
            made = again.get(entry.session_id)
            if made is None:
                yield Difference(path=path, stored=entry.wanted.name, again=ABSENT)
            else:
                yield from differences(encode(entry.wanted), encode(made), path)
