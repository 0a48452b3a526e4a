"""Every private name of Dagster that the project uses is there, and says what it is used for."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

import weekly_plan_assets
from scripts.parsed_module import parsed_module

PACKAGE = Path(weekly_plan_assets.__file__).parent
HOME = PACKAGE / "runs" / "dagster_private"
MODULES = sorted(HOME.glob("*.py"))


class PrivateName(NamedTuple):
    """A name, the private module it is imported from, and the comment above it."""

    module: str
    name: str
    purpose: str


def private_names(path: Path) -> Iterator[PrivateName]:
    lines = path.read_text().splitlines()
    for node in parsed_module(path).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                line = alias.lineno if lines[alias.lineno - 2].lstrip().startswith("#") else None
                above = lines[(line or node.lineno) - 2].strip()
                purpose = above.removeprefix("#").strip() if above.startswith("#") else ""
                yield PrivateName(node.module or "", alias.name, purpose)


USED = [name for path in MODULES for name in private_names(path)]


def missing(used: PrivateName) -> str | None:
    """What to say of a name that the installed Dagster does not have."""
    try:
        if hasattr(import_module(used.module), used.name):
            return None
        # A module that is imported by name is no attribute of its package until then.
        import_module(f"{used.module}.{used.name}")
    except ImportError:
        return (
            f"the installed Dagster has no {used.module}.{used.name}, which was used for: "
            f"{used.purpose}; find what took its place and change runs/dagster_private"
        )
    return None


@pytest.mark.parametrize("used", USED, ids=lambda used: used.name)
def test_a_private_name_of_dagster_is_where_the_project_looks_for_it(used: PrivateName) -> None:
    sentence = missing(used)
    assert sentence is None, sentence


@pytest.mark.parametrize("used", USED, ids=lambda used: used.name)
def test_a_private_name_says_what_it_is_used_for(used: PrivateName) -> None:
    assert len(used.purpose.split()) > 3, f"no comment stands above the import of {used.name}"


@pytest.mark.parametrize("module", ["dagster._core.events", "dagster._core.gone"])
def test_a_name_that_moved_is_reported_with_its_purpose(module: str) -> None:
    said = missing(PrivateName(module, "NoSuchData", "Why a run failed."))
    assert said is not None
    assert f"no {module}.NoSuchData, which was used for: Why a run failed." in said


def test_every_name_is_used() -> None:
    used = {name.name for name in USED}
    elsewhere = [path for path in PACKAGE.rglob("*.py") if path not in MODULES]
    imported = {
        alias.name
        for path in elsewhere
        for node in ast.walk(parsed_module(path))
        if isinstance(node, ast.ImportFrom) and "dagster_private" in (node.module or "")
        for alias in node.names
    }
    assert used == imported
