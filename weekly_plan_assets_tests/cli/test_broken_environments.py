"""Commands in environments that are wrong: one sentence each, and never a traceback."""

import json
import os
import stat
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from weekly_plan_assets_tests.conftest import sample_athlete
from weekly_plan_assets_tests.support.dagster_ui import free_port
from weekly_plan_assets_tests.support.terminal import Terminal

pytestmark = pytest.mark.slow

MOST_LINES = 3
TOO_LONG = "x" * 300

RUN = ["run"]
BACKFILL = ["backfill", "--from", "2026-11-02", "--to", "2026-11-09", "--plans", "--force"]
EVALUATE = ["evaluate", "--weeks", "1"]
SHOW, RUNS, DRIFT = ["show"], ["runs"], ["drift"]
EXPLAIN, REPLAY = ["explain", "latest"], ["replay", "latest"]
BOOTSTRAP, MIGRATE, START = ["db", "bootstrap"], ["db", "migrate"], ["db", "start"]
DEV = ["dev", "--port", "{port}"]
DOCTOR = ["doctor"]

PLACES = {
    "a file": "{odd}/file",
    "below a file": "{odd}/file/below",
    "a loop": "{odd}/loop",
    "below a loop": "{odd}/loop/below",
    "a name that is too long": "{odd}/" + TOO_LONG,
    "a pipe": "{odd}/pipe",
    "/dev/null": "/dev/null",
    "/proc": "/proc/nowhere",
    "/sys": "/sys/nowhere",
}


