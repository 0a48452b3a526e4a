"""Where Dagster keeps its state: under WEEKLY_PLAN_STATE_DIR, the sample apart from real data.

`dagster.yaml` names these classes, so that `dagster dev -w workspace.yaml` needs no further
setting. They are Dagster's own SQLite storages but for the folder, and for what costs most in a
small run (docs/benchmarks.md): Dagster opens a connection for every event and compiles its SQL
again, which are both kept here; and it asks alembic for the tables of every new file, which are
copied here.
"""

import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any, Self

import dagster
import portalocker
from dagster import DagsterInstance, EventLogEntry
from sqlalchemy import (
    Connection,
    Engine,
    NullPool,
    Pool,
    QueuePool,
    StaticPool,
    create_engine,
    event,
)

from weekly_plan_assets.common.private_folder import private_folder
from weekly_plan_assets.runs.daemon_log import quiet_sensor_ticks
from weekly_plan_assets.runs.dagster_private import (
    INDEX_SHARD_NAME,
    SQLITE_BUSY_TIMEOUT_SECONDS,
    ConfigurableClassData,
    DagsterSqliteStorage,
    DagsterStorage,
    LocalArtifactStorage,
    LocalComputeLogManager,
    RunTagsTable,
    SqliteEventLogStorage,
    SqliteRunStorage,
    SqliteScheduleStorage,
    _event_logs_directory,
    _runs_directory,
    _schedule_directory,
    create_db_conn_string,
)
from weekly_plan_assets.runs.extended_storage import ExtendedEventLog, ExtendedSchedules
from weekly_plan_assets.runs.history import history
from weekly_plan_assets.runs.history.history_faults import FaultKind, HistoryError, HistoryFault
from weekly_plan_assets.settings import load_settings

# Dagster imports this module wherever it opens the instance, in the daemon too.
quiet_sensor_ticks()

_MAX_OPEN_SHARDS = 16
"""Each run has a database file of its own; the webserver may look at many."""

_OPENING_S = 60.0


def _state_folder() -> str:
    settings = load_settings()
    private_folder(settings.state_dir)
    return str(private_folder(settings.dagster_state_dir))


class CachedEventLog(ExtendedEventLog, SqliteEventLogStorage):
    """Dagster's event log with one connection kept open for each of the files used last."""

    def __init__(self, base_dir: str) -> None:
        """Open the event log in a folder."""
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        super().__init__(base_dir)
        self._initialized_dbs.add(INDEX_SHARD_NAME)  # if it was missing, it has just been made

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:  # one thread at a time, so that one connection is enough
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            while len(self._engines) >= _MAX_OPEN_SHARDS:
                _, oldest = self._engines.popitem(last=False)
                oldest.dispose()
            self._engines[shard] = _kept_engine(self.conn_string_for_shard(shard), StaticPool)
        self._engines.move_to_end(shard)
        return self._engines[shard]

    def _initdb(self, engine: Engine, for_index_shard: bool = False) -> None:  # noqa: FBT001, FBT002
        """Make the tables of a file; a new file is a copy of an empty one that has them."""
        file = Path(str(engine.url.database))
        if not file.exists():
            with (
                suppress(OSError),  # not every file system has links
                TemporaryDirectory(dir=self._empty_file().parent) as folder,
            ):
                # Appears whole or not at all, and not where another process was first.
                os.link(copyfile(self._empty_file(), Path(folder, file.name)), file)
                return
        super()._initdb(engine, for_index_shard)

    def _empty_file(self) -> Path:
        path = Path(self._base_dir, "empty", f"dagster-{dagster.__version__}.db")
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            with TemporaryDirectory(dir=path.parent) as folder:
                made = Path(folder, path.name)
                super()._initdb(create_engine(f"sqlite:///{made}", poolclass=NullPool))
                made.replace(path)
        return path

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event, and notify the webserver, which watches the run's file for changes."""
        super().store_event(event)
        # While a connection is kept, new events go to the file's write-ahead log alone. A file that
        # was moved or deleted meanwhile is still written to; the command says so at its end.
        with suppress(FileNotFoundError, NotADirectoryError):
            os.utime(self.path_for_shard(event.run_id))

    def delete_events(self, run_id: str) -> None:
        """Delete the events of a run, what the index keeps of them, and the run's own file."""
        super().delete_events(run_id)
        with self._db_lock:
            engine = self._engines.pop(run_id, None)
            if engine is not None:
                engine.dispose()
            self._initialized_dbs.discard(run_id)
            for end in ("", "-wal", "-shm"):
                Path(f"{self.path_for_shard(run_id)}{end}").unlink(missing_ok=True)

    def wipe(self) -> None:
        """Delete all events."""
        self._close()
        super().wipe()

    def dispose(self) -> None:
        """Close all files."""
        self._close()
        super().dispose()

    def _close(self) -> None:
        with self._db_lock:
            while self._engines:
                _, engine = self._engines.popitem()
                engine.dispose()


