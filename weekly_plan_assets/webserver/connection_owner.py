"""Who has opened the other end of a loopback connection, as far as the system reports it.

Linux answers by netlink whose a socket is (sock_diag(7)), in some 10 us however many there are.
Nothing here decides who is let in.
"""

import os
import socket
import struct
from pathlib import Path
from typing import NamedTuple

Address = tuple[str, int]

_LOOPBACK = "127.0.0.1"
_NETLINK_SOCK_DIAG = 4
_SOCK_DIAG_BY_FAMILY = 20
_NLM_F_REQUEST = 1
_ANY = 0xFFFF_FFFF
_TIMEOUT_S = 1.0
_LONGEST_ANSWER = 8192

_HEADER = struct.Struct("=IHHII")
_REQUEST = struct.Struct("=BBBBI")
_ENDS = struct.Struct("!HH16s16s")
_INTERFACE_AND_COOKIE = struct.pack("=III", 0, _ANY, _ANY)
_STATE = struct.Struct("=BBBB")
_NUMBERS = struct.Struct("=IIIII")
"""Parts of struct nlmsghdr, inet_diag_req_v2 and inet_diag_msg (linux/inet_diag.h)."""

_OVERFLOW_UID = Path("/proc/sys/kernel/overflowuid")
"""The user that stands for all users who are not mapped into this user namespace."""


class _Listed(NamedTuple):
    """A socket in the system's answer."""

    ends: bytes
    uid: int
    inode: int


def owner_of(client: Address, server: Address) -> int | None:
    """The user who opened a connection from this machine.

    Args:
        client: The address from which it comes.
        server: The address at which it was accepted.

    Returns:
        The user id; None if the connection comes from elsewhere, its socket is closed, or the
        system does not report it.
    """
    family = socket.AF_INET6 if ":" in client[0] else socket.AF_INET
    try:
        ends = _ENDS.pack(
            client[1], server[1], _packed(client[0], family), _packed(server[0], family)
        )
        # A program may reach an address of IPv4 by a socket of IPv6, as those in Java do.
        mapped = (
            ends
            if family == socket.AF_INET6
            else _ENDS.pack(client[1], server[1], _as_ipv6(client[0]), _as_ipv6(server[0]))
        )
        found = _listed(family, ends)
    except (OSError, struct.error):
        return None
    # Where there is no such connection, the system answers with a listener at the client's
    # address; and a socket that was closed has no inode.
    is_open = found is not None and found.ends in (ends, mapped) and found.inode != 0
    return found.uid if found is not None and is_open else None


def owners_are_reported() -> bool:
    """Whether the system reports the owners of connections; tried on one of this process."""
    if not hasattr(socket, "AF_NETLINK") or os.getuid() == _overflow_uid():
        return False
    try:
        with (
            socket.create_server((_LOOPBACK, 0)) as listener,
            socket.create_connection(listener.getsockname()) as client,
        ):
            return owner_of(client.getsockname(), listener.getsockname()) == os.getuid()
    except OSError:
        return False


def _listed(family: socket.AddressFamily, ends: bytes) -> _Listed | None:
    """The system's answer for the socket with these ends; None if it has none."""
    request = _REQUEST.pack(family, socket.IPPROTO_TCP, 0, 0, _ANY) + ends + _INTERFACE_AND_COOKIE
    length = _HEADER.size + len(request)
    header = _HEADER.pack(length, _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, 0, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_SOCK_DIAG) as system:
        system.settimeout(_TIMEOUT_S)
        system.sendto(header + request, (0, 0))
        answer = system.recv(_LONGEST_ANSWER)
    _, kind, *_ = _HEADER.unpack_from(answer)
    if kind != _SOCK_DIAG_BY_FAMILY:  # an error, for example that there is no such socket
        return None
    start = _HEADER.size + _STATE.size
    after_ends = start + _ENDS.size + len(_INTERFACE_AND_COOKIE)
    *_, uid, inode = _NUMBERS.unpack_from(answer, after_ends)
    return _Listed(answer[start : start + _ENDS.size], uid, inode)


def _as_ipv6(host: str) -> bytes:
    return socket.inet_pton(socket.AF_INET6, f"::ffff:{host}")


def _packed(host: str, family: socket.AddressFamily) -> bytes:
    return socket.inet_pton(family, host).ljust(16, b"\0")


def _overflow_uid() -> int | None:
    try:
        return int(_OVERFLOW_UID.read_text())
    except (OSError, ValueError):
        return None
