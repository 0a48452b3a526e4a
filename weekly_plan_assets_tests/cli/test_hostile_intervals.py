"""A hostile or broken Intervals.icu at the terminal: what it costs, and what is said."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import pytest

from weekly_plan_assets.common.http_retries import BUDGET_S
from weekly_plan_assets.runs.instance import open_instance
from weekly_plan_assets.sources.intervals_icu.client import ANSWER_S
from weekly_plan_assets_tests.conftest import sample_athlete
from weekly_plan_assets_tests.support.graph import activity, wellness_day
from weekly_plan_assets_tests.support.intervals_server import Fault, IntervalsServer
from weekly_plan_assets_tests.support.terminal import Terminal

WEEK = "2024-01-01"
ROWS = [activity(f"a{day}", f"2024-01-0{day}T07:00:00") for day in range(1, 7)]
DAYS = [wellness_day(f"2024-01-0{day}") for day in range(1, 8)]


@pytest.fixture
def at_home(terminal: Terminal, intervals: IntervalsServer) -> Terminal:
    """The terminal of somebody whose Intervals.icu is the local server."""
    terminal.environment |= intervals.environment
    return terminal


def one_line(run: subprocess.CompletedProcess[str]) -> str:
    return " ".join(run.stderr.split())


@pytest.mark.slow
def test_rows_that_cannot_be_used_are_named_by_the_run_and_its_log_and_the_rest_is_planned(
    at_home: Terminal, intervals: IntervalsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = activity("a7", f"{WEEK}T18:00:00", name="Morning run CUT")
    rows = [*ROWS, activity("b1", f"{WEEK}T20:00:00", moving_time="an hour"), {"id": "b2"}, cut]
    body = json.dumps(rows).replace("CUT", r"\ud83d")
    intervals.bodies["activities"] = body.encode()
    intervals.wellness = DAYS
    intervals.bodies["events"] = b'[{"id": 7, "category": "RACE_A", "start_date_local": "soon"}]'
    run = at_home.run("run", "--week", WEEK, "--json")
    assert run.returncode == 0, run.stderr
    said = one_line(run)
    for sentence in (
        "row 6 (id b1, 2024-01-01) has moving_time = 'an hour'",
        "row 7 (id b2) has no start_date_local",
        "Intervals.icu /athlete/0/events: row 0 (id 7) has start_date_local = 'soon'",
    ):
        assert said.count(sentence) == 1, run.stderr
    assert "Traceback" not in said
    for name, value in at_home.environment.items():
        monkeypatch.setenv(name, value)
    with open_instance() as instance:
        log = instance.all_logs(json.loads(run.stdout)["event"]["dagsterRunId"])
    messages = " ".join(entry.user_message for entry in log)
    assert "(id b2) has no start_date_local" in messages
    assert "(id 7) has start_date_local = 'soon'" in messages
    assert "a text in name with characters that no text can hold" in messages


@pytest.mark.slow
def test_doctor_names_the_rows_of_the_last_weeks_that_cannot_be_used(
    at_home: Terminal, intervals: IntervalsServer
) -> None:
    intervals.bodies["activities"] = json.dumps([*ROWS, {"id": "b2"}]).encode()
    intervals.bodies["events"] = b'[{"id": 7, "category": "RACE_A"}]'
    intervals.wellness = DAYS
    said = json.loads(at_home.run("doctor", "--json").stdout)["findings"]
    notes = " ".join(one["text"] for one in said if one["level"] == "note")
    assert "not read whole: Intervals.icu /athlete/0/activities: row 6 (id b2) has no" in notes
    assert "not read whole: Intervals.icu /athlete/0/events: row 0 (id 7) has no" in notes


@pytest.mark.slow
def test_an_address_that_knows_no_activities_ends_the_first_import_with_what_to_check(
    at_home: Terminal, intervals: IntervalsServer
) -> None:
    intervals.activities, intervals.wellness = ROWS, DAYS
    asked_before = [None, None, None]
    intervals.faults.extend([*asked_before, *[Fault(404)] * 10])
    run = at_home.run("run", "--week", "2024-01-15")
    assert run.returncode == 1
    said = one_line(run)
    assert "answers 404 (Not Found): there is no such athlete (0) or address" in said
    assert "check INTERVALS_ATHLETE_ID and INTERVALS_BASE_URL" in said


@pytest.fixture
def dripping() -> Iterator[IntervalsServer]:
    server = IntervalsServer()
    server.always = Fault(body=json.dumps(DAYS).encode(), byte_every_s=1.0, head_at_once=True)
    yield server
    server.close()


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_silent_server_and_a_dripping_one_cost_a_command_a_minute_and_no_more(
    mongo_url: str, tmp_path: Path, intervals: IntervalsServer, dripping: IntervalsServer
) -> None:
    assert BUDGET_S == ANSWER_S == 60
    intervals.always = Fault(delay_s=120)
    with ExitStack() as stack:
        runs = []
        for name, server in {"silent": intervals, "dripping": dripping}.items():
            terminal = stack.enter_context(sample_athlete(mongo_url, tmp_path / name))
            runs.append((server, terminal.popen("run", "--week", WEEK, **server.environment)))
        for server, run in runs:
            _, said = run.communicate(timeout=150)
            assert monotonic() - server.requests[0].at_s < BUDGET_S + 12, said
            assert run.returncode == 1
            assert "given up after" in said
            assert said.count("asking again") <= 2
            assert "Traceback" not in said
