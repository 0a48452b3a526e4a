"""The project's English: words that say the same thing in a private way are not used.

Identifiers that a database already holds (`toldAt`) are whole words of their own and stay.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import weekly_plan_assets
from scripts.parsed_module import parsed_module
from weekly_plan_assets.settings import PROJECT_ROOT

PACKAGE = Path(weekly_plan_assets.__file__).parent

PRIVATE_WORDS = re.compile(r"(?i)\b(told|tells|anew|reckon\w*|whoever)\b|\blies in\b")
"""Say reported, recorded, shown, sent or known; again; calculate; the one who; is in."""

ALLOWED: dict[str, str] = {}
"""Lines that stay, each with its reason."""

TEXTS = (
    *PROJECT_ROOT.glob("*.md"),
    *PROJECT_ROOT.glob("*.yaml"),
    PROJECT_ROOT / "Makefile",
    PROJECT_ROOT / "pyproject.toml",
    *PROJECT_ROOT.glob("docs/*.md"),
    *PROJECT_ROOT.glob("benchmarks/*.py"),
    *(
        path
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix in {".py", ".md", ".csv", ".yaml"}
    ),
)


def lines() -> Iterator[tuple[str, str]]:
    for path in TEXTS:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            yield f"{path.relative_to(PROJECT_ROOT)}:{number}", line.strip()


def docstrings() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(parsed_module(path)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                text = ast.get_docstring(node)
                if text:
                    line = getattr(node, "lineno", 1)
                    yield f"{path.relative_to(PROJECT_ROOT)}:{line}", text


def test_no_private_word_is_used_in_package_docs_and_help() -> None:
    found = [
        f"{where}: {line}"
        for where, line in lines()
        if PRIVATE_WORDS.search(line) and line not in ALLOWED
    ]
    assert found == []


def test_every_allowed_line_is_still_there() -> None:
    present = {line for _, line in lines()}
    assert [line for line in ALLOWED if line not in present] == []


def test_an_attribute_or_argument_is_not_described_by_a_bare_of() -> None:
    described = re.compile(r"^[a-z_0-9]+: Of ")
    assert [f"{where}: {line}" for where, line in lines() if described.match(line)] == []


def test_docstrings_begin_with_a_capital_letter_and_not_with_of() -> None:
    wrong = [
        f"{where}: {text.splitlines()[0]}"
        for where, text in docstrings()
        if text.startswith("Of ") or not (text[0].isupper() or text[0] in "`0123456789")
    ]
    assert wrong == []
