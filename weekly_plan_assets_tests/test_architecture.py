"""The arrows of the architecture go one way, and modules stay small."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import weekly_plan_assets

PACKAGE = Path(weekly_plan_assets.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

ALLOWED = {
    "domain": {"domain"},
    "planners": {"planners", "domain", "patience"},
    "sources": {"sources", "domain", "settings", "patience"},
    "storage": {"storage", "domain"},
    "lineage": {"lineage", "planners", "sources", "storage", "domain"},
    "evaluation": {"evaluation", "lineage", "planners", "storage", "domain"},
    "presentation": {"presentation", "lineage", "domain", "plain_text"},
}
"""For each layer, what of the package it may import. Assets and the modules at the top see all."""


def imports(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("layer", sorted(ALLOWED))
def test_a_layer_imports_only_what_lies_below_it(layer: str) -> None:
    modules = list((PACKAGE / layer).rglob("*.py"))
    assert modules
    for module in modules:
        inside = {
            name.split(".")[1] for name in imports(module) if name.startswith("weekly_plan_assets.")
        }
        assert inside <= ALLOWED[layer], f"{module.name} imports {inside - ALLOWED[layer]}"


@pytest.mark.parametrize("layer", ["domain", "planners", "sources"])
def test_what_is_not_orchestration_or_storage_knows_neither_dagster_nor_pymongo(
    layer: str,
) -> None:
    for module in (PACKAGE / layer).rglob("*.py"):
        roots = {name.split(".")[0] for name in imports(module)}
        assert not roots & {"dagster", "pymongo", "bson"}, module.name


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_says_what_it_is_for_and_stays_small(module: Path) -> None:
    text = module.read_text()
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= 400
