"""Runs of the same week at the same time."""

import pytest

from weekly_plan_assets_tests.faults.scene import Scene

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


@pytest.mark.parametrize("runs", [2, 10])
def test_runs_of_the_same_week_at_once_all_succeed_and_share_their_rows(
    scene: Scene, runs: int
) -> None:
    processes = [scene.start() for _ in range(runs)]
    told = [process.communicate(timeout=240)[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * runs, told
    scene.assert_whole()
    assert [event["status"] for event in scene.events()] == ["success"] * runs
    scene.assert_goes_on()
