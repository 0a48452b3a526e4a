"""A calendar over real sockets, and plans to deliver to it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from pymongo.database import Database

from weekly_plan_assets.common.http_retries import Patience
from weekly_plan_assets.delivery.calendar_delivery import CalendarDelivery
from weekly_plan_assets.delivery.deliverable import DeliverablePlan
from weekly_plan_assets.delivery.folder_delivery import FolderDelivery
from weekly_plan_assets.delivery.receipts import Receipts
from weekly_plan_assets.domain.plan.session_id import is_own
from weekly_plan_assets.domain.plan.weekly_plan import PlannedDay
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.delivery_receipt import DeliveryReceipt
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.lineage.records.records import PlanningInputs, PlanSnapshot
from weekly_plan_assets.lineage.records.stored_run import StoredRun
from weekly_plan_assets.sources.intervals_icu.calendar_client import IntervalsCalendar
from weekly_plan_assets.sources.intervals_icu.client import IntervalsClient
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.support.calendar_server.server import CalendarServer
from weekly_plan_assets_tests.support.graph import activity, wellness_day
from weekly_plan_assets_tests.support.intervals_server import API_KEY, ATHLETE_ID
from weekly_plan_assets_tests.support.planned_page import run

ANSWER_S = 1.0


def calendar_of(server: CalendarServer, *, answer_s: float = ANSWER_S) -> IntervalsCalendar:
    client = IntervalsClient(
        server.base_url,
        SecretStr(API_KEY),
        patience=Patience(2.0),
        answer_s=answer_s,
        timeouts=httpx.Timeout(answer_s),
    )
    return IntervalsCalendar(client)


@dataclass
class Desk:
    """One athlete's calendar and receipts, and the day on which a plan is delivered."""

    server: CalendarServer
    database: Database[BsonDocument]
    today: date
    pauses_s: Sequence[float] = (0.01,)
    account: str = ATHLETE_ID

    @property
    def delivery(self) -> CalendarDelivery:
        return CalendarDelivery(
            calendar_of(self.server),
            Receipts(self.database, "intervals", self.account),
            self.today,
            self.pauses_s,
        )

    def deliver(self, plan: DeliverablePlan, **how: Any) -> DeliveryReceipt:
        return self.delivery.deliver(plan, "command", **how)

    def decisions(self, plan: DeliverablePlan) -> dict[str, tuple[str, str | None]]:
        """What a delivery would do, by the name of the entry."""
        return {
            named(one): (one.decision.value, one.because and one.because.value)
            for one in self.delivery.preview(plan)
        }


def delivered(server: CalendarServer) -> list[dict[str, Any]]:
    """The entries that a delivery made, by their external_id."""
    found = [one for one in server.events if is_own(one.get("external_id"))]
    return sorted(found, key=lambda one: str(one["external_id"]))


def entry_named(server: CalendarServer, name: str) -> dict[str, Any]:
    """The entry of that name."""
    (found,) = [one for one in server.events if one["name"] == name]
    return found


def named(entry: Any) -> str:
    known = entry.wanted or entry.before
    return entry.session_id if known is None else str(known.name)


def a_plan(**file: Any) -> tuple[DeliverablePlan, PlanSnapshot, PlanningInputs]:
    """A planned week with what it was made from."""
    snapshot, inputs = run(**file)
    return DeliverablePlan.of(snapshot, inputs), snapshot, inputs


def deliver_to_folder(
    database: Database[BsonDocument], run_id: str, folder: Path, today: date = date.min
) -> DeliveryReceipt:
    """Deliver the stored plan of a run into a folder."""
    run = Lineage(database).stored_run(run_id)
    assert isinstance(run, StoredRun)
    assert run.snapshot is not None
    plan = DeliverablePlan.of(run.snapshot, run.inputs)
    return FolderDelivery(folder, Receipts(database, "files", "folder"), today).deliver(
        plan, "command"
    )


def replanned(
    snapshot: PlanSnapshot, inputs: PlanningInputs, days: Sequence[PlannedDay], run_id: str
) -> DeliverablePlan:
    """Another plan for the same week."""
    plan = snapshot.activity_plan.model_copy(update={"days": tuple(days)})
    again = snapshot.model_copy(update={"run_id": run_id, "activity_plan": plan})
    return DeliverablePlan.of(again, inputs)


@contextmanager
def a_calendar(**how: Any) -> Iterator[CalendarServer]:
    server = CalendarServer(**how)
    try:
        yield server
    finally:
        server.close()


@contextmanager
def a_trained_account(before: TrainingWeek) -> Iterator[CalendarServer]:
    """A server that has four weeks of training, the last of them before a week."""
    with a_calendar() as server:
        first = before.shift(-4).start
        days = [first + timedelta(days=7 * week + day) for week in range(4) for day in (1, 3, 5, 6)]
        server.activities = [
            activity(str(day), f"{day}T07:00:00", icu_athlete_id=ATHLETE_ID) for day in days
        ]
        server.wellness = [wellness_day(str(first + timedelta(days=day))) for day in range(28)]
        yield server
