"""Two databases on one state: each knows how its own runs ended, and nothing of the other's."""

import json
from collections.abc import Iterator

import pytest

from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.support.terminal import Terminal


@pytest.fixture
def second(terminal: Terminal) -> Iterator[dict[str, str]]:
    """Settings of another database on the same state."""
    name = f"{terminal.environment['MONGO_DATABASE']}_second"
    yield {"MONGO_DATABASE": name}
    with open_client(terminal.environment["MONGO_URL"]) as client:
        client.drop_database(name)


@pytest.mark.slow
def test_a_success_in_another_database_is_no_failure_here(
    terminal: Terminal, second: dict[str, str]
) -> None:
    assert terminal.run("run").returncode == 0
    elsewhere = terminal.run("run", **second)
    assert elsewhere.returncode == 0, elsewhere.stderr
    assert terminal.run("run").returncode == 0

    def statuses(**environment: str) -> list[str]:
        return [event["status"] for event in json.loads(runs(**environment))]

    def runs(**environment: str) -> str:
        return terminal.run("runs", "--json", **environment).stdout

    assert statuses() == ["success", "success"]
    assert statuses(**second) == ["success"]
    for environment in ({}, second):
        doctor = terminal.run("doctor", "--deep", "--json", **environment)
        findings = json.loads(doctor.stdout)["findings"]
        assert [one for one in findings if "no event" in one["text"]] == []
        assert [one for one in findings if "has none yet" in one["text"]] == []
