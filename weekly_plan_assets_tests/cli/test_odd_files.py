"""Odd files of athletes at the terminal: each folder says what `weekly-plan run` must make of it.

What one reader makes of one oddity is tested beside that reader.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.conftest import RECORDED, require_data
from weekly_plan_assets_tests.support.terminal import Terminal

ODD_FILES = RECORDED.parent / "odd_files"
CASES = sorted(path.parent for path in ODD_FILES.glob("*/expected.json"))

Document = Mapping[str, Any]


def test_there_are_odd_files() -> None:
    require_data(ODD_FILES)
    assert len(CASES) > 0
    assert len(CASES) == len(list(ODD_FILES.glob("*/data")))


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.name))
def test_an_odd_folder_gives_what_it_must(case: Path, terminal: Terminal) -> None:
    expected = json.loads((case / "expected.json").read_text())
    terminal.environment |= {
        "WEEKLY_PLAN_SOURCE": expected["source"],
        "WEEKLY_PLAN_EXPORT_DIR": str(case / "data"),
        "WEEKLY_PLAN_ATHLETE": str(case / "athlete.yaml"),
        "WEEKLY_PLAN_TIMEZONE": expected["timezone"],
    }
    run = terminal.run("run", "--week", expected["week"])
    with open_client(terminal.environment["MONGO_URL"]) as client:
        database = client[terminal.environment["MONGO_DATABASE"]]
        metrics = database["weekly_metrics"].find_one({"weekStart": expected["week"]}) or {}
        activities = list(database["activities"].find({"weekStart": expected["week"]}))
        plan = database["weekly_plans"].find_one() or {}
    activities.sort(key=lambda row: str(row["start_date_local"]))
    faults = list(_faults(expected["expect"], run, metrics, activities, plan))
    assert not faults, "\n".join([*faults, run.stdout, run.stderr])


def _faults(
    expect: Document,
    run: CompletedProcess[str],
    metrics: Document,
    activities: Sequence[Document],
    plan: Document,
) -> list[str]:
    """A line for each thing that is not as it must be."""
    found = []
    texts = {
        "stderr": run.stderr,
        "output": run.stdout + run.stderr,
        "warnings": "\n".join([*plan.get("warnings", ()), *plan.get("rationale", ())]),
    }
    for key, wanted in expect.items():
        place, _, verb = key.partition("_")
        if key == "exit_code":
            found += _differences({key: run.returncode}, {key: wanted})
        elif key == "metrics":
            found += _differences(metrics, wanted)
        elif key == "activities":
            found += _differences({"stored": len(activities)}, {"stored": len(wanted)})
            for row, fields in zip(activities, wanted, strict=False):
                found += _differences(row, fields)
        elif key == "coverage_implausible":
            rows = metrics.get("coverage", {}).get("implausible", ())
            found += _missing(key, {name for row in rows for name in row["keys"]}, wanted)
        elif place in texts and verb in {"has", "have", "lacks", "lack"}:
            words = [wanted] if isinstance(wanted, str) else wanted
            plain = " ".join(texts[place].split())
            is_wanted = verb.startswith("ha")
            found += [f"{key} {one!r}" for one in words if (one in plain) is not is_wanted]
        else:
            found.append(f"nothing here knows how to check {key}")
    return found


def _differences(row: Document, wanted: Document) -> list[str]:
    """The fields that are other than wanted, numbers by more than 1 % and 1."""
    fields = dict(wanted)
    tolerance_s = fields.pop("zone_times_tolerance_s", 1)
    return [
        f"{key} is {row.get(key)!r}, not {value!r}"
        for key, value in fields.items()
        if not _is_alike(row.get(key), value, tolerance_s)
    ]


def _is_alike(value: Any, wanted: Any, tolerance_s: float) -> bool:
    if isinstance(wanted, list):
        return (
            isinstance(value, list)
            and len(value) == len(wanted)
            and all(
                abs(one - other) <= tolerance_s for one, other in zip(value, wanted, strict=True)
            )
        )
    if isinstance(wanted, float) and isinstance(value, int | float):
        return bool(abs(value - wanted) <= max(1.0, 0.01 * abs(wanted)))
    return bool(value == wanted)


def _missing(key: str, found: set[str], wanted: Sequence[str]) -> list[str]:
    return [f"{key} lacks {one}, has {sorted(found)}" for one in wanted if one not in found]
