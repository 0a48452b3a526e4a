"""What is installed is what was tested: pinned, consistent, and under a licence that is listed."""

import subprocess
import sys

import pytest

from weekly_plan_assets_tests.conftest import missing_part
from weekly_plan_assets_tests.operations.dependencies import PAGE, installed, licence, pins


def test_every_requirement_is_pinned_and_installed_in_that_version() -> None:
    pinned = pins()
    found = {name: one.version for name, one in installed(development=True).items()}
    assert len(found) > 80
    unpinned = sorted(found.keys() - pinned.keys())
    assert unpinned == [], "constraints.txt has no line for them"
    differing = {name: (version, pinned[name]) for name, version in found.items()}
    wrong = {name: pair for name, pair in differing.items() if pair[0] != pair[1]}
    if wrong:
        missing_part(f"the installed versions differ from constraints.txt: {wrong}")


def test_the_installed_packages_fit_each_other() -> None:
    check = subprocess.run(
        [sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )
    assert check.returncode == 0, check.stdout


@pytest.mark.parametrize("name", sorted(installed(development=False)))
def test_the_licence_of_a_package_is_stated_and_listed(name: str) -> None:
    stated = licence(installed(development=False)[name])
    assert stated != "not stated"
    assert f"| {name} | {stated} |\n" in PAGE.read_text(), (
        "run python -m weekly_plan_assets_tests.operations.dependencies"
    )
