"""What some settings may hold: each function gives the value back, or refuses it with a reason.

Settings themselves, and what they are called, belong to `settings`.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import SecretStr

from weekly_plan_assets.domain.athlete.athlete_id import ID_ALLOWED, is_athlete_id
from weekly_plan_assets.settings.refused_settings import NotAllowedError

_HOST_NAME = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


def absolute_path(path: Path) -> Path:
    """The path from the root; links stay: who made them is looked at where the folder is used."""
    return _expanded(path).absolute()


def resolved_path(path: Path) -> Path:
    """The path from the root, links resolved."""
    return _expanded(path).resolve()


def _expanded(path: Path) -> Path:
    if re.match(r"[a-z+]+:/", str(path), re.IGNORECASE):  # a path holds no double slash
        raise NotAllowedError("allowed is a path, and this is an address")
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise NotAllowedError("allowed is a path, and there is no such home folder") from error


def own_athlete_id(text: str) -> str:
    """Refuse what cannot stand in commands, tags and file names."""
    if not is_athlete_id(text):
        raise NotAllowedError(f"allowed is {ID_ALLOWED}")
    return text


def file_or_server(target: SecretStr) -> SecretStr:
    """Refuse a target that is neither below a folder that exists nor an http address."""
    text = target.get_secret_value()
    parts = urlsplit(text)
    if "://" in text:
        known = parts.scheme in {"http", "https"} and bool(parts.hostname)
    else:
        known = Path(text).expanduser().parent.is_dir()
    if not known:
        raise NotAllowedError(
            "allowed are a file or folder in a folder that exists, or an http address"
        )
    return target


def service_urls(urls: SecretStr) -> SecretStr:
    """Refuse what does not begin like a URL."""
    if not re.match(r"\s*[A-Za-z][A-Za-z0-9.+-]*://", urls.get_secret_value()):
        raise NotAllowedError("allowed are Apprise URLs, separated by spaces")
    return urls


def host_names(names: str) -> str:
    """Refuse anything but host names as a browser's address bar shows them."""
    if not all(_HOST_NAME.fullmatch(name) for name in names.split()):
        raise NotAllowedError("allowed are host names, with ports where an address has one")
    return names


def known_zone(name: str) -> str:
    """Refuse what is not the name of a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise NotAllowedError("allowed are IANA names such as Europe/Madrid or UTC") from error
    return name


def safe_base_url(url: str) -> str:
    """Refuse addresses at which the key would travel in the open, or that hold a password."""
    # A password may hold any character, so that what precedes its @ need not look like one.
    if any(mark in url for mark in "@?#\\ "):
        raise NotAllowedError("allowed is an address without user, password, ? and #")
    parts = urlsplit(url)
    local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if not parts.hostname or parts.scheme not in ({"https", "http"} if local else {"https"}):
        raise NotAllowedError("allowed is an https address (http on this machine alone)")
    if parts.port == 0:  # reading it refuses what is no number
        raise NotAllowedError("allowed is an address whose port is not 0")
    return url.rstrip("/")
