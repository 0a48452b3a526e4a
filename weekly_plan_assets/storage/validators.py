"""Server-side validators: MongoDB itself refuses a malformed document.

Made from JSON Schemas, which the caller brings. MongoDB knows an older dialect: no references, no
formats, no `const`, BSON dates for times. Indexes are in `index_set`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from pymongo.database import Database
from pymongo.errors import CollectionInvalid

from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.rights import named_rights

LEVEL = "moderate"
"""New documents, and those that were right before: what an older version left is not in the way."""

_SAME = frozenset(
    {
        "description",
        "enum",
        "maxItems",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "multipleOf",
        "pattern",
        "required",
        "uniqueItems",
    }
)
"""Means the same in MongoDB's dialect."""

_LEFT_OUT = frozenset({"$defs", "$ref", "additionalProperties", "default", "format", "title"})
"""Is resolved elsewhere, or of no use there."""

_DAY = r"^\d{4}-\d{2}-\d{2}$"
_BSON_TYPES: Mapping[str, Any] = {
    "array": {"bsonType": "array"},
    "boolean": {"bsonType": "bool"},
    # A whole number is one whatever type a client sends it as: mongosh knows doubles only.
    "integer": {"bsonType": "number", "multipleOf": 1},
    "null": {"bsonType": "null"},
    "number": {"bsonType": "number"},
    "object": {"bsonType": "object"},
    "string": {"bsonType": "string"},
}
_FORMATS: Mapping[str, Any] = {
    "date-time": {"bsonType": "date"},
    "date": {"bsonType": "string", "pattern": _DAY},
}


class SchemaError(WeeklyPlanError, ValueError):
    """A JSON Schema says something for which there is no word in MongoDB's dialect."""


def mongo_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON Schema as `$jsonSchema` takes it, its times as BSON dates; unknown fields are allowed.

    Raises:
        SchemaError: It uses a keyword that is not known here.
    """
    return _translated(schema, schema.get("$defs", {}))


def apply_validators(
    database: Database[BsonDocument], schemas: Mapping[str, Mapping[str, Any]]
) -> None:
    """Let the server check what is written to the collections from now on. Safe to repeat.

    Args:
        database: Where a collection is missing, it is created.
        schemas: The JSON Schema of the documents, by collection.

    Raises:
        SchemaError: A schema cannot be translated; nothing is changed.
        MissingRightError: The user may not `collMod`.
        PyMongoError: The server does not answer, or refuses.
    """
    with named_rights(database, "Letting MongoDB check documents"):
        for name, validator in validators_of(schemas).items():
            with suppress(CollectionInvalid):  # it is there
                database.create_collection(name)
            database.command("collMod", name, validator=validator, validationLevel=LEVEL)


def validators_of(schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The validators that `apply_validators` makes from JSON Schemas, by collection.

    Raises:
        SchemaError: A schema cannot be translated.
    """
    return {name: {"$jsonSchema": mongo_schema(schema)} for name, schema in schemas.items()}


def remove_validators(database: Database[BsonDocument], collections: Iterable[str]) -> None:
    """Let the server take any document in the collections again, as far as they exist.

    Raises:
        MissingRightError: The user may not `collMod`.
        PyMongoError: The server does not answer, or refuses.
    """
    existing = set(database.list_collection_names())
    with named_rights(database, "Letting MongoDB take any document"):
        for name in existing.intersection(collections):
            database.command("collMod", name, validator={}, validationLevel="off")


def _translated(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        schema = {**definitions[schema["$ref"].removeprefix("#/$defs/")], **schema}
    found: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in _SAME:
            found[keyword] = value
        elif keyword in _PARTS:
            found[keyword] = _PARTS[keyword](value, definitions)
        elif keyword in _RENAMED:
            found |= _RENAMED[keyword](value)
        elif keyword == "type":
            found |= _FORMATS.get(schema.get("format", ""), _BSON_TYPES[value])
        # Values that have a schema are checked; unknown fields are let in.
        elif keyword == "additionalProperties" and isinstance(value, Mapping):
            found[keyword] = _translated(value, definitions)
        elif keyword not in _LEFT_OUT:
            raise SchemaError(
                f"the JSON Schema keyword {keyword!r} is not known to the validators; "
                "add its translation to storage/validators.py"
            )
    return found


def _each(schemas: Sequence[Mapping[str, Any]], definitions: Mapping[str, Any]) -> list[Any]:
    return [_translated(schema, definitions) for schema in schemas]


def _each_field(
    schemas: Mapping[str, Mapping[str, Any]], definitions: Mapping[str, Any]
) -> dict[str, Any]:
    return {name: _translated(schema, definitions) for name, schema in schemas.items()}


_PARTS: Mapping[str, Callable[..., Any]] = {
    "allOf": _each,
    "anyOf": _each,
    "items": _translated,
    "oneOf": _each,
    "properties": _each_field,
}
"""Holds further schemas."""

_RENAMED: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "const": lambda value: {"enum": [value]},
    "exclusiveMaximum": lambda value: {"maximum": value, "exclusiveMaximum": True},
    "exclusiveMinimum": lambda value: {"minimum": value, "exclusiveMinimum": True},
    # pydantic's own word, where a value that may be null is parsed before its bound is checked.
    "gt": lambda value: {"minimum": value, "exclusiveMinimum": True},
}
