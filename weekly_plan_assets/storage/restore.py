"""Give a database the content of a backup: all of it, or none.

Everything is read, checked and stored under other names here; only then does `staged_restore` put
it in place. How a backup is written and read is in `backup`.
"""

import hashlib
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from bson import json_util
from bson.errors import BSONError
from pydantic import BaseModel, ValidationError
from pymongo.database import Database
from pymongo.errors import BulkWriteError, DocumentTooLarge, OperationFailure, PyMongoError

from weekly_plan_assets.storage.backup import (
    MANIFEST,
    Backup,
    metadata_path,
    read_backup,
    read_documents,
)
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collection_shapes import (
    RESTORE_MARKER,
    STAGING_PREFIX,
    UNAUTHORIZED,
    Shapes,
    read_shapes,
)
from weekly_plan_assets.storage.errors import BackupError, UnfinishableRestoreError
from weekly_plan_assets.storage.handed_files import (
    HandedFileError,
    json_document,
    read_handed_file,
)
from weekly_plan_assets.storage.index_set import INDEXES
from weekly_plan_assets.storage.retrying import is_temporary, retried
from weekly_plan_assets.storage.rights import named_rights
from weekly_plan_assets.storage.staged_restore import (
    StagedCollection,
    StagedRestore,
    carry_out,
    drop,
    finish_restore,
    forget_restore,
)

_VALIDATION = ("validator", "validationLevel", "validationAction")
_RESTORED_OPTIONS = frozenset({"collation", *_VALIDATION})
"""Others are left out: a capped collection, or one with an age limit, loses documents by itself."""

_BATCH = 1000
_STAGING_REMOVED = frozenset({26, 276})
"""NamespaceNotFound, IndexBuildAborted: another restore has dropped what this one had stored."""

log = logging.getLogger(__name__)


class _Metadata(BaseModel):
    """Options and indexes of a collection in a backup."""

    options: dict[str, Any]
    indexes: list[dict[str, Any]]


def restore_backup(
    database: Database[BsonDocument], folder: Path, *, replace: bool = False
) -> Backup:
    """Give the database the documents, indexes and validators of a backup.

    A restore of the same backup that was interrupted is finished.

    Args:
        database: The one to restore into.
        folder: A backup.
        replace: Whether a database that holds documents may lose them.

    Raises:
        BackupError: It is no whole backup, or the database holds documents.
        MissingRightError: The user may not do what a restore does.
        PyMongoError: The server does not answer, or refuses.
    """
    backup = read_backup(folder)
    manifest_sha256 = hashlib.sha256(read_handed_file(folder / MANIFEST)).hexdigest()
    finished = _finished(database, replace=replace)
    if finished is not None and finished.manifest_sha256 == manifest_sha256:
        return backup
    with named_rights(database, "A restore"):
        shapes = _without_left_overs(database, read_shapes(database))
        _refuse_to_lose(database, shapes, replace=replace)
        restore_id = uuid4().hex
        staging = _Staging(database, folder, f"{STAGING_PREFIX}{restore_id[:8]}_")
        restore = StagedRestore(
            id=restore_id,
            folder=str(folder),
            manifest_sha256=manifest_sha256,
            collections=staging.store_all(backup),
            others=tuple(sorted(shapes.keys() - backup.collections.keys())),
        )
        carry_out(database, restore)
    return backup


def _finished(database: Database[BsonDocument], *, replace: bool) -> StagedRestore | None:
    try:
        return finish_restore(database)
    except UnfinishableRestoreError:
        if not replace:
            raise
        forget_restore(database)
        return None


def _without_left_overs(database: Database[BsonDocument], shapes: Shapes) -> Shapes:
    """Drop what a restore had staged that was killed before it replaced anything."""
    left_over = sorted(name for name in shapes if name.startswith(STAGING_PREFIX))
    for name in left_over:
        drop(database, name)
    if left_over:
        log.warning(
            "an earlier restore ended before it replaced anything; what it had stored is dropped "
            "(%s)",
            ", ".join(left_over),
        )
    ours = {*left_over, RESTORE_MARKER}
    return {name: shape for name, shape in shapes.items() if name not in ours}


def _refuse_to_lose(database: Database[BsonDocument], shapes: Shapes, *, replace: bool) -> None:
    if replace:
        return
    holding = [name for name, shape in shapes.items() if not shape.is_collection]
    holding += [name for name in shapes if name not in holding and _holds(database, name)]
    if holding:
        raise BackupError(
            f"the database {database.name} holds documents ({', '.join(sorted(holding))}); restore "
            "into an empty one, or give --force, and they are lost"
        )


@retried
def _holds(database: Database[BsonDocument], name: str) -> bool:
    return database[name].find_one({}, {"_id": 1}) is not None


