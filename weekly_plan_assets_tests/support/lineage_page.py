"""The page docs/data_lineage.md as tables."""

from weekly_plan_assets.settings import PROJECT_ROOT

LINEAGE = (PROJECT_ROOT / "docs" / "data_lineage.md").read_text()


def table(section: str) -> list[list[str]]:
    """The cells of the first table under a heading of data_lineage.md, without its head."""
    text = LINEAGE.split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
