"""Backups of the database: a folder of BSON files, and the way back.

Each collection is two files, laid out as mongodump lays them out; a manifest beside them holds
counts and hashes. Where a backup goes is decided in `cli`.
"""

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import uuid4

from bson import CodecOptions, decode_file_iter, json_util
from bson.errors import InvalidBSON
from bson.raw_bson import RawBSONDocument
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from pymongo import ASCENDING
from pymongo.database import Database

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import StoreError

MANIFEST = "backup.json"

LAST = ("run_artifacts", "weekly_metrics", "stored_weeks", "activities", "wellness")
"""Read after the others, in this order: a run may write meanwhile, and what is named by a document
that was read earlier was written before that document."""

_BATCH = 1000
_PREFIX = "restoring_"


class BackupError(StoreError):
    """A backup that cannot be made, read or restored; the message says why."""


class BackedUpCollection(BaseModel):
    """One collection of a backup."""

    model_config = ConfigDict(frozen=True)

    documents: int
    sha256: str
    indexes_sha256: str


class Backup(BaseModel):
    """The manifest of a backup."""

    model_config = ConfigDict(frozen=True)

    format: int = 1
    database: str
    made_at: AwareDatetime
    collections: Mapping[str, BackedUpCollection]

    @property
    def documents(self) -> int:
        """How many documents it holds."""
        return sum(collection.documents for collection in self.collections.values())


def write_backup(database: Database[BsonDocument], folder: Path) -> Backup:
    """Copy all collections into a new folder, which is there whole or not at all.

    Raises:
        BackupError: The folder holds something, or cannot be written.
        PyMongoError: The server does not answer.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder} is there already; name a new folder for the backup")
    partial = folder.with_name(f".{folder.name}.{uuid4().hex[:8]}.partial")
    try:
        partial.mkdir(mode=0o700, parents=True)
        backup = Backup(
            database=database.name,
            made_at=datetime.now(UTC),
            collections={name: _dump(database, name, partial) for name in _names(database)},
        )
        (partial / MANIFEST).write_text(backup.model_dump_json(indent=2))
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
    except OSError as error:
        raise BackupError(f"the backup cannot be written to {folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return backup


def restore_backup(
    database: Database[BsonDocument], folder: Path, *, replace: bool = False
) -> Backup:
    """Give the database the documents and indexes of a backup.

    All is read, checked and stored under other names first; then each collection takes its place
    at once.

    Args:
        database: Where to.
        folder: A backup.
        replace: Whether a database that holds documents may lose them.

    Raises:
        BackupError: It is no whole backup, or the database holds documents.
        PyMongoError: The server does not answer, or refuses.
    """
    backup = read_backup(folder)
    for left_over in database.list_collection_names(filter={"name": {"$regex": f"^{_PREFIX}"}}):
        database.drop_collection(left_over)
    holding = [name for name in _names(database) if database[name].find_one({}, {"_id": 1})]
    if holding and not replace:
        raise BackupError(
            f"the database {database.name} holds documents ({', '.join(holding)}); restore into an "
            "empty one, or give --force, and they are lost"
        )
    for name in backup.collections:
        _load(database, name, folder)
    for name in backup.collections:
        database[f"{_PREFIX}{name}"].rename(name, dropTarget=True)
    for name in set(_names(database)) - set(backup.collections):
        database.drop_collection(name)
    return backup


def read_backup(folder: Path) -> Backup:
    """The manifest of a backup whose files are as they were written.

    Raises:
        BackupError: It is none, or a file was changed or lost.
    """
    try:
        backup = Backup.model_validate_json((folder / MANIFEST).read_bytes())
        for name, collection in backup.collections.items():
            for path, expected in (
                (_bson(folder, name), collection.sha256),
                (_metadata(folder, name), collection.indexes_sha256),
            ):
                if _hash(path) != expected:
                    raise BackupError(f"{path} has changed since the backup; use another backup")
    except OSError as error:
        raise BackupError(
            f"{folder} is no whole backup: {Path(error.filename or folder).name}: {error.strerror}"
        ) from error
    except ValidationError as error:
        raise BackupError(f"{folder / MANIFEST} is not the manifest of a backup") from error
    return backup


def _names(database: Database[BsonDocument]) -> list[str]:
    names = [
        name
        for name in database.list_collection_names(filter={"type": "collection"})
        if not name.startswith(("system.", _PREFIX))
    ]
    order = {name: position for position, name in enumerate(LAST, 1)}
    return sorted(names, key=lambda name: (order.get(name, 0), name))


def _dump(database: Database[BsonDocument], name: str, folder: Path) -> BackedUpCollection:
    """Write a collection's documents as they are stored, and how it is made."""
    (info,) = database.list_collections(filter={"name": name})
    indexes = [dict(index) for index in database[name].list_indexes()]
    _metadata(folder, name).write_text(
        json_util.dumps({"options": info.get("options", {}), "indexes": indexes})
    )
    with _bson(folder, name).open("wb") as file:
        # By _id, so that a document that grows and moves meanwhile is read once.
        for batch in database[name].find_raw_batches(sort=[("_id", ASCENDING)]):
            file.write(cast("bytes", batch))
    with _bson(folder, name).open("rb") as file:
        documents = sum(1 for _ in _documents(file))
    return BackedUpCollection(
        documents=documents,
        sha256=_hash(_bson(folder, name)),
        indexes_sha256=_hash(_metadata(folder, name)),
    )


def _load(database: Database[BsonDocument], name: str, folder: Path) -> None:
    """Store a collection of a backup under another name."""
    told = json_util.loads(_metadata(folder, name).read_text())
    temporary = f"{_PREFIX}{name}"
    database.command("create", temporary, **told["options"])
    with _bson(folder, name).open("rb") as file:
        documents = _documents(file)
        while batch := list(islice(documents, _BATCH)):
            # What an older version wrote may be refused by a validator of today.
            database[temporary].insert_many(
                cast("list[Any]", batch), bypass_document_validation=True
            )
    indexes = [index for index in told["indexes"] if index["name"] != "_id_"]
    if indexes:
        plain = [{key: value for key, value in one.items() if key != "ns"} for one in indexes]
        database.command("createIndexes", temporary, indexes=plain)


def _documents(file: BinaryIO) -> Iterator[RawBSONDocument]:
    try:
        yield from decode_file_iter(file, CodecOptions(document_class=RawBSONDocument))
    except InvalidBSON as error:
        raise BackupError(f"{file.name} is not whole BSON: {error}") from error


def _bson(folder: Path, name: str) -> Path:
    return folder / f"{name}.bson"


def _metadata(folder: Path, name: str) -> Path:
    return folder / f"{name}.metadata.json"


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
