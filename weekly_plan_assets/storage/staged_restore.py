"""A restore whose collections are all stored under other names: put them in place, or finish that.

A marker document is there from before the first collection takes its place until after the last. A
restore that is killed in between can be finished by whatever opens the database next, because all
it needs is in the database. How the collections get there is in `restore`.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self

from pymongo import WriteConcern
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError, OperationFailure

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collection_shapes import (
    RESTORE_MARKER,
    UNAUTHORIZED,
    read_shapes,
)
from weekly_plan_assets.storage.errors import BackupError, UnfinishableRestoreError
from weekly_plan_assets.storage.retrying import retried
from weekly_plan_assets.storage.rights import named_rights

_DURABLE = WriteConcern(w="majority", j=True)
"""The journal is in order: with the marker, all that was staged before it is safe too."""

_THE_ONE = "restore"
"""The `_id` of the marker: there is one restore at a time."""

_NAMESPACE_NOT_FOUND = 26
_LOOKS = 5
"""How often a collection is looked at that another process is putting in place too."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StagedCollection:
    """A collection of a backup that is stored.

    Attributes:
        name: The name that it is to have.
        staging_name: The name that it has until it takes its place.
        uuid: Its identity, whichever name it has.
    """

    name: str
    staging_name: str
    uuid: str


@dataclass(frozen=True, slots=True)
class StagedRestore:
    """A restore whose collections are all staged.

    Attributes:
        id: Distinguishes it from any other restore.
        folder: The backup, as it was named.
        manifest_sha256: The backup, whatever its folder is called now.
        others: What the database held that the backup does not; it goes.
    """

    id: str
    folder: str
    manifest_sha256: str
    collections: tuple[StagedCollection, ...]
    others: tuple[str, ...]

    @classmethod
    def of(cls, marker: Mapping[str, Any]) -> Self:
        """The restore that a marker document describes."""
        return cls(
            id=marker["restoreId"],
            folder=marker["folder"],
            manifest_sha256=marker["manifestSha256"],
            collections=tuple(StagedCollection(**one) for one in marker["collections"]),
            others=tuple(marker["others"]),
        )

    @property
    def marker(self) -> BsonDocument:
        """The marker document."""
        return {
            "_id": _THE_ONE,
            "restoreId": self.id,
            "folder": self.folder,
            "manifestSha256": self.manifest_sha256,
            "collections": [asdict(one) for one in self.collections],
            "others": list(self.others),
            "startedAt": datetime.now(UTC),
        }


def finish_restore(database: Database[BsonDocument]) -> StagedRestore | None:
    """Finish a restore that was killed while its collections took their places, with a warning.

    Returns:
        The restore that was finished; None if there was nothing to finish.

    Raises:
        UnfinishableRestoreError: What it needs is no longer there.
        MissingRightError: The user may not finish it.
        PyMongoError: The server does not answer, or refuses.
    """
    restore = _marked(database)
    if restore is None:
        return None
    interrupted = (
        f"The restore of {restore.folder} into the database {database.name} was interrupted while "
        "it replaced collections"
    )
    with named_rights(database, f"{interrupted}; finishing it"):
        _put_in_place(database, restore)
    log.warning("%s; it is finished now", interrupted)
    return restore


def carry_out(database: Database[BsonDocument], restore: StagedRestore) -> None:
    """Put the staged collections in their places; from here on the restore can only go forward.

    Raises:
        BackupError: Another restore into the database is under way.
        UnfinishableRestoreError: Somebody removes what is staged.
        PyMongoError: The server does not answer, or refuses.
    """
    _mark(database, restore)
    _put_in_place(database, restore)


def forget_restore(database: Database[BsonDocument]) -> None:
    """Remove the marker of a restore: it is done, or it cannot be finished."""
    drop(database.with_options(write_concern=_DURABLE), RESTORE_MARKER)


@retried
def _marked(database: Database[BsonDocument]) -> StagedRestore | None:
    try:
        marker = database[RESTORE_MARKER].find_one({"_id": _THE_ONE})
    except OperationFailure as error:
        if error.code != UNAUTHORIZED:  # who may not look there has no part in any restore
            raise
        return None
    return None if marker is None else StagedRestore.of(marker)


@retried
def _mark(database: Database[BsonDocument], restore: StagedRestore) -> None:
    try:
        markers = database.get_collection(RESTORE_MARKER, write_concern=_DURABLE)
        markers.insert_one(restore.marker)
    except DuplicateKeyError:
        marked = _marked(database)
        if (
            marked is None or marked.id != restore.id
        ):  # else an earlier try was lost on its way back
            raise BackupError(
                f"another restore into the database {database.name} is under way; let it end"
            ) from None


def _put_in_place(database: Database[BsonDocument], restore: StagedRestore) -> None:
    """Every step looks first: another process may be finishing the same restore."""
    for staged in restore.collections:
        _place(database, restore, staged)
    for name in restore.others:
        if _is_under_way(database, restore):
            drop(database, name)
    if _is_under_way(database, restore):
        forget_restore(database)


def _is_under_way(database: Database[BsonDocument], restore: StagedRestore) -> bool:
    marked = _marked(database)
    return marked is not None and marked.id == restore.id


@retried
def _place(
    database: Database[BsonDocument], restore: StagedRestore, staged: StagedCollection
) -> None:
    for _ in range(_LOOKS):
        shapes = read_shapes(database)
        there, waiting = shapes.get(staged.name), shapes.get(staged.staging_name)
        if there is not None and there.uuid == staged.uuid:
            return
        if waiting is None or waiting.uuid != staged.uuid:
            break
        if there is not None and not there.is_collection:
            drop(database, staged.name)  # a view cannot be replaced by a rename
        try:
            database[staged.staging_name].rename(staged.name, dropTarget=True)
        except OperationFailure as error:
            if error.code != _NAMESPACE_NOT_FOUND:
                raise
    raise UnfinishableRestoreError(
        f"the restore of {restore.folder} into the database {database.name} was interrupted, and "
        f"what it had stored of {staged.name} has been removed since, so it cannot be finished; "
        f"`weekly-plan db restore {restore.folder} --force` begins again"
    )


@retried
def drop(database: Database[BsonDocument], name: str) -> None:
    """Drop a collection or view, as far as it is there."""
    database.drop_collection(name)