@dataclass(frozen=True, slots=True)
class _Staging:
    """The collections of a backup on their way into a database, under names of this restore."""

    database: Database[BsonDocument]
    folder: Path
    prefix: str

    def store_all(self, backup: Backup) -> tuple[StagedCollection, ...]:
        """Store all collections; where one cannot be stored, none is left."""
        try:
            staged = tuple(
                self._store(name, collection.documents)
                for name, collection in backup.collections.items()
            )
            self._refuse_a_rival(staged)
        except BaseException:
            with suppress(PyMongoError):
                for name in backup.collections:
                    drop(self.database, f"{self.prefix}{name}")
            raise
        return staged

    @retried
    def _store(self, name: str, documents: int) -> StagedCollection:
        """Store one collection, from the beginning where an earlier try was interrupted."""
        options, indexes = _made_as(self.folder, name)
        staging_name = f"{self.prefix}{name}"
        drop(self.database, staging_name)
        with self._explained(name):
            self.database.command(
                "create",
                staging_name,
                **{key: value for key, value in options.items() if key not in _VALIDATION},
            )
            uuid = read_shapes(self.database)[staging_name].uuid
            self._insert(name, documents)
            if indexes:
                self.database.command("createIndexes", staging_name, indexes=indexes)
            # Only now: what an older version wrote may be refused by a validator of today.
            validation = {key: value for key, value in options.items() if key in _VALIDATION}
            if validation:
                self.database.command("collMod", staging_name, **validation)
        return StagedCollection(name, staging_name, str(uuid))

    def _insert(self, name: str, expected: int) -> None:
        stored = 0
        documents = read_documents(self.folder, name)
        while batch := list(islice(documents, _BATCH)):
            self.database[f"{self.prefix}{name}"].insert_many(cast("list[Any]", batch))
            stored += len(batch)
        if stored != expected:
            raise BackupError(
                f"{self.folder} holds {stored} documents of {name}, but its manifest says "
                f"{expected}; use another backup"
            )

    def _refuse_a_rival(self, staged: tuple[StagedCollection, ...]) -> None:
        shapes = read_shapes(self.database)
        there = {name: shape.uuid for name, shape in shapes.items()}
        if any(there.get(one.staging_name) != one.uuid for one in staged):
            raise self._rival()

    def _rival(self) -> BackupError:
        return BackupError(
            f"another restore into the database {self.database.name} is under way, so this one was "
            "given up; let it end, and restore then"
        )

    @contextmanager
    def _explained(self, name: str) -> Iterator[None]:
        """Turn what cannot be read from a backup, or what the server refuses, into a sentence."""
        try:
            yield
        except BulkWriteError as error:
            if is_temporary(error):
                raise
            first = error.details["writeErrors"][0]["errmsg"]
            raise self._refused(name, first) from error
        except OperationFailure as error:
            if is_temporary(error) or error.code == UNAUTHORIZED:
                raise
            if error.code in _STAGING_REMOVED:
                raise self._rival() from error
            raise self._refused(name, (error.details or {}).get("errmsg", error)) from error
        except (BSONError, DocumentTooLarge) as error:
            raise BackupError(
                f"{self.folder} holds a malformed document of {name}: {error}"
            ) from error
        except (OSError, HandedFileError) as error:
            raise BackupError(
                f"the documents of {name} in {self.folder} cannot be read: {error}"
            ) from error

    def _refused(self, name: str, reason: object) -> BackupError:
        return BackupError(f"MongoDB refuses {name} of the backup {self.folder}: {reason}")


def _made_as(folder: Path, name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The options and indexes of a collection, as far as they are restored; warns of others."""
    path = metadata_path(folder, name)
    metadata = _metadata(path)
    left_out = sorted(metadata.options.keys() - _RESTORED_OPTIONS)
    if left_out:
        log.warning("%s is restored without its options %s", name, ", ".join(left_out))
    options = {key: metadata.options[key] for key in metadata.options if key not in left_out}
    indexes = [
        _restored_index(name, index)
        for index in metadata.indexes
        if not (index.get("clustered") or index.get("name") == "_id_")
    ]
    return options, indexes


def _metadata(path: Path) -> _Metadata:
    try:
        content = read_handed_file(path)
        json_document(content, path.name)
        return _Metadata.model_validate(json_util.loads(content.decode()))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        reason = f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}"
        raise BackupError(f"{path} does not say how a collection is made: {reason}") from error
    except (HandedFileError, TypeError, ValueError, BSONError) as error:
        raise BackupError(f"{path} does not say how a collection is made: {error}") from error


def _restored_index(collection: str, index: Mapping[str, Any]) -> dict[str, Any]:
    """An index as it was; one that deletes documents only where this project has it too."""
    plain = {key: value for key, value in index.items() if key != "ns"}
    if "expireAfterSeconds" in plain and not any(
        (one.collection, dict(one.fields), one.expire_after_s)
        == (collection, plain.get("key"), plain["expireAfterSeconds"])
        for one in INDEXES
    ):
        del plain["expireAfterSeconds"]
        log.warning(
            "the index %s of %s is restored without its time limit, which would delete documents",
            plain.get("name"),
            collection,
        )
    return plain
