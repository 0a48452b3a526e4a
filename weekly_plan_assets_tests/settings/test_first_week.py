"""Which week the partitions begin with."""

from datetime import date
from pathlib import Path

import pytest

from weekly_plan_assets.defs.partitions import (
    first_partition,
    weekly_partitions,
    weeks_without_partition,
)
from weekly_plan_assets.settings import Settings, SettingsError, load_settings
from weekly_plan_assets.settings.first_week import (
    UNKNOWN_FIRST_WEEK,
    first_week,
    remember_first_day,
)


def begin(folder: Path, setting: date | None = None) -> date:
    return first_week(setting, folder, is_sample=False)


def test_partitions_begin_with_the_week_in_which_the_data_begin(tmp_path: Path) -> None:
    assert begin(tmp_path) == UNKNOWN_FIRST_WEEK
    remember_first_day(tmp_path, "i1", date(2021, 3, 4))
    assert begin(tmp_path) == date(2021, 3, 1)


def test_partitions_follow_data_that_begin_later_or_earlier_than_before(tmp_path: Path) -> None:
    for day, monday in (("2021-03-04", "2021-03-01"), ("2023-05-03", "2023-05-01")):
        remember_first_day(tmp_path, "i1", date.fromisoformat(day))
        assert begin(tmp_path) == date.fromisoformat(monday)


def test_several_athletes_share_the_partitions_of_the_longest_history(tmp_path: Path) -> None:
    remember_first_day(tmp_path, "i1", date(2021, 3, 4))
    remember_first_day(tmp_path, "i2", date(2019, 7, 3))
    assert begin(tmp_path) == date(2019, 7, 1)


def test_the_setting_comes_first(tmp_path: Path) -> None:
    remember_first_day(tmp_path, "i1", date(2021, 3, 4))
    assert begin(tmp_path, date(2024, 1, 3)) == date(2024, 1, 1)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"i1": 3}', '{"i1": "soon"}'])
def test_a_damaged_note_counts_as_none_and_is_written_again(tmp_path: Path, text: str) -> None:
    (tmp_path / "first_days.json").write_text(text)
    assert begin(tmp_path) == UNKNOWN_FIRST_WEEK
    remember_first_day(tmp_path, "i1", date(2021, 3, 4))
    assert begin(tmp_path) == date(2021, 3, 1)


@pytest.mark.parametrize("day", ["2999-01-01", "1815-06-18", "last week"])
def test_a_first_day_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_FIRST_DAY", day)
    with pytest.raises(SettingsError, match="WEEKLY_PLAN_FIRST_DAY"):
        load_settings()


def test_data_from_before_the_first_partition_are_said() -> None:
    settings = Settings(first_day=date(2022, 5, 5))
    weeks = weekly_partitions(settings)
    first = first_partition(weeks).start
    assert weeks_without_partition(weeks, first, settings) is None
    said = weeks_without_partition(weeks, date(1999, 12, 31), settings)
    assert said is not None
    assert f"data begin on 1999-12-31, but weeks before {first} were not read" in said


def test_the_settings_give_the_week_of_their_first_day() -> None:
    assert Settings(first_day=date(2022, 5, 5)).first_week == date(2022, 5, 2)
