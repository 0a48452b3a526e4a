"""Which code this is: the package's version, and the git revision where it runs from a clone."""

import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from weekly_plan_assets.domain.document import Document

PACKAGE = "weekly-plan-assets"
_CLONE = Path(__file__).resolve().parents[3]
_GIT_TIMEOUT_S = 5


class CodeVersion(Document):
    """The code that made something.

    Attributes:
        package: The version of the package.
        git_revision: The commit, with `-dirty` behind it where files differ from it; None if
            the package does not run from a clone.
    """

    package: str
    git_revision: str | None


@cache
def code_version() -> CodeVersion:
    """The code that runs here; looked up once a process."""
    return CodeVersion(package=package_version(), git_revision=_git_revision())


@cache
def package_version() -> str:
    """The version of the package; `0` where it is not installed."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return "0"


def _git_revision() -> str | None:
    # Asked only of our own clone: git would also answer for a repository that we lie in.
    if not (_CLONE / ".git").exists():
        return None
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        answer = subprocess.run(
            command,
            cwd=_CLONE,
            capture_output=True,
            text=True,
            timeout=_GIT_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip() or None if answer.returncode == 0 else None
