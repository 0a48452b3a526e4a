"""What is right and what is wrong with this installation, part by part.

Each part is tried for real. How the findings are shown is in `cli.commands.doctor`.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from pymongo.errors import PyMongoError

from weekly_plan_assets.common.private_folder import OWN_FOLDER, UnsafeFolderError, private_folder
from weekly_plan_assets.delivery.deliver_plan import open_calendar
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
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.lineage.export.json_schemas import collection_schemas
from weekly_plan_assets.lineage.handover import require_same_athlete
from weekly_plan_assets.operations.delivery_found import targets_found
from weekly_plan_assets.operations.diagnosis import Diagnosis, Level, note, right, wrong
from weekly_plan_assets.operations.foreign_errors import sentence_of
from weekly_plan_assets.operations.planner_found import planner_found
from weekly_plan_assets.operations.roster_found import roster_found
from weekly_plan_assets.operations.settings_found import defaults_found, settings_found
from weekly_plan_assets.planners.base import PlannerError
from weekly_plan_assets.runs.history.history import (
    faults_of,
    is_in_force,
    is_kept_elsewhere,
    is_made,
)
from weekly_plan_assets.settings import (
    DeliveryTarget,
    Settings,
    SettingsError,
    SourceName,
    dagster_home,
    load_settings,
)
from weekly_plan_assets.settings.installation import abandoned_state, dagster_files
from weekly_plan_assets.settings.roster import RosterAthlete, athlete_in_force
from weekly_plan_assets.settings.roster_words import in_roster_words
from weekly_plan_assets.sources.athlete_yaml import read_athlete_file
from weekly_plan_assets.sources.base import SourceError, TrainingSource
from weekly_plan_assets.sources.notices import absent_keys, end_of_data
from weekly_plan_assets.sources.opening import open_source
from weekly_plan_assets.storage.collection_shapes import shape_notes, usable_shapes
from weekly_plan_assets.storage.connection import project_database
from weekly_plan_assets.storage.embedded.errors import EmbeddedServerError
from weekly_plan_assets.storage.errors import OtherAthleteError, StoreError
from weekly_plan_assets.storage.indexes import superseded_note
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


def diagnose(progress: "Progress | None" = None) -> list[Diagnosis]:
    """The findings of all parts; where the settings themselves are wrong, those alone.

    Args:
        progress: Called with how many files of an export folder are read.
    """
    try:
        settings = load_settings()
    except SettingsError as error:
        return [wrong("settings", sentence) for sentence in str(error).split("; ")]
    parts: Mapping[str, Iterator[Diagnosis]] = {
        "settings": settings_found(settings),
        "athlete": _athlete(settings),
        "state folder": _state(settings),
        "history": _history(settings),
        "database": _database(settings),
        "run events": _run_events(settings),
        "source": _sources(settings, progress),
        "planner": _planner(settings),
        "delivery": _delivery(settings),
        "Intervals.icu": _unused_credential(settings),
        "other packages": _other_packages(),
        "defaults": defaults_found(settings),
    }
    found = (
        finding for name, part in parts.items() for finding in _to_its_end(name, part, settings)
    )
    athlete = athlete_in_force()
    return [
        one if athlete is None else _in_words_of(athlete, one) for one in _each_fault_once(found)
    ]


def _in_words_of(athlete: RosterAthlete, finding: Diagnosis) -> Diagnosis:
    """A finding about an athlete of the roster, with its keys in the place of the variables."""
    words = (in_roster_words(text, athlete) for text in (finding.subject, finding.text))
    return finding.model_copy(update=dict(zip(("subject", "text"), words, strict=True)))


def _each_fault_once(found: Iterator[Diagnosis]) -> Iterator[Diagnosis]:
    """The findings without a fault that one part found before another: a file that both read."""
    said: set[str] = set()
    for one in found:
        if one.level is Level.WRONG and one.text in said:
            continue
        said.add(one.text)
        yield one


def _to_its_end(name: str, part: Iterator[Diagnosis], settings: Settings) -> Iterator[Diagnosis]:
    """The findings of a part; what breaks it is one too, and the other parts are still tried."""
    try:
        yield from part
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        text = sentence_of(error, settings) or f"{type(error).__name__}: {error}"
        yield wrong(name, text)


def _state(settings: Settings) -> Iterator[Diagnosis]:
    try:
        private_folder(settings.state_dir)
        private_folder(settings.dagster_state_dir)
        with TemporaryFile(dir=settings.dagster_state_dir):
            yield right("state folder", f"{settings.state_dir} can be written")
    except UnsafeFolderError as error:
        yield wrong("state folder", f"{error}; {OWN_FOLDER}")
    except OSError as error:
        yield wrong(
            "state folder",
            f"{settings.state_dir} cannot be written ({error.strerror}); "
            "set WEEKLY_PLAN_STATE_DIR to a folder of yours",
        )
    if (left := abandoned_state()) is not None:
        yield note(
            "state folder",
            f"version 0.1 kept data in {left}, which the next installation may delete; see "
            "docs/installation.md on how to move it",
        )
    try:
        home = dagster_home()
    except SettingsError as error:
        yield wrong("DAGSTER_HOME", str(error))
    else:
        if not home.samefile(dagster_files()):
            yield note(
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
            runs = counted(instance.get_runs_count(), "run")
        yield right("history", f"the storage of {home / 'dagster.yaml'} answers, {runs}")
        return
    faults = list(faults_of(folder))
    for fault in faults[:_FAULTS_NAMED]:
        yield wrong("history", fault.sentence)
    if len(faults) > _FAULTS_NAMED:
        yield wrong("history", f"{len(faults) - _FAULTS_NAMED} more files of it are damaged")
    if not faults and is_made(folder):
        yield right("history", f"Dagster's files in {folder} can be read and written")


def _athlete(settings: Settings) -> Iterator[Diagnosis]:
    if settings.athlete_file is not None:
        try:
            file = read_athlete_file(settings.athlete_file)
        except SourceError as error:
            yield wrong("WEEKLY_PLAN_ATHLETE", str(error))
        else:
            keys = ", ".join(sorted(file.model_fields_set)) or "nothing"
            yield right(ATHLETE_FILE, f"{settings.athlete_file} holds {keys}")


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
        earlier = superseded_note(database)
    except (WeeklyPlanError, PyMongoError) as error:
        yield wrong(kind, sentence_of(error, settings) or str(error))
    else:
        yield right(kind, f"version {version}, database {database.name}, indexes in place")
        yield right("lineage", f"{counted(weeks, 'week')} of metrics, {counted(plans, 'plan')}")
        yield from (note(kind, sentence) for sentence in (*unusual, earlier) if sentence)


def _run_events(settings: Settings) -> Iterator[Diagnosis]:
    """Whether the runs that ended have their events; nothing where no run was ever made."""
    if not any(settings.dagster_state_dir.glob("*/*")) and not is_kept_elsewhere():
        return
    from weekly_plan_assets.runs.missing_events import missing_events  # noqa: PLC0415 - 1 s

    try:
        missing = missing_events(settings)
    except Exception as error:  # noqa: BLE001 - the other parts say what is wrong with it
        yield note("run events", f"not looked at ({type(error).__name__})")
        return
    for run_id, reason in missing.items():
        if reason is None:
            yield note(
                "run events",
                f"run {run_id} has none yet; the sensor, the job reconcile_runs or "
                "`weekly-plan doctor --deep --repair` writes it",
            )
        else:
            yield wrong("run events", f"that of run {run_id} cannot be written: {reason}")
    if not missing:
        yield right("run events", "every run of the last two weeks that ended has its own")


def _sources(settings: Settings, progress: "Progress | None") -> Iterator[Diagnosis]:
    """The source of the athlete, or the roster of several."""
    roster = settings.roster
    yield from _source(settings, progress) if roster is None else roster_found(settings, roster)


def _source(settings: Settings, progress: "Progress | None") -> Iterator[Diagnosis]:
    try:
        source = open_source(settings, settings.today(), progress=progress)
        yield from _source_tried(source, settings.today())
        file = settings.athlete_file
        missing = absent_keys(source, athlete_file=None if file is None else str(file))
        yield from (note(ATHLETE_FILE, sentence) for sentence in missing)
        yield from _same_athlete(source, settings)
    except SourceError as error:
        yield wrong("source", str(error))


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
        yield wrong("athlete", str(error))
    except (StoreError, EmbeddedServerError, PyMongoError):
        return


def _source_tried(source: TrainingSource, today: date) -> Iterator[Diagnosis]:
    athlete_id, first_day = source.athlete_id, source.first_day()
    if first_day is None:
        yield from _not_read(source)
        yield wrong("source", f"{source.name} holds no data of athlete {athlete_id}")
        return
    last_day = source.last_day()
    to = "none in the last year" if last_day is None else f"the last on {last_day}"
    yield right("source", f"{source.name}, athlete {athlete_id}, data from {first_day} on, {to}")
    ended = end_of_data(source, TrainingWeek.latest_whole(today), today)
    yield from (note("source", sentence) for sentence in ended)
    if source.import_summary:
        yield right("recordings", source.import_summary)
    first_recent = today - timedelta(days=RECENT_DAYS - 1)
    source.activities(first_recent, today)
    recent = source.wellness(first_recent, today)
    hrv_days = sum(day.hrv_rmssd_ms is not None for day in recent)
    text = f"HRV (rMSSD) was measured on {hrv_days} of the last {RECENT_DAYS} days"
    if hrv_days >= MEASURED_DAYS * RECENT_DAYS // 7:
        yield right("wellness", text)
    else:
        yield note("wellness", f"{text}; a week needs {MEASURED_DAYS} to say anything of recovery")
    zones = [
        f"{of.types[0]} up to {of.hr_zone_upper_bpm[-1]} bpm"
        for of in source.sport_settings()
        if of.types and of.hr_zone_upper_bpm
    ]
    if zones:
        yield right("heart-rate zones", ", ".join(zones))
    events = source.calendar(today, today + timedelta(days=CALENDAR_DAYS))
    races, absences = sum(e.is_race for e in events), sum(e.is_absence for e in events)
    if races or absences:
        text = f"races: {races}, absences (illness, injury, holiday): {absences}"
        yield right("calendar", f"{text}, in the next {CALENDAR_DAYS} days")
    yield from _not_read(source)


def _not_read(source: TrainingSource) -> Iterator[Diagnosis]:
    """What could not be read of what was asked for so far."""
    for problem in source.problems:
        yield note("source", f"not read whole: {problem}")


def _planner(settings: Settings) -> Iterator[Diagnosis]:
    try:
        yield right("planner", planner_found(settings))
    except (PlannerError, ExtensionError) as error:
        yield wrong("planner", str(error))


def _delivery(settings: Settings) -> Iterator[Diagnosis]:
    if not settings.delivery_targets:
        return
    url = settings.mongo_url.get_secret_value() if settings.mongo_url else None
    database = project_database(url, settings.embedded_dir, settings.database_name)
    athlete = athlete_in_force()
    for found in targets_found(settings, database, None if athlete is None else athlete.id):
        yield (right if found.is_right else note)("delivery", found.text)


def _unused_credential(settings: Settings) -> Iterator[Diagnosis]:
    """Whose key or token is set where neither the source nor a delivery uses it, and tries it."""
    is_used = (
        settings.source is SourceName.INTERVALS
        or DeliveryTarget.INTERVALS in settings.delivery_targets
    )
    if settings.intervals_credential is None or is_used or settings.is_sample:
        return
    calendar = open_calendar(settings)
    noun = calendar.advice.noun
    yield right(
        calendar.advice.variable,
        f"is the {noun} of athlete {calendar.owner_id()}; the data is read from {settings.source}, "
        f"and nothing is delivered with the {noun} unless WEEKLY_PLAN_DELIVER or "
        "`weekly-plan deliver --to intervals` says so",
    )


def _other_packages() -> Iterator[Diagnosis]:
    """Parts that other packages add. Rules are loaded, because every plan is judged by them."""
    guardrails_in_force()
    for seam in Seam:
        for name in added_names(seam):
            added_part(seam, name)  # where it cannot be loaded, that is said
            text = f"{kind_of(seam)} {name} is added by {package_of(seam, name)}"
            yield note("other packages", text)
