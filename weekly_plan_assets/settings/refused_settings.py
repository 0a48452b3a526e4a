"""How a refused setting is described: its name, what is allowed, and no secret.

People paste a key or a URL with its password into the wrong variable, too. So a value is repeated
only for settings that take a number, a word or an address, and only as far as it is one.
"""

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, get_args
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from weekly_plan_assets.errors import WeeklyPlanError

_NUMBER = re.compile(r"[-+]?[0-9]{1,9}(\.[0-9]{1,6})?")
_WORD = re.compile(r"[A-Za-z]{1,10}")
_ZONE = re.compile(r"(?=.{1,32}$)[A-Za-z_.]+(/[A-Za-z_.]+)+")
_HOST = re.compile(r"localhost|[0-9.]+|([a-z0-9-]{1,63}\.)+[a-z]{2,24}")
_KEY = re.compile(r"(^|[:/ ])((sk|pk|rk|gsk|xai|hf|ghp)[-_]|AIza)\S{8,}")
"""How the keys of well-known services begin."""

_SECRET_VARIABLE = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD)$")
_SHORTEST_SECRET = 8
"""A shorter value of such a variable may be an ordinary word."""


class SettingsError(WeeklyPlanError, ValueError):
    """One or more settings are wrong; the message has a sentence for each."""


class UnknownAthleteError(SettingsError):
    """The roster has nobody of an id or name, or several; the message says which."""


class NotAllowedError(WeeklyPlanError, ValueError):
    """Says what a setting may be, without the value; libraries' own errors may repeat it."""


def refusals(
    error: ValidationError, fields: Mapping[str, FieldInfo], environment: Mapping[str, str]
) -> Iterator[str]:
    """A sentence for each refused setting.

    Args:
        error: What pydantic found.
        fields: The settings, by any name; their aliases are the variables.
        environment: The variables and their values.
    """
    by_variable = {field.alias: field for field in fields.values()}
    # The input is left out, so that no message can hold it.
    for detail in error.errors(include_input=False, include_url=False):
        cause = detail.get("ctx", {}).get("error")
        is_foreign = cause is not None and not isinstance(cause, NotAllowedError)
        message = "it cannot be read" if is_foreign else detail["msg"]
        reason = message.removeprefix("Value error, ")
        if not detail["loc"]:
            yield reason
            continue
        variable = str(detail["loc"][0])
        shown = _shown(by_variable[variable], environment.get(variable, ""))
        value = "set to a value" if shown is None else repr(shown)
        yield f"{variable} is {value}, which is refused: {reason[0].lower()}{reason[1:]}"


def looks_like_a_key(text: str, environment: Mapping[str, str]) -> bool:
    """Whether a text is, or holds, the key of a service."""
    known = (
        value
        for variable, value in environment.items()
        if len(value) >= _SHORTEST_SECRET and _SECRET_VARIABLE.search(variable)
    )
    return bool(_KEY.search(text)) or any(value in text for value in known)


def _shown(field: FieldInfo, value: str) -> str | None:
    """What of a refused value is repeated, or None."""
    kinds = set(get_args(field.annotation) or (field.annotation,)) - {type(None)}
    if kinds & {SecretStr}:
        return None
    if field.alias == "INTERVALS_BASE_URL":
        return _origin(value)
    is_choice = _is_choice(kinds) or field.alias == "WEEKLY_PLAN_SOURCE"
    if _NUMBER.fullmatch(value) or (is_choice and _WORD.fullmatch(value)):
        return value
    if field.alias == "WEEKLY_PLAN_TIMEZONE" and (_ZONE.fullmatch(value) or _WORD.fullmatch(value)):
        return value
    return None


def _is_choice(kinds: set[Any]) -> bool:
    """Whether a setting takes a number or one of a few words."""
    return all(
        isinstance(kind, type) and issubclass(kind, bool | int | float | Enum) for kind in kinds
    )


def _origin(address: str) -> str | None:
    """Scheme and host of an address; None if what looks like a host may be a password."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if "@" in address or parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return None
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")
