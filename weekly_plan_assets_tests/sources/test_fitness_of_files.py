"""Load and fitness of folders whose files tell neither."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import pandas as pd
import pytest

from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.metrics.estimated_fitness import with_estimated_fitness
from weekly_plan_assets.domain.metrics.weekly_metrics import summarise_weeks
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets_tests.support.fit_encoder import fit_file
from weekly_plan_assets_tests.support.graph import activity, wellness_day, write_export

ATHLETE = AthleteFile(resting_hr_bpm=50, threshold_hr_bpm=165, max_hr_bpm=190)
MONDAY = date(2024, 1, 8)
SUNDAY = date(2024, 1, 14)


def put_runs(folder: Path, *days: int) -> None:
    """An hour of running at 150 bpm on each of these days of January 2024, as FIT files."""
    for day in days:
        start = datetime(2024, 1, day, 7, tzinfo=UTC)
        (folder / f"{day:02}.fit").write_bytes(fit_file(start, heart_bpm=[150] * 3601))


def fitness(rows: list[WellnessDay]) -> dict[int, tuple[float | None, float | None, float | None]]:
    return {row.day.day: (row.ctl, row.atl, row.ramp_rate) for row in rows}


def week(source: ExportFolderSource) -> list[WellnessDay]:
    return source.wellness(MONDAY, SUNDAY)


def test_recordings_have_load_and_every_day_since_has_fitness(tmp_path: Path) -> None:
    put_runs(tmp_path, 3, 9)
    source = ExportFolderSource(tmp_path, athlete=ATHLETE)
    assert [row.training_load for row in source.activities(date.min, date.max)] == [71, 71]
    assert source.first_day() == date(2024, 1, 3)
    assert [row.day.day for row in source.wellness(date(2024, 1, 1), SUNDAY)] == [*range(3, 15)]
    assert all(row.model_dump()["fitnessModel"] is True for row in week(source))
    assert fitness(week(source))[8][:2] == pytest.approx((1.4830, 4.6270), abs=1e-3)
    assert fitness(week(source))[9] == pytest.approx((3.1186, 13.4627, 3.1186), abs=1e-3)
    assert fitness(week(source))[10][2] == pytest.approx(3.0452 - 1.6705, abs=1e-3)


def test_fitness_does_not_depend_on_which_days_are_asked(tmp_path: Path) -> None:
    put_runs(tmp_path, 3, 9, 20)
    whole = ExportFolderSource(tmp_path, athlete=ATHLETE).wellness(MONDAY, date(2024, 2, 4))
    backwards = ExportFolderSource(tmp_path, athlete=ATHLETE)
    by_week: list[WellnessDay] = []
    for number in reversed(range(4)):
        first = MONDAY + timedelta(weeks=number)
        by_week = backwards.wellness(first, first + timedelta(days=6)) + by_week
    assert by_week == whole
    assert len(whole) == 28


def test_days_to_come_have_no_fitness(tmp_path: Path) -> None:
    put_runs(tmp_path, 3)
    rows = ExportFolderSource(tmp_path, athlete=ATHLETE).wellness(date.min, date.max)
    assert rows[-1].day <= datetime.now(UTC).date()


def test_without_any_load_fitness_stays_missing(tmp_path: Path) -> None:
    put_runs(tmp_path, 3, 9)
    (tmp_path / "wellness.csv").write_text("date,hrv\n2024-01-09,60\n")
    (row,) = ExportFolderSource(tmp_path).wellness(date.min, date.max)
    assert (row.hrv_rmssd_ms, row.ctl, row.atl) == (60, None, None)
    assert "fitnessModel" not in row.model_dump()


def test_what_was_measured_of_a_day_stays_beside_its_fitness(tmp_path: Path) -> None:
    put_runs(tmp_path, 9)
    (tmp_path / "wellness.csv").write_text("date,hrv\n2024-01-10,60\n")
    rows = {row.day.day: row for row in week(ExportFolderSource(tmp_path, athlete=ATHLETE))}
    assert rows[10].hrv_rmssd_ms == 60
    assert rows[10].ctl is not None
    assert rows[11].hrv_rmssd_ms is None


def test_a_folder_that_tells_fitness_of_every_day_is_left_as_it_is(account: Path) -> None:
    raw = {row["id"]: row for row in json.loads((account / "wellness.json").read_text())}
    source = ExportFolderSource(account, athlete=ATHLETE)
    rows = source.wellness(date(2023, 12, 1), date(2024, 3, 1))
    assert {row.day.isoformat(): row.model_dump(mode="json") for row in rows} == raw


def test_fitness_that_the_source_told_stays_and_the_series_goes_on_from_there(
    tmp_path: Path,
) -> None:
    told = wellness_day("2024-01-08", ctl=60.0, atl=70.0)
    write_export(tmp_path, [activity("1", "2024-01-10T08:00:00")], [told])
    rows = week(ExportFolderSource(tmp_path))
    assert rows[0].model_dump(exclude_none=True) == told
    assert fitness(rows)[9][:2] == pytest.approx((60 * 0.976472, 70 * 0.866878), abs=1e-3)
    assert len(rows) == 7


def test_one_session_of_two_devices_counts_once_for_fitness(tmp_path: Path) -> None:
    watch = activity("watch", "2024-01-08T08:00:00", elapsed_time=2400)
    app = watch | {"id": "app", "icu_training_load": 34, "distance": None}
    write_export(tmp_path, [watch], [])
    once = week(ExportFolderSource(tmp_path))
    write_export(tmp_path, [watch, app], [])
    assert week(ExportFolderSource(tmp_path)) == once


def test_a_load_that_nobody_has_does_not_count_for_fitness(tmp_path: Path) -> None:
    real = activity("1", "2024-01-08T08:00:00")
    wrong = activity("2", "2024-01-09T08:00:00", icu_training_load=-50)
    write_export(tmp_path, [real, wrong | {"icu_training_load": None}], [])
    unknown = week(ExportFolderSource(tmp_path))
    write_export(tmp_path, [real, wrong], [])
    assert week(ExportFolderSource(tmp_path)) == unknown


def test_strength_feeds_fatigue_alone_where_the_athlete_says_so(tmp_path: Path) -> None:
    gym = activity("1", "2024-01-08T08:00:00", type="WeightTraining")
    write_export(tmp_path, [gym], [])
    fed = fitness(week(ExportFolderSource(tmp_path)))
    apart = ExportFolderSource(tmp_path, athlete=AthleteFile(strength_feeds_ctl=False))
    assert fitness(week(apart))[8] == (0, fed[8][1], None)
    assert fed[8][0]


def test_numbers_that_the_athlete_leaves_out_come_from_intervals_icu(tmp_path: Path) -> None:
    put_runs(tmp_path, 9)
    seen = {"icu_resting_hr": 50, "lthr": 165, "athlete_max_hr": 195}
    write_export(tmp_path, [activity("1", "2024-01-02T08:00:00", **seen)], [])
    own = AthleteFile(max_hr_bpm=190)
    (row,) = ExportFolderSource(tmp_path, athlete=own).activities(MONDAY, SUNDAY)
    assert (row.resting_hr_bpm, row.lactate_threshold_hr_bpm) == (50, 165)
    assert row.athlete_max_hr_bpm == 190
    assert row.training_load == 71


def test_the_metrics_of_such_a_week_name_the_model_as_their_source(tmp_path: Path) -> None:
    put_runs(tmp_path, 3, 9)
    source = ExportFolderSource(tmp_path, athlete=ATHLETE)
    activities = pd.DataFrame([row.model_dump() for row in source.activities(MONDAY, SUNDAY)])
    wellness = pd.DataFrame([row.model_dump() for row in week(source)])
    metrics = summarise_weeks("me", [TrainingWeek.containing(MONDAY)], activities, wellness).iloc[0]
    assert metrics["trainingLoad"] == 71
    assert metrics["ctlEnd"] == fitness(week(source))[14][0]
    told = metrics["coverage"].metrics["ctlMean"]
    assert (told.measured, told.of, told.sources) == (7, 7, ("model",))
    assert metrics["coverage"].wellness_last_day is None


def test_three_years_are_reckoned_in_a_moment(account: Path) -> None:
    raw = json.loads((account / "activities.json").read_text())[0]
    first = date(2021, 1, 4)

    def session(day: int) -> Activity:
        moment = f"{first + timedelta(days=day)}T08:00:00"
        clocks: dict[str, Any] = {"start_date_local": moment, "start_date": f"{moment}Z"}
        return Activity.model_validate(raw | clocks | {"id": str(day)})

    activities = [session(day) for day in range(1095)]
    begin = perf_counter()
    rows = with_estimated_fitness([], activities, today=date(2024, 1, 3))
    assert perf_counter() - begin < 1
    assert len(rows) == 1095
