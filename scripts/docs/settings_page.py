"""The page of settings: each variable with its type, default and meaning, from the model itself."""

import re
from collections.abc import Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from weekly_plan_assets.settings import Settings

HEAD = """\
# Settings

Set environment variables, or put them into a `.env` file: in the working folder, in the checkout,
or for an installed package in `~/.config/weekly-plan` ([which one](installation.md#settings)).
`weekly-plan init` writes one for you, and `weekly-plan doctor` shows what is in force. A relative
path in a `.env` file is relative to that file, elsewhere to the working folder. A wrong value is
refused at start, with what is allowed. An empty variable counts as unset.

Written by `make docs` from `weekly_plan_assets/settings/`.

| Variable | Meaning | Type | Default |
| --- | --- | --- | --- |
"""

MORE = {
    "MONGO_URL": ("the embedded server", "embedded_mongodb.md"),
    "WEEKLY_PLAN_SOURCE": ("your own data", "your_data.md"),
    "INTERVALS_ACCESS_TOKEN": (
        "the token of an app",
        "your_data.md#with-the-access-token-of-an-app",
    ),
    "INTERVALS_WEBHOOK_SECRET": ("webhooks", "operations.md#webhooks-of-intervalsicu"),
    "WEEKLY_PLAN_ATHLETE": ("the example", "athlete.example.yaml"),
    "WEEKLY_PLAN_ATHLETE_ID": (
        "two people with files",
        "existing_database.md#two-people-with-files",
    ),
    "WEEKLY_PLAN_MODEL": ("language models", "models.md"),
    "WEEKLY_PLAN_NOTIFY": ("notifications", "operations.md#notifications"),
    "WEEKLY_PLAN_OPENLINEAGE": ("OpenLineage", "openlineage.md"),
    "WEEKLY_PLAN_SCHEDULES": ("what they do", "dagster.md#schedules-or-automation-conditions"),
    "WEEKLY_PLAN_HISTORY_DAYS": ("old runs", "operations.md#old-runs"),
    "WEEKLY_PLAN_UI_LINK": ("the UI", "operations.md#the-ui"),
    "WEEKLY_PLAN_UI_HOSTS": ("the UI", "operations.md#the-ui"),
    "WEEKLY_PLAN_STATE_DIR": ("where things are", "installation.md#where-things-are"),
    "WEEKLY_PLAN_MONGOD": (
        "where mongod comes from",
        "embedded_mongodb.md#where-mongod-comes-from",
    ),
}
"""The page that says more, where there is one."""

NOT_IN_THE_MODEL = {
    "WEEKLY_PLAN_MONGOD": (
        "Program to run as the embedded server. Default: mongod on PATH, else the one of the extra "
        "embedded.",
        "path",
    ),
    "WEEKLY_PLAN_TRACEBACK": (
        "Any value: show the traceback of an unexpected error, without keys and passwords.",
        "text",
    ),
    "DAGSTER_HOME": (
        "Folder whose dagster.yaml is used. Default: the checkout, or the folder inside the "
        "installed package.",
        "path",
    ),
    "OPENLINEAGE_API_KEY": ("Key for the OpenLineage server, if it wants one.", "text"),
}
"""Variables that are read before there are settings, or that are a library's own."""

AFTERWORD = """
A language model also needs the key of its provider, in the provider's own variable, such as
`OPENAI_API_KEY` ([language models](models.md)).
"""


def settings_page() -> str:
    """The page as Markdown."""
    return HEAD + "".join(f"| {' | '.join(cells)} |\n" for cells in _rows()) + AFTERWORD


def _rows() -> Iterator[tuple[str, str, str, str]]:
    for field in Settings.model_fields.values():
        yield _row(str(field.alias), str(field.description), _type(field), _default(field))
    for variable, (description, kind) in NOT_IN_THE_MODEL.items():
        yield _row(variable, description, kind, "")


def _row(variable: str, description: str, kind: str, default: str) -> tuple[str, str, str, str]:
    """The cells; a default that depends on something is said at the end of the description."""
    meaning, _, in_words = description.partition(" Default: ")
    if variable in MORE:
        title, page = MORE[variable]
        meaning += f" See [{title}]({page})."
    return f"`{variable}`", _in_code(meaning), kind, _in_code(in_words.rstrip(".")) or default


def _in_code(text: str) -> str:
    """Variables of the environment, as Markdown shows code."""
    return re.sub(r"\b[A-Z]+(_[A-Z]+)+\b", r"`\g<0>`", text)


def _default(field: FieldInfo) -> str:
    default: Any = field.default
    if default in (PydanticUndefined, None, ""):
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _type(field: FieldInfo) -> str:
    kinds = [kind for kind in get_args(field.annotation) if kind is not type(None)]
    kind = kinds[0] if kinds else field.annotation
    kind = get_args(kind)[0] if get_args(kind) else kind  # an Annotated one, in a union with None
    if not isinstance(kind, type):
        raise TypeError(f"{field.alias}: say here how {kind} is called on the page")
    if issubclass(kind, Enum):
        *first, last = (f"`{one.value}`" for one in kind)
        return f"{', '.join(first)} or {last}"
    return f"{_name(kind)}{_range(field)}"


def _name(kind: type) -> str:
    names: dict[type, str] = {
        bool: "`true` or `false`",
        int: "whole number",
        float: "number",
        str: "text",
        SecretStr: "text, never shown",
        Path: "path",
        date: "day as `YYYY-MM-DD`",
    }
    return names[kind]


def _range(field: FieldInfo) -> str:
    limits = {
        name: f"{getattr(limit, name):,}"
        for limit in field.metadata
        for name in ("gt", "ge", "le")
        if hasattr(limit, name)
    }
    match sorted(limits):
        case ["ge", "le"]:
            return f", {limits['ge']} to {limits['le']}"
        case ["ge"]:
            return f", {limits['ge']} or more"
        case ["gt", "le"]:
            return f" above {limits['gt']}, up to {limits['le']}"
        case ["gt"]:
            return f" above {limits['gt']}"
    return ""
