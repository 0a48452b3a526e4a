"""The `.env` file: which one is read, and what relative paths are relative to.

The first of these is read, and no second one, so that the settings of two athletes never mix: the
file that WEEKLY_PLAN_ENV_FILE names, `.env` in the working folder if it holds settings of this
project, `.env` in the checkout or in the user's configuration folder. Variables of the environment
take precedence over those of the file.
"""

import logging
import os
import re
from pathlib import Path

from dotenv import load_dotenv

from weekly_plan_assets.common.private_folder import is_trusted_file
from weekly_plan_assets.settings.installation import config_dir
from weekly_plan_assets.settings.refused_settings import SettingsError

ENV_FILE = "WEEKLY_PLAN_ENV_FILE"
FILE_NAME = ".env"
PATH_VARIABLES = (
    "WEEKLY_PLAN_STATE_DIR",
    "WEEKLY_PLAN_EXPORT_DIR",
    "WEEKLY_PLAN_ATHLETE",
    "WEEKLY_PLAN_ROSTER",
    "WEEKLY_PLAN_DELIVER_DIR",
    "WEEKLY_PLAN_OPENLINEAGE",
    "WEEKLY_PLAN_MONGOD",
)
"""A relative path in one of these is relative to the folder of the `.env` file that it is in; one
that the environment sets is relative to the working folder."""

_OURS = re.compile(rb"^\s*(export\s+)?(WEEKLY_PLAN|INTERVALS)_", re.MULTILINE)
_ADDRESS = re.compile(r"[A-Za-z+]{2,}:/")
_warned: set[Path] = set()

log = logging.getLogger(__name__)


def load_environment() -> None:
    """Fill the gaps of the environment from the `.env` file, and make its paths absolute.

    Processes that this one starts have other working folders and find the same settings.

    Raises:
        SettingsError: The file cannot be read, or a relative path cannot be followed.
    """
    named = os.environ.get(ENV_FILE)
    file = _named(named) if named else found_file()
    if file is not None:
        before = frozenset(os.environ)
        _load(file)
        _make_absolute(frozenset(os.environ) - before, file.parent)
        os.environ[ENV_FILE] = str(file)
    relative = frozenset(name for name in PATH_VARIABLES if os.environ.get(name))
    if relative:
        _make_absolute(relative, None)


def default_file() -> Path:
    """The `.env` file that commands read wherever they are typed."""
    return config_dir() / FILE_NAME


def found_file() -> Path | None:
    """The `.env` file that a command typed here reads, unless a variable names one."""
    own = default_file()
    for file in (_in_working_folder(), own):
        if file is not None and file.is_file():
            return file
    return None


def _in_working_folder() -> Path | None:
    """The `.env` of the working folder, if it holds settings of this project.

    Other programs keep theirs under the same name, MONGO_URL of another database among them.
    """
    try:
        file = Path.cwd() / FILE_NAME
        if file == default_file() or not file.is_file() or not _OURS.search(file.read_bytes()):
            return None
    except OSError:  # not ours to read, or the working folder is gone
        return None
    if is_trusted_file(file):
        return file
    if file not in _warned:
        _warned.add(file)
        log.warning("%s is not read: another user owns it, or may write to it", file)
    return None


def _named(path: str) -> Path:
    try:
        file = Path(path).expanduser().absolute()
        if file.is_file():
            return file
    except (OSError, RuntimeError, ValueError):  # no such home, too long, a zero byte
        pass
    # The value is not repeated: people paste keys into the wrong variable.
    raise SettingsError(f"{ENV_FILE} names no file; correct it or unset it") from None


def _load(file: Path) -> None:
    try:
        load_dotenv(file, override=False)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read as text in UTF-8: {error}") from None


def _make_absolute(names: frozenset[str], folder: Path | None) -> None:
    """Make the paths in these variables absolute; None: relative to the working folder."""
    for name in names.intersection(PATH_VARIABLES):
        value = os.environ[name]
        if not value or value.startswith("~") or _ADDRESS.match(value) or Path(value).is_absolute():
            continue
        try:
            os.environ[name] = os.path.join(folder or Path.cwd(), value)  # noqa: PTH118 - keeps a / at the end
        except OSError:
            raise SettingsError(
                f"{name} is a relative path, and the working folder is gone; use an absolute path"
            ) from None
