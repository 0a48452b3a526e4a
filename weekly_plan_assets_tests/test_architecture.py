"""The arrows of the architecture go one way, and modules stay small."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import weekly_plan_assets
from scripts.docs.architecture_picture import imported_folders
from scripts.parsed_module import parsed_module
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets_tests.support.imports import is_private

PACKAGE = Path(weekly_plan_assets.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

ROOT = {"__init__", "definitions", "errors"}
"""The modules at the top: what `workspace.yaml`, Dagster and users hold on to."""

EVERYWHERE = {"errors"}
"""The root of the project's own errors, from which each layer derives its own."""

ALLOWED = {
    "common": {"common", "domain"},
    "domain": {"domain"},
    "settings": {"settings", "domain", "common"},
    "planners": {"planners", "domain", "common"},
    "sources": {"sources", "domain", "settings", "common"},
    "storage": {"storage", "domain", "common"},
    "rendering": {"rendering", "planners", "domain", "common"},
    "lineage": {"lineage", "rendering", "planners", "sources", "storage", "domain", "common"},
    "evaluation": {"evaluation", "lineage", "planners", "sources", "storage", "domain", "common"},
    "week_page": {"week_page", "lineage", "planners", "domain", "common"},
    "messages": {"messages", "rendering", "lineage", "planners", "domain", "common"},
    "delivery": {
        *("delivery", "rendering", "week_page", "lineage", "sources"),
        *("storage", "settings", "domain", "common"),
    },
    "athletes": {
        *("athletes", "delivery", "lineage", "planners", "sources"),
        *("storage", "settings", "domain", "common"),
    },
    "overview_page": {"overview_page", "athletes", "week_page", "planners", "domain"},
    "ui": {"ui", "lineage", "storage", "domain", "common"},
    "runs": {"runs", "ui", "lineage", "storage", "settings", "domain", "common"},
    "terminal": {"terminal", "operations", "settings", "storage", "common"},
}
"""For each layer, what of the package it may import. The others put these together."""

DAGSTER = {"definitions", "defs", "headless", "runs", "ui", "webserver"}
"""Where Dagster is known. `webserver` stands in front of Dagster's own."""


def imports(module: Path) -> Iterator[str]:
    for node in ast.walk(parsed_module(module)):
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
        foreign = inside - ALLOWED[layer] - EVERYWHERE
        assert not foreign, f"{module.name} imports {foreign}"


def test_no_two_folders_import_each_other_even_by_way_of_others() -> None:
    arrows = imported_folders()
    for folder in arrows:
        reached: set[str] = set()
        ahead = set(arrows[folder])
        while ahead:
            one = ahead.pop()
            reached.add(one)
            ahead |= arrows[one] - reached
        assert folder not in reached, f"{folder} imports itself by way of {sorted(reached)}"


def test_the_root_holds_only_what_others_hold_on_to() -> None:
    assert {module.stem for module in PACKAGE.glob("*.py")} == ROOT


def test_dagster_is_known_only_where_it_is_spoken_to() -> None:
    for module in MODULES:
        path = module.relative_to(PACKAGE)
        if path.parts[0].removesuffix(".py") in DAGSTER:
            continue
        assert "dagster" not in {name.split(".")[0] for name in imports(module)}, path


def test_private_modules_of_dagster_are_imported_in_one_place() -> None:
    for module in MODULES:
        path = module.relative_to(PACKAGE)
        if path.parts[:2] == ("runs", "dagster_private"):
            continue
        private = {name for name in imports(module) if is_private(name)}
        assert not private, f"{path} imports {private}; add it to runs/dagster_private"


def test_celery_is_imported_by_the_launcher_and_the_workers_alone_and_they_by_nobody() -> None:
    celery = {"celery", "dagster_celery", "kombu", "redis"}
    own = {f"weekly_plan_assets.runs.{name}" for name in ("celery_launcher", "celery_worker")}
    found = {path.stem for path in MODULES if {one.split(".")[0] for one in imports(path)} & celery}
    assert found == {"celery_launcher", "celery_worker"}
    assert [path for path in MODULES if own & set(imports(path))] == []


@pytest.mark.parametrize("layer", ["common", "domain", "planners", "settings", "sources"])
def test_what_is_not_storage_knows_no_mongodb(layer: str) -> None:
    for module in (PACKAGE / layer).rglob("*.py"):
        roots = {name.split(".")[0] for name in imports(module)}
        assert not roots & {"pymongo", "bson"}, module.name


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_says_what_it_is_for_and_stays_small(module: Path) -> None:
    text = module.read_text()
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= 400


def test_a_collection_is_named_in_one_place() -> None:
    of_assets = {"activities", "wellness", "weekly_metrics"}
    names = {f'"{name}"' for name in {*CollectionName} - of_assets}
    for module in MODULES:
        path = module.relative_to(PACKAGE)
        if module.stem in {"collections", "version_1"}:
            continue
        lines = [line for line in module.read_text().splitlines() if "documented_in(" not in line]
        written = [line for line in lines if any(name in line for name in names)]
        assert not written, f"{path} writes {written}; use CollectionName"


def test_no_test_module_is_imported_by_another_module() -> None:
    for module in Path(__file__).parent.rglob("*.py"):
        tests = [name for name in imports(module) if name.rpartition(".")[2].startswith("test_")]
        assert not tests, f"{module.name} imports {tests}; move what is shared into support/"


OWN_MEANING = {
    "SAME_SHARE",  # of an entry by hand; of two athletes
    "LONGEST_NAME",  # of a person; of a model
}
"""Numbers that share a name and may change apart."""


def test_a_threshold_or_unit_of_training_has_one_home() -> None:
    homes: dict[str, list[str]] = {}
    for module in [*(PACKAGE / "domain").rglob("*.py"), *(PACKAGE / "planners").rglob("*.py")]:
        for name, value in constants(module):
            if re.fullmatch(r"[\d_.*/ ]+", value):
                homes.setdefault(name, []).append(module.stem)
    several = {name: places for name, places in homes.items() if len(places) > 1}
    assert several.keys() <= OWN_MEANING, several


def constants(module: Path) -> Iterator[tuple[str, str]]:
    """The names in capitals that a module sets, with the text of their values."""
    for node in parsed_module(module).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name.isupper() and not name.startswith("_"):
                yield name, ast.unparse(node.value)


def test_collections_are_queried_by_storage_and_lineage_alone() -> None:
    query = re.compile(r"database(\(\))?\[|\.(find_one|distinct|count_documents|delete_many)\(")
    for module in MODULES:
        path = module.relative_to(PACKAGE)
        if path.parts[0] in {"storage", "lineage"} or path == Path("evaluation/record.py"):
            continue
        written = query.findall(module.read_text())
        assert not written, f"{path} queries a collection; ask storage.run_queries instead"
