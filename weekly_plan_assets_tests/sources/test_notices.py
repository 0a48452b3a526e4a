"""What an athlete should know of their data and of the weeks, beside the plan."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.texts.language import is_in_language
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.sources.athlete_yaml import read_athlete_file
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets.sources.notices import absent_keys, end_of_data, week_notices
from weekly_plan_assets_tests.support.fit_encoder import fit_file

OBSERVED = TrainingWeek(date(2024, 1, 8))


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2024, 1, 10), "under way: 3 of its 7 days are known"),
        (date(2024, 1, 14), "under way: 7 of its 7 days are known"),
        (date(2024, 1, 15), None),
        (date(2024, 1, 18), "3 of 7 days of the planned week 2024-01-15 to 2024-01-21 have passed"),
        (date(2024, 1, 21), "6 of 7 days"),
        (date(2024, 1, 22), "the planned week 2024-01-15 to 2024-01-21 is over"),
    ],
)
def test_a_week_under_way_half_gone_or_over_is_said(today: date, said: str | None) -> None:
    notices = list(week_notices(OBSERVED, today))
    assert len(notices) == (0 if said is None else 1)
    assert all(str(said) in notice for notice in notices)


@pytest.mark.parametrize("day", [10, 18, 22])
def test_notices_beside_a_spanish_plan_are_spanish(day: int, source: ExportFolderSource) -> None:
    today = date(2024, 1, day)
    notices = [
        *week_notices(OBSERVED, today, Language.SPANISH),
        *end_of_data(source, OBSERVED, today, Language.SPANISH),
    ]
    assert len(notices) == 2
    assert all(is_in_language(notice, "es") for notice in notices)
    assert not any(is_in_language(notice, "en") for notice in notices)


@pytest.fixture
def source(tmp_path: Path) -> ExportFolderSource:
    recorded = datetime(2024, 1, 4, 7, tzinfo=UTC)
    (tmp_path / "run.fit").write_bytes(fit_file(recorded, heart_bpm=[150] * 600))
    return ExportFolderSource(tmp_path)


def test_data_that_ended_before_the_observed_week_are_named_with_their_last_day(
    source: ExportFolderSource,
) -> None:
    (said,) = end_of_data(source, OBSERVED, date(2024, 1, 18))
    assert "your data end on 2024-01-04, 14 days ago" in said
    assert "--week 2024-01-01" in said
    assert not list(end_of_data(source, TrainingWeek(date(2024, 1, 1)), date(2024, 1, 18)))


def test_absent_keys_of_the_athletes_file_are_named_with_what_is_unknown_without_them(
    source: ExportFolderSource, tmp_path: Path
) -> None:
    (said,) = absent_keys(source, athlete_file=None)
    assert said == (
        "WEEKLY_PLAN_ATHLETE names no file, so there is no resting_hr_bpm and no max_hr_bpm (load, "
        "CTL and ATL of recordings stay unknown), and no id (files of somebody else are noticed "
        "only by their sessions)"
    )
    path = tmp_path / "me.yaml"
    path.write_text("id: me\nresting_hr_bpm: 50\n")
    file = read_athlete_file(path)
    known = ExportFolderSource(tmp_path, own_id=file.id, athlete=file)
    (said,) = absent_keys(known, athlete_file=str(path))
    assert said.startswith(f"{path} has no max_hr_bpm (load")
    path.write_text("id: me\nresting_hr_bpm: 50\nmax_hr_bpm: 190\n")
    file = read_athlete_file(path)
    whole = ExportFolderSource(tmp_path, own_id=file.id, athlete=file)
    assert not list(absent_keys(whole, athlete_file=str(path)))
