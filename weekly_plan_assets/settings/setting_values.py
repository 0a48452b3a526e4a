"""What some settings may hold: each function gives the value back, or refuses it with a reason.

Settings themselves, and what they are called, belong to `settings`.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from weekly_plan_assets.domain.athlete.athlete_id import ID_ALLOWED, is_athlete_id
from weekly_plan_assets.settings.refused_settings import NotAllowedError

_HOST_NAME = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


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
        raise NotAllowedError("allowed are URLs of apprise, with blanks between")
    return urls


def host_names(names: str) -> str:
    """Refuse anything but host names as a browser's address bar shows them."""
    if not all(_HOST_NAME.fullmatch(name) for name in names.split()):
        raise NotAllowedError("allowed are host names, with ports where an address has one")
    return names
