"""The project's pages beside Dagster's own: `week-page/<runId>` of a planned week, and `overview`.

The UI links to them from the metadata of the plan. Who may open them is decided in front of this,
as for everything that is served.
"""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import parse_qs, unquote

from pymongo.database import Database
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from weekly_plan_assets.athletes.overview_reading import overview_of
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.lineage.records.records import PlanSnapshot
from weekly_plan_assets.overview_page.overview_content import Served, overview_on_page
from weekly_plan_assets.overview_page.overview_html import overview_html
from weekly_plan_assets.settings import Settings, SettingsError
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import project_database
from weekly_plan_assets.week_page.content import PageLink
from weekly_plan_assets.week_page.stored_page import page_of_plan

T = TypeVar("T")

PATH = "/week-page/"
"""Followed by the runId."""

OVERVIEW = "/overview"
"""The coach's overview, of the week that `?week=MONDAY` names or of the present one."""

_NOTHING_IS_FETCHED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""The page holds all that it needs, so that nothing in it may ask for more."""


class WeekPages:
    """Serves the pages, and passes everything else on."""

    def __init__(self, app: ASGIApp, settings: Settings, path_prefix: str) -> None:
        """Put the pages in front of an application.

        Args:
            app: Dagster's webserver.
            settings: Which database holds the plans.
            path_prefix: Path under which all is served; empty for the root.
        """
        self._app = app
        self._settings = settings
        self._prefix = path_prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a page, or pass the request on."""
        path = str(scope.get("path", ""))
        week_page, overview = f"{self._prefix}{PATH}", f"{self._prefix}{OVERVIEW}"
        if scope["type"] != "http" or scope["method"] == "POST":
            await self._app(scope, receive, send)
        elif path.startswith(week_page):
            run_id = unquote(path.removeprefix(week_page))
            await (await _answer(self._week_page, run_id))(scope, receive, send)
        elif path == overview:
            asked = parse_qs(bytes(scope["query_string"]).decode("latin-1")).get("week", [None])
            await (await _answer(self._overview, asked[0]))(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _week_page(self, run_id: str) -> Response:
        lineage = Lineage(self._database())
        snapshot = lineage.snapshot(run_id)
        if not isinstance(snapshot, PlanSnapshot):
            return PlainTextResponse("No plan of this run is stored.\n", 404)
        overview = f"{self._prefix}{OVERVIEW}?week={snapshot.planned_week}"
        roster = self._settings.roster
        athlete = None if roster is None else roster.named(snapshot.athlete_id)
        page = page_of_plan(
            lineage,
            snapshot,
            is_simulated=self._settings.is_sample,
            name=None if athlete is None else athlete.name,
            links=(PageLink("Dagster", f"{self._prefix}/assets/plan"),),
            overview=None if roster is None else overview,
        )
        return _page(page)

    def _overview(self, monday: str | None) -> Response:
        try:
            week = None if monday is None else TrainingWeek.parse(monday)
        except ValueError as error:
            return PlainTextResponse(f"{error}\n", 400)
        rows = overview_of(self._settings, self._database(), week)
        simulated = self._settings.is_sample
        return _page(overview_html(overview_on_page(rows, is_simulated=simulated, served=Served())))

    def _database(self) -> Database[BsonDocument]:
        settings = self._settings
        url = settings.mongo_url.get_secret_value() if settings.mongo_url else None
        return project_database(url, settings.embedded_dir, settings.database_name)


async def _answer(page: Callable[[T], Response], of: T) -> Response:
    """The page of something; a roster that is wrong is named, as it is read again for each."""
    try:
        return await run_in_threadpool(page, of)
    except SettingsError as error:
        return PlainTextResponse(f"{error}\n", 500)


def _page(html: str) -> Response:
    return HTMLResponse(html, headers={"Content-Security-Policy": _NOTHING_IS_FETCHED})
