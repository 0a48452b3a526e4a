"""What is right and what is wrong with this installation, part by part.

Each part is tried for real. How the findings are shown is in `cli.commands.doctor`.
"""

import os
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from difflib import get_close_matches
from enum import StrEnum
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from pydantic import SecretStr
from pymongo.errors import PyMongoError

from weekly_plan_assets.common.private_folder import OWN_FOLDER, UnsafeFolderError, private_folder
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.extensions import (
    ExtensionError,
    Seam,
    added_names,
    added_part,
    kind_of,
    package_of,
)
from weekly_plan_assets.domain.guardrails import guardrails_in_force
from weekly_plan_assets.domain.metrics.data_quality import MEASURED_DAYS
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.lineage.export.json_schemas import collection_schemas
from weekly_plan_assets.lineage.handover import require_same_athlete
from weekly_plan_assets.operations.delivery_found import targets_found
from weekly_plan_assets.operations.foreign_errors import sentence_of
from weekly_plan_assets.operations.planner_found import planner_found
from weekly_plan_assets.planners.base import PlannerError
from weekly_plan_assets.runs.history.history import (
    faults_of,
    is_in_force,
    is_kept_elsewhere,
    is_made,
)
from weekly_plan_assets.settings import (
    Settings,
    SettingsError,
    dagster_home,
    load_settings,
)
from weekly_plan_assets.settings.installation import abandoned_state, dagster_files
from weekly_plan_assets.sources.athlete_yaml import read_athlete_file
from weekly_plan_assets.sources.base import SourceError, TrainingSource
from weekly_plan_assets.sources.notices import absent_keys, end_of_data
from weekly_plan_assets.sources.opening import open_source
from weekly_plan_assets.storage.collection_shapes import shape_notes, usable_shapes
from weekly_plan_assets.storage.connection import project_database
from weekly_plan_assets.storage.embedded.errors import EmbeddedServerError
from weekly_plan_assets.storage.errors import OtherAthleteError, StoreError
from weekly_plan_assets.storage.run_queries import stored_counts
from weekly_plan_assets.storage.validators import validators_of
from weekly_plan_assets.storage.week_rows import WEEKLY_METRICS, WeekRows

if TYPE_CHECKING:
    from weekly_plan_assets.sources.files.importing import Progress

RECENT_DAYS = 28
"""Four whole weeks of wellness say whether a device still records nights."""

CALENDAR_DAYS = 112
"""Sixteen weeks, in which most build-ups to a race lie."""


STORES = ("MONGO_URL", "embedded MongoDB")
"""The subjects of what is found of the store, by where it is."""

ATHLETE_FILE = "athlete's file"
"""The subject of what is found of the file that WEEKLY_PLAN_ATHLETE names."""

_FAULTS_NAMED = 5

_OTHER_VARIABLES = {"WEEKLY_PLAN_MONGOD", "WEEKLY_PLAN_TRACEBACK"}
"""What is read without being a setting."""

_PREFIXES = ("WEEKLY_PLAN_", "INTERVALS_", "MONGO_")
_NEAR = 0.7
"""How much of a name must be right for another one to be meant."""


class Level(StrEnum):
    """How a part is."""

    RIGHT = "right"
    NOTE = "note"
    WRONG = "wrong"


class Diagnosis(Document):
    """A finding about a part of the installation; if it is wrong, the text says how to fix it."""

    subject: str
    level: Level
    text: str


def diagnose(progress: "Progress | None" = None) -> list[Diagnosis]:
    """The findings of all parts; where the settings themselves are wrong, those alone.

    Args:
        progress: Called with how many files of an export folder are read.
    """
    try:
        settings = load_settings()
    except SettingsError as error:
        return [_wrong("settings", sentence) for sentence in str(error).split("; ")]
    parts: Mapping[str, Iterator[Diagnosis]] = {
        "settings": _settings(settings),
        "athlete": _athlete(settings),
        "state folder": _state(settings),
        "history": _history(settings),
        "database": _database(settings),
        "run events": _run_events(settings),
        "source": _source(settings, progress),
        "planner": _planner(settings),
        "delivery": _delivery(settings),
        "other packages": _other_packages(),
    }
    return [
        finding for name, part in parts.items() for finding in _to_its_end(name, part, settings)
    ]


