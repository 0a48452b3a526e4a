"""How the work on one week grows with the weeks that are there: 10, 100 and 1,000 of them.

The store holds so many weeks, and Dagster's history so many runs that made a plan. The floor of a
figure is itself beside the fewest weeks: it should be flat. Beside it the server's own account of
each query of a weekly run beside the most weeks: which index served it, and how much was read.
"""

from benchmarks.figures import own_state, show

SIZES = (10, 100, 1_000)
REPEATS = 15


def main() -> None:
    """Measure, and show a table, or JSON with `--json`."""
    with own_state():
        from benchmarks.growth_measured import measure  # noqa: PLC0415

        figures, others = measure(SIZES, REPEATS)
    show("Growth with the weeks in the store", figures, **others)


if __name__ == "__main__":
    main()
