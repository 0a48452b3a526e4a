"""What the guard refuses and what it lets through, over real connections."""

from collections.abc import Iterator
from typing import ClassVar

import pytest
from starlette.types import Scope

from weekly_plan_assets_tests.webserver.serving import GuardedServer, Header, guarded

EVIL = "https://evil.example"
JSON = ("Content-Type", "application/json")
MUTATION = "/graphql?query=mutation%7BwipeAssets%7B__typename%7D%7D"


class Anyone:
    """Access for everybody, so that the guard alone decides."""

    path_prefix: ClassVar[str] = ""

    def refusal(self, _scope: Scope) -> None:
        return None


@pytest.fixture(scope="module")
def running() -> Iterator[GuardedServer]:
    with guarded(Anyone(), "plan.example.org") as server:
        yield server


@pytest.fixture
def server(running: GuardedServer) -> GuardedServer:
    running.reached.clear()
    return running


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LocalHost", "[::1]"])
def test_the_names_of_this_machine_are_served(server: GuardedServer, name: str) -> None:
    assert server.ask("/", [server.host(name)]).status == 200
    assert server.reached == ["GET /"]


@pytest.mark.parametrize(
    "name",
    [
        "evil.example",
        "localhost.evil.example",
        "localhost.",
        "127.0.0.1.evil.example",
        "evil.example@localhost",
        "127.1",
        "0.0.0.0",  # noqa: S104 - a name in a header
        "",
    ],
)
def test_another_name_in_the_host_header_is_refused(server: GuardedServer, name: str) -> None:
    assert server.ask("/", [server.host(name)]).status == 403
    assert server.ask("/graphql", [server.host(name), JSON], method="POST", body="{}").status == 403
    assert server.handshake("/graphql", host=server.host(name)).status == 403
    assert server.reached == []


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "127.0.0.1", "plan.example.org:80"])
def test_the_port_is_part_of_the_name(server: GuardedServer, host: str) -> None:
    assert server.ask("/", [("Host", host)]).status == 403
    assert server.reached == []


def test_a_name_that_the_operator_allows_is_served(server: GuardedServer) -> None:
    own = ("Origin", "https://plan.example.org")
    assert server.ask("/", [("Host", "plan.example.org"), own]).status == 200


def test_no_host_and_two_hosts_are_refused(server: GuardedServer) -> None:
    assert server.ask("/", [("Accept", "*/*")]).status in {400, 403}
    assert server.ask("/", [server.host(), server.host("evil.example")]).status in {400, 403}
    assert server.reached == []


@pytest.mark.parametrize(
    "header",
    [
        ("Origin", EVIL),
        ("Origin", "null"),
        ("Origin", "http://localhost"),
        ("Origin", "http://localhost:1"),
        ("Origin", "file://"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Sec-Fetch-Site", "anything"),
    ],
    ids=str,
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_request_of_another_page_is_refused_whatever_it_asks(
    server: GuardedServer, header: Header, method: str
) -> None:
    for path in ("/", "/graphql", "/server_info", "/logs/a/b", "/download_debug/1", "/notebook"):
        assert server.ask(path, [server.host(), header, JSON], method=method).status == 403
    assert server.reached == []


@pytest.mark.parametrize("header", [("Origin", EVIL), ("Sec-Fetch-Site", "same-site")], ids=str)
def test_a_websocket_of_another_page_is_refused(server: GuardedServer, header: Header) -> None:
    assert server.handshake("/graphql", header).status == 403
    assert server.reached == []


def test_one_foreign_origin_among_own_ones_is_refused(server: GuardedServer) -> None:
    own = ("Origin", f"http://127.0.0.1:{server.port}")
    assert server.ask("/", [server.host(), own, ("Origin", EVIL)]).status == 403


def test_own_pages_ask_over_http_and_websocket(server: GuardedServer) -> None:
    own = [
        ("Origin", f"http://127.0.0.1:{server.port}"),
        ("Sec-Fetch-Site", "same-origin"),
    ]
    posted = server.ask("/graphql", [server.host(), JSON, *own], method="POST", body="{}")
    assert posted.status == 200
    assert server.handshake("/graphql", *own).status == 101
    assert server.ask("/runs/1", [server.host(), ("Sec-Fetch-Site", "none")]).status == 200
    assert server.reached == ["POST /graphql", "websocket /graphql", "GET /runs/1"]


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/plain; application/json",
        "text/plain; charset=application/json",
        "text/plain, application/json",
        "application/json, text/plain",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=application/json",
        "application/jsonp",
    ],
)
@pytest.mark.parametrize("path", ["/graphql", MUTATION, "/report_asset_materialization/plan", "/"])
def test_a_post_that_is_not_json_is_refused(
    server: GuardedServer, content_type: str | None, path: str
) -> None:
    headers = [] if content_type is None else [("Content-Type", content_type)]
    sent = server.ask(path, [server.host(), *headers], method="POST", body="{}")
    assert sent.status == 415
    assert server.reached == []


def test_a_post_with_two_content_types_is_refused(server: GuardedServer) -> None:
    headers = [server.host(), JSON, ("Content-Type", "text/plain")]
    assert server.ask("/graphql", headers, method="POST", body="{}").status == 415


def test_json_with_its_charset_is_let_through(server: GuardedServer) -> None:
    headers = [server.host(), ("Content-Type", "Application/JSON; charset=utf-8")]
    assert server.ask("/graphql", headers, method="POST", body="{}").status == 200


@pytest.mark.parametrize(
    "path",
    [
        MUTATION,
        "/graphql?query=query%7Bversion%7D",
        "/graphql?extensions=%7B%22persistedQuery%22%3A1%7D",
        "/graphql/?query=x",
        "//graphql?query=x",
        "/%67raphql?query=x",
        "/graphql%0A?query=x",
        "/graphql%0d%0a?query=x",
        "/graphql%00?query=x",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_graphql_is_not_asked_by_get(server: GuardedServer, path: str, method: str) -> None:
    accept = ("Accept", "text/html")
    assert server.ask(path, [server.host(), accept], method=method).status in {400, 405}
    assert server.reached == []


def test_the_page_to_try_queries_on_is_served(server: GuardedServer) -> None:
    assert server.ask("/graphql").status == 200


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_other_methods_are_refused(server: GuardedServer, method: str) -> None:
    answer = server.ask("/graphql", [server.host(), JSON], method=method)
    assert answer.status in {400, 405}
    assert "access-control-allow" not in answer.text.lower()
    assert server.reached == []


@pytest.mark.parametrize("path", ["/", "/graphql?query=x"])
def test_no_answer_can_be_framed_or_embedded_elsewhere(server: GuardedServer, path: str) -> None:
    answer = server.ask(path).text.lower()
    assert "x-frame-options: sameorigin" in answer
    assert "cross-origin-resource-policy: same-origin" in answer
