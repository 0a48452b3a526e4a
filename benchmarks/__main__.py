"""All figures, one benchmark after another, each in a Python of its own.

With `--write` they become the figures of docs/benchmarks.md, and docs/benchmarks.json.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.figures import others_of, print_tables, tables_of
from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets.storage.embedded.binary import find_mongod

BENCHMARKS = (
    "runs",
    "cold_start",
    "evaluating",
    "upserts",
    "metrics",
    "cohorts",
    "growth",
    "import_of_files",
)
SCORES = ("plan_quality",)
"""Measured where they are named only: no figures of speed, and docs/planning.md has them."""

PACKAGES = ("dagster", "pymongo", "pandas", "polars", "pydantic")

PAGE = PROJECT_ROOT / "docs" / "benchmarks.md"
RESULTS = PAGE.with_suffix(".json")
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->"


def main() -> None:
    """Measure what is named, or all; show the tables as they come."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    known = (*BENCHMARKS, *SCORES)
    parser.add_argument("names", nargs="*", help=", ".join(known))
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md and .json")
    arguments = parser.parse_args()
    wrong = set(arguments.names) - set(known)
    if wrong:
        parser.error(f"unknown: {', '.join(wrong)}")
    out = Console(highlight=False, width=110)
    result = {}
    for name in arguments.names or BENCHMARKS:
        result[name] = measured(name)
        print_tables(result[name])
    above = list(above_limit(result.values()))
    out.print(f"above their limit: {'; '.join(above)}" if above else "none is above its limit")
    if arguments.write:
        write({name: one for name, one in result.items() if name in BENCHMARKS})


def measured(name: str) -> dict[str, Any]:
    """What a benchmark writes.

    Raises:
        CalledProcessError: It failed.
    """
    command = (sys.executable, "-W", "ignore", "-m", f"benchmarks.{name}", "--json")
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def above_limit(result: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The figures that are above their limit."""
    for one in result:
        for figure in one["figures"]:
            if figure["limit"] is not None and figure["ratio"] > figure["limit"]:
                yield f"{one['title']}, {figure['what']}"


def machine() -> dict[str, Any]:
    """When, where and with what it was measured."""
    command = (str(find_mongod()), "--version")
    mongod = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return {
        "day": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "processor": processor(),
        "python": platform.python_version(),
        "mongod": mongod.stdout.split()[2].removeprefix("v"),
        **{package: version(package) for package in PACKAGES},
    }


def processor() -> str:
    """Its name, as Linux gives it; elsewhere its kind."""
    cpus = Path("/proc/cpuinfo")
    names = cpus.read_text().splitlines() if cpus.exists() else []
    named = (line.partition(": ")[2] for line in names if line.startswith("model name"))
    return next(named, platform.machine())


def write(result: Mapping[str, Mapping[str, Any]]) -> None:
    """Put new figures between the marks of the page, and beside it as JSON; others stay."""
    kept = RESULTS.read_text() if RESULTS.exists() else "{}"
    measured_on = {"measuredOn": machine()}
    results = json.loads(kept) | {name: {**one, **measured_on} for name, one in result.items()}
    RESULTS.write_text(f"{json.dumps(results, indent=2)}\n")
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}{markdown(results)}{END}{after}")


def markdown(results: Mapping[str, Mapping[str, Any]]) -> str:
    """The tables of the page."""
    parts: list[str] = []
    for name in BENCHMARKS:
        if name in results:
            parts += _parts(results[name])
    return "\n" + "\n\n".join(parts) + "\n\n"


def _parts(result: Mapping[str, Any]) -> Iterator[str]:
    (title, figures), *others = tables_of(result).items()
    yield f"### {title}"
    yield _table(figures)
    for name, rows in others:
        yield f"{name}:"
        yield _table(rows)
    yield "; ".join(
        ", ".join(f"{key} {one}" for key, one in value.items())
        if isinstance(value, dict)
        else f"{name} {value}"
        for name, value in others_of(result).items()
    )


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
