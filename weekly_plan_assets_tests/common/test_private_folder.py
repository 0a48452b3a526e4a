"""Folders for one user alone, at paths that other users try to redirect."""

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from weekly_plan_assets.common.private_folder import (
    UnsafeFolderError,
    private_folder,
    require_own_links,
)
from weekly_plan_assets_tests.support.other_user import NOBODY, as_nobody

pytestmark = pytest.mark.skipif(os.name != "posix", reason="owners and modes of POSIX")

STRANGER = int(NOBODY)
as_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can give things to another user"
)


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder for everybody, as /tmp is."""
    with tempfile.TemporaryDirectory(prefix="wp") as name:
        folder = Path(name)
        folder.chmod(0o1777)
        yield folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def given_away(path: Path) -> Path:
    os.chown(path, STRANGER, STRANGER, follow_symlinks=False)
    return path


def test_a_folder_is_made_with_all_above_it_for_its_owner_alone(shared: Path) -> None:
    folder = private_folder(shared / "state" / "dagster")
    assert folder == (shared / "state" / "dagster").resolve()
    assert mode(shared / "state") == mode(folder) == 0o700


def test_a_folder_that_others_could_read_is_closed_with_all_that_is_in_it(shared: Path) -> None:
    folder = shared / "state"
    (folder / "runs").mkdir(parents=True)
    files = [folder / "runs.db", folder / "runs" / "1.db", folder / "tool"]
    for file in files:
        file.write_text("")
        file.chmod(0o644)
    files[2].chmod(0o755)
    for open_folder in (folder, folder / "runs"):
        open_folder.chmod(0o755)
    private_folder(folder)
    assert [mode(path) for path in (folder, folder / "runs", *files)] == [
        *(0o700, 0o700),
        *(0o600, 0o600, 0o700),
    ]


def test_a_link_in_an_open_folder_is_not_followed_when_it_is_closed(shared: Path) -> None:
    outside = shared / "outside"
    outside.mkdir(mode=0o755)
    (outside / "file").write_text("")
    (outside / "file").chmod(0o644)
    folder = shared / "state"
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    (folder / "file").symlink_to(outside / "file")
    (folder / "other name").hardlink_to(outside / "file")
    folder.chmod(0o755)
    private_folder(folder)
    assert (mode(outside), mode(outside / "file")) == (0o755, 0o644)


def test_own_links_are_followed(shared: Path) -> None:
    (shared / "disk").mkdir(mode=0o700)
    (shared / "state").symlink_to("disk")
    assert private_folder(shared / "state" / "new") == (shared / "disk" / "new").resolve()
    assert private_folder(shared / "state" / ".." / "state") == (shared / "disk").resolve()


def test_links_in_a_circle_are_refused(shared: Path) -> None:
    (shared / "a").symlink_to(shared / "b")
    (shared / "b").symlink_to(shared / "a")
    with pytest.raises(UnsafeFolderError, match="too many links"):
        private_folder(shared / "a" / "state")


def test_a_file_on_the_way_is_named(shared: Path) -> None:
    (shared / "file").write_text("")
    with pytest.raises(NotADirectoryError, match="Not a directory"):
        private_folder(shared / "file" / "state")


@as_root
@pytest.mark.parametrize("inside", ["", "state", "state/mongodb"])
def test_a_link_that_another_user_made_is_not_followed(shared: Path, inside: str) -> None:
    target = shared / "own"
    target.mkdir(mode=0o755)
    (shared / "trap").symlink_to(target)
    given_away(shared / "trap")
    with pytest.raises(UnsafeFolderError, match=r"the link .*/trap was made by user nobody"):
        private_folder(shared / "trap" / inside)
    assert mode(target) == 0o755
    assert list(target.iterdir()) == []


@as_root
@pytest.mark.parametrize("inside", ["", "state", "state/mongodb"])
def test_a_folder_that_belongs_to_another_user_is_refused(shared: Path, inside: str) -> None:
    theirs = shared / "theirs"
    theirs.mkdir()
    theirs.chmod(0o777)
    given_away(theirs)
    with pytest.raises(UnsafeFolderError, match="theirs belongs to user nobody"):
        private_folder(theirs / inside)
    assert list(theirs.iterdir()) == []


@pytest.mark.parametrize("rights", [0o777, 0o757])
def test_below_a_folder_that_others_may_write_to_nothing_is_made(shared: Path, rights: int) -> None:
    (shared / "open").mkdir()
    (shared / "open").chmod(rights)
    with pytest.raises(UnsafeFolderError, match=r"other users may write to \S+open"):
        private_folder(shared / "open" / "state")


@pytest.mark.parametrize("rights", [0o777, 0o1777, 0o2775])
def test_an_own_folder_that_others_could_write_to_is_closed_if_they_put_nothing_there(
    shared: Path, rights: int
) -> None:
    (shared / "open" / "deep").mkdir(parents=True)
    for folder in (shared / "open", shared / "open" / "deep"):
        folder.chmod(rights)
    private_folder(shared / "open")
    assert mode(shared / "open") & 0o777 == mode(shared / "open" / "deep") & 0o777 == 0o700


@as_root
@pytest.mark.parametrize("kind", ["file", "folder", "link"])
@pytest.mark.parametrize("place", ["", "deep"])
def test_what_others_put_into_an_open_folder_is_named_each_time(
    shared: Path, kind: str, place: str
) -> None:
    folder = shared / "open"
    (folder / place).mkdir(parents=True)
    for each in {folder, folder / place}:
        each.chmod(0o777)
    planted = folder / place / "planted"
    if kind == "file":
        planted.write_text("")
    elif kind == "folder":
        planted.mkdir()
    else:
        planted.symlink_to("/etc")
    given_away(planted)
    for _ in range(2):
        with pytest.raises(UnsafeFolderError, match=r"planted was made by user nobody"):
            private_folder(folder)
    planted.rmdir() if kind == "folder" else planted.unlink()
    private_folder(folder)
    assert mode(folder) == 0o700


def test_a_group_with_nobody_else_in_it_is_no_danger(shared: Path) -> None:
    (shared / "own").mkdir()
    (shared / "own").chmod(0o775)
    private_folder(shared / "own" / "state")
    private_folder(shared / "own")
    assert mode(shared / "own") == 0o700


@as_root
def test_a_group_of_others_is_a_danger(shared: Path) -> None:
    (shared / "group").mkdir()
    os.chown(shared / "group", -1, STRANGER)
    (shared / "group").chmod(0o775)
    with pytest.raises(UnsafeFolderError, match="other users may write to"):
        private_folder(shared / "group" / "state")


PLANT = """
import os, sys
try:
    os.symlink("/etc", sys.argv[1])
    print("planted")
except OSError:
    print("refused")
"""


@as_root
def test_nobody_else_puts_anything_into_a_private_folder(shared: Path) -> None:
    folder = private_folder(shared / "state")
    assert as_nobody(PLANT, str(folder / "mongodb")) == "refused"
    assert as_nobody(PLANT, str(shared / "mongodb")) == "planted"
    with pytest.raises(UnsafeFolderError, match="was made by user nobody"):
        require_own_links(shared / "mongodb" / "file")
    require_own_links(folder / "mongodb" / "file")
