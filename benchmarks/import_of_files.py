"""How long a folder of recordings takes to import: the first time, and again unchanged.

The floor is fitdecode alone over the same files, in one process: what no importer can avoid but by
sharing the work among processes, or by not doing it twice.
"""

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import fitdecode
from rich.console import Console
from rich.table import Table

from weekly_plan_assets.cli.import_bar import ImportBar
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets_tests.sources.files.fit_encoder import fit_file

FILES = 2_000
SECONDS_A_FILE = 3_600
FLOOR_FILES = 50
"""The floor is measured over so many files and scaled: it grows with their number."""

out = Console(highlight=False)


def main() -> None:
    """Measure, and show a table, or JSON with `--json`."""
    with TemporaryDirectory() as folder:
        figures = measure(Path(folder))
    if "--json" in sys.argv:
        sys.stdout.write(f"{json.dumps(figures, indent=2)}\n")
        return
    table = Table("what", "seconds", "of the floor", title=f"{FILES} FIT files of an hour at 1 Hz")
    for what in ("floor", "first", "again", "oneNewFile"):
        seconds = figures[f"{what}_s"]
        table.add_row(what, f"{seconds:.2f}", f"{seconds / figures['floor_s']:.4f}")
    out.print(table)


def measure(folder: Path) -> dict[str, Any]:
    """The figures, in seconds; files and cache lie in `folder`."""
    files, cache = folder / "files", folder / "cache"
    files.mkdir()
    for number in range(FILES):
        write_file(files, number)
    first_s, parsed_first = timed(lambda: import_files(files, cache))
    again_s, parsed_again = timed(lambda: import_files(files, cache))
    write_file(files, FILES)
    one_new_s, parsed_new = timed(lambda: import_files(files, cache))
    return {
        "files": FILES,
        "floor_s": floor_s(files),
        "first_s": first_s,
        "again_s": again_s,
        "oneNewFile_s": one_new_s,
        "parsed": [parsed_first, parsed_again, parsed_new],
    }


def write_file(folder: Path, number: int) -> None:
    """A recording of its own: start and heart rates differ from file to file."""
    start = datetime(2021, 1, 1, 7, tzinfo=UTC) + timedelta(days=number)
    heart_bpm = [120 + (number + second) % 60 for second in range(SECONDS_A_FILE)]
    content = fit_file(start, heart_bpm=heart_bpm, distance_m=10_000)
    (folder / f"{number:05}.fit").write_bytes(content)


def import_files(files: Path, cache: Path) -> int:
    """Read the folder as a run does; gives how many files were parsed.

    Raises:
        RuntimeError: An activity or a file is missing.
    """
    source = ExportFolderSource(files, cache_dir=cache, progress=ImportBar(Console(stderr=True)))
    rows = source.activities(date.min, date.max)
    if len(rows) != len(list(files.iterdir())) or source.problems:
        raise RuntimeError(f"{len(rows)} activities of the files, problems {source.problems}")
    return source.parsed_count


def floor_s(files: Path) -> float:
    """What fitdecode alone takes for all files."""
    some = sorted(files.iterdir())[:FLOOR_FILES]

    def decode() -> None:
        for path in some:
            with fitdecode.FitReader(path) as reader:
                for _ in reader:
                    pass

    seconds, _ = timed(decode)
    return seconds * FILES / len(some)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """How long it takes in seconds, and what it gives."""
    began_s = perf_counter()
    result = work()
    return perf_counter() - began_s, result


if __name__ == "__main__":
    main()
