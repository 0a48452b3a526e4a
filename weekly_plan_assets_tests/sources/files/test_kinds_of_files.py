"""What stands in an export folder where a file should, and files that hold far too much."""

import json
import os
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets.sources.files import finding
from weekly_plan_assets_tests.sources.files.conftest import Put
from weekly_plan_assets_tests.support.file_texts import strava_row, strava_table
from weekly_plan_assets_tests.support.fit_encoder import fit_file
from weekly_plan_assets_tests.support.graph import activity, wellness_day, write_export

START = datetime(2024, 1, 7, 7, tzinfo=UTC)
ALWAYS = (date.min, date.max)

Place = Callable[[Path], object]


def named_pipe(path: Path) -> None:
    os.mkfifo(path)


def endless_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def server_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        # The name of a socket is short; that of a test's folder is not.
        here = Path.cwd()
        os.chdir(path.parent)
        server.bind(path.name)
        os.chdir(here)


def sparse_file(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(300 * 1024**2)


ODD_KINDS: list[tuple[Place, str]] = [
    (named_pipe, "it is a named pipe, not a file"),
    (endless_device, "it is a link that leads out of the folder"),
    (server_socket, "it is a socket, not a file"),
]


@pytest.fixture(autouse=True)
def good_file(put: Put) -> None:
    put("good.fit", fit_file(START))


@pytest.mark.parametrize(("place", "reason"), ODD_KINDS)
@pytest.mark.parametrize("name", ["a.fit", "a.gpx.gz", "activities.csv", "watch-wellness.csv"])
def test_what_is_no_file_is_named_and_the_rest_is_read(
    tmp_path: Path, name: str, place: Place, reason: str
) -> None:
    (tmp_path / "below").mkdir()
    place(tmp_path / "below" / name)
    source = ExportFolderSource(tmp_path)
    assert len(source.activities(*ALWAYS)) == 1
    assert source.wellness(*ALWAYS) is not None
    (problem,) = source.problems
    assert str(problem).startswith(f"below/{name}: {reason}")


@pytest.mark.parametrize(
    ("place", "reason"),
    [*ODD_KINDS, (Path.mkdir, "it is a folder, not a file"), (sparse_file, "it holds more than")],
)
@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("activities.json", lambda source: source.activities(*ALWAYS)),
        ("wellness.json", lambda source: source.wellness(*ALWAYS)),
        ("events.json", lambda source: source.calendar(*ALWAYS)),
        ("sport_settings.json", lambda source: source.sport_settings()),
    ],
)
def test_what_is_no_file_of_rows_ends_in_one_sentence(
    tmp_path: Path,
    name: str,
    read: Callable[[ExportFolderSource], object],
    place: Place,
    reason: str,
) -> None:
    place(tmp_path / name)
    with pytest.raises(SourceError) as refused:
        read(ExportFolderSource(tmp_path))
    assert f"{name} cannot be read: {reason}" in str(refused.value)
    assert str(refused.value).endswith("; export it again")


def test_a_calendar_of_200000_entries_ends_in_one_sentence(tmp_path: Path) -> None:
    event = {"id": 1, "category": "NOTE", "start_date_local": "2024-01-01T00:00:00"}
    (tmp_path / "events.json").write_text(json.dumps([event] * 200_000))
    with pytest.raises(SourceError, match=r"events\.json cannot be read: it holds more than"):
        ExportFolderSource(tmp_path).calendar(*ALWAYS)
    (tmp_path / "events.json").write_text(json.dumps([event] * 10_001))
    with pytest.raises(
        SourceError, match="it holds more than 10,000 rows; correct it or export it again"
    ):
        ExportFolderSource(tmp_path).calendar(*ALWAYS)


def test_a_link_to_a_file_of_the_folder_is_read(put: Put, tmp_path: Path) -> None:
    put(".store/b.fit", fit_file(START.replace(day=8)))
    (tmp_path / "b.fit").symlink_to(".store/b.fit")
    write_export(tmp_path / ".store", [activity("1", "2024-01-01T08:00:00")], [])
    (tmp_path / "activities.json").symlink_to(tmp_path / ".store" / "activities.json")
    source = ExportFolderSource(tmp_path)
    assert len(source.activities(*ALWAYS)) == 3
    assert source.problems == ()


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("../outside/b.fit", "it is a link that leads out of the folder"),
        ("nowhere.fit", "it is a link to nothing"),
        ("b.fit", "it is a link to nothing"),
        (".", "it is a link to a folder"),
    ],
)
def test_any_other_link_is_named_and_not_followed(
    put: Put, tmp_path: Path, target: str, reason: str
) -> None:
    inside = tmp_path / "inside"
    put("outside/b.fit", fit_file(START))
    put("inside/good.fit", fit_file(START))
    (inside / "b.fit").symlink_to(target)
    source = ExportFolderSource(inside)
    assert len(source.activities(*ALWAYS)) == 1
    (problem,) = source.problems
    assert problem.path == "b.fit"
    assert reason in problem.reason


