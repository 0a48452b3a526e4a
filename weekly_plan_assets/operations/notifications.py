"""Send how planned weeks ended, by any of the `message_targets`.

What is sent is read from run_events, so that it does not matter who ran the week: the command line,
which sends at the end of its run, or the daemon, whose sensor sends the rest
(`notification_sensor`).
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Self

from pymongo.database import Database
from pymongo.errors import PyMongoError

from weekly_plan_assets.common.plain_text import plain
from weekly_plan_assets.lineage.records.records import Status
from weekly_plan_assets.operations.message_targets import (
    MessageTarget,
    NotificationError,
    message_targets,
    was_taken,
)
from weekly_plan_assets.settings import NotifyOn, Settings
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.notification_claims import (
    claim,
    forget_old_claims,
    mark_as_sent,
    release,
)
from weekly_plan_assets.storage.run_queries import recent_ends

log = logging.getLogger(__name__)

RECENT = timedelta(days=1)
"""A run that ended before is no news; nor are all the failures before notifications were set up."""

BUDGET_S = 15.0
"""The most time that sending at the end of a run may take."""

_MOST_ERRORS = 10
_LONGEST_ERROR = 500


@dataclass(frozen=True)
class Notifier:
    """Sends to the targets of WEEKLY_PLAN_NOTIFY.

    Attributes:
        statuses: Which ends are sent.
        targets: One for each URL.
    """

    statuses: tuple[Status, ...]
    targets: tuple[MessageTarget, ...] = field(repr=False)

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

    def deliver(self, title: str, body: str, *, failed: bool, deadline_s: float) -> bool:
        """Whether at least one target took the message before the deadline (monotonic)."""
        taken = [
            was_taken(target, title, body, failed=failed, deadline_s=deadline_s)
            for target in self.targets
        ]
        return any(taken)


def notify_ends(database: Database[BsonDocument], settings: Settings) -> int:
    """Send the recent ends of planned weeks that were not sent yet, as far as time allows.

    Nothing that goes wrong here is raised: a run is as good as it is without. It is warned of, and
    tried again by the next run or the daemon.

    Returns:
        How many were sent.
    """
    sent = 0
    try:
        notifier = Notifier.of(settings)
        if notifier is None:
            return 0
        deadline_s = monotonic() + BUDGET_S
        for event in _pending(database, notifier.statuses):
            if monotonic() > deadline_s or not _sent(database, notifier, event, deadline_s):
                break
            sent += 1
    except (NotificationError, PyMongoError) as error:
        log.warning("the notification was not sent: %s", error)
    return sent


def message(event: BsonDocument) -> tuple[str, str]:
    """Title and body for the end of a planned week."""
    failed = event["status"] == Status.FAILURE
    ending = "failed" if failed else "is ready"
    title = f"Plan for {event['weekStart']} to {event['weekEnd']} {ending}"
    errors = [plain(str(error))[:_LONGEST_ERROR] for error in event["errors"]]
    more = len(errors) - _MOST_ERRORS
    lines = [
        *errors[:_MOST_ERRORS],
        *([f"and {more} more"] if more > 0 else []),
        f"runId {event['runId']}",
    ]
    return title, "\n".join(lines)


def _pending(
    database: Database[BsonDocument], statuses: tuple[Status, ...]
) -> Iterator[BsonDocument]:
    """Recent events that were not sent, each claimed for this process."""
    forget_old_claims(database)
    for event in recent_ends(database, statuses, datetime.now(UTC) - RECENT):
        if claim(database, _key(event)):
            yield event


def _sent(
    database: Database[BsonDocument], notifier: Notifier, event: BsonDocument, deadline_s: float
) -> bool:
    """Send an event; if no target takes it, it is released for the next try."""
    title, body = message(event)
    failed = event["status"] == Status.FAILURE
    if notifier.deliver(title, body, failed=failed, deadline_s=deadline_s):
        mark_as_sent(database, _key(event))
        return True
    release(database, _key(event))
    return False


def _key(event: BsonDocument) -> str:
    return f"{event['runId']} {event['status']}"
