"""Folders that only this user may enter, at paths that no other user can redirect.

Who can write to a folder above, or has made a link on the way, decides what is found at a path. So
every step of it has to belong to this user or to the system. Which folders are private is decided
by those who use them; Windows has rules of its own, and nothing is checked there.
"""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from weekly_plan_assets.errors import WeeklyPlanError

PRIVATE_UMASK = 0o077
"""Makes the files of a process its owner's alone; they hold health data."""

_OTHERS = 0o077
_OTHERS_READ = 0o055
_MOST_LINKS = 40
"""As many as Linux follows (path_resolution(7))."""

OWN_FOLDER = "set WEEKLY_PLAN_STATE_DIR to a folder of your own"
"""The way out of an `UnsafeFolderError`."""

_CODE = Path(__file__).resolve().parents[2]


class UnsafeFolderError(WeeklyPlanError, PermissionError):
    """Another user could read or replace what is in a folder; one sentence says how."""


def private_folder(path: Path) -> Path:
    """Make a folder for this user alone, or close one that is there already.

    A folder that was open to others is closed with all that is in it.

    Args:
        path: An absolute path, links not resolved.

    Returns:
        The folder itself, without any links.

    Raises:
        UnsafeFolderError: Another user owns it, has put something into it, or could redirect the
            path.
        OSError: It cannot be made or closed.
    """
    if os.name != "posix":
        path.mkdir(parents=True, exist_ok=True)
        return path.resolve()
    folder, missing = _followed(path)
    for name in missing:
        folder /= name
        folder.mkdir(mode=0o700, exist_ok=True)
    if missing and _followed(path) != (folder, []):
        raise UnsafeFolderError(f"{path} was replaced while it was made")
    state = folder.lstat()
    # A container is given folders of the code's owner, and works in them as root.
    owners = {0, _CODE.stat().st_uid} if os.geteuid() == 0 else {os.geteuid()}
    if state.st_uid not in owners:
        raise UnsafeFolderError(f"{folder} belongs to {_user(state.st_uid)}")
    if state.st_mode & _OTHERS:
        _close(folder)
    return folder


def require_own_links(path: Path) -> None:
    """Raise if a path that a user has named leads through a link that another user made.

    Raises:
        UnsafeFolderError: It does.
    """
    if os.name == "posix":
        _followed(path.absolute(), links_only=True)


def is_trusted_file(path: Path) -> bool:
    """Whether only this user and the system can write to a file."""
    if os.name != "posix":
        return True
    try:
        require_own_links(path)
    except UnsafeFolderError:
        return False
    state = path.stat()
    return state.st_uid in _trusted() and not _others_may_write(state)


def _followed(path: Path, *, links_only: bool = False) -> tuple[Path, list[str]]:
    """The last step of a path that exists, links followed, and the names of what is missing.

    Args:
        path: An absolute path.
        links_only: Whether the owners of links are looked at alone, not those of folders.
    """
    current = Path(path.anchor)
    names = list(reversed(path.parts[1:]))
    links = 0
    while names:
        if not links_only:
            _require_safe(current)
        name = names.pop()
        if name == "..":
            current = current.parent
            continue
        step = current / name
        try:
            state = step.lstat()
        except FileNotFoundError:
            return current, [name, *reversed(names)]
        if stat.S_ISLNK(state.st_mode):
            links += 1
            if links > _MOST_LINKS:
                raise UnsafeFolderError(f"{path} leads through too many links")
            if state.st_uid not in _trusted():
                raise UnsafeFolderError(f"the link {step} was made by {_user(state.st_uid)}")
            target = step.readlink()
            current = Path(target.anchor) if target.is_absolute() else current
            names += reversed(target.parts[1:] if target.is_absolute() else target.parts)
        elif stat.S_ISDIR(state.st_mode) or (links_only and not names):
            current = step
        else:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
    return current, []


def _require_safe(folder: Path) -> None:
    """Raise unless only this user and the system can replace what is in a folder."""
    # A user who can replace a folder above the code can replace the code.
    if _CODE.is_relative_to(folder):
        return
    state = folder.stat()
    if state.st_uid not in _trusted():
        raise UnsafeFolderError(f"{folder} belongs to {_user(state.st_uid)}")
    is_sticky = state.st_mode & stat.S_ISVTX  # there, a user replaces only what is their own
    if not is_sticky and _others_may_write(state):
        raise UnsafeFolderError(f"other users may write to {folder} (chmod go-w takes that away)")


def _close(folder: Path) -> None:
    """Take all rights of others away, those to the folder itself last.

    So a process that is killed meanwhile leaves a folder that the next one closes again.

    Raises:
        UnsafeFolderError: Another user has put something into it, or it cannot be closed.
    """
    folders = [folder]
    for each in folders:  # it grows by what is found
        with suppress(FileNotFoundError):  # another process may tidy up meanwhile
            _allow(each, each.lstat(), _OTHERS_READ)
            folders += _closed_files(each)
    for each in reversed(folders):
        with suppress(FileNotFoundError):
            _allow(each, each.lstat(), 0)
    if folder.stat().st_mode & _OTHERS:
        raise UnsafeFolderError(f"{folder} cannot be closed to other users on its file system")


def _closed_files(folder: Path) -> list[Path]:
    """Close the files in a folder to which nobody else writes any more; gives the folders in it."""
    folders = []
    for entry in folder.iterdir():
        state = entry.lstat()
        if state.st_uid not in _trusted():
            raise UnsafeFolderError(f"{entry} was made by {_user(state.st_uid)}")
        if stat.S_ISDIR(state.st_mode):
            folders.append(entry)
        elif stat.S_ISREG(state.st_mode) and state.st_nlink == 1:  # no other name elsewhere
            _allow(entry, state, 0)
    return folders


def _allow(path: Path, state: os.stat_result, others: int) -> None:
    """Leave to others no more rights than these, as far as this user may say so."""
    mode = stat.S_IMODE(state.st_mode)
    if os.geteuid() in {0, state.st_uid} and mode & _OTHERS & ~others:
        path.chmod(mode & (others | ~_OTHERS))


def _others_may_write(state: os.stat_result) -> bool:
    by_group = state.st_mode & stat.S_IWGRP and _has_others(state.st_gid)
    return bool(state.st_mode & stat.S_IWOTH or by_group)


def _has_others(group: int) -> bool:
    """Whether a user other than this one and root is known to be in a group."""
    import grp  # noqa: PLC0415 - not on Windows
    import pwd  # noqa: PLC0415 - not on Windows

    members = {user.pw_name for user in pwd.getpwall() if user.pw_gid == group}
    with suppress(KeyError):
        members |= set(grp.getgrgid(group).gr_mem)
    return bool(members - {_name(os.geteuid()), "root"})


def _trusted() -> frozenset[int]:
    """This user, the system, and the owner of the code.

    The owner of the root folder stands for the system in a namespace that does not map root.
    """
    return frozenset({0, os.geteuid(), Path("/").stat().st_uid, _CODE.stat().st_uid})


def _user(uid: int) -> str:
    return f"user {_name(uid) or uid}"


def _name(uid: int) -> str | None:
    import pwd  # noqa: PLC0415 - not on Windows

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None
