"""The JSON Schemas under docs/schemas, written by `python -m` of this module.

A test compares the files with the models.
"""

import json
from pathlib import Path

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.weekly_plan import WeeklyPlan

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "schemas"

SCHEMAS: dict[str, type[Document]] = {"weekly_plan": WeeklyPlan}


def schema_text(model: type[Document]) -> str:
    """The JSON Schema of a model as its documents are, by their camelCase names."""
    return json.dumps(model.model_json_schema(by_alias=True), indent=2) + "\n"


def schema_path(name: str) -> Path:
    """Where the schema called `name` is kept."""
    return FOLDER / f"{name}.schema.json"


def write_schemas() -> None:
    """Write every schema."""
    for name, model in SCHEMAS.items():
        schema_path(name).write_text(schema_text(model))


if __name__ == "__main__":
    write_schemas()
