import os
import signal
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets.sources.files import cache, importing
from weekly_plan_assets.sources.files.file_reading import PARSER_VERSION, ParsedFile, parse_file
from weekly_plan_assets_tests.sources.files.conftest import Put
from weekly_plan_assets_tests.support.file_texts import gpx_text, tcx_text
from weekly_plan_assets_tests.support.fit_encoder import fit_file

START = datetime(2024, 1, 7, 7, tzinfo=UTC)


@pytest.fixture
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def read(source: ExportFolderSource) -> list[Activity]:
    return source.activities(date.min, date.max)


def test_files_alone_are_found_anywhere_below_the_folder(put: Put, tmp_path: Path) -> None:
    put("a.FIT", fit_file(START))
    put("2024/b.gpx", gpx_text(START + timedelta(hours=1), [140] * 5))
    put("2024/january/c.tcx.gz", tcx_text("2024-01-07T09:00:00+00:00", [140] * 5))
    put(".trash/d.fit", fit_file(START + timedelta(hours=3)))
    put("notes.txt", "none")
    found = read(ExportFolderSource(tmp_path, timezone="Europe/Madrid"))
    assert [row.model_dump()["file_name"] for row in found] == [
        "a.FIT",
        "2024/b.gpx",
        "2024/january/c.tcx.gz",
    ]
    assert {row.source for row in found} == {"UPLOAD"}


def test_the_same_content_under_two_names_is_one_activity(put: Put, tmp_path: Path) -> None:
    first = put("a.fit", fit_file(START))
    (alone,) = read(ExportFolderSource(tmp_path))
    put("copy/b.fit.gz", first.read_bytes())
    (activity,) = read(ExportFolderSource(tmp_path))
    assert activity.id == alone.id


def test_a_broken_file_is_named_and_stops_nothing(put: Put, tmp_path: Path) -> None:
    put("a.fit", fit_file(START))
    put("b.fit", fit_file(START)[:50])
    put("c.fit", fit_file(START + timedelta(hours=1)))
    source = ExportFolderSource(tmp_path)
    assert len(read(source)) == 2
    (problem,) = source.problems
    assert problem.path == "b.fit"
    assert "not a whole FIT file" in problem.reason


def test_an_unchanged_file_is_not_parsed_again(put: Put, tmp_path: Path, cache_dir: Path) -> None:
    put("a.fit", fit_file(START))
    put("b.fit", b"broken")
    first = ExportFolderSource(tmp_path, cache_dir=cache_dir)
    before = read(first)
    again = ExportFolderSource(tmp_path, cache_dir=cache_dir)
    assert read(again) == before
    assert (first.parsed_count, again.parsed_count) == (2, 0)
    assert again.problems == first.problems


def test_only_a_touched_file_is_parsed_again(put: Put, tmp_path: Path, cache_dir: Path) -> None:
    touched = put("a.fit", fit_file(START))
    put("b.fit", fit_file(START + timedelta(hours=1)))
    read(ExportFolderSource(tmp_path, cache_dir=cache_dir))
    touched.write_bytes(fit_file(START, distance_m=999))
    os.utime(touched, ns=(0, touched.stat().st_mtime_ns + 1))
    source = ExportFolderSource(tmp_path, cache_dir=cache_dir)
    assert [row.distance_m for row in read(source)] == [999, 200]
    assert source.parsed_count == 1


def test_a_removed_file_goes_and_a_new_one_comes(put: Put, tmp_path: Path, cache_dir: Path) -> None:
    removed = put("a.fit", fit_file(START))
    put("b.fit", fit_file(START + timedelta(hours=1)))
    read(ExportFolderSource(tmp_path, cache_dir=cache_dir))
    removed.unlink()
    put("c.fit", fit_file(START + timedelta(hours=2)))
    source = ExportFolderSource(tmp_path, cache_dir=cache_dir)
    assert [row.model_dump()["file_name"] for row in read(source)] == ["b.fit", "c.fit"]
    assert source.parsed_count == 1
    (database,) = cache_dir.iterdir()
    with sqlite3.connect(database) as connection:
        kept = connection.execute("SELECT path FROM files ORDER BY path").fetchall()
    assert kept == [("b.fit",), ("c.fit",)]


