"""Every benchmark measures what it says it does; here little of it, so that it takes seconds."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import BEGIN, BENCHMARKS, END, PAGE, RESULTS, above_limit, markdown
from benchmarks.figures import STATE_PREFIX, STATES
from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets_tests.support.dagster_ui import wait_for

LITTLE = {
    "runs": "it.SIZES = it.Sizes(3, (5, 7), 1, (2, 4), 1)",
    "cold_start": "it.REPEATS = 1",
    "evaluating": "it.WEEKS = 2",
    "upserts": "it.WEEKS, it.ROWS_A_WEEK, it.REPEATS = 60, 100, 1",
    "metrics": "it.ATHLETES, it.DRAWN, it.YEARS = 3, 2, 1",
    "cohorts": "it.ATHLETES = 5",
    "growth": "it.SIZES, it.REPEATS = (7, 9), 1",
    "import_of_files": "it.FILES, it.FLOOR_FILES = 2, 2",
}


def little_of(name: str) -> dict[str, Any]:
    """What the benchmark tells when it measures little."""
    code = f"import benchmarks.{name} as it; {LITTLE[name]}; it.main()"
    command = (sys.executable, "-W", "ignore", "-c", code, "--json")
    done = subprocess.run(command, cwd=PROJECT_ROOT, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def state_folders() -> set[Path]:
    return set(STATES.glob(f"{STATE_PREFIX}*"))


@pytest.mark.slow
@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_measures_figures_and_their_floors(name: str) -> None:
    there = state_folders()
    told = little_of(name)
    # A mongod that is stopping may hold its folder for some seconds more.
    wait_for(lambda: state_folders() <= there, "an end without a folder left behind", 30)
    assert told["figures"]
    for figure in told["figures"]:
        assert figure["seconds"] > 0 or "range" in figure["what"], "a difference may be noise"
        assert figure["floor_s"] is None or figure["ratio"] is not None
    assert told["title"] in markdown({name: told})


def test_the_page_has_the_figures_that_were_measured_last() -> None:
    results = json.loads(RESULTS.read_text())
    assert results.keys() == set(BENCHMARKS)
    assert f"{BEGIN}{markdown(results)}{END}" in PAGE.read_text()


def test_the_page_explains_every_figure_that_is_above_its_limit() -> None:
    results = json.loads(RESULTS.read_text())
    explained = PAGE.read_text().partition("## Above their limit")[2]
    for figure in above_limit(results.values()):
        assert figure in explained
