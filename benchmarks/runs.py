"""What a run costs beyond Dagster's own work: one week, one more week in a backfill, a range.

The floor is a job of as many empty assets and checks on the same storage, in the same process, run
by turns with the project's own: once without inputs, which only wait for one another, and once with
those of the project, loaded from nowhere. The package reads its settings as it is imported; so
`main` sets them, and imports what measures after that.
"""

import os
from dataclasses import dataclass

from benchmarks.figures import own_state, show


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured.

    Attributes:
        weeks: Each run is the median over so many weeks.
        ranges: The weeks of the two ranges whose difference is measured.
        range_repeats: How often.
        planned: So many weeks are planned side by side, the first of them to warm up.
        imports: How often `import dagster` is measured.
    """

    weeks: int = 20
    ranges: tuple[int, int] = (26, 104)
    range_repeats: int = 9
    planned: tuple[int, int] = (10, 60)
    imports: int = 5


SIZES = Sizes()


def main() -> None:
    """Measure, and show a table, or JSON with `--json`."""
    own_state()
    from benchmarks.runs_measured import measure  # noqa: PLC0415

    figures, others = measure(SIZES)
    show("Runs in a warm process", figures, cores=os.cpu_count(), **others)


if __name__ == "__main__":
    main()
