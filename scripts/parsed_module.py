"""The syntax tree of a module, which is parsed once."""

import ast
from functools import cache
from pathlib import Path

_ATTEMPTS = 5


@cache
def parsed_module(path: Path) -> ast.Module:
    """The tree of a file; nobody may change it.

    CPython 3.11 counts the depth of trees for all threads at once, and fails with a SystemError
    where another thread parses too; then it is tried again.
    """
    text = path.read_text(encoding="utf-8")
    for _ in range(_ATTEMPTS):
        try:
            return ast.parse(text)
        except SystemError:
            continue
    return ast.parse(text)
