"""Who is let in: programs of this user, or anyone who knows the secret link.

Linux reports who opened a connection, so there the owner needs no password and other users have
none to find. Elsewhere, and behind a proxy, the UI is under a path that nobody can guess. A cookie
would not do: browsers send it to every port of this machine, those of other users included.
"""

import os
import re
from hmac import compare_digest
from ipaddress import ip_address
from pathlib import Path
from secrets import token_urlsafe
from typing import Protocol

from starlette.types import Scope

from weekly_plan_assets.common.private_folder import private_folder
from weekly_plan_assets.common.whole_file import write_whole
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.webserver.connection_owner import owner_of, owners_are_reported

_SECRET_BYTES = 32
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_LINK_FILE = "link"

_NOT_THE_OWNER = (
    "This UI can be opened only by the user who started it, from a program of their own on this "
    "machine. To open it in another way, set WEEKLY_PLAN_UI_LINK=true; see docs/operations.md."
)
_NOT_THE_LINK = (
    "This UI is opened by a secret link. The person who started it finds the link in the "
    "terminal, and in webserver/link in the state folder."
)


class Access(Protocol):
    """Decides whether a request comes from someone who may use the UI."""

    @property
    def path_prefix(self) -> str:
        """Path under which the UI is served; empty for the root."""
        ...

    def refusal(self, scope: Scope) -> str | None:
        """Why a request is refused, or None."""
        ...


class OwnConnections:
    """Lets in connections that were opened by the user who runs this process."""

    path_prefix = ""

    def refusal(self, scope: Scope) -> str | None:
        """Why a request is refused, or None."""
        client, server = scope.get("client"), scope.get("server")
        if client and server and owner_of(tuple(client), tuple(server)) == os.getuid():
            return None
        return _NOT_THE_OWNER


class SecretLink:
    """Lets in requests whose path begins with a secret."""

    def __init__(self, secret: str) -> None:
        """The link with this secret.

        Args:
            secret: At least 128 bits that nobody else knows, as letters of a URL.
        """
        self._secret = secret

    @property
    def path_prefix(self) -> str:
        """Path under which the UI is served."""
        return f"/{self._secret}"

    def refusal(self, scope: Scope) -> str | None:
        """Why a request is refused, or None."""
        _, first, *_ = [*str(scope["path"]).split("/", 2), ""]
        is_known = compare_digest(first.encode(), self._secret.encode())
        return None if is_known else _NOT_THE_LINK


def access_of(settings: Settings, host: str) -> Access:
    """Let in the user's own connections where the system reports them, else by the secret link.

    Raises:
        UnsafeFolderError: The secret cannot be kept where nobody else reads it.
        OSError: It cannot be read or written.
    """
    if not settings.ui_link and is_loopback(host) and owners_are_reported():
        return OwnConnections()
    private_folder(settings.state_dir)
    return SecretLink(kept_secret(private_folder(settings.state_dir / "webserver")))


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def kept_secret(folder: Path) -> str:
    """The secret of the link, made once and kept in a private folder.

    Args:
        folder: A folder that only its owner may enter.

    Raises:
        OSError: It cannot be read or written.
    """
    path = folder / _LINK_FILE
    if path.is_file() and _SECRET.fullmatch(kept := path.read_text().strip()):
        return kept
    secret = token_urlsafe(_SECRET_BYTES)
    write_whole(path, f"{secret}\n")
    return secret