def make_log(folder: Path, dagster_run_id: str) -> None:
    """Give a run an empty log, in the history of a folder."""
    events = CachedEventLog(_event_logs_directory(str(folder)))
    with events.run_connection(dagster_run_id):
        pass
    events.dispose()


class CachedRunStorage(SqliteRunStorage):
    """Dagster's table of runs with its connections kept open."""

    _engine: Engine | None = None

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection in a transaction of its own."""
        if self._engine is None:
            self._engine = _kept_engine(self._conn_string, QueuePool)
        with self._engine.connect() as connection, connection.begin():
            yield connection

    def delete_run(self, run_id: str) -> None:
        """Delete a run with its tags, which Dagster leaves behind in SQLite."""
        with self.connect() as connection:
            connection.execute(RunTagsTable.delete().where(RunTagsTable.c.run_id == run_id))
        super().delete_run(run_id)

    def dispose(self) -> None:
        """Close the file."""
        if self._engine is not None:
            self._engine.dispose()


class KeptSchedules(ExtendedSchedules, SqliteScheduleStorage):
    """Dagster's schedules and sensors."""


def _kept_engine(address: str, pool: type[Pool]) -> Engine:
    engine = create_engine(
        address,
        poolclass=pool,
        connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _write_ahead_is_enough(connection: Any, _: object) -> None:
        # In WAL mode the file cannot break; a power cut may cost the last events, a kill none.
        connection.execute("PRAGMA synchronous=NORMAL")

    return engine


@contextmanager
def _opening(lock: Path) -> Iterator[None]:
    """Hold the lock under which the files are made."""
    try:
        with portalocker.Lock(lock, timeout=_OPENING_S):
            yield
    except portalocker.AlreadyLocked as error:
        held = HistoryFault(lock, FaultKind.IN_USE, "is held by another process for a minute")
        raise HistoryError(held.sentence) from error


class StateFolderStorage(DagsterSqliteStorage):
    """Runs, events and schedules, in SQLite."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Open the storages in a folder, laid out as Dagster does.

        Raises:
            HistoryError: The history was made, but lacks a file or holds something else.
        """
        self.base_dir = base_dir
        runs, schedules = _runs_directory(base_dir), _schedule_directory(base_dir)
        history.require_files(Path(base_dir))
        # Without it, some process may still be making the files, or have died of it.
        made = Path(base_dir, f"{history.MADE}{dagster.__version__}")
        if not made.exists():
            with _opening(Path(base_dir, "opening.lock")):
                CachedRunStorage.from_local(runs).dispose()
                KeptSchedules.from_local(schedules)
                CachedEventLog(_event_logs_directory(base_dir)).dispose()
                made.touch()
        self._run_storage = CachedRunStorage(create_db_conn_string(runs, "runs"))
        self._schedule_storage = KeptSchedules(create_db_conn_string(schedules, "schedules"))
        self._event_log_storage = CachedEventLog(_event_logs_directory(base_dir))
        self._inst_data = inst_data
        history.remember_opened(Path(base_dir))
        # Not that of DagsterSqliteStorage, which opens the files itself.
        DagsterStorage.__init__(self)  # type: ignore[arg-type, no-untyped-call]

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """It takes no settings of its own."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData, config_value: object) -> Self:
        """Open the storage in the state folder."""
        del config_value
        return cls.from_local(_state_folder(), inst_data)


class StateArtifacts(LocalArtifactStorage):
    """Files of runs."""

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """It takes no settings of its own."""
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: object
    ) -> Self:
        """Open the folder."""
        del config_value
        return cls(_state_folder(), inst_data)


class StateComputeLogs(LocalComputeLogManager):
    """What steps write to stdout and stderr."""

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """It takes no settings of its own."""
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: object
    ) -> Self:
        """Open the folder."""
        del config_value
        return cls(f"{_state_folder()}/compute_logs", inst_data=inst_data)


def is_throwaway(instance: DagsterInstance) -> bool:
    """Whether a history is one that Dagster's commands make in a folder without `dagster.yaml`.

    They delete it when they end. It is in Dagster's own SQLite storage. That of a notebook, in
    memory, is nobody's surprise.
    """
    return (
        not os.environ.get("DAGSTER_HOME")
        and isinstance(instance.event_log_storage, SqliteEventLogStorage)
        and not isinstance(instance.event_log_storage, CachedEventLog)
    )