def _to_its_end(name: str, part: Iterator[Diagnosis], settings: Settings) -> Iterator[Diagnosis]:
    """The findings of a part; what breaks it is one too, and the other parts are still tried."""
    try:
        yield from part
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        text = sentence_of(error, settings) or f"{type(error).__name__}: {error}"
        yield _wrong(name, text)


def _settings(settings: Settings) -> Iterator[Diagnosis]:
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        variable = str(field.alias)
        shown = "set (secret)" if isinstance(value, SecretStr) else str(value)
        if variable in os.environ:
            yield _right(variable, shown)
        elif value is not None:
            # What is set without a variable, the athlete's file says: their time zone.
            origin = "athlete's file" if name in settings.model_fields_set else "default"
            yield _right(variable, f"{shown} ({origin})")
    yield from _unknown_variables()
    if settings.is_sample:
        yield _note(
            "data",
            "the sample, a simulated athlete; for your own data set INTERVALS_API_KEY or "
            "WEEKLY_PLAN_EXPORT_DIR",
        )
    if "timezone" not in settings.model_fields_set and not settings.is_sample:
        yield _note(
            "WEEKLY_PLAN_TIMEZONE",
            "not set, so weeks begin at midnight UTC; set it to your zone, such as Europe/Madrid",
        )


def _unknown_variables() -> Iterator[Diagnosis]:
    """Variables of the environment or of `.env` that no part of the project reads."""
    known = {str(field.alias) for field in Settings.model_fields.values()} | _OTHER_VARIABLES
    for variable in sorted(os.environ.keys() - known):
        prefix = next((one for one in _PREFIXES if variable.startswith(one)), None)
        if prefix is None:
            continue
        # What all of them begin with would make any name look like any other.
        ends = {name.removeprefix(prefix): name for name in known if name.startswith(prefix)}
        near = get_close_matches(variable.removeprefix(prefix), ends, n=1, cutoff=_NEAR)
        if near:
            meant = f"did you mean {ends[near[0]]}?"
            yield _note(variable, f"is set, but there is no such setting; {meant}")
        elif prefix == _PREFIXES[0]:  # other programs may read what else begins like the others
            yield _note(variable, "is set, but there is no such setting; unset it")


def _state(settings: Settings) -> Iterator[Diagnosis]:
    try:
        private_folder(settings.state_dir)
        private_folder(settings.dagster_state_dir)
        with TemporaryFile(dir=settings.dagster_state_dir):
            yield _right("state folder", f"{settings.state_dir} can be written")
    except UnsafeFolderError as error:
        yield _wrong("state folder", f"{error}; {OWN_FOLDER}")
    except OSError as error:
        yield _wrong(
            "state folder",
            f"{settings.state_dir} cannot be written ({error.strerror}); "
            "set WEEKLY_PLAN_STATE_DIR to a folder of yours",
        )
    if (left := abandoned_state()) is not None:
        yield _note(
            "state folder",
            f"version 0.1 kept data in {left}, which the next installation may delete; see "
            "docs/installation.md on how to move it",
        )
    try:
        home = dagster_home()
    except SettingsError as error:
        yield _wrong("DAGSTER_HOME", str(error))
    else:
        if not home.samefile(dagster_files()):
            yield _note(
                "DAGSTER_HOME",
                f"{home}, so Dagster's own settings are read there, not from {dagster_files()}",
            )


