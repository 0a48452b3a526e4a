"""What is right and what is wrong with this installation, part by part.

Each part is tried for real. How the findings are shown lies in `cli.doctor`.
"""

import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile

from pydantic import SecretStr
from pymongo.errors import PyMongoError

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.settings import PROJECT_ROOT, Settings, SettingsError, load_settings
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.opening import open_source
from weekly_plan_assets.storage.connection import project_database
from weekly_plan_assets.storage.embedded import EmbeddedServerError
from weekly_plan_assets.storage.errors import StoreError


class Level(StrEnum):
    """How a part is."""

    RIGHT = "right"
    NOTE = "note"
    WRONG = "wrong"


class Finding(Document):
    """What was found of one part; where it is wrong, the text says how to mend it."""

    subject: str
    level: Level
    text: str


def diagnose() -> list[Finding]:
    """The findings of all parts; where the settings themselves are wrong, those alone."""
    try:
        settings = load_settings()
    except SettingsError as error:
        return [_wrong("settings", sentence) for sentence in str(error).split("; ")]
    return [
        *_settings(settings),
        *_state(settings),
        *_database(settings),
        *_source(settings),
        _right("planner", f"{settings.model}, up to {settings.max_attempts} attempts"),
    ]


def _settings(settings: Settings) -> Iterator[Finding]:
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        variable = str(field.alias)
        shown = "set (secret)" if isinstance(value, SecretStr) else str(value)
        if variable in os.environ:
            yield _right(variable, shown)
        elif value is not None:
            yield _right(variable, f"{shown} (default)")
    if settings.is_sample:
        yield _note(
            "data",
            "the sample, a simulated athlete; for your own data set WEEKLY_PLAN_EXPORT_DIR",
        )
    if "WEEKLY_PLAN_TIMEZONE" not in os.environ and not settings.is_sample:
        yield _note(
            "WEEKLY_PLAN_TIMEZONE",
            "not set, so weeks begin at midnight UTC; set it to your zone, Europe/Madrid say",
        )


def _state(settings: Settings) -> Iterator[Finding]:
    try:
        settings.dagster_state_dir.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=settings.dagster_state_dir):
            yield _right("state folder", f"{settings.state_dir} can be written")
    except OSError as error:
        yield _wrong(
            "state folder",
            f"{settings.state_dir} cannot be written ({error.strerror}); "
            "set WEEKLY_PLAN_STATE_DIR to a folder of yours",
        )
    home = os.environ.get("DAGSTER_HOME")
    if home and not Path(home).samefile(PROJECT_ROOT):
        yield _note(
            "DAGSTER_HOME",
            f"{home}, so Dagster's own settings are read there, not from {PROJECT_ROOT}",
        )


def _database(settings: Settings) -> Iterator[Finding]:
    url = settings.mongo_url.get_secret_value() if settings.mongo_url else None
    kind = "MONGO_URL" if url else "embedded MongoDB"
    try:
        database = project_database(url, settings.embedded_dir, settings.database_name)
        version = database.client.server_info()["version"]
        weeks = database["weekly_metrics"].estimated_document_count()
        plans = database["plan_snapshots"].estimated_document_count()
    except (EmbeddedServerError, StoreError) as error:
        yield _wrong(kind, str(error))
    except PyMongoError as error:
        yield _wrong(
            kind, f"no answer ({type(error).__name__}); check that the server runs and the URL"
        )
    else:
        yield _right(kind, f"version {version}, database {database.name}, indexes in place")
        yield _right("lineage", f"{weeks} weeks of metrics, {plans} plans")


def _source(settings: Settings) -> Iterator[Finding]:
    try:
        source = open_source(settings.source, settings.export_dir, settings.today())
        first_day = source.first_day()
    except SourceError as error:
        yield _wrong("source", str(error))
        return
    if first_day is None:
        yield _wrong("source", f"{source.name} holds no data; check WEEKLY_PLAN_EXPORT_DIR")
    else:
        yield _right(
            "source", f"{source.name}, athlete {source.athlete_id}, data from {first_day} on"
        )


def _right(subject: str, text: str) -> Finding:
    return Finding(subject=subject, level=Level.RIGHT, text=text)


def _note(subject: str, text: str) -> Finding:
    return Finding(subject=subject, level=Level.NOTE, text=text)


def _wrong(subject: str, text: str) -> Finding:
    return Finding(subject=subject, level=Level.WRONG, text=text)
