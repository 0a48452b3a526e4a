"""Real processes that deliver a plan, killed in the middle of it or raced, over real sockets."""

import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.support.calendar_server.server import CalendarServer
from weekly_plan_assets_tests.support.deliveries import a_trained_account, delivered
from weekly_plan_assets_tests.support.intervals_server import Fault
from weekly_plan_assets_tests.support.terminal import Terminal

pytestmark = pytest.mark.faults

THIS_WEEK = TrainingWeek.containing(datetime.now(UTC).date())


@pytest.fixture
def server() -> Iterator[CalendarServer]:
    with a_trained_account(THIS_WEEK) as one:
        yield one


@pytest.fixture
def athlete(terminal: Terminal, server: CalendarServer) -> Terminal:
    """Somebody with a plan for next week that is on no calendar yet."""
    terminal.environment |= server.environment
    assert terminal.run("run", "--next").returncode == 0
    return terminal


def kill_during_a_write(athlete: Terminal, server: CalendarServer, fault: Fault) -> None:
    """Kill the delivery while it waits for the answer to its next write."""
    known = len(server.writes)
    server.write_faults.append(fault)
    process = athlete.popen("deliver", "--to", "intervals", "--yes")
    until_s = time.monotonic() + 60
    while len(server.writes) == known and time.monotonic() < until_s:
        time.sleep(0.02)
    assert len(server.writes) == known + 1
    time.sleep(0.3)  # so that what is to be applied is
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)


def statuses(athlete: Terminal) -> list[str]:
    with open_client(athlete.environment["MONGO_URL"]) as client:
        found = client[athlete.environment["MONGO_DATABASE"]]["plan_deliveries"].find()
        return [one["status"] for one in found]


@pytest.mark.parametrize("is_applied", [True, False])
def test_a_delivery_killed_at_its_first_write_leaves_one_entry_a_session(
    athlete: Terminal, server: CalendarServer, *, is_applied: bool
) -> None:
    kill_during_a_write(athlete, server, Fault(applies_first=is_applied, delay_s=5))
    assert statuses(athlete) == ["writing"]
    made = len(delivered(server))
    assert bool(made) is is_applied
    again = athlete.run("deliver", "--to", "intervals", "--yes")
    assert again.returncode == 0, again.stderr
    assert statuses(athlete) == ["delivered"]
    ids = [one["external_id"] for one in delivered(server)]
    assert len(ids) == len(set(ids)) > 3
    if is_applied:
        assert len(ids) == made


def test_a_taking_back_that_was_killed_goes_on_where_it_was(
    athlete: Terminal, server: CalendarServer
) -> None:
    assert athlete.run("deliver", "--to", "intervals", "--yes").returncode == 0
    server.write_faults.extend([None, Fault(applies_first=True, delay_s=5)])
    process = athlete.popen("deliver", "--to", "intervals", "--take-back")
    known, until_s = len(server.writes), time.monotonic() + 60
    while len(server.writes) < known + 2 and time.monotonic() < until_s:
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    assert delivered(server)
    again = athlete.run("deliver", "--to", "intervals", "--take-back")
    assert again.returncode == 0, again.stderr
    assert delivered(server) == []
    assert statuses(athlete) == ["taken_back"]


def test_two_processes_at_once_make_one_entry_a_session(
    athlete: Terminal, server: CalendarServer
) -> None:
    server.of_keys = "duplicates"
    assert athlete.run("run", "--next").returncode == 0
    processes = [athlete.popen("deliver", "--to", "intervals", "--yes") for _ in range(3)]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    ids = [one["external_id"] for one in delivered(server)]
    assert len(ids) == len(set(ids)) > 3
