"""Dagster's history in PostgreSQL, for several machines; the extra `postgres` has what it needs.

`deploy/machine/dagster.yaml` and that of `deploy/servers` name it. It is dagster-postgres but for
what costs most: that opens a connection for every statement, which is most of the time of a small
run (docs/benchmarks.md). Here each process keeps a few.
"""

from time import monotonic
from typing import Any, Self

from dagster import DagsterEventType, Field, IntSource
from dagster_postgres import (
    DagsterPostgresStorage,
    PostgresEventLogStorage,
    PostgresRunStorage,
    PostgresScheduleStorage,
)
from dagster_postgres.utils import (
    create_pg_engine,
    get_token_provider_from_config,
    pg_url_from_config,
    retry_pg_connection_fn,
)
from sqlalchemy import ColumnElement, Engine, and_, event, inspect, tuple_
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from weekly_plan_assets.runs.daemon_log import quiet_sensor_ticks
from weekly_plan_assets.runs.dagster_private import (
    AssetCheckExecutionsTable,
    ConfigurableClassData,
    DagsterStorage,
)
from weekly_plan_assets.runs.extended_storage import ExtendedEventLog, ExtendedSchedules

# Dagster imports this module wherever it opens the instance, in the daemon too.
quiet_sensor_ticks()

KEPT = 2
"""Connections that a process keeps. A run has one thread that writes, and one that watches."""

AT_MOST = 10
"""Connections of a process: the daemon has several threads. PostgreSQL allows 100 by default."""

_OLDEST_S = 600
"""Firewalls and proxies forget a connection that was silent for long; then there is another."""

_TRUSTED_S = 0.1
"""A connection that was used so recently is used again without being tried; most are."""

_TABLES = frozenset({"runs", "event_logs", "jobs"})
"""One of each storage, by which Dagster knows whether it was made."""

_IDLE_SINCE = "idle_since"

_DRIVER = "postgresql+psycopg2"
"""The one that dagster-postgres brings; SQLAlchemy 2.1 would look for another."""


class PooledPostgresStorage(DagsterPostgresStorage):
    """Runs, events and schedules in PostgreSQL, over one small pool of kept connections."""

    def __init__(  # noqa: D417 - Dagster's own arguments
        self,
        postgres_url: str,
        should_autocreate_tables: bool = True,  # noqa: FBT001, FBT002 - Dagster's own
        inst_data: ConfigurableClassData | None = None,
        token_provider: Any = None,
        *,
        kept: int = KEPT,
        at_most: int = AT_MOST,
    ) -> None:
        """Open the storages.

        Args:
            kept: How many connections stay open.
            at_most: How many may be open at one time.
        """
        self.postgres_url = with_driver(postgres_url)
        self.should_autocreate_tables = should_autocreate_tables
        self._inst_data = inst_data
        engine = create_pg_engine(
            self.postgres_url,
            token_provider,
            isolation_level="AUTOCOMMIT",
            pool_size=max(1, min(kept, at_most)),  # 0 would mean as many as anybody asks for
            max_overflow=max(0, at_most - kept),
            pool_recycle=_OLDEST_S,
        )
        _try_before_use(engine)
        if should_autocreate_tables and not _is_made(engine):
            DagsterPostgresStorage(self.postgres_url, token_provider=token_provider)
        # As they need not make tables, they open no connection of their own.
        arguments = (self.postgres_url, False, None, token_provider)
        self._run_storage = PooledRuns(*arguments)
        self._event_log_storage = PooledEventLog(*arguments)
        self._schedule_storage = PooledSchedules(*arguments)
        self._run_storage._engine = engine
        self._event_log_storage._engine = engine
        self._schedule_storage._engine = engine
        # Not that of DagsterPostgresStorage, which opens the storages itself.
        DagsterStorage.__init__(self)  # type: ignore[arg-type, no-untyped-call]

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """The settings of dagster-postgres, and how many connections there may be."""
        inherited: Any = DagsterPostgresStorage.config_type()
        return {
            **inherited,
            "kept_connections": Field(IntSource, is_required=False, default_value=KEPT),
            "max_connections": Field(IntSource, is_required=False, default_value=AT_MOST),
        }

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Self:
        """Open the storage that `dagster.yaml` describes."""
        return cls(
            postgres_url=pg_url_from_config(config_value),
            should_autocreate_tables=config_value.get("should_autocreate_tables", True),
            inst_data=inst_data,
            token_provider=get_token_provider_from_config(config_value),
            kept=config_value["kept_connections"],
            at_most=config_value["max_connections"],
        )


class TriedInWebserver:
    """A storage whose connections are tried before use in the webserver too.

    Dagster gives the webserver a pool for each storage, with the limits of its command line.
    """

    _engine: Engine

    def optimize_for_webserver(
        self, statement_timeout: int, pool_recycle: int, max_overflow: int
    ) -> None:
        """Take the pool that Dagster makes for the webserver."""
        self._engine.dispose()
        super().optimize_for_webserver(  # type: ignore[misc] # each storage has it
            statement_timeout, pool_recycle, max_overflow
        )
        _try_before_use(self._engine)


class PooledRuns(TriedInWebserver, PostgresRunStorage):
    """Dagster's table of runs."""

    def dispose(self) -> None:
        """Close the connections that nobody uses at this moment."""
        self._engine.dispose()


class PooledEventLog(TriedInWebserver, ExtendedEventLog, PostgresEventLogStorage):
    """Dagster's event log."""

    def dispose(self) -> None:
        """Stop watching runs, and close the connections that nobody uses at this moment."""
        super().dispose()
        self._engine.dispose()

    def _evaluations_of(self, run_id: str) -> ColumnElement[bool]:
        """Found by the index, which begins with asset and check, rather than in the whole table."""
        columns = AssetCheckExecutionsTable.c
        kinds = {
            DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED,
            DagsterEventType.ASSET_CHECK_EVALUATION,
        }
        found: Any = [
            record.event_log_entry.get_dagster_event().event_specific_data
            for record in self.get_records_for_run(run_id, of_type=kinds).records
        ]
        checks = {(data.asset_key.to_string(), data.check_name) for data in found}
        own = tuple_(columns.asset_key, columns.check_name).in_(sorted(checks))
        return and_(super()._evaluations_of(run_id), own)


class PooledSchedules(TriedInWebserver, ExtendedSchedules, PostgresScheduleStorage):
    """Dagster's schedules and sensors."""


def with_driver(url: str) -> str:
    """The URL with the driver that dagster-postgres needs, unless it names one."""
    scheme, separator, rest = url.partition("://")
    return f"{_DRIVER}{separator}{rest}" if scheme in {"postgres", "postgresql"} else url


def _try_before_use(engine: Engine) -> None:
    """Try a connection that lay idle, so that a server that was started again goes unnoticed.

    SQLAlchemy's `pool_pre_ping` tries it at each use, which makes a third more statements of a run.
    """

    @event.listens_for(engine, "checkin")
    def _note(_: object, record: ConnectionPoolEntry) -> None:
        record.info[_IDLE_SINCE] = monotonic()

    @event.listens_for(engine, "checkout")
    def _try(connection: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
        idle_since = record.info.get(_IDLE_SINCE)
        if idle_since is None or monotonic() - idle_since < _TRUSTED_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error  # the pool makes another


def _is_made(engine: Engine) -> bool:
    return retry_pg_connection_fn(lambda: set(inspect(engine).get_table_names()) >= _TABLES)
