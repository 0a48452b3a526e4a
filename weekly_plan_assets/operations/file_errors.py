"""Errors of files and folders in words: which setting named the path, and what to do about it."""

import errno
import os
import sys
from pathlib import Path

from weekly_plan_assets.runs.history.history import first_history_fault, was_opened
from weekly_plan_assets.settings import Settings

_NO_ROOM = {
    errno.ENOSPC: "make room on its disk",
    errno.EDQUOT: "make room, because your quota is used up",
    errno.EFBIG: "raise the limit on the size of files (ulimit -f)",
    errno.EROFS: "make its disk writable",
}
_NO_ACCESS = {
    errno.EACCES: "make it readable and writable for you",
    errno.EPERM: "make it readable and writable for you",
    errno.ENOENT: "check that the path is right",
    errno.ENOTDIR: "check that each part of the path is a folder",
    errno.EISDIR: "check that it is a file",
    errno.EEXIST: "move away what is there",
    errno.ELOOP: "remove the symbolic link that leads back to itself",
    errno.ENAMETOOLONG: "choose a shorter path",
    errno.ENXIO: "check that it is a file or a folder",
    errno.ENODEV: "check that it is a file or a folder",
    errno.EINVAL: "choose a folder on an ordinary disk",
    errno.ENOTSUP: "choose a folder on an ordinary disk",
    errno.EIO: "check its disk",
    errno.ESTALE: "check its disk",
}
_WAYS_OUT = {**_NO_ROOM, **_NO_ACCESS}


def file_sentence(error: BaseException, settings: Settings | None) -> str | None:
    """What a user can do about an error of a file; None for a defect, or another kind of error."""
    if not isinstance(error, OSError) or error.errno not in _WAYS_OUT:
        return None
    if error.filename is None:
        return _of_no_path(error, error.errno, settings)
    if isinstance(error.filename, str | bytes):
        return _of_path(Path(os.fsdecode(error.filename)), error.errno, settings)
    return None


def _of_path(path: Path, code: int, settings: Settings | None) -> str | None:
    if _is_of_installation(path):
        return None
    reason, way_out = os.strerror(code), _WAYS_OUT[code]
    if settings is None:
        return f"{path} cannot be used ({reason}); {way_out}"
    if _concerns(path, settings.state_dir):
        history = settings.dagster_state_dir
        lost = (
            first_history_fault(history)
            if was_opened(history) and _concerns(path, history)
            else None
        )
        return lost.sentence if lost else _state_folder(settings, f"{reason}: {path}", way_out)
    named = {
        "WEEKLY_PLAN_EXPORT_DIR": settings.export_dir,
        "WEEKLY_PLAN_ATHLETE": settings.athlete_file,
    }
    variable = next((name for name, own in named.items() if own and _concerns(path, own)), None)
    place = path if variable is None else f"{variable}: {path}"
    return f"{place} cannot be used ({reason}); {way_out}"


def _of_no_path(error: OSError, code: int, settings: Settings | None) -> str | None:
    if "temporary directory" in str(error):
        return "no folder for temporary files can be written; set TMPDIR to a folder of yours"
    if code in _NO_ROOM and settings is not None:  # what grows is written there
        return _state_folder(settings, os.strerror(code), _WAYS_OUT[code])
    return None


def _state_folder(settings: Settings, reason: str, way_out: str) -> str:
    return (
        f"the state folder {settings.state_dir} cannot be written ({reason}); {way_out}, or set "
        "WEEKLY_PLAN_STATE_DIR to another folder"
    )


def _concerns(path: Path, folder: Path) -> bool:
    """Whether a path is in a folder, or is above it: folders are made from the top down."""
    absolute = path.absolute()
    return folder in (absolute, *absolute.parents) or absolute in folder.parents


def _is_of_installation(path: Path) -> bool:
    """Whether a file belongs to Python or to the project: there, an error is a defect."""
    code = (Path(sys.prefix), Path(sys.base_prefix, "lib"), Path(__file__).parents[1])
    return any(folder in path.absolute().parents for folder in code)
