"""A step for each athlete: several sources on the network are read at once."""

import threading
from pathlib import Path

import pytest
from pymongo.database import Database

from weekly_plan_assets.athletes.each_athlete import READERS, OpenedRoster
from weekly_plan_assets.athletes.stored_steps import StoredSteps
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets.settings.roster import RosterAthlete
from weekly_plan_assets.storage.codec import BsonDocument

WAIT_S = 20.0


@pytest.fixture
def roster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database[BsonDocument]
) -> OpenedRoster:
    """As many athletes of Intervals.icu as are read at once."""
    path = tmp_path / "roster.yaml"
    of_network = [f"- {{id: i{n}, source: intervals, key: KEY_OF_ALL}}" for n in range(READERS)]
    path.write_text("\n".join(["athletes:", *of_network]))
    monkeypatch.setenv("KEY_OF_ALL", "made-up")
    monkeypatch.setenv("WEEKLY_PLAN_ROSTER", str(path))
    monkeypatch.setenv("WEEKLY_PLAN_STATE_DIR", str(tmp_path / "state"))
    return OpenedRoster(load_settings(), database)


def athletes_of(roster: OpenedRoster) -> tuple[RosterAthlete, ...]:
    assert roster.settings.roster is not None
    return roster.settings.roster.athletes


def test_sources_on_the_network_are_waited_for_together(roster: OpenedRoster) -> None:
    all_wait = threading.Barrier(READERS)

    def read(steps: StoredSteps) -> str:
        all_wait.wait(WAIT_S)  # broken, and an error, unless as many wait at one time
        return steps.athlete_id

    outcomes = roster.read_each(athletes_of(roster), read)
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
