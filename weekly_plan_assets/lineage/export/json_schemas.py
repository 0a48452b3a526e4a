"""The JSON Schemas under docs/schemas, written by `python -m` of this module.

Each is made from the models: of the plan contract, and of the collections as JSON shows their
documents. A test compares the files with the models. What MongoDB makes of them belongs to
`storage.validators`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.lineage.records.delivery_receipt import DeliveryReceipt
from weekly_plan_assets.lineage.records.records import (
    PlanAdherence,
    PlanningInputs,
    PlanningOutcome,
    PlanSnapshot,
    RunEvent,
)
from weekly_plan_assets.storage.collections import CollectionName

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "schemas"

JsonSchema: TypeAlias = dict[str, Any]

_TIME: JsonSchema = {"type": "string", "format": "date-time"}
_NULL: JsonSchema = {"type": "null"}


@dataclass(frozen=True, slots=True)
class Collection:
    """The models of a collection's documents.

    Attributes:
        about: What a document records, in a sentence.
        model: Its fields.
        later: The model of what is written into the same document later; until then, and where
            the run broke, its own fields are missing or null.
        stamps: What the store writes beside the models, and beside its times.
    """

    name: str
    about: str
    model: type[Document]
    later: type[Document] | None = None
    stamps: Mapping[str, JsonSchema] = field(default_factory=dict)


COLLECTIONS = (
    Collection(
        CollectionName.RUN_EVENTS,
        "How one planned week ended.",
        RunEvent,
        stamps={"runEvent": {"type": "object", "description": "A copy of the event."}},
    ),
    Collection(
        CollectionName.WEEKLY_METRICS,
        "One training week in numbers.",
        WeeklyMetrics,
        stamps={"contentHash": {"type": "string", "description": "SHA-256 over the content."}},
    ),
    Collection(CollectionName.PLAN_SNAPSHOTS, "One published plan.", PlanSnapshot),
    Collection(
        CollectionName.PLAN_ADHERENCE, "What was done of one published plan.", PlanAdherence
    ),
    Collection(
        CollectionName.PLAN_DELIVERIES,
        "What became of one published plan in one target.",
        DeliveryReceipt,
    ),
    Collection(
        CollectionName.RUN_ARTIFACTS,
        "What one planning execution saw and answered.",
        PlanningInputs,
        later=PlanningOutcome,
    ),
)

SCHEMAS: dict[str, type[Document] | Collection] = {
    "weekly_plan": WeeklyPlan,
    **{collection.name: collection for collection in COLLECTIONS},
}


def collection_schema(collection: Collection) -> JsonSchema:
    """The JSON Schema of a collection's documents as JSON shows them, times as ISO-8601."""
    schema = _as_stored(collection.model)
    if collection.later is not None:
        later = _as_stored(collection.later)
        for name, subschema in later["properties"].items():
            schema["properties"].setdefault(name, _or_null(subschema))
        schema["$defs"] |= later["$defs"]
    return {
        **schema,
        "title": collection.name,
        "description": f"A document of the collection {collection.name}: {collection.about}",
        "properties": {
            **schema["properties"],
            **collection.stamps,
            "createdAt": _TIME,
            "updatedAt": _TIME,
        },
        "required": [*schema["required"], *collection.stamps, "createdAt", "updatedAt"],
    }


def _as_stored(model: type[Document]) -> JsonSchema:
    # As it is written, so that the clock of a session is described as the text that is stored.
    return model.model_json_schema(by_alias=True, mode="serialization")


def _or_null(schema: JsonSchema) -> JsonSchema:
    if _NULL in schema.get("anyOf", ()):
        return schema
    return {"anyOf": [schema, _NULL], "default": None}


def collection_schemas() -> dict[str, JsonSchema]:
    """The JSON Schema of each collection, by its name."""
    return {collection.name: collection_schema(collection) for collection in COLLECTIONS}


def schema_text(kind: type[Document] | Collection) -> str:
    """The JSON Schema of a model or a collection, by their camelCase names, as its file has it."""
    if isinstance(kind, Collection):
        schema = collection_schema(kind)
    else:
        schema = kind.model_json_schema(by_alias=True)
    return json.dumps(schema, indent=2) + "\n"


def schema_path(name: str) -> Path:
    """Where the schema called `name` is kept."""
    return FOLDER / f"{name}.schema.json"


def write_schemas() -> None:
    """Write every schema."""
    for name, kind in SCHEMAS.items():
        schema_path(name).write_text(schema_text(kind))


if __name__ == "__main__":
    write_schemas()
