"""Backups of the database: a folder of BSON files, how it is written, and how it is checked.

Each collection is two files, named and laid out as mongodump does it; a manifest in the same folder
holds counts and hashes. How a backup gets into a database is in `restore`.
"""

import hashlib
import logging
import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import uuid4

from bson import CodecOptions, decode_file_iter, json_util
from bson.errors import InvalidBSON
from bson.raw_bson import RawBSONDocument
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pymongo import ASCENDING
from pymongo.database import Database

from weekly_plan_assets.common.private_folder import require_own_links
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collection_shapes import (
    RESTORE_MARKER,
    STAGING_PREFIX,
    Shapes,
    is_collection_name,
    read_shapes,
)
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.errors import BackupError
from weekly_plan_assets.storage.handed_files import (
    HandedFileError,
    open_handed_file,
    read_handed_file,
)
from weekly_plan_assets.storage.retrying import retried
from weekly_plan_assets.storage.rights import named_rights

MANIFEST = "backup.json"
FORMAT = 1

LAST = (
    CollectionName.RUN_ARTIFACTS,
    CollectionName.WEEKLY_METRICS,
    CollectionName.STORED_WEEKS,
    CollectionName.ACTIVITIES,
    CollectionName.WELLNESS,
)
"""Read after the others, in this order: a run may write meanwhile, and what is named by a document
that was read earlier was written before that document."""

_NOT_IN_A_FILE_NAME = re.compile(r"[/\\%]")

_DATABASE_NAME = r"^[^/\\. \"$\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]{1,64}$"
"""What MongoDB allows, without what a terminal obeys: the name is shown."""

log = logging.getLogger(__name__)


class BackedUpCollection(BaseModel):
    """One collection of a backup."""

    model_config = ConfigDict(frozen=True)

    documents: int
    sha256: str
    indexes_sha256: str


class Backup(BaseModel):
    """The manifest of a backup."""

    model_config = ConfigDict(frozen=True)

    format: int = FORMAT
    database: str = Field(pattern=_DATABASE_NAME)
    made_at: AwareDatetime
    collections: Mapping[str, BackedUpCollection]

    @property
    def documents(self) -> int:
        """How many documents it holds."""
        return sum(collection.documents for collection in self.collections.values())


