"""A store that refuses run events, as a validator of somebody's does: commands go on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from weekly_plan_assets_tests.faults.scene import IN_A_STEP, Door, Scene

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]


@contextmanager
def refused(scene: Scene, validator: dict[str, object]) -> Iterator[None]:
    """The store takes only events that the validator lets through."""
    with scene.store() as database:
        if "run_events" not in database.list_collection_names():
            database.create_collection("run_events")
        database.command("collMod", "run_events", validator=validator)
        yield
        database.command("collMod", "run_events", validator={})


def locks(scene: Scene) -> list[Path]:
    return sorted(scene.state.rglob("headless/*.lock"))


def test_a_plan_is_shown_though_its_event_is_refused_and_the_next_run_writes_it(
    scene: Scene,
) -> None:
    with refused(scene, {"never": {"$exists": True}}):
        done = scene.run()
        assert done.returncode == 0, done.stderr
        assert "its event cannot be written; the next command tries again" in done.stderr
        assert "refused by the validator of that collection" in done.stderr
        assert "Traceback" not in done.stderr
        assert "Plan for 2024-01-29 to 2024-02-04" in done.stdout
        assert scene.events() == []
        assert len(locks(scene)) == 1
        doctor = scene.terminal.run("doctor")
        assert f"note  run events: run {locks(scene)[0].stem} has none yet" in doctor.stdout
    scene.assert_goes_on()
    assert [event["status"] for event in scene.events()] == ["success"] * 2
    assert locks(scene) == []


def test_a_killed_run_whose_event_is_refused_does_not_end_later_runs_before_they_begin(
    scene: Scene,
) -> None:
    assert scene.run().returncode == 0
    with refused(scene, {"status": {"$ne": "failure"}}):
        with Door(scene.intervals, IN_A_STEP) as door:
            process = scene.start()
            assert door.reached.wait(timeout=60)
            process.kill()
            process.communicate()
        (lock,) = locks(scene)
        for _ in range(2):
            done = scene.run()
            assert done.returncode == 0, done.stderr
            assert f"run {lock.stem}: its event cannot be written" in done.stderr
        assert locks(scene) == [lock]
    scene.assert_goes_on()
    statuses = sorted(event["status"] for event in scene.events())
    assert statuses == ["failure", *["success"] * 4]
    assert locks(scene) == []


def test_a_lock_file_of_no_run_is_removed(scene: Scene) -> None:
    assert scene.run().returncode == 0
    (folder,) = scene.state.rglob("headless")
    (folder / "nonsense.lock").touch()
    scene.assert_goes_on()
    assert locks(scene) == []


def test_a_backfill_goes_on_with_the_other_weeks(scene: Scene) -> None:
    weeks = ("--from", "2024-01-08", "--to", "2024-01-22", "--plans")
    with refused(scene, {"weekStart": {"$ne": "2024-01-22"}}):
        done = scene.terminal.run("backfill", *weeks)
        assert done.returncode == 0, done.stderr
        assert "3 plans published, 0 failed" in done.stdout
        assert len(scene.events()) == 2
    scene.assert_goes_on()
    assert len(scene.events()) == 4