@pytest.fixture(scope="module")
def planned(mongo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """The sample athlete with one plan."""
    with sample_athlete(mongo_url, tmp_path_factory.mktemp("planned") / "state") as terminal:
        done = terminal.run("run")
        assert done.returncode == 0, done.stderr
        yield terminal


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of things that are not what they should be."""
    folder = tmp_path_factory.mktemp("odd")
    (folder / "folder").mkdir()
    (folder / "file").write_text("no folder")
    (folder / "binary").write_bytes(b"\xff\xfe\x00\x01")
    with (folder / "huge").open("wb") as huge:
        huge.truncate(5 * 1024**3)
    (folder / "loop").symlink_to(folder / "loop")
    os.mkfifo(folder / "pipe")
    script = folder / "script"
    script.write_text("#!/bin/sh\nexit 3\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    for name, text in (
        ("no-yaml", "{{{"),
        ("no-module", "storage: {custom: {module: n, class: N}}"),
    ):
        (folder / name).mkdir()
        (folder / name / "dagster.yaml").write_text(text)
    return folder


def environments() -> Iterator[object]:
    """Variable, value and a command that needs it: each value once, with the commands in turn."""
    cases: list[tuple[str, dict[str, str], list[list[str]]]] = [
        ("WEEKLY_PLAN_STATE_DIR", PLACES, [RUN, BACKFILL, DOCTOR]),
        (
            "WEEKLY_PLAN_ATHLETE",
            {
                "a folder": "{odd}/folder",
                "a loop": "{odd}/loop",
                "a name that is too long": "{odd}/" + TOO_LONG,
                "a pipe": "{odd}/pipe",
                "an endless device": "/dev/zero",
                "nothing": "/nowhere.yaml",
                "binary": "{odd}/binary",
                "huge": "{odd}/huge",
                "of a user who does not exist": "~nobody-of-this-name/athlete.yaml",
            },
            [RUN, EVALUATE, DOCTOR],
        ),
        (
            "WEEKLY_PLAN_EXPORT_DIR",
            {name: PLACES[name] for name in PLACES if name != "/sys"} | {"empty": "{odd}/folder"},
            [RUN, DOCTOR],
        ),
        (
            "MONGO_URL",
            {
                "no certificates": "mongodb://127.0.0.1:1/?tls=true&tlsCAFile=/nowhere.pem",
                "a folder of certificates": "mongodb://127.0.0.1:1/?tls=true&tlsCAFile=/",
                "no certificate in it": "mongodb://127.0.0.1:1/?tls=true&tlsCAFile=/etc/passwd",
                "a key that is none": "mongodb://127.0.0.1:1/?tls=true"
                "&tlsCertificateKeyFile=/etc/passwd",
                "an option with a wrong value": "mongodb://127.0.0.1:1/?readPreference=zzz"
                "&serverSelectionTimeoutMS=200",
                "an unknown option": "mongodb://127.0.0.1:1/?what=1&serverSelectionTimeoutMS=200",
                "an unknown mechanism": "mongodb://127.0.0.1:1/?authMechanism=FOO"
                "&serverSelectionTimeoutMS=200",
                "a port that is none": "mongodb://127.0.0.1:99999/",
                "a socket that is not there": "mongodb://%2Fnowhere%2Fmongod.sock/"
                "?serverSelectionTimeoutMS=200",
                "nobody there": "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200",
                "no host": "mongodb:///",
                "another scheme": "https://127.0.0.1/",
            },
            [RUN, SHOW, BOOTSTRAP, DOCTOR],
        ),
        (
            "WEEKLY_PLAN_MONGOD",
            {
                "nothing": "/nowhere/mongod",
                "a folder": "{odd}/folder",
                "a file that cannot be run": "{odd}/file",
                "a name that is too long": "{odd}/" + TOO_LONG,
                "another program": "{odd}/script",
            },
            [SHOW, START, DOCTOR],
        ),
        (
            "DAGSTER_HOME",
            {
                "nothing": "/nowhere",
                "a file": "{odd}/file",
                "a loop": "{odd}/loop",
                "a name that is too long": "{odd}/" + TOO_LONG,
                "no YAML": "{odd}/no-yaml",
                "a module that is not there": "{odd}/no-module",
            },
            [RUN, DOCTOR],
        ),
        ("WEEKLY_PLAN_TIMEZONE", {"no zone": "Mars/Olympus"}, [SHOW]),
        ("WEEKLY_PLAN_MODEL", {"no provider": "gpt"}, [EVALUATE]),
    ]
    for variable, values, commands in cases:
        for (name, value), command in zip(values.items(), cycle(commands), strict=False):
            yield pytest.param(
                variable, value, command, id=f"{variable} {name} {' '.join(command[:2])}"
            )


@pytest.mark.parametrize(("variable", "value", "command"), environments())
def test_a_command_says_in_a_sentence_what_is_wrong_with_its_environment(
    planned: Terminal, odd: Path, tmp_path: Path, variable: str, value: str, command: list[str]
) -> None:
    value = value.format(odd=odd)
    environment = {variable: value}
    if variable == "WEEKLY_PLAN_MONGOD":
        environment |= {"MONGO_URL": "", "WEEKLY_PLAN_STATE_DIR": str(tmp_path)}
    done = planned.run(*command, **environment)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "defect" not in done.stderr
    assert len(done.stderr.splitlines()) <= MOST_LINES, done.stderr
    said = done.stderr
    if command == DOCTOR:
        said += "".join(line for line in done.stdout.splitlines() if line.startswith("WRONG"))
    assert variable in said or value in said or "WEEKLY_PLAN_" in said


@pytest.mark.parametrize(
    ("place", "command"),
    zip(PLACES.values(), cycle([RUNS, EXPLAIN, REPLAY, DRIFT, MIGRATE, SHOW]), strict=False),
    ids=PLACES,
)
def test_a_command_that_only_reads_the_store_needs_no_state_folder(
    planned: Terminal, odd: Path, place: str, command: list[str]
) -> None:
    done = planned.run(*command, WEEKLY_PLAN_STATE_DIR=place.format(odd=odd))
    assert "Traceback" not in done.stderr
    # The newest run may be one that another test let break before it had inputs.
    is_answered = done.returncode == 0 or "has no stored inputs" in done.stdout
    assert is_answered or "cannot be followed" in done.stderr


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("command", [["export", "latest", "--to"], ["db", "backup"]])
def test_a_folder_that_cannot_be_written_is_named(
    planned: Terminal, odd: Path, place: str, command: list[str]
) -> None:
    target = place.format(odd=odd)
    done = planned.run(*command, target)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= MOST_LINES
    assert target in done.stderr


@pytest.mark.parametrize("place", ["/proc/nowhere", "{odd}/file", "{odd}/loop"])
def test_the_ui_and_the_embedded_server_name_a_state_folder_that_they_cannot_use(
    planned: Terminal, odd: Path, place: str
) -> None:
    environment = {"MONGO_URL": "", "WEEKLY_PLAN_STATE_DIR": place.format(odd=odd)}
    for command in (["dev", "--port", str(free_port())], START, SHOW):
        done = planned.run(*command, **environment)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) <= MOST_LINES
        assert "WEEKLY_PLAN_" in done.stderr


def test_settings_are_named_by_doctor_without_any_of_their_secrets(planned: Terminal) -> None:
    url = "mongodb://coach:hunter2@127.0.0.1:1/?readPreference=hunter2&serverSelectionTimeoutMS=200"
    done = planned.run("doctor", "--json", MONGO_URL=url)
    assert done.returncode == 1
    assert not json.loads(done.stdout)["healthy"]
    assert "hunter2" not in done.stdout + done.stderr
