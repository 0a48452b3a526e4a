"""What a week of a cohort costs, an athlete: planning, metrics, events, and Dagster's share.

Simulated athletes, whose weeks are stored before anything is measured; processor time of this
process, because many cohorts share a machine. mongod's own is beside it. What is aimed at stands
where other benchmarks have their floor.

With `--athlete-weeks N` so many are planned beside it, week after week for the same athletes in one
process, and it is measured what they take and what they leave in the store.
"""

import argparse
import os
from pathlib import Path

import yaml

from benchmarks.figures import own_state, show

ATHLETES = 500


def write_roster(path: Path, athletes: int) -> None:
    """Simulated athletes, one persona after another."""
    entries = [
        {"id": f"simulated-{number:05}", "source": "simulated", "timezone": "Europe/Madrid"}
        for number in range(1, athletes + 1)
    ]
    path.write_text(yaml.safe_dump({"athletes": entries}))


def main() -> None:
    """Measure, and show a table, or JSON with `--json`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--athletes", type=int, default=ATHLETES)
    parser.add_argument("--athlete-weeks", type=int, default=0)
    arguments = parser.parse_args()
    state = own_state()
    roster = state / "athletes.yaml"
    write_roster(roster, arguments.athletes)
    os.environ["WEEKLY_PLAN_ROSTER"] = str(roster)
    os.environ["WEEKLY_PLAN_TIMEZONE"] = "Europe/Madrid"
    from benchmarks.cohorts_measured import measure  # noqa: PLC0415

    figures, others = measure(-(-arguments.athlete_weeks // arguments.athletes))
    show("A week of a cohort, an athlete", figures, **others)


if __name__ == "__main__":
    main()
