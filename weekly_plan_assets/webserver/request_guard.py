"""An ASGI layer in front of Dagster's webserver that refuses what its own pages would never send.

Dagster's webserver trusts every request that reaches it. A web page elsewhere can send many: it
makes browsers ask any address, and can give this machine a name of its own (DNS rebinding). So a
request has to name this server, to come from its own pages, and to change something only in a form
that no other page can send. Who may use the UI at all is decided in `access`.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from weekly_plan_assets.webserver.access import Access

JSON = "application/json"
"""Browsers ask before they send it to another site (Fetch standard, CORS-safelisted headers)."""

_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_HTTP_PORT = 80
_METHODS = frozenset({"GET", "HEAD", "POST"})
_OWN_SITE = frozenset({"same-origin", "none"})
"""Values of Sec-Fetch-Site: a page of this server, or the user's own hand."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
"""A line feed at the end of a path is no part of it to the router behind."""

_POLICY_VIOLATION = 1008
_FOR_BROWSERS = {
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""So that other pages neither show this one nor hold on to its window."""


class Refusal(NamedTuple):
    """Status and text of the response to a request that is not let through."""

    status: int
    reason: str


def loopback_authorities(port: int) -> frozenset[str]:
    """Names of this machine as they are in the Host header of a request to a port."""
    bare = _LOOPBACK_NAMES if port == _HTTP_PORT else ()
    return frozenset([*bare, *(f"{name}:{port}" for name in _LOOPBACK_NAMES)])


class RequestGuard:
    """The webserver with the guard in front of it."""

    def __init__(self, app: ASGIApp, access: Access, authorities: Iterable[str]) -> None:
        """Put the guard in front of an application.

        Args:
            app: Dagster's webserver, under the path prefix of `access`.
            access: Who is let in.
            authorities: Hosts with their ports, as browsers send them for the addresses by which
                the UI may be opened.
        """
        self._app = app
        self._access = access
        self._authorities = frozenset(name.lower() for name in authorities)
        self._origins = frozenset(
            f"{scheme}://{name}" for name in self._authorities for scheme in ("http", "https")
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refusal = self.refusal(scope)
        if refusal is None:
            await self._app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await WebSocketClose(_POLICY_VIOLATION, refusal.reason)(scope, receive, send)
        else:
            response = PlainTextResponse(f"{refusal.reason}\n", refusal.status)
            await response(scope, receive, _with_headers(send))

    def refusal(self, scope: Scope) -> Refusal | None:
        """Why a request is refused, or None."""
        reason = self._access.refusal(scope) or self._foreign(Headers(scope=scope))
        if reason is not None:
            return Refusal(403, reason)
        return None if scope["type"] == "websocket" else self._wrong_form(scope)

    def _foreign(self, headers: Headers) -> str | None:
        """Why a request does not come from a page of this server, or None."""
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or hosts[0].lower() not in self._authorities:
            return (
                "This UI is not served under the name in the address. Open it as localhost, or "
                "set WEEKLY_PLAN_UI_HOSTS to that name."
            )
        if any(origin.lower() not in self._origins for origin in origins):
            return "The request comes from a page of another web site, and is refused."
        if any(site.lower() not in _OWN_SITE for site in headers.getlist("sec-fetch-site")):
            return (
                "The request comes from another web site, and is refused. To open this page, type "
                "its address into the browser."
            )
        return None

    def _wrong_form(self, scope: Scope) -> Refusal | None:
        """Why a request might change something and be sent by any page, or None."""
        path, method = str(scope["path"]), scope["method"]
        if _CONTROLS.search(path):
            return Refusal(400, "The path holds control characters.")
        if method not in _METHODS:
            return Refusal(405, "Only GET, HEAD and POST are served.")
        if method == "POST":
            types = [_essence(value) for value in Headers(scope=scope).getlist("content-type")]
            return None if types == [JSON] else Refusal(415, f"A POST has to be {JSON}.")
        if self._is_graphql(path) and scope["query_string"]:
            return Refusal(405, f"GraphQL is asked by POST, as {JSON}.")
        return None

    def _is_graphql(self, path: str) -> bool:
        inside = path.removeprefix(self._access.path_prefix)
        return [part for part in inside.split("/") if part] == ["graphql"]


def _essence(content_type: str) -> str:
    """A content type without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _FOR_BROWSERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
