"""What the project adds to Dagster's storages, whichever database they are in.

`instance_storage` has those of SQLite, `postgres_storage` those of PostgreSQL.
"""

from collections.abc import Sequence
from time import time
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from weekly_plan_assets.runs.dagster_private import (
    AssetCheckExecutionsTable,
    AssetKeyTable,
    InstigatorState,
    SensorInstigatorData,
    SqlEventLogStorage,
    SqlEventLogStorageTable,
    SqlScheduleStorage,
)


class ExtendedEventLog(SqlEventLogStorage):
    """Dagster's event log, which remembers its tables and deletes all that a run left.

    Dagster asks for tables and columns again and again, for some of them at every event; none that
    is there ever goes.
    """

    _known_tables: frozenset[str] = frozenset()
    _known_columns: frozenset[str] = frozenset()

    def has_table(self, table_name: str) -> bool:
        """Whether there is such a table."""
        if table_name not in self._known_tables:
            found = super().has_table(table_name)  # type: ignore[safe-super] # each storage has it
            self._known_tables |= {table_name} if found else set()
        return table_name in self._known_tables

    def has_asset_key_col(self, column_name: str) -> bool:
        """Whether the table of assets has such a column."""
        return column_name in self._known_columns or super().has_asset_key_col(column_name)

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        if column_name not in self._known_columns:
            found = super()._has_asset_key_col_on_connection(conn, column_name)
            self._known_columns |= {column_name} if found else set()
        return column_name in self._known_columns

    def delete_events(self, run_id: str) -> None:
        """Delete the events of a run and what is kept of them elsewhere.

        Dagster leaves the evaluations of checks behind, the last materialization of an asset, and
        the list of its materialized partitions. It makes the latter two again from the events that
        are left.
        """
        own_assets = select(SqlEventLogStorageTable.c.asset_key).where(
            SqlEventLogStorageTable.c.run_id == run_id,
            SqlEventLogStorageTable.c.asset_key.is_not(None),
        )
        last_is_own = AssetKeyTable.c.last_materialization.contains(run_id)
        evaluations = self._evaluations_of(run_id)
        with self.index_connection() as connection:
            connection.execute(
                AssetKeyTable.update()
                .where(AssetKeyTable.c.asset_key.in_(own_assets))
                .values(cached_status_data=None)
            )
            connection.execute(
                AssetKeyTable.update().where(last_is_own).values(last_materialization=None)
            )
            connection.execute(AssetCheckExecutionsTable.delete().where(evaluations))
        super().delete_events(run_id)

    def _evaluations_of(self, run_id: str) -> ColumnElement[bool]:
        return AssetCheckExecutionsTable.c.run_id == run_id


class ExtendedSchedules(SqlScheduleStorage):
    """Dagster's schedules and sensors, whose last ticks are never ahead of the clock.

    The daemon evaluates a sensor again when its interval has passed since its last tick. After a
    clock was set back by hours, that would be hours later.
    """

    def _deserialize_rows(self, rows: Sequence[Any], as_type: type[Any]) -> Sequence[Any]:
        found = super()._deserialize_rows(rows, as_type)
        return [_not_ahead(one) if isinstance(one, InstigatorState) else one for one in found]


def _not_ahead(state: InstigatorState) -> InstigatorState:
    data = state.instigator_data
    if not isinstance(data, SensorInstigatorData):
        return state
    ticks_s = (data.last_tick_timestamp or 0.0, data.last_tick_start_timestamp or 0.0)
    if max(ticks_s) <= time():
        return state
    unknown = data._replace(last_tick_timestamp=None, last_tick_start_timestamp=None)
    return state.with_data(unknown)
