"""Where Dagster keeps its state: under WEEKLY_PLAN_STATE_DIR, the sample apart from real data.

`dagster.yaml` names these classes, so that `dagster dev -w workspace.yaml` needs no further
setting. They are Dagster's own SQLite storages but for the folder, and for what costs most in a
small run (docs/benchmarks.md): Dagster opens a connection for every event and compiles its SQL anew
each time, which are kept here; and it asks alembic for the tables of every new file, which are
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
from dagster import EventLogEntry
from dagster._core.storage.base_storage import DagsterStorage
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._core.storage.local_compute_log_manager import LocalComputeLogManager
from dagster._core.storage.root import LocalArtifactStorage
from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.schedules import SqliteScheduleStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS, create_db_conn_string
from dagster._core.storage.sqlite_storage import (
    DagsterSqliteStorage,
    _event_logs_directory,
    _runs_directory,
    _schedule_directory,
)
from dagster._serdes import ConfigurableClassData
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

from weekly_plan_assets.settings import load_settings

_MAX_OPEN_SHARDS = 16
"""Each run has a database file of its own; the webserver may look at many."""

_OPENING_S = 60.0


def _state_folder() -> str:
    folder = load_settings().dagster_state_dir
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


class KeptEvents(SqliteEventLogStorage):
    """Dagster's event log with one connection kept open for each of the files used last."""

    def __init__(self, base_dir: str) -> None:
        """Open the event log in a folder."""
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._known_tables: set[str] = set()
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

    def has_table(self, table_name: str) -> bool:
        """Whether the index has it: Dagster asks before every check, and no table ever goes."""
        if table_name not in self._known_tables and super().has_table(table_name):
            self._known_tables.add(table_name)
        return table_name in self._known_tables

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event, and tell the webserver, which watches the run's file for changes."""
        super().store_event(event)
        # While a connection is kept, new events go to the file's write-ahead log alone.
        os.utime(self.path_for_shard(event.run_id))

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


class KeptRuns(SqliteRunStorage):
    """Dagster's table of runs with its connections kept open."""

    _engine: Engine | None = None

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection in a transaction of its own."""
        if self._engine is None:
            self._engine = _kept_engine(self._conn_string, QueuePool)
        with self._engine.connect() as connection, connection.begin():
            yield connection

    def dispose(self) -> None:
        """Close the file."""
        if self._engine is not None:
            self._engine.dispose()


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


class StateStorage(DagsterSqliteStorage):
    """Runs, events and schedules, in SQLite."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Open the storages in a folder, laid out as Dagster does."""
        self.base_dir = base_dir
        runs, schedules = _runs_directory(base_dir), _schedule_directory(base_dir)
        files = [Path(runs, "runs.db"), Path(schedules, "schedules.db")]
        # Without it, some process may still be making them, or have died of it.
        made = Path(base_dir, f"made-by-dagster-{dagster.__version__}")
        if not all(path.exists() for path in (*files, made)):
            with portalocker.Lock(f"{base_dir}/opening.lock", timeout=_OPENING_S):
                KeptRuns.from_local(runs).dispose()
                SqliteScheduleStorage.from_local(schedules)
                made.touch()
        self._run_storage = KeptRuns(create_db_conn_string(runs, "runs"))
        self._schedule_storage = SqliteScheduleStorage(
            create_db_conn_string(schedules, "schedules")
        )
        self._event_log_storage = KeptEvents(_event_logs_directory(base_dir))
        self._inst_data = inst_data
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
