"""What the command line says when something goes wrong: one sentence for what is known."""

import errno
import os
import traceback

from weekly_plan_assets.cli.console import err

FAILED = 1
INTERRUPTED = 130

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}


def exit_code_of(error: BaseException) -> int:
    """Say what went wrong on stderr, and with which code to exit."""
    if isinstance(error, KeyboardInterrupt):
        err.print("interrupted", style="yellow")
        return INTERRUPTED
    sentence = _known(error)
    if sentence is None or os.environ.get("WEEKLY_PLAN_TRACEBACK"):
        err.print("".join(traceback.format_exception(error)), markup=False)
    err.print(f"weekly-plan: {sentence or error}", style="red", markup=False)
    return FAILED


def _known(error: BaseException) -> str | None:
    """The sentence of an error that a user can do something about; None for a defect of ours."""
    from pymongo.errors import OperationFailure, PyMongoError

    from weekly_plan_assets.settings import SettingsError
    from weekly_plan_assets.sources.base import SourceError
    from weekly_plan_assets.storage.embedded import EmbeddedServerError
    from weekly_plan_assets.storage.errors import StoreError

    if isinstance(error, SettingsError | SourceError | EmbeddedServerError | StoreError):
        return str(error)
    if isinstance(error, OperationFailure):
        return f"MongoDB refused: {error.details.get('errmsg', error) if error.details else error}"
    if isinstance(error, PyMongoError):
        return (
            "MongoDB does not answer at MONGO_URL; check that the server runs and that the URL is "
            f"right ({type(error).__name__})"
        )
    return _without_room(error)


def _without_room(error: BaseException) -> str | None:
    """The sentence for a disk that takes no more, or a state folder that cannot be used."""
    import sqlite3

    from weekly_plan_assets.settings import load_settings

    while error.__cause__ is not None:
        error = error.__cause__
    is_full = isinstance(error, OSError) and error.errno in _FULL
    if is_full or isinstance(error, sqlite3.Error):
        return (
            f"the state folder {load_settings().state_dir} cannot be written ({error}); make room "
            "there, or set WEEKLY_PLAN_STATE_DIR to a folder on another disk"
        )
    return None
