"""Where this installation keeps its things: in its checkout, or in the folders of the user.

A checkout keeps settings and state next to the code. An installed package must not, because
site-packages is replaced with every upgrade: its settings and state are where the system wants an
application's data. What is kept in these folders is up to those who use them; the settings can name
others.
"""

import sys
from pathlib import Path

PACKAGE = "weekly-plan-assets"
PROJECT_ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds the code: the checkout, or site-packages."""

_APPLICATION = "weekly-plan"
_STATE = ".state"
_IN_EVERY_CHECKOUT = ("pyproject.toml", "dagster.yaml", "weekly_plan_assets/definitions.py")
_PACKAGED_HOME = Path(__file__).resolve().parents[1] / "dagster_home"


def is_checkout(folder: Path) -> bool:
    """Whether a folder is a checkout of this project."""
    return all((folder / name).is_file() for name in _IN_EVERY_CHECKOUT)


def find_checkout(code: Path, environment: Path) -> Path | None:
    """The checkout that an installation belongs to; None if it stands alone.

    It is the folder of the code itself, or the one that holds the virtual environment, or the one
    that the package was installed from, provided that state is kept there already. The last two are
    for `pip install '.[model]'` without `--editable`, which copies the code but must not lose sight
    of the data.

    Args:
        code: The folder that holds the package.
        environment: The virtual environment, links not resolved.
    """
    for folder in (code, environment.parent):
        if is_checkout(folder):
            return folder
    source = _installed_from()
    if source is not None and is_checkout(source) and (source / _STATE).is_dir():
        return source
    return None


def _installed_from() -> Path | None:
    """The folder that pip installed the package from, as PEP 610 records it."""
    # A checkout needs none of these, and commands are to start in a moment.
    import json  # noqa: PLC0415
    from importlib.metadata import PackageNotFoundError, distribution  # noqa: PLC0415
    from urllib.parse import unquote, urlsplit  # noqa: PLC0415
    from urllib.request import url2pathname  # noqa: PLC0415

    try:
        record = json.loads(distribution(PACKAGE).read_text("direct_url.json") or "{}")
        parts = urlsplit(record.get("url", "") if "dir_info" in record else "")
    except (PackageNotFoundError, OSError, ValueError, AttributeError):
        return None
    return Path(url2pathname(unquote(parts.path))) if parts.scheme == "file" else None


CHECKOUT = find_checkout(PROJECT_ROOT, Path(sys.prefix))
"""The checkout in use; None for an installed package that stands alone."""


def default_state_dir() -> Path:
    """The state folder unless WEEKLY_PLAN_STATE_DIR names another one."""
    if CHECKOUT is not None:
        return CHECKOUT / _STATE
    from platformdirs import user_data_path  # noqa: PLC0415 - a checkout does without

    return user_data_path(_APPLICATION, appauthor=False)


def config_dir() -> Path:
    """The folder for `.env` and the athlete's file."""
    if CHECKOUT is not None:
        return CHECKOUT
    from platformdirs import user_config_path  # noqa: PLC0415 - a checkout does without

    return user_config_path(_APPLICATION, appauthor=False)


def dagster_files() -> Path:
    """The folder that holds the project's `dagster.yaml` and `workspace.yaml`."""
    return CHECKOUT or _PACKAGED_HOME


def abandoned_state() -> Path | None:
    """State that version 0.1 left next to the installed code; None if there is none."""
    next_to_code = PROJECT_ROOT / _STATE
    return next_to_code if CHECKOUT != PROJECT_ROOT and next_to_code.is_dir() else None