def test_new_numbers_of_the_athlete_need_no_parsing(
    put: Put, tmp_path: Path, cache_dir: Path
) -> None:
    athlete = AthleteFile(zone_upper_bpm=(135, 150, 165, 180, 190))
    put("a.fit", fit_file(START, heart_bpm=[140] * 61))
    (before,) = read(ExportFolderSource(tmp_path, cache_dir=cache_dir))
    source = ExportFolderSource(tmp_path, cache_dir=cache_dir, athlete=athlete)
    (after,) = read(source)
    assert source.parsed_count == 0
    assert (before.hr_zone_times_s, after.hr_zone_times_s) == (None, (0, 60, 0, 0, 0))


def test_another_version_of_the_parser_reads_all_again(
    put: Put, tmp_path: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a.fit", fit_file(START))
    read(ExportFolderSource(tmp_path, cache_dir=cache_dir))
    monkeypatch.setattr(cache, "PARSER_VERSION", PARSER_VERSION + 1)
    assert ExportFolderSource(tmp_path, cache_dir=cache_dir).parsed_count == 1
    assert ExportFolderSource(tmp_path, cache_dir=cache_dir).parsed_count == 0


def test_a_damaged_cache_is_made_anew(put: Put, tmp_path: Path, cache_dir: Path) -> None:
    put("a.fit", fit_file(START))
    read(ExportFolderSource(tmp_path, cache_dir=cache_dir))
    (database,) = cache_dir.iterdir()
    database.write_bytes(b"no database" * 1000)
    assert ExportFolderSource(tmp_path, cache_dir=cache_dir).parsed_count == 1
    assert ExportFolderSource(tmp_path, cache_dir=cache_dir).parsed_count == 0


def test_an_import_goes_on_without_a_cache_that_cannot_be_made(
    put: Put, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put("a.fit", fit_file(START))
    in_the_way = put("taken", "a file, not a folder")
    assert len(read(ExportFolderSource(tmp_path, cache_dir=in_the_way))) == 1
    assert "cache failed" in caplog.text


def test_what_was_read_before_an_interruption_is_kept(
    put: Put, tmp_path: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "KEPT_AT_ONCE", 2)
    monkeypatch.setattr(importing, "KEPT_AFTER_S", float("inf"))
    for hour in range(5):
        put(f"{hour}.fit", fit_file(START + timedelta(hours=hour)))

    def interrupt(done: int, total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(ExportFolderSource(tmp_path, cache_dir=cache_dir, progress=interrupt))
    assert ExportFolderSource(tmp_path, cache_dir=cache_dir).parsed_count == 1


def test_many_files_are_shared_out_among_processes_and_read_once(
    put: Put, tmp_path: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "POOL_FROM_FILES", 40)
    for hour in range(40):
        put(f"{hour:02}.fit", fit_file(START + timedelta(hours=hour)))
    put("99.fit", b"broken")
    steps: list[tuple[int, int]] = []
    source = ExportFolderSource(
        tmp_path, cache_dir=cache_dir, progress=lambda done, total: steps.append((done, total))
    )
    found = read(source)
    assert [row.model_dump()["file_name"] for row in found] == [f"{n:02}.fit" for n in range(40)]
    assert steps == [(done, 41) for done in range(1, 42)]
    assert [problem.path for problem in source.problems] == ["99.fit"]
    assert ExportFolderSource(tmp_path, cache_dir=cache_dir).parsed_count == 0


def parse_or_die(path: Path) -> ParsedFile:
    """Read a file, but end the process at one of a certain name; at another one the first time."""
    if path.name == "killer.fit":
        os.kill(os.getpid(), signal.SIGKILL)
    if path.name == "once.fit" and not (mark := path.with_suffix(".mark")).exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return parse_file(path)


@pytest.mark.faults
def test_a_file_that_kills_the_process_which_reads_it_is_named_and_not_tried_again(
    put: Put, tmp_path: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "POOL_FROM_FILES", 40)
    monkeypatch.setattr(importing, "parse_file", parse_or_die)
    for hour in range(60):
        put(f"{hour:02}.fit", fit_file(START + timedelta(hours=hour)))
    for name in ("20/killer.fit", "once.fit"):
        put(name, fit_file(START + timedelta(days=9, hours=len(name))))
    steps: list[tuple[int, int]] = []
    first = ExportFolderSource(
        tmp_path, cache_dir=cache_dir, progress=lambda done, total: steps.append((done, total))
    )
    assert len(read(first)) == 61
    assert steps == [(done, 62) for done in range(1, 63)]
    (problem,) = first.problems
    assert problem.path == "20/killer.fit"
    assert "the process that read it was killed" in problem.reason
    again = ExportFolderSource(tmp_path, cache_dir=cache_dir)
    assert len(read(again)) == 61
    assert (again.parsed_count, again.problems) == (0, first.problems)
