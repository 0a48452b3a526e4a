"""The one path that others may ask: where Intervals.icu says that an athlete's data has changed.

It stands in front of the guard, which lets in the owner alone, and is there only where a secret is
set. Who knows the secret can mark weeks as to be read again, and do or see nothing else: the answer
is the same whether an athlete is known or not.
"""

import asyncio
import logging
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from pydantic import SecretStr
from pymongo.database import Database
from pymongo.errors import PyMongoError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.settings import Settings, SourceName
from weekly_plan_assets.sources.intervals_icu.webhook import (
    ChangedDays,
    WebhookRefusedError,
    changes_of,
)
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import project_database
from weekly_plan_assets.storage.read_marks import (
    has_stored_weeks,
    mark_weeks,
    stored_activity_weeks,
)

WEBHOOKS = "/webhooks/intervals"
"""Never below the secret link of the UI, which is not to be given to anybody."""

LARGEST_WEBHOOK_BYTES = 1024**2
BODY_S = 10.0
"""How long the body of a request may take to arrive."""

_FIRST_DAY = date(2000, 1, 1)
_OWNER = "0"

log = logging.getLogger(__name__)


class IntervalsWebhooks:
    """Takes webhooks, and passes everything else on."""

    def __init__(self, app: ASGIApp, settings: Settings, secret: SecretStr) -> None:
        """Put the path in front of an application.

        Args:
            app: The guarded webserver.
            settings: Whose data is read, and which database holds it.
            secret: The one that Intervals.icu puts into every webhook.
        """
        self._app = app
        self._settings = settings
        self._secret = secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a webhook, or pass the request on."""
        if scope["type"] != "http" or scope["path"] != WEBHOOKS:
            await self._app(scope, receive, send)
            return
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method != "POST":
            return _said(405, "A webhook is a POST.")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            return _said(415, "A webhook has to be application/json.")
        try:
            body = await asyncio.wait_for(_body(request), BODY_S)
        except TimeoutError:
            return _said(408, "The body took too long.")
        except ClientDisconnect:
            return _said(400, "The body broke off.")
        if body is None:
            return _said(413, f"A webhook has at most {LARGEST_WEBHOOK_BYTES} bytes.")
        return await run_in_threadpool(self._taken, body)

    def _taken(self, body: bytes) -> Response:
        try:
            changes = changes_of(body, self._secret)
        except WebhookRefusedError as error:
            return _said(403, str(error))
        try:
            self._mark(changes)
        except (WeeklyPlanError, PyMongoError) as error:
            log.warning("a webhook of Intervals.icu could not be taken: %s", error)
            return _said(503, "Send it again later.")
        # Intervals.icu was seen to send webhooks again that were answered with 204.
        return _said(200, "ok")

    def _mark(self, changes: Iterable[ChangedDays]) -> None:
        """Mark the weeks of the changes that are about a known athlete."""
        by_athlete: dict[str, list[ChangedDays]] = {}
        for one in changes:
            by_athlete.setdefault(one.athlete_id, []).append(one)
        if not by_athlete:
            return
        database = self._database()
        last = datetime.now(UTC).date() + timedelta(days=1)  # it is tomorrow somewhere
        for athlete_id, of_athlete in by_athlete.items():
            if not self._is_known(database, athlete_id):
                continue
            ids = [one.activity_id for one in of_athlete if one.activity_id is not None]
            days = {day for one in of_athlete for day in one.days if _FIRST_DAY <= day <= last}
            weeks = {TrainingWeek.containing(day) for day in days}
            weeks |= stored_activity_weeks(database, athlete_id, ids)
            mark_weeks(database, athlete_id, sorted(weeks))

    def _is_known(self, database: Database[BsonDocument], athlete_id: str) -> bool:
        roster = self._settings.roster
        if roster is not None:
            known = roster.named(athlete_id)
            return known is not None and known.id == athlete_id and _is_read_from(known.source)
        own_id = self._settings.intervals_athlete_id
        return (
            _is_read_from(self._settings.source)
            and own_id in {_OWNER, athlete_id}
            and has_stored_weeks(database, athlete_id)
        )

    def _database(self) -> Database[BsonDocument]:
        settings = self._settings
        url = settings.mongo_url.get_secret_value() if settings.mongo_url else None
        return project_database(url, settings.embedded_dir, settings.database_name)


def _is_read_from(source: str) -> bool:
    return source == SourceName.INTERVALS


async def _body(request: Request) -> bytes | None:
    """The body, or None as soon as it is too large."""
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > LARGEST_WEBHOOK_BYTES:
            return None
    return bytes(content)


def _said(status: int, words: str) -> Response:
    return PlainTextResponse(f"{words}\n", status, {"X-Content-Type-Options": "nosniff"})