def test_a_linked_folder_is_named_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "2023").symlink_to(tmp_path)
    source = ExportFolderSource(tmp_path)
    assert len(source.activities(*ALWAYS)) == 1
    assert [problem.path for problem in source.problems] == ["2023"]


def test_the_folder_itself_may_be_a_link(tmp_path: Path, put: Put) -> None:
    put("real/a.fit", fit_file(START))
    (tmp_path / "linked").symlink_to("real")
    assert len(ExportFolderSource(tmp_path / "linked").activities(*ALWAYS)) == 1


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """1,500 folders within each other, deeper than any path may be long."""
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1_500):
        os.mkdir("deeper", dir_fd=here)
        below = os.open("deeper", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    yield tmp_path
    # What removes whole trees does not come down so far: take the folders apart from above.
    while (tmp_path / "deeper").exists():
        (tmp_path / "deeper").rename(tmp_path / "old")
        if (tmp_path / "old" / "deeper").exists():
            (tmp_path / "old" / "deeper").rename(tmp_path / "deeper")
        (tmp_path / "old").rmdir()


def test_folders_without_end_are_named_once_and_the_rest_is_read(deep: Path) -> None:
    source = ExportFolderSource(deep)
    assert len(source.activities(*ALWAYS)) == 1
    (problem,) = source.problems
    assert problem.path == "/".join(["deeper"] * 41)
    assert "more than 40 folders deep" in problem.reason


def test_a_folder_with_more_files_than_anybodys_training_is_refused(
    put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_ENTRIES", 3)
    for number in range(3):
        put(f"{number}.txt", "")
    with pytest.raises(SourceError, match="holds more than 3 files; set WEEKLY_PLAN_EXPORT_DIR"):
        ExportFolderSource(tmp_path).activities(*ALWAYS)


@pytest.mark.parametrize("name", ["activities.csv", "wellness.csv"])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "it holds more than 16 MiB"),
        ("a\n" * 200_000, "it holds more than 100,000 rows"),
        ("a" + ",a" * 2_000, "it holds more than 1,000 columns"),
        ("a" * 200_000, "field larger than field limit"),
    ],
)
def test_a_table_that_holds_too_much_is_named_and_the_rest_is_read(
    put: Put, tmp_path: Path, name: str, content: str | None, reason: str
) -> None:
    if content is None:
        sparse_file(tmp_path / name)
    else:
        put(name, content)
    source = ExportFolderSource(tmp_path)
    assert len(source.activities(*ALWAYS)) == 1
    assert source.wellness(*ALWAYS) is not None
    (problem,) = source.problems
    assert problem.path == name
    assert reason in problem.reason


def test_the_name_of_a_file_cannot_forge_a_line_of_output(put: Put, tmp_path: Path) -> None:
    forged = "a\nno plan: forged\u2028\x1b[31m\u202e.fit"
    put(forged, b"broken")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.fit")).write_bytes(b"broken")
    put("activities.csv", strava_table(strava_row("1", "no\nsuch.fit")))
    source = ExportFolderSource(tmp_path)
    lines = [str(problem) for problem in source.problems]
    assert len(lines) == 3
    assert not any(set("\n\x1b\u2028\u202e\udcff") & set(line) for line in lines)
    assert any(
        line.startswith("a\\nno plan: forged\\u2028\\x1b[31m\\u202e.fit: ") for line in lines
    )
    assert any(line.startswith("\ufffd.fit: ") for line in lines)


def test_a_file_whose_name_is_no_text_is_read_and_remembered(
    put: Put, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cache = tmp_path_factory.mktemp("cache")
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/run-\xff\xfe.fit"))
    odd.write_bytes(fit_file(START.replace(day=9)))
    for parsed_count in (2, 0):
        source = ExportFolderSource(tmp_path, cache_dir=cache)
        rows = source.activities(*ALWAYS)
        names = [row.model_dump()["file_name"] for row in rows]
        assert names == ["good.fit", "run-\ufffd\ufffd.fit"]
        json.dumps(names).encode()
        assert source.parsed_count == parsed_count


def test_a_wellness_table_among_good_ones_is_named(put: Put, tmp_path: Path) -> None:
    write_export(tmp_path, [], [wellness_day("2024-01-01", steps=None)])
    put("wellness.csv", "date,steps\n2024-01-01,9000\n")
    named_pipe(tmp_path / "old-wellness.csv")
    source = ExportFolderSource(tmp_path)
    assert [day.steps for day in source.wellness(*ALWAYS)] == [9000]
    assert [problem.path for problem in source.problems] == ["old-wellness.csv"]
