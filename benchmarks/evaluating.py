"""What one backtested week takes in `weekly-plan evaluate`, which needs no Dagster run.

Loading the stored week, freezing what the planner sees, asking the deterministic planner, judging
its answer, and its reference plan. There is no floor: a figure in milliseconds.
"""

from statistics import median

from benchmarks.figures import Figure, own_state, show

WEEKS = 100


def main() -> None:
    """Measure, and show a table, or JSON with `--json`."""
    own_state()
    from benchmarks.evaluating_measured import measure  # noqa: PLC0415

    weeks_s = measure(WEEKS)
    show(
        "weekly-plan evaluate, a week at a time",
        [
            Figure("one backtested week", median(weeks_s)),
            Figure("the slowest of them", max(weeks_s)),
        ],
        weeks=len(weeks_s),
    )


if __name__ == "__main__":
    main()
