"""How figures are measured and shown: each beside its floor, taken in the same run."""

import atexit
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.table import Table

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""Run configuration: Dagster's own messages are not shown."""

STATES = Path("/tmp")  # noqa: S108 - each folder in it is made by TemporaryDirectory
"""Where state folders are: a short path, for each has the socket of an embedded server in it."""
STATE_PREFIX = "wpb"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes:
        what: What was measured.
        seconds: How long it took: a median.
        floor_s: How long the least took that anything of the kind must do.
        limit: The greatest ratio of the two that is aimed at; None: none is.
    """

    what: str
    seconds: float
    floor_s: float | None = None
    limit: float | None = None

    @property
    def ratio(self) -> float | None:
        """Of the floor."""
        return None if self.floor_s is None else self.seconds / self.floor_s


def show(title: str, figures: Sequence[Figure], **others: Any) -> None:
    """A table, or JSON with `--json`.

    Args:
        title: Title of the table.
        figures: Its rows.
        others: What else was measured; a list of mappings is a table of its own.
    """
    rows = [asdict(one) | {"ratio": one.ratio} for one in figures]
    result = {"title": title, "figures": rows, **others}
    if "--json" in sys.argv:
        sys.stdout.write(f"{json.dumps(result, indent=2)}\n")
    else:
        print_tables(result)


def print_tables(result: Mapping[str, Any]) -> None:
    """Print what `show` writes as JSON, as tables."""
    out = Console(highlight=False, width=110)
    for title, rows in tables_of(result).items():
        _print_table(out, title, rows)
    for name, value in others_of(result).items():
        out.print(f"{name}: {value}")


def tables_of(result: Mapping[str, Any]) -> dict[str, list[list[str]]]:
    """The tables of what `show` writes, by their titles, each with its head first."""
    tables = {result["title"]: [FIGURE_HEAD, *map(figure_cells, result["figures"])]}
    for name, value in result.items():
        if name != "figures" and _is_table(value):
            rows = [[str(cell) for cell in row.values()] for row in value]
            tables[name] = [list(value[0]), *rows]
    return tables


def others_of(result: Mapping[str, Any]) -> dict[str, Any]:
    """What of it is in no table."""
    return {
        name: value for name, value in result.items() if name != "title" and not _is_table(value)
    }


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


FIGURE_HEAD = ["what", "ms", "floor ms", "ratio", "limit"]


def figure_cells(figure: Mapping[str, Any]) -> list[str]:
    """A figure of the JSON as the cells under `FIGURE_HEAD`."""

    def shown(key: str, form: str, times: int = 1) -> str:
        return "" if figure[key] is None else format(figure[key] * times, form)

    return [
        figure["what"],
        shown("seconds", ".1f", 1000),
        shown("floor_s", ".1f", 1000),
        shown("ratio", ".2f"),
        shown("limit", "g"),
    ]


def _print_table(out: Console, title: str, rows: Sequence[Sequence[str]]) -> None:
    head, *body = rows
    table = Table(*head, title=title)
    for row in body:
        table.add_row(*row)
    out.print(table)


def seconds(work: Callable[[], Any]) -> float:
    """Wall time of one call."""
    began_s = perf_counter()
    work()
    return perf_counter() - began_s


def medians(first: Sequence[Callable[[], Any]], second: Sequence[Callable[[], Any]]) -> list[float]:
    """Medians of two kinds of work in wall seconds, done by turns, so that noise meets both."""
    times = [(seconds(one), seconds(other)) for one, other in zip(first, second, strict=True)]
    return [median(column) for column in zip(*times, strict=True)]


def own_state() -> Path:
    """The sample athlete in a state folder of its own, until this process ends.

    To be called before the package is imported, which reads its settings then.
    """
    folder = TemporaryDirectory(prefix=STATE_PREFIX, dir=STATES)
    # What is registered first is done last: the embedded server writes into it until it has ended.
    atexit.register(folder.cleanup)
    for name in [name for name in os.environ if name.startswith(("WEEKLY_PLAN_", "MONGO_"))]:
        del os.environ[name]
    os.environ |= {"WEEKLY_PLAN_STATE_DIR": folder.name, "WEEKLY_PLAN_SOURCE": "sample"}
    return Path(folder.name)
