from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets_tests.sources.files.conftest import Put
from weekly_plan_assets_tests.support.file_texts import (
    STRAVA_HEADER,
    gpx_text,
    strava_row,
    strava_table,
    tcx_text,
)
from weekly_plan_assets_tests.support.fit_encoder import fit_file

START = datetime(2026, 4, 30, 7, tzinfo=UTC)


def activities(folder: Path) -> list[Activity]:
    return ExportFolderSource(folder).activities(date.min, date.max)


def test_a_row_without_a_file_is_read_in_si_units(put: Put, tmp_path: Path) -> None:
    put("activities.csv", strava_table(strava_row()))
    (activity,) = activities(tmp_path)
    assert activity.model_dump(mode="json", exclude_none=True) == {
        "id": "101",
        "start_date": "2026-04-30T07:00:00Z",
        "start_date_local": "2026-04-30T07:00:00",
        "type": "GravelRide",
        "name": "Hills, twice",
        "source": "STRAVA_EXPORT",
        "distance": 10003.5,
        "moving_time": 1800,
        "elapsed_time": 1900,
        "average_heartrate": 144.25,
        "max_heartrate": 171.0,
    }


def test_a_distance_that_stands_once_has_unknown_units(put: Put, tmp_path: Path) -> None:
    header = ("Activity ID", "Activity Date", "Activity Type", "Elapsed Time", "Distance")
    put("activities.csv", strava_table(strava_row(), header=header))
    (activity,) = activities(tmp_path)
    assert activity.distance_m is None
    assert activity.elapsed_time_s == 1900


def test_files_of_all_formats_come_under_the_names_of_their_rows(put: Put, tmp_path: Path) -> None:
    names = [
        "activities/1.fit.gz",
        "activities/2.gpx.gz",
        "activities/3.tcx.gz",
        "activities/4.fit",
    ]
    put(names[0], fit_file(START, heart_bpm=[140] * 61, distance_m=180))
    put(names[1], gpx_text(START, [150] * 5))
    put(names[2], tcx_text("2026-04-30T07:00:00+00:00", [150] * 5))
    put(names[3], fit_file(START, heart_bpm=[None] * 30))
    rows = [strava_row(str(index), name) for index, name in enumerate(names, start=1)]
    put("activities.csv", strava_table(*rows))
    found = sorted(activities(tmp_path), key=lambda activity: activity.id)
    assert [activity.id for activity in found] == ["1", "2", "3", "4"]
    assert {(activity.type, activity.name) for activity in found} == {
        ("GravelRide", "Hills, twice")
    }
    assert {activity.source for activity in found} == {"STRAVA_EXPORT"}
    assert [activity.model_dump()["file_name"] for activity in found] == names
    assert (found[0].distance_m, found[0].moving_time_s, found[0].average_hr_bpm) == (180, 61, 140)
    assert found[3].average_hr_bpm == 144.25


@pytest.mark.parametrize(("words", "kind"), [("", "Run"), ("Workout", "Run"), ("Walk", "Walk")])
def test_a_row_without_a_sport_leaves_that_of_its_file(
    put: Put, tmp_path: Path, words: str, kind: str
) -> None:
    put("activities/1.fit", fit_file(START))
    put(
        "activities.csv",
        strava_table(strava_row("1", "activities/1.fit", **{"Activity Type": words})),
    )
    assert [activity.type for activity in activities(tmp_path)] == [kind]


def test_a_row_whose_file_is_missing_or_broken_keeps_what_it_says(put: Put, tmp_path: Path) -> None:
    put("export/activities/1.fit.gz", b"broken")
    rows = [strava_row("1", "activities/1.fit.gz"), strava_row("2", "activities/2.fit.gz")]
    put("export/activities.csv", strava_table(*rows))
    source = ExportFolderSource(tmp_path)
    assert [row.distance_m for row in source.activities(date.min, date.max)] == [10003.5, 10003.5]
    assert [problem.path for problem in source.problems] == [
        "export/activities/1.fit.gz",
        "export/activities.csv",
    ]
    assert "names files that are missing (1)" in source.problems[1].reason


def test_a_file_that_two_rows_name_is_that_of_the_first(put: Put, tmp_path: Path) -> None:
    put("activities/1.fit", fit_file(START, distance_m=180))
    rows = [strava_row(activity_id, "activities/1.fit") for activity_id in ("1", "2", "3")]
    put("activities.csv", strava_table(*rows))
    found = activities(tmp_path)
    assert [(row.id, row.distance_m) for row in found] == [
        ("1", 180),
        ("2", 10003.5),
        ("3", 10003.5),
    ]


@pytest.mark.parametrize(
    "told",
    [
        "Apr 30, 2026, 7:00:00 AM",
        "Apr 30, 2026, 7:00:00\u202fAM",
        "30 Apr 2026, 07:00:00",
        "2026-04-30 07:00:00",
    ],
)
def test_times_are_utc_in_every_english(put: Put, tmp_path: Path, told: str) -> None:
    put("activities.csv", strava_table(strava_row(**{"Activity Date": told})))
    source = ExportFolderSource(tmp_path, timezone="Europe/Madrid")
    (activity,) = source.activities(date.min, date.max)
    assert activity.start_date_local == datetime(2026, 4, 30, 9)  # noqa: DTZ001 - a local clock


