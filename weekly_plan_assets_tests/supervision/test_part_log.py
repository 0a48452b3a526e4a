"""The logs of the parts: what is shown of them, and that they do not grow for ever."""

from pathlib import Path

import pytest

from weekly_plan_assets.supervision import part_log
from weekly_plan_assets.supervision.part_log import PartLog

STAMP = "\x1b[32m2026-11-26 01:36:10 +0000\x1b[0m - dagster.daemon.SensorDaemon"
ERROR = f"{STAMP} - \x1b[31mERROR\x1b[0m - Sensor daemon caught an error\nTraceback ...\n"


@pytest.fixture
def log(tmp_path: Path) -> PartLog:
    log = PartLog(tmp_path / "daemon.log")
    log.begin()
    return log


def append(log: PartLog, text: str) -> None:
    with log.path.open("a") as file:
        file.write(text)


def test_an_error_is_shown_once_without_its_traceback(log: PartLog) -> None:
    append(log, f"{STAMP} - WARNING - not worth a line\n{ERROR}")
    assert log.new_errors() == ["Sensor daemon caught an error"]
    append(log, ERROR)
    assert log.new_errors() == []
    append(log, ERROR.replace("an error", "another"))
    assert log.new_errors() == ["Sensor daemon caught another"]


def test_a_line_that_is_not_yet_whole_waits_for_its_end(log: PartLog) -> None:
    append(log, ERROR[:70])
    assert log.new_errors() == []
    append(log, ERROR[70:])
    assert log.new_errors() == ["Sensor daemon caught an error"]


def test_the_last_line_is_the_reason_of_an_end(log: PartLog) -> None:
    append(log, f"{ERROR}  \x1b[31mOSError: address already in use\x1b[0m\n\n")
    assert log.last_line() == "OSError: address already in use"


def test_a_full_log_moves_to_the_previous_one_while_it_is_written(
    log: PartLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part_log, "MAX_BYTES", 1000)
    with log.path.open("ab", buffering=0) as kept_open:
        kept_open.write(b"x" * 1500 + b"\n")
        assert log.new_errors() == []
        kept_open.write(ERROR.encode())
    assert log.new_errors() == ["Sensor daemon caught an error"]
    assert log.path.read_text() == ERROR
    assert log.path.with_suffix(".previous.log").stat().st_size == 1501


def test_the_log_of_the_last_dev_is_kept_as_the_previous_one(log: PartLog) -> None:
    append(log, ERROR)
    again = PartLog(log.path)
    again.begin()
    assert again.new_errors() == []
    assert log.path.read_text() == ""
    assert log.path.with_suffix(".previous.log").read_text() == ERROR
