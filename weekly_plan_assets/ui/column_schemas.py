"""The columns of stored rows, as the UI's catalog shows them: names, types, meaning."""

from collections.abc import Mapping
from datetime import date, datetime
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from dagster import TableColumn, TableColumnConstraints, TableSchema
from pydantic import BaseModel

_TYPES: Mapping[type, str] = {
    bool: "bool",
    int: "int",
    float: "float",
    str: "string",
    date: "date",
    datetime: "datetime",
}


def column_schema(
    model: type[BaseModel], units: Mapping[str, str] | None = None
) -> Mapping[str, TableSchema]:
    """Asset metadata: the columns under which rows of `model` are stored.

    Args:
        model: What a row is.
        units: Units by column, where the model does not describe a field.
    """
    columns = [
        _column(field.alias or name, field.annotation, field.description, units or {})
        for name, field in model.model_fields.items()
    ]
    return {"dagster/column_schema": TableSchema(columns)}


def _column(
    name: str, annotation: Any, description: str | None, units: Mapping[str, str]
) -> TableColumn:
    kinds = _kinds(annotation)
    types = {_TYPES.get(kind, "json") for kind in kinds if kind is not NoneType}
    return TableColumn(
        name,
        type=types.pop() if len(types) == 1 else "json",
        description=description or units.get(name),
        constraints=TableColumnConstraints(nullable=NoneType in kinds),
    )


def _kinds(annotation: Any) -> set[Any]:
    """The plain types that an annotation allows."""
    if annotation in (*_TYPES, NoneType):
        return {annotation}
    inside = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _kinds(inside[0])
    if inside and get_origin(annotation) not in (tuple, list, dict):
        return set().union(*map(_kinds, inside))
    return {annotation}
