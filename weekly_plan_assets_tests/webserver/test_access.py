"""Who is let in: the user who runs the server, or whoever has the link."""

import os
import socket
import sys
from pathlib import Path

import pytest

from weekly_plan_assets.webserver import access, connection_owner
from weekly_plan_assets.webserver.access import OwnConnections, SecretLink, kept_secret
from weekly_plan_assets.webserver.connection_owner import owner_of, owners_are_reported
from weekly_plan_assets_tests.support.other_user import as_nobody
from weekly_plan_assets_tests.webserver.serving import guarded

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux reports owners")
NOBODY_UID = 65534
ASK = """
import socket, sys, time
host, port, path, *headers = sys.argv[1:]
with socket.create_connection((host, int(port)), timeout=10) as connection:
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers, "", ""]
    connection.sendall("\\r\\n".join(lines).encode())
    print(connection.recv(65536).split(b" ")[1].decode())
"""
ASK_AND_LEAVE = """
import socket, struct, sys
connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
if sys.argv[2] == "reset":
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
connection.sendall(f"GET /left HTTP/1.1\\r\\nHost: 127.0.0.1:{sys.argv[1]}\\r\\n\\r\\n".encode())
connection.close()
"""


@on_linux
def test_the_owner_of_a_connection_is_reported_for_both_families() -> None:
    assert owners_are_reported()
    for address, family in (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)):
        with socket.create_server((address, 0), family=family) as listener:
            name = listener.getsockname()[:2]
            with socket.create_connection(name) as client:
                assert owner_of(client.getsockname()[:2], name) == os.getuid()
                mine = client.getsockname()[:2]
            assert owner_of(mine, name) is None, "it is closed"


@on_linux
def test_a_program_that_reaches_ipv4_by_a_socket_of_ipv6_is_known_by_its_user() -> None:
    with guarded(OwnConnections()) as server:
        mapped = "::ffff:127.0.0.1"
        with socket.create_connection((mapped, server.port), timeout=10) as client:
            client.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
            assert b" 200 " in client.recv(65536).splitlines()[0]
        assert as_nobody(ASK, mapped, str(server.port), "/") == "403"
        assert server.reached == ["GET /"]


@on_linux
def test_a_listener_at_the_clients_address_is_not_taken_for_the_client() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_server(("127.0.0.1", 0)) as other,
    ):
        assert owner_of(other.getsockname(), server.getsockname()) is None


@pytest.mark.parametrize("host", ["192.0.2.1", "", "nonsense", "2001:db8::1", "fe80::1%lo"])
def test_a_client_that_is_not_on_this_machine_has_no_owner_here(host: str) -> None:
    assert owner_of((host, 40_000), ("127.0.0.1", 3000)) is None
    assert owner_of((host, -1), ("127.0.0.1", 3000)) is None


@on_linux
def test_the_user_is_let_in_and_another_user_is_not() -> None:
    with guarded(OwnConnections()) as server:
        assert server.ask("/").status == 200
        for headers in (
            [],
            ["X-Forwarded-For: 127.0.0.1", "X-Real-IP: 127.0.0.1"],
            ["Forwarded: for=127.0.0.1", "X-Forwarded-User: root", "Authorization: Basic cm9vdDo="],
        ):
            said = as_nobody(ASK, "127.0.0.1", str(server.port), "/", *headers)
            assert said == "403"
        assert server.reached == ["GET /"]


@on_linux
@pytest.mark.parametrize("how", ["close", "reset"])
def test_another_user_who_does_not_wait_for_the_answer_is_not_let_in_either(how: str) -> None:
    with guarded(OwnConnections()) as server:
        for _ in range(20):
            as_nobody(ASK_AND_LEAVE, str(server.port), how)
        assert server.ask("/").status == 200
        assert server.reached == ["GET /"]


@on_linux
def test_where_users_are_not_mapped_owners_count_as_unknown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "overflowuid"
    file.write_text(f"{os.getuid()}\n")
    monkeypatch.setattr(connection_owner, "_OVERFLOW_UID", file)
    assert not owners_are_reported()


def test_the_link_lets_anyone_in_and_nothing_else_does() -> None:
    link = SecretLink("s" * 43)
    with guarded(link) as server:
        for path in ("/", "/graphql", "/ssss/", f"/{'s' * 44}/", f"/{'S' * 43}/", "//", "/\u00e9/"):
            answer = server.ask(path)
            assert answer.status in {400, 403}, path
            assert "s" * 43 not in answer.text
        assert server.reached == []
        assert server.ask(f"{link.path_prefix}/").status == 200
        assert server.ask(f"{link.path_prefix}/graphql?query=x").status == 405
        assert server.handshake(f"{link.path_prefix}/graphql").status == 101
        assert server.handshake("/graphql").status == 403


def test_the_secret_is_kept_for_the_next_start_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    secret = kept_secret(tmp_path)
    assert len(secret) == 43
    assert kept_secret(tmp_path) == secret
    assert (tmp_path / "link").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["link"]


@pytest.mark.parametrize("content", ["", "short", "x" * 42, f"{'x' * 43}\ny"])
def test_a_damaged_secret_is_made_again(tmp_path: Path, content: str) -> None:
    (tmp_path / "link").write_text(content)
    secret = kept_secret(tmp_path)
    assert access._SECRET.fullmatch(secret)
    assert kept_secret(tmp_path) == secret