def _history(settings: Settings) -> Iterator[Diagnosis]:
    """Dagster's files, read to their end; or another storage that its dagster.yaml names."""
    folder = settings.dagster_state_dir
    try:
        home = dagster_home()
    except SettingsError:  # found with the state folder
        return
    if not is_in_force(home):
        from weekly_plan_assets.runs.instance import open_instance  # noqa: PLC0415 - takes a second

        with open_instance() as instance:
            runs = instance.get_runs_count()
        yield _right("history", f"the storage of {home / 'dagster.yaml'} answers, {runs} runs")
        return
    faults = list(faults_of(folder))
    for fault in faults[:_FAULTS_NAMED]:
        yield _wrong("history", fault.sentence)
    if len(faults) > _FAULTS_NAMED:
        yield _wrong("history", f"{len(faults) - _FAULTS_NAMED} more files of it are damaged")
    if not faults and is_made(folder):
        yield _right("history", f"Dagster's files in {folder} can be read and written")


def _athlete(settings: Settings) -> Iterator[Diagnosis]:
    if settings.athlete_file is not None:
        try:
            file = read_athlete_file(settings.athlete_file)
        except SourceError as error:
            yield _wrong("WEEKLY_PLAN_ATHLETE", str(error))
        else:
            keys = ", ".join(sorted(file.model_fields_set)) or "nothing"
            yield _right(ATHLETE_FILE, f"{settings.athlete_file} holds {keys}")


def _database(settings: Settings) -> Iterator[Diagnosis]:
    url = settings.mongo_url.get_secret_value() if settings.mongo_url else None
    kind = STORES[0] if url else STORES[1]
    try:
        database = project_database(url, settings.embedded_dir, settings.database_name)
        version = database.client.server_info()["version"]
        weeks, plans = stored_counts(database)
        unusual = list(
            shape_notes(usable_shapes(database) or {}, validators_of(collection_schemas()))
        )
    except (WeeklyPlanError, PyMongoError) as error:
        yield _wrong(kind, sentence_of(error, settings) or str(error))
    else:
        yield _right(kind, f"version {version}, database {database.name}, indexes in place")
        yield _right("lineage", f"{weeks} weeks of metrics, {plans} plans")
        yield from (_note(kind, sentence) for sentence in unusual)


def _run_events(settings: Settings) -> Iterator[Diagnosis]:
    """Whether the runs that ended have their events; nothing where no run was ever made."""
    if not any(settings.dagster_state_dir.glob("*/*")) and not is_kept_elsewhere():
        return
    from weekly_plan_assets.runs.missing_events import missing_events  # noqa: PLC0415 - 1 s

    try:
        missing = missing_events(settings)
    except Exception as error:  # noqa: BLE001 - the other parts say what is wrong with it
        yield _note("run events", f"not looked at ({type(error).__name__})")
        return
    for run_id, reason in missing.items():
        if reason is None:
            yield _note(
                "run events",
                f"run {run_id} has none yet; the sensor, the job reconcile_runs or "
                "`weekly-plan doctor --deep --repair` writes it",
            )
        else:
            yield _wrong("run events", f"that of run {run_id} cannot be written: {reason}")
    if not missing:
        yield _right("run events", "every run of the last two weeks that ended has its own")


def _source(settings: Settings, progress: "Progress | None") -> Iterator[Diagnosis]:
    try:
        source = open_source(settings, settings.today(), progress=progress)
        yield from _source_tried(source, settings.today())
        file = settings.athlete_file
        missing = absent_keys(source, athlete_file=None if file is None else str(file))
        yield from (_note(ATHLETE_FILE, sentence) for sentence in missing)
        yield from _same_athlete(source, settings)
    except SourceError as error:
        yield _wrong("source", str(error))


def try_source(settings: Settings, progress: "Progress | None" = None) -> list[Diagnosis]:
    """What is found of the source when it is read once; problems are findings too."""
    return list(_to_its_end("source", _source(settings, progress), settings))


