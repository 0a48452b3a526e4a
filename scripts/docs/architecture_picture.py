"""The picture of the architecture: which folder imports which, as a Mermaid diagram."""

import ast
from collections.abc import Iterator
from pathlib import Path

import weekly_plan_assets

PACKAGE = Path(weekly_plan_assets.__file__).parent
BEGIN = "<!-- picture: written by `make docs` -->"
END = "<!-- end of the picture -->"

FOR_ALL = {"common", "domain"}
"""Imported by almost every folder; drawn without arrows, so that the others can be seen."""


def with_picture(page: str) -> str:
    """The page with the picture of today's imports between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{picture()}{END}{after}"


def picture() -> str:
    """A Mermaid diagram of the folders; arrows that follow from others are left out."""
    arrows = {folder: targets - FOR_ALL for folder, targets in imported_folders().items()}
    lines = ["```mermaid", "flowchart TD"]
    for folder, targets in sorted(arrows.items()):
        lines += [
            f"    {folder} --> {target}"
            for target in sorted(targets)
            if not _follows(folder, target, arrows)
        ]
    lines += ["    storage & planners & sources & settings --> domain", "```", ""]
    return "\n".join(lines)


def imported_folders() -> dict[str, set[str]]:
    """For each folder of the package, the other folders that its modules import."""
    folders = [path for path in PACKAGE.iterdir() if (path / "__init__.py").exists()]
    names = {folder.name for folder in folders}
    return {
        folder.name: {target for module in folder.rglob("*.py") for target in _targets(module)}
        & names - {folder.name}
        for folder in folders
    }


def _targets(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            "weekly_plan_assets."
        ):
            yield str(node.module).split(".")[1]


def _follows(folder: str, target: str, arrows: dict[str, set[str]]) -> bool:
    """Whether a longer way leads from the folder to the target."""
    seen: set[str] = set()
    ahead = arrows[folder] - {target}
    while ahead:
        one = ahead.pop()
        seen.add(one)
        if target in arrows.get(one, set()):
            return True
        ahead |= arrows.get(one, set()) - seen - {folder}
    return False
