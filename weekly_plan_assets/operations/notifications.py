"""Send how planned weeks ended, and what is to be done today, by any of the `message_targets`.

What is sent is read from the store, so that it does not matter who ran the week: the command line,
which sends at the end of its run, or the daemon, whose sensor sends the rest
(`notification_sensor`). Each message goes to each target once.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from typing import Self

from pymongo.database import Database
from pymongo.errors import PyMongoError

from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.lineage.records.records import Status
from weekly_plan_assets.messages.message import Message
from weekly_plan_assets.operations.message_targets import (
    NamedTarget,
    NotificationError,
    message_targets,
    was_taken,
)
from weekly_plan_assets.operations.stored_messages import (
    AthleteNames,
    athlete_names,
    message_of_day,
    message_of_end,
    named_athlete,
)
from weekly_plan_assets.settings import NotifyOn, Settings
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.notification_claims import (
    begins_at,
    claim,
    forget_old_claims,
    is_sent,
    mark_as_sent,
    release,
)
from weekly_plan_assets.storage.run_queries import recent_ends

log = logging.getLogger(__name__)

RECENT = timedelta(days=1)
"""A run that ended before is no news; nor are all the failures before notifications were set up."""

TOGETHER = timedelta(minutes=1)
"""What ended so shortly before the newest end belongs to the same command."""

BUDGET_S = 15.0
"""The most time that sending at the end of a run may take."""


@dataclass(frozen=True)
class Notifier:
    """Sends to the targets of WEEKLY_PLAN_NOTIFY.

    Attributes:
        statuses: Which ends are sent.
        targets: One for each URL.
    """

    statuses: tuple[Status, ...]
    targets: tuple[NamedTarget, ...] = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """The notifier of the settings in force; None if no service is set.

        Raises:
            NotificationError: apprise is not installed, or knows none of the URLs.
        """
        if settings.notify is None:
            return None
        always = settings.notify_on is NotifyOn.ALWAYS
        return cls(
            statuses=(Status.FAILURE, Status.SUCCESS) if always else (Status.FAILURE,),
            targets=message_targets(settings.notify.get_secret_value()),
        )

    def send_once(
        self, database: Database[BsonDocument], key: str, message: Message, deadline_s: float
    ) -> bool:
        """Send a message to the targets that have not taken it; those that fail are tried again.

        Args:
            database: Where it is kept who has taken what.
            key: What the message is about; each target takes it once.
            message: What to send.
            deadline_s: A moment of the monotonic clock.

        Returns:
            Whether a target took it now.
        """
        taken = []
        for one in self.targets:
            own_key = f"{key} {one.key}"
            if not claim(database, own_key):
                continue
            if was_taken(one.target, message, deadline_s):
                mark_as_sent(database, own_key)
                taken.append(one)
            else:
                release(database, own_key)
        return bool(taken)


def notify_ends(database: Database[BsonDocument], settings: Settings) -> int:
    """Send the recent ends of planned weeks that were not sent yet, as far as time allows.

    Nothing that goes wrong here is raised: a run is as good as it is without. It is warned of, and
    tried again by the next run or the daemon.

    Returns:
        How many were taken by a target.
    """
    sent = 0
    try:
        notifier = Notifier.of(settings)
        if notifier is None:
            return 0
        deadline_s = monotonic() + BUDGET_S
        names = athlete_names(settings.roster)
        for event in _pending(database, notifier):
            if monotonic() > deadline_s:
                break
            message = message_of_end(
                database,
                event,
                is_simulated=settings.is_sample,
                athlete=named_athlete(names, event.get("athleteId")),
            )
            sent += notifier.send_once(database, _key(event), message, deadline_s)
    except (WeeklyPlanError, PyMongoError) as error:
        log.warning("the notification was not sent: %s", error)
    return sent


def remind(
    database: Database[BsonDocument],
    settings: Settings,
    today: date,
    athlete_id: str | None = None,
    names: AthleteNames = None,
) -> bool:
    """Send the sessions of today's plan, once a day to each target.

    Args:
        database: Where plans are.
        settings: Those in force.
        today: The athlete's local day.
        athlete_id: Whose plan; None where the database holds one athlete.
        names: What athletes are called, by id; None where there is only one.

    Returns:
        Whether a target took it now.

    Raises:
        NotificationError: WEEKLY_PLAN_NOTIFY is not set, or knows no service.
    """
    notifier = Notifier.of(settings)
    if notifier is None:
        raise NotificationError("nobody can be reminded; set WEEKLY_PLAN_NOTIFY")
    found = message_of_day(database, today, athlete_id, names)
    if found is None:
        return False
    message, whose = found
    deadline_s = monotonic() + BUDGET_S
    return notifier.send_once(database, f"reminder {whose} {today}", message, deadline_s)


def _pending(database: Database[BsonDocument], notifier: Notifier) -> Iterator[BsonDocument]:
    """Recent events that at least one target has not taken.

    What ended before messages were first asked for is no news, but for the newest of it: the run
    at whose end that is noticed.
    """
    forget_old_claims(database)
    recent = recent_ends(database, notifier.statuses, datetime.now(UTC) - RECENT)
    if not recent:
        return
    asked = " ".join(sorted(notifier.statuses))
    begins = min(
        begins_at(database, f"{one.key} begins {asked}", recent[-1]["createdAt"] - TOGETHER)
        for one in notifier.targets
    )
    for event in recent:
        key = _key(event)
        keys = [f"{key} {one.key}" for one in notifier.targets]
        # The key alone is that of a version before 0.2, for which any target was all of them.
        is_news = event["createdAt"] >= begins and not is_sent(database, key)
        if is_news and not all(is_sent(database, one) for one in keys):
            yield event


def _key(event: BsonDocument) -> str:
    return f"{event['runId']} {event['status']}"
