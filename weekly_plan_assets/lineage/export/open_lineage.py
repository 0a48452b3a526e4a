"""OpenLineage by configuration: whether events are emitted, whereto, and what if that fails.

The events themselves lie in `open_lineage_events`, which needs the client library; it is imported
where a target is set and nowhere else.
"""

import logging
import os
from pathlib import Path
from urllib.parse import urlsplit

from weekly_plan_assets.common.private_folder import UnsafeFolderError, require_own_links
from weekly_plan_assets.lineage.records.records import RunEvent
from weekly_plan_assets.storage.codec import BsonDocument

TARGET = "WEEKLY_PLAN_OPENLINEAGE"
"""A file, a folder, or the http(s) address of a server. Settings check it at the start."""

FILE_IN_FOLDER = "openlineage.jsonl"

_log = logging.getLogger(__name__)


def emit_open_lineage(
    event: RunEvent,
    database_name: str,
    artifacts: BsonDocument | None,
    snapshot: BsonDocument | None,
) -> None:
    """Tell OpenLineage of a planned week, where a target is set; one that fails is only warned of.

    Args:
        event: How the week ended.
        database_name: Names the datasets.
        artifacts: Its run_artifacts document.
        snapshot: Its plan_snapshots document.
    """
    target = os.environ.get(TARGET)
    if not target:
        return
    try:
        from weekly_plan_assets.lineage.export.open_lineage_events import emit  # noqa: PLC0415 - optional

        emit(event, database_name, artifacts, snapshot, transport_to(target))
    # What the client raises: no library, no file, no server or a refusal, a value it cannot take.
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        _log.warning(
            "run %s was recorded, but was not sent to OpenLineage at %s: %s",
            event.run_id,
            shown(target),
            _reason(error),
        )


def transport_to(target: str) -> dict[str, object]:
    """The configuration of the client's transport to a file, a folder or a server.

    Raises:
        UnsafeFolderError: The path leads through a link that another user made.
    """
    if "://" not in target:
        path = Path(target).expanduser()
        if path.is_dir() or target.endswith(("/", os.sep)):
            path = path / FILE_IN_FOLDER
        require_own_links(path)
        return {"type": "file", "log_file_path": str(path), "append": True}
    server: dict[str, object] = {
        "type": "http",
        # The client joins its endpoint to the address, which would replace a last part.
        "url": target.rstrip("/") + "/",
        "timeout": 3.0,
        "retry": {"total": 0, "connect": 0, "read": 0, "status_forcelist": []},
    }
    if key := os.environ.get("OPENLINEAGE_API_KEY"):
        server["auth"] = {"type": "api_key", "apiKey": key}
    return server


def shown(target: str) -> str:
    """The target without what may be secret: user, password, ? and #."""
    if "://" not in target:
        return target
    parts = urlsplit(target)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _reason(error: Exception) -> str:
    """Why, without the words of the error, which may hold the address with its password."""
    if isinstance(error, UnsafeFolderError):
        return str(error)
    if isinstance(error, ImportError):
        return (
            "the client is not installed; pip install 'weekly-plan-assets[openlineage]', or "
            "make install EXTRAS=openlineage in a checkout"
        )
    status = getattr(getattr(error, "response", None), "status_code", None)
    return type(error).__name__ if status is None else f"it answered {status}"
