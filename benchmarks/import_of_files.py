"""How long a folder of recordings takes to import: the first time, and again unchanged.

The floor is fitdecode alone over the same files, in one process: what an importer that decodes
every message takes. The quick reader, processes and the cache are what the import saves of it.
"""

import resource
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import fitdecode
from rich.console import Console

from benchmarks.figures import Figure, seconds, show
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets.sources.files.file_reading import parse_file
from weekly_plan_assets.terminal.import_bar import ImportBar
from weekly_plan_assets_tests.support.fit_encoder import fit_file

FILES = 2_000
SECONDS_A_FILE = 3_600
FLOOR_FILES = 50
"""The floor is measured over so many files and scaled: it grows with their number."""

FIRST_TIME_LIMIT = 0.1
"""Ten times as fast as decoding every message."""


def main() -> None:
    """Measure, and show a table, or JSON with `--json`."""
    with TemporaryDirectory() as folder:
        figures, counts = measure(Path(folder), FILES, FLOOR_FILES)
    show(
        f"Import of {FILES} FIT files of an hour at 1 Hz",
        figures,
        parsed=[parsed for parsed, _ in counts],
        byQuickReader=[quick for _, quick in counts],
        peakMibOfAReader=resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    )


def measure(
    folder: Path, count: int, floor_count: int
) -> tuple[list[Figure], list[tuple[int, int]]]:
    """The figures, and for each import how many files were parsed, and known by the quick reader.

    Files and cache are in `folder`.
    """
    files, cache = folder / "files", folder / "cache"
    files.mkdir()
    for number in range(count):
        write_file(files, number)
    first_s, first = timed(lambda: import_files(files, cache))
    again_s, again = timed(lambda: import_files(files, cache))
    write_file(files, count)
    one_new_s, new = timed(lambda: import_files(files, cache))
    some = sorted(files.iterdir())[:floor_count]
    decoded_s = floor_s(some)
    least_s = decoded_s * count / floor_count
    quick_s = seconds(lambda: [parse_file(path) for path in some])
    figures = [
        Figure("the first time", first_s, least_s, limit=FIRST_TIME_LIMIT),
        Figure("again, unchanged", again_s, least_s),
        Figure("again, with one new file", one_new_s, least_s),
        Figure("one file, in this process", quick_s / floor_count, decoded_s / floor_count),
    ]
    return figures, [first, again, new]


def write_file(folder: Path, number: int) -> None:
    """A recording of its own: start and heart rates differ from file to file."""
    start = datetime(2021, 1, 1, 7, tzinfo=UTC) + timedelta(days=number)
    heart_bpm = [120 + (number + second) % 60 for second in range(SECONDS_A_FILE)]
    content = fit_file(start, heart_bpm=heart_bpm, distance_m=10_000)
    (folder / f"{number:05}.fit").write_bytes(content)


def import_files(files: Path, cache: Path) -> tuple[int, int]:
    """Read the folder as a run does; gives how many files were parsed, and by the quick reader.

    Raises:
        RuntimeError: An activity or a file is missing.
    """
    source = ExportFolderSource(files, cache_dir=cache, progress=ImportBar(Console(stderr=True)))
    rows = source.activities(date.min, date.max)
    if len(rows) != len(list(files.iterdir())) or source.problems:
        raise RuntimeError(f"{len(rows)} activities of the files, problems {source.problems}")
    return source.parsed_count, source.quick_count


def floor_s(files: Sequence[Path]) -> float:
    """What fitdecode alone takes for the files."""

    def decode() -> None:
        for path in files:
            with fitdecode.FitReader(path) as reader:
                for _ in reader:
                    pass

    return seconds(decode)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """How long it takes in seconds, and what it gives."""
    began_s = perf_counter()
    result = work()
    return perf_counter() - began_s, result


if __name__ == "__main__":
    main()
