"""A clock that is set forwards and backwards between runs."""

import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from weekly_plan_assets_tests.faults.scene import WEEK, Scene, python

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

MOVED_CLOCK = "weekly_plan_assets_tests.faults.moved_clock"
HOURS_AHEAD = (48, -24, 1)


def test_a_clock_that_jumps_between_runs_loses_no_run_and_mixes_none_up(scene: Scene) -> None:
    for hours in HOURS_AHEAD:
        done = subprocess.run(
            [*python("-m", MOVED_CLOCK, str(hours)), "run", "--week", WEEK],
            env=scene.terminal.environment,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    now = datetime.now(UTC)
    for event, hours in zip(scene.events(), HOURS_AHEAD, strict=True):
        for moment in ("startedAt", "endedAt", "createdAt"):
            off = abs(event[moment] - timedelta(hours=hours) - now)
            assert off < timedelta(minutes=5), (moment, hours)
    scene.assert_goes_on()
    assert [event["status"] for event in scene.events()] == ["success"] * 4
