"""A step for each athlete: several sources on the network are read at once."""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pymongo.database import Database

from weekly_plan_assets.athletes.each_athlete import READERS, OpenedRoster
from weekly_plan_assets.athletes.stored_steps import StoredSteps
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets.settings.roster import RosterAthlete
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.terminal.console import show_warnings

WAIT_S = 20.0


class AthleteApi(BaseHTTPRequestHandler):
    """An API that knows of each athlete no more than the id."""

    @property
    def athlete_id(self) -> str:
        return self.path.rpartition("/")[2]

    def answer(self) -> None:
        body = json.dumps({"id": self.athlete_id}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@contextmanager
def served(api: type[AthleteApi]) -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), api) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def all_asked() -> Iterator[ThreadingHTTPServer]:
    """An API that answers for an athlete once as many are asked for as are read at once."""
    all_wait = threading.Barrier(READERS)

    class Api(AthleteApi):
        def do_GET(self) -> None:
            all_wait.wait(WAIT_S)  # broken, and no answer, unless as many wait at one time
            self.answer()

    with served(Api) as server:
        yield server


@pytest.fixture
def none_left_for_one() -> Iterator[ThreadingHTTPServer]:
    """An API that takes no more requests for athlete i0, and answers for all others."""

    class Api(AthleteApi):
        def do_GET(self) -> None:
            if self.athlete_id == "i0":
                self.send_response(429)
                self.send_header("Retry-After", "3600")
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self.answer()

    with served(Api) as server:
        yield server


@pytest.fixture
def roster(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database: Database[BsonDocument],
    all_asked: ThreadingHTTPServer,
) -> OpenedRoster:
    """As many athletes of Intervals.icu as are read at once."""
    return roster_at(all_asked, tmp_path, monkeypatch, database)


def roster_at(
    server: ThreadingHTTPServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database: Database[BsonDocument],
) -> OpenedRoster:
    path = tmp_path / "roster.yaml"
    entries = [
        f"- {{id: i{number}, source: intervals, key: KEY_{number}}}" for number in range(READERS)
    ]
    path.write_text("\n".join(["athletes:", *entries]))
    for number in range(READERS):
        monkeypatch.setenv(f"KEY_{number}", f"made-up-{number}")
    monkeypatch.setenv("INTERVALS_BASE_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("WEEKLY_PLAN_ROSTER", str(path))
    monkeypatch.setenv("WEEKLY_PLAN_STATE_DIR", str(tmp_path / "state"))
    return OpenedRoster(load_settings(), database)


def athletes_of(roster: OpenedRoster) -> tuple[RosterAthlete, ...]:
    assert roster.settings.roster is not None
    return roster.settings.roster.athletes


def test_sources_on_the_network_are_waited_for_together(roster: OpenedRoster) -> None:
    outcomes = roster.read_each(athletes_of(roster), lambda steps: steps.athlete_id)
    assert outcomes.errors == {}
    assert set(outcomes.done.values()) == {one.id for one in athletes_of(roster)}


def test_what_goes_wrong_for_one_of_those_read_at_once_is_theirs(roster: OpenedRoster) -> None:
    def read(steps: StoredSteps) -> str:
        if steps.athlete_id == "i1":
            raise ValueError("odd data")
        return steps.athlete_id

    outcomes = roster.read_each(athletes_of(roster), read)
    assert outcomes.errors == {"i1": "ValueError: odd data"}
    assert set(outcomes.done) == {one.id for one in athletes_of(roster)} - {"i1"}


def test_a_warning_names_the_athlete_for_whom_the_work_is_done(
    roster: OpenedRoster, capsys: pytest.CaptureFixture[str]
) -> None:
    show_warnings()

    def warn(steps: StoredSteps) -> None:
        logging.getLogger("weekly_plan_assets.sources").warning("one row of %s", steps.athlete_id)

    roster.read_each(athletes_of(roster), warn)
    said = {line for line in capsys.readouterr().err.splitlines() if "one row" in line}
    assert said == {f"{one.id}: one row of {one.id}" for one in athletes_of(roster)}


def test_an_account_that_the_server_leaves_unanswered_is_nobody_elses_trouble(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database: Database[BsonDocument],
    none_left_for_one: ThreadingHTTPServer,
) -> None:
    settings = roster_at(none_left_for_one, tmp_path, monkeypatch, database).settings
    for _ in range(2):  # who failed is known by now, and fails at once
        roster = OpenedRoster(settings, database)
        outcomes = roster.read_each(athletes_of(roster), lambda steps: steps.athlete_id)
        assert set(outcomes.errors) == {"i0"}
        assert "429" in outcomes.errors["i0"]