@pytest.mark.parametrize(
    ("words", "kind"),
    [("Run", "Run"), ("E-Bike Ride", "EBikeRide"), ("Weight Training", "WeightTraining")],
)
def test_stravas_words_are_type_names(put: Put, tmp_path: Path, words: str, kind: str) -> None:
    put("activities.csv", strava_table(strava_row(**{"Activity Type": words})))
    assert [activity.type for activity in activities(tmp_path)] == [kind]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Activity Date": "30 de abril"}, r"line 2 is left out: Activity Date is '30 de abril'"),
        ({"Activity ID": ""}, r"line 2 is left out: it has no Activity ID"),
    ],
)
def test_a_broken_row_is_left_out_and_told(
    put: Put, tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    put("activities.csv", strava_table(strava_row("1", **change), strava_row("2")))
    source = ExportFolderSource(tmp_path)
    assert [row.id for row in source.activities(date.min, date.max)] == ["2"]
    (problem,) = source.problems
    assert problem.reason.startswith(reason)


@pytest.mark.parametrize(
    ("change", "key", "reason"),
    [
        ({"Distance": "10,5"}, "distance", "line 2: Distance is '10,5', which is not a number"),
        ({"Moving Time": "-5"}, "moving_time", "line 2: Moving Time is -5, which cannot be"),
    ],
)
def test_a_broken_cell_is_left_out_and_its_row_counts(
    put: Put, tmp_path: Path, change: dict[str, str], key: str, reason: str
) -> None:
    put("activities.csv", strava_table(strava_row("1", **change)))
    source = ExportFolderSource(tmp_path)
    (row,) = source.activities(date.min, date.max)
    assert row.model_dump()[key] is None
    (problem,) = source.problems
    assert problem.reason.startswith(reason)
    (left_out,) = source.left_out("activities", date(2026, 4, 30), date(2026, 4, 30))
    assert (left_out.id, left_out.key) == ("1", key)


def test_a_row_that_does_not_fit_the_header_is_left_out_of_its_week(
    put: Put, tmp_path: Path
) -> None:
    header, first, second = strava_table(strava_row("1"), strava_row("2")).splitlines()
    put("activities.csv", "\n".join([header, f"{first},stray", f"{second},,"]))
    source = ExportFolderSource(tmp_path)
    assert [row.id for row in source.activities(date.min, date.max)] == ["2"]
    (problem,) = source.problems
    assert problem.reason.startswith("line 2 has")
    (left_out,) = source.left_out("activities", date(2026, 4, 30), date(2026, 4, 30))
    assert (left_out.id, left_out.is_row) == ("1", True)


@pytest.mark.parametrize(
    "header",
    [
        "Type,Date,Name,Moving Time,Distance",
        "id,start_date_local,type,icu_training_load,moving_time",
        "Activity Type,Date,Favorite,Title,Distance,Calories,Time,Avg HR",
    ],
)
def test_the_table_of_another_program_is_not_sent_back_to_strava(
    put: Put, tmp_path: Path, header: str
) -> None:
    put("activities.csv", f"{header}\n" + ",".join("1" for _ in header.split(",")))
    put("a.fit", fit_file(START))
    source = ExportFolderSource(tmp_path)
    assert len(source.activities(date.min, date.max)) == 1
    (problem,) = source.problems
    assert "Strava" not in problem.reason
    assert "activities.json" in problem.reason


def test_a_table_in_another_language_is_told_and_its_files_are_read(
    put: Put, tmp_path: Path
) -> None:
    header = ("ID de actividad", *STRAVA_HEADER[1:])
    put("activities.csv", strava_table(strava_row(), header=header))
    put("activities/1.fit", fit_file(START))
    source = ExportFolderSource(tmp_path)
    assert [row.source for row in source.activities(date.min, date.max)] == ["UPLOAD"]
    assert "English" in source.problems[0].reason


def test_a_file_name_cannot_lead_out_of_the_folder(put: Put, tmp_path: Path) -> None:
    put("secret.fit", fit_file(START, distance_m=5))
    put("export/activities.csv", strava_table(strava_row("1", "../secret.fit")))
    (activity,) = activities(tmp_path / "export")
    assert activity.distance_m == 10003.5


def test_a_stub_of_intervals_icu_is_filled_from_the_export(put: Put, tmp_path: Path) -> None:
    stub = '{"id": "101", "source": "STRAVA", "start_date_local": "2026-04-30T07:00:00"}'
    whole = '{"id": "102", "type": "Run", "start_date_local": "2026-04-30T07:00:00"}'
    put("activities.json", f"[{stub}, {whole}]")
    put("activities.csv", strava_table(strava_row("101"), strava_row("102")))
    assert [(row.id, row.type) for row in activities(tmp_path)] == [
        ("101", "GravelRide"),
        ("102", "Run"),
    ]
