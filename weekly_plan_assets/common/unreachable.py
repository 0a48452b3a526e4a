"""Why a server cannot be reached, in words that say what to do, not in numbers of the system."""

import errno
import re
import socket
import ssl
from collections.abc import Iterator

_NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})
_WORDS: tuple[tuple[type[OSError], str], ...] = (
    (
        socket.gaierror,
        "the name {host} is not found; check the network connection and the address",
    ),
    (
        ssl.SSLCertVerificationError,
        "the certificate of {host} is not trusted ({reason}); check the clock of this computer and "
        "the network it is in",
    ),
    (ssl.SSLError, "{host} does not speak TLS as it should; check the address and its port"),
    (ConnectionRefusedError, "{host} refuses the connection; check the address and its port"),
    (ConnectionResetError, "{host} broke off the connection"),
    (BrokenPipeError, "{host} broke off the connection"),
)
"""What to say of an error of the system; of two kinds of one error, the narrower comes first."""

_NUMBER = re.compile(r"\[Errno -?\d+\] ")


def why_unreachable(error: BaseException, host: str) -> str:
    """Why a connection failed and what to look at, as the end of a sentence.

    Args:
        error: That of the library; the system's own is among its causes.
        host: The name of the server.
    """
    for one in _causes(error):
        if isinstance(one, OSError) and one.errno in _NO_WAY:
            return f"no network leads to {host}; check the network connection"
        for kind, words in _WORDS:
            if isinstance(one, kind):
                return words.format(host=host, reason=getattr(one, "verify_message", ""))
    return _NUMBER.sub("", " ".join(str(error).split()))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it comes from, the outermost first."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for one in error.exceptions:
                yield from _causes(one)
        error = error.__cause__ or error.__context__
