"""Why a server cannot be reached is said without numbers of the system."""

import errno
import socket
import ssl

import pytest

from weekly_plan_assets.common.unreachable import why_unreachable


def wrapped(cause: BaseException) -> BaseException:
    """As libraries pass it on."""
    outer = RuntimeError(str(cause))
    outer.__cause__ = cause
    return outer


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (socket.gaierror(-2, "Name or service not known"), "the name host is not found"),
        (ConnectionRefusedError(111, "Connection refused"), "host refuses the connection"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "no network leads to host"),
        (ConnectionResetError(104, "Connection reset by peer"), "host broke off the connection"),
        (ssl.SSLError(1, "wrong version number"), "host does not speak TLS"),
        (OSError(9, "Bad file descriptor"), "Bad file descriptor"),
    ],
)
def test_what_happened_is_said_in_words_with_the_host(cause: BaseException, said: str) -> None:
    for error in (cause, wrapped(cause)):
        shown = why_unreachable(error, "host")
        assert said in shown
        assert "Errno" not in shown


def test_a_group_of_errors_is_that_of_its_first_known_one() -> None:
    refused = ConnectionRefusedError(111, "Connection refused")
    group = ExceptionGroup("all connection attempts failed", [refused])
    assert "host refuses the connection" in why_unreachable(wrapped(group), "host")
