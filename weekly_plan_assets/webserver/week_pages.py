"""The pages of planned weeks beside Dagster's own: `week-page/<runId>` under the same address.

The UI links to them from the metadata of the plan. Who may open them is decided in front of this,
as for everything that is served.
"""

from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.lineage.records.records import PlanSnapshot
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.storage.connection import project_database
from weekly_plan_assets.week_page.content import PageLink
from weekly_plan_assets.week_page.stored_page import page_of_plan

PATH = "/week-page/"
"""Followed by the runId."""

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
        begins = f"{self._prefix}{PATH}"
        if scope["type"] != "http" or not path.startswith(begins) or scope["method"] == "POST":
            await self._app(scope, receive, send)
            return
        response = await run_in_threadpool(self._page, unquote(path.removeprefix(begins)))
        await response(scope, receive, send)

    def _page(self, run_id: str) -> Response:
        settings = self._settings
        url = settings.mongo_url.get_secret_value() if settings.mongo_url else None
        lineage = Lineage(project_database(url, settings.embedded_dir, settings.database_name))
        snapshot = lineage.snapshot(run_id)
        if not isinstance(snapshot, PlanSnapshot):
            return PlainTextResponse("No plan of this run is stored.\n", 404)
        page = page_of_plan(
            lineage,
            snapshot,
            is_simulated=settings.is_sample,
            links=(PageLink("Dagster", f"{self._prefix}/assets/plan"),),
        )
        return HTMLResponse(page, headers={"Content-Security-Policy": _NOTHING_IS_FETCHED})
