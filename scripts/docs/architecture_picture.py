"""The picture of the architecture: which folder imports which, as a Mermaid diagram."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import weekly_plan_assets
from scripts.parsed_module import parsed_module

PACKAGE = Path(weekly_plan_assets.__file__).parent
BEGIN = "<!-- picture: written by `make docs` -->"
END = "<!-- end of the picture -->"


def with_picture(page: str) -> str:
    """The page with the picture of today's imports between its two marks.

    Raises:
        ValueError: A mark is missing, so that a part of the page would be lost.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page needs the lines {BEGIN} and {END} around its picture")
    return f"{before}{BEGIN}\n{picture()}{END}{after}"


def picture() -> str:
    """A Mermaid diagram of the folders; arrows that follow from others are left out.

    Without them a reader sees the layers, and with them a tangle.
    """
    arrows = imported_folders()
    lines = [
        f"    {folder} --> {target}"
        for folder in sorted(arrows)
        for target in sorted(arrows[folder])
        if not _follows(folder, target, arrows)
    ]
    return "\n".join(["```mermaid", "flowchart TD", *lines, "```", ""])


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
    """What is imported from the top of the package, also inside functions and for types only."""
    for node in ast.walk(parsed_module(module)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            package, _, inside = name.partition(".")
            if package == PACKAGE.name:
                yield inside.partition(".")[0]


def _follows(folder: str, target: str, arrows: Mapping[str, set[str]]) -> bool:
    """Whether a longer way leads from the folder to the target."""
    seen: set[str] = set()
    ahead = arrows[folder] - {target}
    while ahead:
        one = ahead.pop()
        seen.add(one)
        if target in arrows[one]:
            return True
        ahead |= arrows[one] - seen - {folder}
    return False