def write_backup(database: Database[BsonDocument], folder: Path) -> Backup:
    """Copy all collections into a new folder, which is there whole or not at all.

    Views and time series are left out with a warning: no view holds documents of its own, and this
    project keeps nothing in time series.

    Raises:
        BackupError: The folder holds something, or cannot be written.
        MissingRightError: The user may not read all of the database.
        PyMongoError: The server does not answer.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder} is there already; name a new folder for the backup")
    partial = folder.with_name(f".{folder.name}.{uuid4().hex[:8]}.partial")
    try:
        require_own_links(folder)
        partial.mkdir(mode=0o700, parents=True)
        with named_rights(database, "A backup"):
            names = _names(read_shapes(database))
            backup = Backup(
                database=database.name,
                made_at=datetime.now(UTC),
                collections={name: _dump(database, name, partial) for name in names},
            )
        (partial / MANIFEST).write_text(backup.model_dump_json(indent=2))
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
    except OSError as error:
        reason = error.strerror or error
        raise BackupError(f"the backup cannot be written to {folder}: {reason}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return backup


def read_backup(folder: Path) -> Backup:
    """The manifest of a backup whose files are as they were written.

    Raises:
        BackupError: It is none, it was made by a newer version, or a file was changed or lost.
    """
    try:
        manifest = read_handed_file(folder / MANIFEST)
        backup = Backup.model_validate_json(manifest)
        _refuse_unknown(backup, folder)
        for name, collection in backup.collections.items():
            for path, expected in (
                (bson_path(folder, name), collection.sha256),
                (metadata_path(folder, name), collection.indexes_sha256),
            ):
                if _hash(path) != expected:
                    raise BackupError(f"{path} has changed since the backup; use another backup")
    except OSError as error:
        raise BackupError(
            f"{folder} is no whole backup: {Path(error.filename or folder).name}: {error.strerror}"
        ) from error
    except HandedFileError as error:
        raise BackupError(f"{folder} is no whole backup: {error}") from error
    except ValidationError as error:
        raise BackupError(f"{folder / MANIFEST} is not the manifest of a backup") from error
    return backup


def read_documents(folder: Path, name: str) -> Iterator[RawBSONDocument]:
    """The documents of a backed-up collection, as they were stored.

    Raises:
        BackupError: The file is not whole BSON.
        OSError: It cannot be read.
    """
    with open_handed_file(bson_path(folder, name)) as file:
        yield from _documents(file)


def bson_path(folder: Path, name: str) -> Path:
    """The file with the documents of a collection."""
    return folder / f"{_file_name(name)}.bson"


def metadata_path(folder: Path, name: str) -> Path:
    """The file with the options and indexes of a collection."""
    return folder / f"{_file_name(name)}.metadata.json"


def _refuse_unknown(backup: Backup, folder: Path) -> None:
    if backup.format > FORMAT:
        raise BackupError(
            f"{folder} was made by a newer version of weekly-plan-assets (format {backup.format}; "
            f"this version reads up to {FORMAT}); upgrade, then restore"
        )
    if backup.format < FORMAT:
        raise BackupError(f"{folder} has the format {backup.format}, which no version has written")
    for name in backup.collections:
        ours = name.startswith(STAGING_PREFIX) or name == RESTORE_MARKER
        if ours or not is_collection_name(name):
            raise BackupError(
                f"{folder} names a collection {name!r}, which no backup holds; use another backup"
            )


def _names(shapes: Shapes) -> list[str]:
    """The collections of a backup, in the order in which they are read."""
    names = []
    for name, shape in shapes.items():
        if not shape.is_collection:
            log.warning("the backup leaves out %s, which is %s", name, shape.described)
        elif not name.startswith(STAGING_PREFIX) and name != RESTORE_MARKER:
            names.append(name)
    order: dict[str, int] = {name: position for position, name in enumerate(LAST, 1)}
    return sorted(names, key=lambda name: (order.get(name, 0), name))


@retried
def _dump(database: Database[BsonDocument], name: str, folder: Path) -> BackedUpCollection:
    """Write a collection's documents as they are stored, and how it is made."""
    (info,) = database.list_collections(filter={"name": name})
    indexes = [dict(index) for index in database[name].list_indexes()]
    metadata_path(folder, name).write_text(
        json_util.dumps({"options": info.get("options", {}), "indexes": indexes})
    )
    with bson_path(folder, name).open("wb") as file:
        # By _id, so that a document that grows and moves meanwhile is read once.
        for batch in database[name].find_raw_batches(sort=[("_id", ASCENDING)]):
            file.write(cast("bytes", batch))
    with bson_path(folder, name).open("rb") as file:
        documents = sum(1 for _ in _documents(file))
    return BackedUpCollection(
        documents=documents,
        sha256=_hash(bson_path(folder, name)),
        indexes_sha256=_hash(metadata_path(folder, name)),
    )


def _documents(file: BinaryIO) -> Iterator[RawBSONDocument]:
    try:
        options: CodecOptions[Any] = CodecOptions(document_class=RawBSONDocument)
        yield from decode_file_iter(file, options)
    except InvalidBSON as error:
        raise BackupError(f"{file.name} is not whole BSON: {error}") from error


def _file_name(name: str) -> str:
    """A collection's name as mongodump writes it: a slash would be a folder."""
    return _NOT_IN_A_FILE_NAME.sub(lambda found: f"%{ord(found[0]):02X}", name)


def _hash(path: Path) -> str:
    with open_handed_file(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
