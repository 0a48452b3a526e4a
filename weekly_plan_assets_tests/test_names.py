"""A name that is searched for is found once; the exceptions are listed with their reasons."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import weekly_plan_assets
from scripts.parsed_module import parsed_module

PACKAGE = Path(weekly_plan_assets.__file__).parent

ROOMS_NAMED_AFTER_WHAT_THEY_SHOW = ("cli/commands/", "defs/assets/", "defs/checks/")
"""A command, an asset and a check have the name that users type or see; so has what they call."""

MODULES_OF_MANY_ROOMS = {
    "__init__": "Python's own",
    "__main__": "Python's own",
    "errors": "the errors of a room, each a branch of the tree in the root's errors.py",
    "base": "the protocol that every source or planner fulfils",
    "source": "the source of its folder",
    "json_rows": "rows of JSON: of any source, and of a folder of files",
}

NAMES_OF_MANY_MODULES = {"main": "the entry of a program"}


def modules() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if not path.relative_to(PACKAGE).as_posix().startswith(ROOMS_NAMED_AFTER_WHAT_THEY_SHOW):
            yield path


def found_more_than_once(names: Iterator[tuple[str, Path]]) -> dict[str, list[str]]:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for name, path in names:
        places[name].append(path.relative_to(PACKAGE).as_posix())
    return {name: found for name, found in places.items() if len(found) > 1}


def public(kind: type[ast.AST] | tuple[type[ast.AST], ...]) -> Iterator[tuple[str, Path]]:
    for path in modules():
        for node in parsed_module(path).body:
            if isinstance(node, kind):
                name = str(getattr(node, "name", ""))
                if not name.startswith("_") and name not in NAMES_OF_MANY_MODULES:
                    yield name, path


def test_a_module_is_found_once() -> None:
    names = ((path.stem, path) for path in modules() if path.stem not in MODULES_OF_MANY_ROOMS)
    assert found_more_than_once(names) == {}


def test_a_class_is_found_once() -> None:
    assert found_more_than_once(public(ast.ClassDef)) == {}


def test_a_public_function_is_found_once() -> None:
    assert found_more_than_once(public((ast.FunctionDef, ast.AsyncFunctionDef))) == {}


def test_every_exception_is_still_one() -> None:
    stems = [path.stem for path in PACKAGE.rglob("*.py")]
    assert [name for name in MODULES_OF_MANY_ROOMS if stems.count(name) < 2] == []
