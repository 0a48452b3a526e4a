"""What the metadata of a materialization says about the rows and documents that were stored.

Keys are lower case with underscores; those that Dagster itself reads begin with `dagster/`. What
the figures of an asset are belongs to `materializations`.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias
from urllib.parse import quote

from dagster import MetadataValue, TableColumn, TableRecord, TableSchema
from pymongo.database import Database

from weekly_plan_assets.common.plain_text import plain
from weekly_plan_assets.domain.recorded.left_out import LeftOut
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.window_counts import WindowCounts

Metadata: TypeAlias = dict[str, Any]

LEFT_OUT_METADATA = "left_out"
"""What of a week's rows could not be used, a sentence each."""

RUN_ID_METADATA = "run_id"
"""The execution that a run document belongs to; not always one of the run that stored it."""

_MOST_REASONS = 20
PREVIEW_ROWS = 5
_PREVIEW_COLUMNS = 8


def location(database: Database[BsonDocument], collection: str) -> Metadata:
    """Where rows or documents are, under the keys that Dagster's catalog reads.

    The address names servers only: no user, no password.
    """
    table = f"{database.name}.{collection}"
    servers = sorted(database.client.topology_description.server_descriptions(), key=str)
    hosts = ",".join(_server(host, port) for host, port in servers)
    return {
        "dagster/table_name": table,
        "dagster/uri": f"mongodb://{hosts}/{table}",
    }


def row_counts(counts: WindowCounts) -> Metadata:
    """How many rows a week has, and what storing them changed."""
    return {
        **_row_count(counts.rows),
        "rows_inserted": counts.inserted,
        "rows_changed": counts.changed,
        "rows_unchanged": counts.unchanged,
        "rows_removed": counts.removed,
        "rows_kept": counts.kept,
    }


def document_counts(*, inserted: int, updated: int) -> Metadata:
    """How many run documents were stored for a week."""
    return {
        **_row_count(inserted + updated),
        "documents_inserted": inserted,
        "documents_updated": updated,
    }


def _row_count(rows: int) -> Metadata:
    # The catalog shows the first; the second says that it is the count of a partition.
    return {"dagster/row_count": rows, "dagster/partition_row_count": rows}


def left_out(reasons: Sequence[LeftOut]) -> Metadata:
    """The first reasons, so that the UI and the command line can show them; none: no metadata."""
    if not reasons:
        return {}
    shown = [one.reason for one in reasons[:_MOST_REASONS]]
    if len(reasons) > _MOST_REASONS:
        shown.append(f"rows or values besides: {len(reasons) - _MOST_REASONS}")
    return {LEFT_OUT_METADATA: MetadataValue.json(shown)}


def preview(rows: Sequence[BsonDocument]) -> Metadata:
    """The first rows, with the columns that hold something.

    A table rather than markdown, in which the UI makes links of what an athlete wrote.
    """
    if not rows:
        return {"preview": MetadataValue.text("no rows")}
    shown = rows[:PREVIEW_ROWS]
    columns = [
        name
        for name in shown[0]
        if any(isinstance(row.get(name), str | int | float) for row in shown)
    ][:_PREVIEW_COLUMNS]
    records = [TableRecord({name: _cell(row.get(name)) for name in columns}) for row in shown]
    schema = TableSchema([TableColumn(name, "string") for name in columns])
    return {"preview": MetadataValue.table(records, schema)}


def _cell(value: object) -> str:
    """One line of text, without anything that a terminal would obey."""
    return "" if value is None else plain(" ".join(str(value).split()))


def _server(host: str, port: int | None) -> str:
    return quote(host, safe="") if port is None else f"{host}:{port}"
