"""What the API sends is what the models take: recorded real answers, and its OpenAPI document."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.calendar import CalendarEvent
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.sources.intervals_icu.source import ACTIVITY_FIELDS, WELLNESS_FIELDS

MODELS = [
    ("activities", "Activity", Activity),
    ("wellness", "Wellness", WellnessDay),
    ("sport_settings", "SportSettings", SportSettings),
    ("events", "Event", CalendarEvent),
]
each_model = pytest.mark.parametrize(("file", "schema", "model"), MODELS)

EXAMPLES: dict[str, Any] = {"string": "text", "integer": 7, "number": 7.5, "boolean": True}


def documented(recorded: Path, schema: str) -> dict[str, Any]:
    document = json.loads((recorded / "openapi.json").read_text())
    properties: dict[str, Any] = document["components"]["schemas"][schema]["properties"]
    return properties


def example(name: str, property_: dict[str, Any]) -> Any:
    """A value of the documented type; local times and days are strings of their own form."""
    if name.endswith("date_local"):
        return "2024-01-01T08:00:00"
    if property_.get("type") == "array":
        return [example("", property_["items"])]
    return EXAMPLES.get(property_.get("type", ""), {})


def names(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def required(model: type[BaseModel]) -> set[str]:
    return {f.alias or name for name, f in model.model_fields.items() if f.is_required()}


@each_model
def test_every_recorded_row_is_taken_and_kept_whole(
    account: Path, file: str, schema: str, model: type[BaseModel]
) -> None:
    rows = json.loads((account / f"{file}.json").read_text())
    assert rows
    for row in rows:
        kept = model.model_validate(row).model_dump(mode="json")
        numeric_id = {"id": str(row["id"])} if model is CalendarEvent else {}
        assert kept == row | numeric_id


@each_model
def test_every_field_is_one_that_the_document_names(
    recorded: Path, file: str, schema: str, model: type[BaseModel]
) -> None:
    assert names(model) <= documented(recorded, schema).keys()


@each_model
def test_a_row_as_documented_is_taken_and_null_may_stand_anywhere(
    recorded: Path, file: str, schema: str, model: type[BaseModel]
) -> None:
    properties = documented(recorded, schema)
    row = {name: example(name, property_) for name, property_ in properties.items()}
    if model is WellnessDay:
        row["id"] = "2024-01-01"
    model.model_validate(row)
    for name in row.keys() - required(model):
        assert model.model_validate(row | {name: None}).model_dump()[name] is None
        model.model_validate({key: value for key, value in row.items() if key != name})


@each_model
def test_keys_that_the_document_does_not_list_are_kept(
    account: Path, file: str, schema: str, model: type[BaseModel]
) -> None:
    row = json.loads((account / f"{file}.json").read_text())[0] | {"new_key": {"a": [1]}}
    assert model.model_validate(row).model_dump()["new_key"] == {"a": [1]}


def test_every_field_that_is_asked_for_is_documented(recorded: Path) -> None:
    assert set(ACTIVITY_FIELDS) <= documented(recorded, "Activity").keys()
    assert set(WELLNESS_FIELDS) <= documented(recorded, "Wellness").keys()


def test_every_field_of_the_models_is_asked_for() -> None:
    assert names(Activity) <= set(ACTIVITY_FIELDS)
    assert names(WellnessDay) <= set(WELLNESS_FIELDS)
