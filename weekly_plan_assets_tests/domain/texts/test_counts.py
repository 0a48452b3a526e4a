"""A number agrees with its noun."""

import re
from pathlib import Path

import pytest

import weekly_plan_assets
from weekly_plan_assets.domain.texts.counts import counted

NOUNS = (
    "activities|attempts|days|documents|events|files|hours|minutes|nights|plans|races|rows|"
    "sessions|twins|weeks"
)
IN_A_STRING = re.compile(rf"(?<!of )\{{len\([^{{}}]*\)\}} (?:hard |endurance )?(?:{NOUNS})\b")
EITHER = re.compile(r"\} \w+\(s\)")
PACKAGE = Path(weekly_plan_assets.__file__).parent


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "0 weeks"), (1, "1 week"), (2, "2 weeks"), (1200, "1200 weeks")]
)
def test_one_is_singular_and_everything_else_is_not(number: int, shown: str) -> None:
    assert counted(number, "week") == shown


def test_no_text_counts_a_length_in_the_plural_alone() -> None:
    """`{len(x)} sessions` would say "1 sessions"; after "of", there may be a plural."""
    found = [
        f"{path.relative_to(PACKAGE)}: {match[0]}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for pattern in (IN_A_STRING, EITHER)
        for match in pattern.finditer(path.read_text())
    ]
    assert found == []
