"""The tree of the project's own errors, as drawn and as it is."""

import ast
import importlib
import pickle
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import weekly_plan_assets
from scripts.parsed_module import parsed_module
from weekly_plan_assets.errors import WeeklyPlanError

PACKAGE = Path(weekly_plan_assets.__file__).parent


OF_AN_EXTRA = {"weekly_plan_assets.runs.celery_launcher", "weekly_plan_assets.runs.celery_worker"}
"""Need packages that are not installed for development, and define no error of the project."""


@pytest.fixture(scope="module", autouse=True)
def _everything_is_imported() -> None:
    for module in pkgutil.walk_packages([str(PACKAGE)], "weekly_plan_assets."):
        if not module.name.endswith("__main__") and module.name not in OF_AN_EXTRA:
            importlib.import_module(module.name)


def drawn() -> Iterator[tuple[int, str]]:
    """Depth and name of each class in the docstring."""
    for line in str(WeeklyPlanError.__doc__).splitlines():
        match = re.match(r"^(?P<lead>[ │├└─]*)(?P<name>\w+Error)\b", line)
        if match:
            yield len(match["lead"]) // 4, match["name"]


def as_it_is(cls: type[WeeklyPlanError], depth: int = 0) -> Iterator[tuple[int, str]]:
    yield depth, cls.__name__
    for child in cls.__subclasses__():
        if child.__module__.startswith("weekly_plan_assets."):
            yield from as_it_is(child, depth + 1)


def parents_of(lines: list[tuple[int, str]]) -> dict[str, str | None]:
    """The parent of each name in lines of depth and name."""
    path: list[str] = []
    parents: dict[str, str | None] = {}
    base = lines[0][0]
    for depth, name in lines:
        del path[depth - base :]
        parents[name] = path[-1] if path else None
        path.append(name)
    return parents


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    assert parents_of(list(drawn())) == parents_of(list(as_it_is(WeeklyPlanError)))


def test_every_error_that_the_package_defines_is_in_the_tree() -> None:
    own = {name for _, name in as_it_is(WeeklyPlanError)}
    defined = {
        node.name
        for module in PACKAGE.rglob("*.py")
        for node in ast.walk(parsed_module(module))
        if isinstance(node, ast.ClassDef) and node.name.endswith("Error")
    }
    assert defined - own == set()


def test_an_error_that_crosses_a_process_pool_keeps_its_class_and_its_sentence() -> None:
    for cls in WeeklyPlanError.__subclasses__():
        error = cls("one sentence")
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        assert type(again) is cls
        assert str(again) == "one sentence"
