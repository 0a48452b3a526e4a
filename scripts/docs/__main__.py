"""Write every generated page; `weekly_plan_assets_tests/test_docs.py` holds them to the code."""

from pathlib import Path

from scripts.docs.architecture_picture import with_picture
from scripts.docs.commands_page import commands_page
from scripts.docs.settings_page import settings_page
from scripts.docs.workouts_page import workouts_page
from weekly_plan_assets.domain.guardrails import rules_page
from weekly_plan_assets.lineage.export.json_schemas import SCHEMAS, schema_path, schema_text
from weekly_plan_assets.settings import PROJECT_ROOT

DOCS = PROJECT_ROOT / "docs"
ARCHITECTURE = DOCS / "architecture.md"


def generated() -> dict[Path, str]:
    """Every generated page with the text that follows from the code."""
    return {
        DOCS / "settings.md": settings_page(),
        DOCS / "commands.md": commands_page(),
        ARCHITECTURE: with_picture(ARCHITECTURE.read_text()),
        DOCS / "workouts.md": workouts_page(),
        rules_page.PAGE: rules_page.page_text(),
        **{schema_path(name): schema_text(model) for name, model in SCHEMAS.items()},
    }


if __name__ == "__main__":
    for page, text in generated().items():
        page.write_text(text)
