"""Runs of a cohort that are killed: plans that were made stay, the next run makes the others."""

import json
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from weekly_plan_assets.athletes.chunks import CHUNK
from weekly_plan_assets_tests.faults.scene import (
    IN_A_STEP,
    WEEK,
    Door,
    EventfulIntervals,
    Scene,
)
from weekly_plan_assets_tests.support.intervals_server import API_KEY, IntervalsServer
from weekly_plan_assets_tests.support.terminal import Terminal

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

ATHLETES = ["i101", "i102", "i103"]
MORE = [f"i{number}" for number in range(101, 103 + CHUNK)]
"""Two more than are planned for together."""


class Team(EventfulIntervals):
    """An Intervals.icu at which a coach's key opens several athletes, who all did the same."""

    def answer(self, path: str, query: Any) -> Any:
        self.asked(path)
        if self.hidden and path.endswith(self.hidden):
            return None
        named = next((one for one in MORE if f"/{one}" in path), None)
        if named is None:
            return None
        found = IntervalsServer.answer(self, path.replace(f"/{named}", "/0"), query)
        return {**found, "id": named} if path.endswith(f"/{named}") else found


@pytest.fixture
def cohort(request: pytest.FixtureRequest, scene: Scene, tmp_path: Path) -> Iterator[Scene]:
    """Three athletes of a coach, or as many as the test says."""
    team = Team()
    team.fill()
    scene = Scene(Terminal({**scene.terminal.environment, **team.environment}), team)
    roster = tmp_path / "roster.yaml"
    athletes = getattr(request, "param", ATHLETES)
    entries = [{"id": one, "source": "intervals", "key": "KEY_OF_THE_COACH"} for one in athletes]
    roster.write_text(json.dumps({"athletes": entries}))
    scene.terminal.environment["WEEKLY_PLAN_ROSTER"] = str(roster)
    scene.terminal.environment["KEY_OF_THE_COACH"] = API_KEY
    yield scene
    team.close()


def ends(scene: Scene) -> Counter[tuple[str, str]]:
    return Counter((event["athleteId"], event["status"]) for event in scene.events())


def kill_at(scene: Scene, path: str) -> None:
    """Run for everybody, and kill the process as it asks for a path."""
    with Door(scene.intervals, path) as door:
        process = scene.terminal.popen("run", "--all", "--week", WEEK)
        assert door.reached.wait(timeout=60)
        process.send_signal(signal.SIGKILL)
        process.communicate()


@pytest.mark.parametrize("cohort", [MORE], indirect=True)
def test_a_run_killed_between_two_chunks_is_finished_for_the_rest(cohort: Scene) -> None:
    planned, missing = MORE[:CHUNK], MORE[CHUNK:]
    kill_at(cohort, f"{missing[0]}{IN_A_STEP}")
    done = cohort.terminal.run("run", "--all", "--week", WEEK)
    assert done.returncode == 0, done.stderr
    assert f"{len(missing)} planned, {len(planned)} as planned before" in done.stdout
    assert ends(cohort) == {
        **{(one, "success"): 1 for one in MORE},
        **{(one, "failure"): 1 for one in missing},
    }
    cohort.assert_whole()


def test_a_run_killed_as_it_reads_for_a_chunk_has_planned_for_nobody_of_it(cohort: Scene) -> None:
    kill_at(cohort, f"{ATHLETES[1]}{IN_A_STEP}")
    assert cohort.terminal.run("run", "--all", "--week", WEEK).returncode == 0
    assert ends(cohort) == {
        **{(one, "success"): 1 for one in ATHLETES},
        **{(one, "failure"): 1 for one in ATHLETES},
    }
    cohort.assert_whole()


def test_a_run_killed_before_it_plans_is_a_failure_of_every_athlete(cohort: Scene) -> None:
    assert cohort.terminal.run("run", "--all", "--week", WEEK).returncode == 0
    with Door(cohort.intervals, f"{ATHLETES[0]}/activities") as first_day:
        process = cohort.terminal.popen("run", "--all", "--week", WEEK)
        assert first_day.reached.wait(timeout=60)
        with Door(cohort.intervals, f"{ATHLETES[0]}/activities") as in_the_run:
            first_day.open()
            assert in_the_run.reached.wait(timeout=60)
            process.send_signal(signal.SIGKILL)
            process.communicate()
    assert cohort.terminal.run("run", "--all", "--week", WEEK).returncode == 0
    assert ends(cohort) == {
        **{(one, "success"): 1 for one in ATHLETES},
        **{(one, "failure"): 1 for one in ATHLETES},
    }
    cohort.assert_whole()


def test_nothing_is_planned_for_an_athlete_whose_week_could_not_be_read(cohort: Scene) -> None:
    assert cohort.terminal.run("run", "--all", "--week", WEEK).returncode == 0
    cohort.intervals.hidden = ("i102/activities",)
    done = cohort.terminal.run("run", "--all", "--again", "--week", WEEK)
    assert done.returncode == 1
    assert "i102, 2024-01-22: " in done.stdout
    assert "2 planned, 1 failed" in done.stdout
    assert ends(cohort)["i102", "failure"] == 1
    cohort.assert_whole()
