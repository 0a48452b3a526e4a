"""Which kinds of collection a database holds, and which of them this project can work with.

Somebody else may have made a view or a capped collection where this project keeps its documents.
That is found at the first use of a database, before anything is written. Indexes: `index_set`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pymongo.database import Database
from pymongo.errors import OperationFailure

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.errors import CollectionShapeError
from weekly_plan_assets.storage.retrying import retried

OWN_COLLECTIONS = frozenset(
    {
        CollectionName.ACTIVITIES,
        CollectionName.COHORT_MEMBERS,
        CollectionName.COHORT_RUNS,
        CollectionName.DELIVERY_CLAIMS,
        CollectionName.EVALUATIONS,
        CollectionName.EVALUATION_ANSWERS,
        CollectionName.NOTIFICATIONS,
        CollectionName.PLAN_ADHERENCE,
        CollectionName.PLAN_DELIVERIES,
        CollectionName.PLAN_SNAPSHOTS,
        CollectionName.READ_MARKS,
        CollectionName.RUN_ARTIFACTS,
        CollectionName.RUN_EVENTS,
        CollectionName.STORED_WEEKS,
        CollectionName.WEEKLY_METRICS,
        CollectionName.WELLNESS,
    }
)
"""Where this project keeps documents."""

STAGING_PREFIX = "restoring_"
"""Begins the name of a collection that a restore has not put in its place yet."""

RESTORE_MARKER = "unfinished_restore"
"""The collection of the document that is there while a restore puts collections in their place."""

UNAUTHORIZED = 13
_NO_NAME = re.compile(r"^\.|\.$|\.\.|\$|\0|^$|^system\.")


@dataclass(frozen=True, slots=True)
class CollectionShape:
    """A collection, view or time series, as the server lists it.

    Attributes:
        kind: `collection`, `view` or `timeseries`.
        options: Those it was made with: validator, collation, capped and others.
        uuid: The identity of a collection, which it keeps when it is renamed; None for a view.
    """

    name: str
    kind: str
    options: Mapping[str, Any]
    uuid: str | None

    @property
    def is_collection(self) -> bool:
        """Whether it holds documents of its own, one by one."""
        return self.kind == "collection"

    @property
    def described(self) -> str:
        """The kind in words."""
        return {"view": "a view", "timeseries": "a time series"}.get(self.kind, f"a {self.kind}")

    @property
    def collation(self) -> Mapping[str, Any] | None:
        """The collation that its indexes and queries have by default; None: plain comparison."""
        return self.options.get("collation")


Shapes = Mapping[str, CollectionShape]


@retried
def read_shapes(database: Database[BsonDocument]) -> dict[str, CollectionShape]:
    """All collections, views and time series, by name; those of the server itself left out.

    Raises:
        PyMongoError: The server does not answer, or the user may not list collections.
    """
    return {
        info["name"]: CollectionShape(
            name=info["name"],
            kind=info.get("type", "collection"),
            options=info.get("options", {}),
            uuid=_uuid(info),
        )
        for info in database.list_collections()
        if not info["name"].startswith("system.")
    }


def usable_shapes(database: Database[BsonDocument]) -> dict[str, CollectionShape] | None:
    """What `read_shapes` returns, checked; None if the user may not list collections.

    Raises:
        CollectionShapeError: A collection of this project has a shape that it cannot work with.
    """
    try:
        shapes = read_shapes(database)
    except OperationFailure as error:
        if error.code != UNAUTHORIZED:
            raise
        return None
    for name in sorted(OWN_COLLECTIONS & shapes.keys()):
        _refuse(database.name, shapes[name])
    return shapes


def shape_notes(shapes: Shapes, validators: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Sentences on what is unusual, without being in the way.

    Args:
        shapes: The collections.
        validators: Those that this project would give its collections.
    """
    staged = sorted(name for name in shapes if name.startswith(STAGING_PREFIX))
    if staged:
        yield (
            f"{', '.join(staged)} are left over from a restore that ended before it replaced "
            "anything; the next `weekly-plan db restore` drops them"
        )
    for name in sorted(OWN_COLLECTIONS & shapes.keys()):
        shape = shapes[name]
        if shape.collation is not None:
            yield (
                f"{name} compares text by the collation {shape.collation.get('locale')!r}, "
                "so ids that are equal there count as one"
            )
        validator = shape.options.get("validator")
        if validator and validator != validators.get(name):
            yield (
                f"{name} has a validator that is not one of this version, and may refuse documents;"
                " `weekly-plan db bootstrap --validate` renews it, --no-validate takes it away"
            )


def is_collection_name(name: str) -> bool:
    """Whether MongoDB takes `name` for a collection of users."""
    return _NO_NAME.search(name) is None


def _refuse(database_name: str, shape: CollectionShape) -> None:
    where = f"{shape.name} in the database {database_name}"
    elsewhere = "or set MONGO_DATABASE to another database"
    if not shape.is_collection:
        raise CollectionShapeError(
            f"{where} is {shape.described}, where this project needs a collection of its own; "
            f"rename or drop it, {elsewhere}"
        )
    if shape.options.get("capped"):
        raise CollectionShapeError(
            f"{where} is a capped collection, which drops its oldest documents once it is full; "
            "`weekly-plan db backup DIR` and then `weekly-plan db restore DIR --force` make it an "
            f"ordinary one, {elsewhere}"
        )


def _uuid(info: Mapping[str, Any]) -> str | None:
    uuid = info.get("info", {}).get("uuid")
    return None if uuid is None else bytes(uuid).hex()
