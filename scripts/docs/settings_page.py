"""The page of settings: each variable with its default and meaning, from the model itself."""

from pathlib import Path
from typing import Any

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

| Variable | Default | Meaning |
| --- | --- | --- |
"""

MORE = {
    "WEEKLY_PLAN_ATHLETE": "[example](athlete.example.yaml)",
    "WEEKLY_PLAN_ATHLETE_ID": "[two people with files](existing_database.md#two-people-with-files)",
    "WEEKLY_PLAN_MODEL": "[language models](models.md)",
    "WEEKLY_PLAN_NOTIFY": "[notifications](operations.md#notifications)",
    "WEEKLY_PLAN_OPENLINEAGE": "[OpenLineage](openlineage.md)",
    "WEEKLY_PLAN_SCHEDULES": "[schedules or automation]"
    "(dagster.md#schedules-or-automation-conditions)",
    "WEEKLY_PLAN_UI_LINK": "[the UI](operations.md#the-ui)",
    "WEEKLY_PLAN_UI_HOSTS": "[the UI](operations.md#the-ui)",
    "WEEKLY_PLAN_STATE_DIR": "[where things are](installation.md#where-things-are)",
    "MONGO_URL": "[the embedded server](embedded_mongodb.md)",
}
"""Where to read on."""

NOT_IN_THE_MODEL = (
    ("WEEKLY_PLAN_MONGOD", "", "The mongod to embed; unset: that on PATH, else that of the wheel."),
    ("WEEKLY_PLAN_TRACEBACK", "", "1: show the traceback of an unexpected error."),
)
"""Variables that are read before there are settings."""


def settings_page() -> str:
    """The page as Markdown."""
    rows = [
        *((str(field.alias), _default(field), _meaning(field)) for field in _fields()),
        *NOT_IN_THE_MODEL,
    ]
    lines = [f"| `{variable}` | {default} | {meaning} |" for variable, default, meaning in rows]
    return HEAD + "\n".join(lines) + "\n"


def _fields() -> list[FieldInfo]:
    return list(Settings.model_fields.values())


def _default(field: FieldInfo) -> str:
    default: Any = field.default
    if (
        default is PydanticUndefined
        or default is None
        or default == ""
        or isinstance(default, Path)
    ):
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default}`"


def _meaning(field: FieldInfo) -> str:
    more = MORE.get(str(field.alias))
    return f"{field.description}{f' {more}' if more else ''}"