def _same_athlete(source: TrainingSource, settings: Settings) -> Iterator[Diagnosis]:
    """Whether `run` would store what the source holds; a store that is away was said already."""
    url = settings.mongo_url.get_secret_value() if settings.mongo_url else None
    try:
        database = project_database(url, settings.embedded_dir, settings.database_name)
        WeekRows(database, WEEKLY_METRICS, source.athlete_id).require_own()
        require_same_athlete(source, database)
    except OtherAthleteError as error:
        yield _wrong("athlete", str(error))
    except (StoreError, EmbeddedServerError, PyMongoError):
        return


def _source_tried(source: TrainingSource, today: date) -> Iterator[Diagnosis]:
    athlete_id, first_day = source.athlete_id, source.first_day()
    if first_day is None:
        yield from _not_read(source)
        yield _wrong("source", f"{source.name} holds no data of athlete {athlete_id}")
        return
    last_day = source.last_day()
    to = "none in the last year" if last_day is None else f"the last on {last_day}"
    yield _right("source", f"{source.name}, athlete {athlete_id}, data from {first_day} on, {to}")
    ended = end_of_data(source, TrainingWeek.latest_whole(today), today)
    yield from (_note("source", sentence) for sentence in ended)
    if source.import_summary:
        yield _right("recordings", source.import_summary)
    first_recent = today - timedelta(days=RECENT_DAYS - 1)
    source.activities(first_recent, today)
    recent = source.wellness(first_recent, today)
    hrv_days = sum(day.hrv_rmssd_ms is not None for day in recent)
    text = f"HRV (rMSSD) was measured on {hrv_days} of the last {RECENT_DAYS} days"
    if hrv_days >= MEASURED_DAYS * RECENT_DAYS // 7:
        yield _right("wellness", text)
    else:
        yield _note("wellness", f"{text}; a week needs {MEASURED_DAYS} to say anything of recovery")
    zones = [
        f"{of.types[0]} up to {of.hr_zone_upper_bpm[-1]} bpm"
        for of in source.sport_settings()
        if of.types and of.hr_zone_upper_bpm
    ]
    if zones:
        yield _right("heart-rate zones", ", ".join(zones))
    events = source.calendar(today, today + timedelta(days=CALENDAR_DAYS))
    races, absences = sum(e.is_race for e in events), sum(e.is_absence for e in events)
    if races or absences:
        text = f"races: {races}, absences (illness, injury, holiday): {absences}"
        yield _right("calendar", f"{text}, in the next {CALENDAR_DAYS} days")
    yield from _not_read(source)


def _not_read(source: TrainingSource) -> Iterator[Diagnosis]:
    """What could not be read of what was asked for so far."""
    for problem in source.problems:
        yield _note("source", f"not read whole: {problem}")


def _planner(settings: Settings) -> Iterator[Diagnosis]:
    try:
        yield _right("planner", planner_found(settings))
    except (PlannerError, ExtensionError) as error:
        yield _wrong("planner", str(error))


def _delivery(settings: Settings) -> Iterator[Diagnosis]:
    if not settings.delivery_targets:
        return
    url = settings.mongo_url.get_secret_value() if settings.mongo_url else None
    database = project_database(url, settings.embedded_dir, settings.database_name)
    for found in targets_found(settings, database):
        yield (_right if found.is_right else _note)("delivery", found.text)


def _other_packages() -> Iterator[Diagnosis]:
    """Parts that other packages add. Rules are loaded, because every plan is judged by them."""
    guardrails_in_force()
    for seam in Seam:
        for name in added_names(seam):
            added_part(seam, name)  # where it cannot be loaded, that is said
            text = f"{kind_of(seam)} {name} is added by {package_of(seam, name)}"
            yield _note("other packages", text)


def _right(subject: str, text: str) -> Diagnosis:
    return Diagnosis(subject=subject, level=Level.RIGHT, text=text)


def _note(subject: str, text: str) -> Diagnosis:
    return Diagnosis(subject=subject, level=Level.NOTE, text=text)


def _wrong(subject: str, text: str) -> Diagnosis:
    return Diagnosis(subject=subject, level=Level.WRONG, text=text)
