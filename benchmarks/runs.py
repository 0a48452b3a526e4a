"""What a run costs beyond Dagster's own work: one week, one more week in a backfill, a range.

The floor is a job of as many empty assets and checks on the same storage, in the same process, run
by turns with the project's own. The package reads its settings as it is imported; so `main` sets
them, and imports what measures after that.
"""

import os

from benchmarks.figures import own_state, show


def main() -> None:
    """Measure, and show a table, or JSON with `--json`."""
    with own_state():
        from benchmarks.runs_measured import measure  # noqa: PLC0415

        show("Runs in a warm process", measure(), cores=os.cpu_count())


if __name__ == "__main__":
    main()
