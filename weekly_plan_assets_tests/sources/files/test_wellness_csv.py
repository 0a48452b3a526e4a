import json
import re
from datetime import date
from pathlib import Path

import pytest

from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets_tests.sources.files.conftest import Put
from weekly_plan_assets_tests.support.graph import wellness_day


def days(folder: Path) -> list[WellnessDay]:
    return ExportFolderSource(folder).wellness(date.min, date.max)


def test_an_empty_cell_is_not_measured(put: Put, tmp_path: Path) -> None:
    put(
        "wellness.csv",
        "date,restingHR,hrv,sleepSecs,sleepScore,steps,weight\n"
        "2024-01-02,52,61.5,27000,81,9000,70.2\n"
        "2024-01-01,,,,,0,\n",
    )
    first, second = days(tmp_path)
    assert first.model_dump(exclude_none=True) == {"id": "2024-01-01", "steps": 0}
    assert (second.resting_hr_bpm, second.hrv_rmssd_ms, second.sleep_s) == (52, 61.5, 27000)
    assert (second.sleep_score, second.steps, second.weight_kg) == (81, 9000, 70.2)


@pytest.mark.parametrize(
    "header", ["Date,RestingHR,HRV", "id,resting_hr,hrv", "DATE,Resting HR,hrv"]
)
def test_column_names_match_whatever_their_case(put: Put, tmp_path: Path, header: str) -> None:
    put("my_Wellness.csv", f"{header}\n2024-01-01,52,61.5\n")
    (day,) = days(tmp_path)
    assert (day.resting_hr_bpm, day.hrv_rmssd_ms) == (52, 61.5)


def test_the_fields_of_the_api_keep_their_names(put: Put, tmp_path: Path, account: Path) -> None:
    rows = json.loads((account / "wellness.json").read_text())
    keys = [key for key in rows[0] if key not in ("sportInfo", "id")]
    lines = [",".join(["date", *keys])]
    for row in rows:
        cells = ("" if row[key] is None else str(row[key]) for key in keys)
        lines.append(",".join([row["id"], *cells]))
    put("wellness.csv", "\n".join(lines))
    found = days(tmp_path)
    told = ("ctl", "rampRate", "restingHR", "hrv", "hrvSDNN", "sleepSecs", "steps", "spO2")
    assert [[day.model_dump().get(key) for key in told] for day in found] == [
        [row.get(key) for key in told] for row in rows
    ]


def test_a_table_fills_what_the_json_has_not_measured(put: Put, tmp_path: Path) -> None:
    put("wellness.json", json.dumps([wellness_day("2024-01-01", hrv=60.0, steps=None)]))
    put("wellness.csv", "date,hrv,steps\n2024-01-01,99,8000\n2024-01-02,62,\n")
    assert [(day.hrv_rmssd_ms, day.steps) for day in days(tmp_path)] == [(60, 8000), (62, None)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('date,weight\n2024-01-01,"70,2"\n', r"line 2 has weight = '70,2', which is not a number"),
        ("date,weight\n2024-01-01,70,2\n", r"line 2 has 3 cells under a header of 2"),
        ("date,weight\n31.01.2024,70\n", r"line 2 has the date '31.01.2024'"),
        ("date,weight\n2024-01-01,nan\n", r"weight = 'nan'"),
        ("date,mileage\n2024-01-01,70\n", r"has the columns date, mileage; it needs date"),
        ("", r"is empty"),
        (b"date,weight\n\xff", r"line 2 has 1 cells"),
    ],
)
def test_a_table_that_cannot_be_trusted_is_named_and_the_others_are_read(
    put: Put, tmp_path: Path, content: str | bytes, sentence: str
) -> None:
    put("watch/wellness.csv", content)
    put("scale/wellness.csv", "date,weight\n2024-01-02,70\n")
    source = ExportFolderSource(tmp_path)
    assert [day.weight_kg for day in source.wellness(date.min, date.max)] == [70]
    (problem,) = source.problems
    assert problem.path == "watch/wellness.csv"
    assert re.search(sentence, problem.reason)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("2024-01-02,n/a,70\n", "line 3 has hrv = 'n/a', which is not a number"),
        ('2024-01-02,"61,5",70\n', "line 3 has hrv = '61,5', which is not a number"),
        ("2024-01-02,61,70,stray\n", "line 3 has 4 cells under a header of 3"),
        ("2024-01-01,99,99\n", "line 3 has the day 2024-01-01 more than once"),
        ("02.01.2024,61,70\n", "line 3 has the date '02.01.2024'"),
    ],
)
def test_a_bad_cell_or_row_is_named_and_the_others_are_read(
    put: Put, tmp_path: Path, lines: str, reason: str
) -> None:
    put("wellness.csv", f"date,hrv,weight\n2024-01-01,60,70\n{lines}2024-01-03,62,71\n")
    source = ExportFolderSource(tmp_path)
    rows = source.wellness(date.min, date.max)
    assert [(row.day.day, row.hrv_rmssd_ms) for row in rows if row.hrv_rmssd_ms] == [
        (1, 60),
        (3, 62),
    ]
    (problem,) = source.problems
    assert problem.reason.startswith(reason)


def test_a_bad_cell_is_left_out_of_its_day(put: Put, tmp_path: Path) -> None:
    put("wellness.csv", "date,hrv,weight\n2024-01-01,60,70\n2024-01-02,n/a,71\n")
    day = date(2024, 1, 2)
    (left_out,) = ExportFolderSource(tmp_path).left_out("wellness", day, day)
    assert (left_out.id, left_out.day, left_out.key) == ("2024-01-02", day, "hrv")


@pytest.mark.parametrize(
    "content",
    [
        "date;hrv;weight\n2024-01-01;61,5;70,2\n",
        "date\thrv\tweight\n2024-01-01\t61.5\t70.2\n",
        "date\thrv\tweight\n2024-01-01\t61,5\t70,2\n".encode("utf-16"),
        "sep=;\r\ndate;hrv;weight\r\n2024-01-01;61,5;70,2\r\n",
        "date,hrv,weight,\n2024/1/1,61.5,70.2,,\n",
        "date,hrv,weight\n2024-01-01,61.5,70.2\n".encode("utf-16"),
    ],
)
def test_spreadsheets_of_other_countries_are_read(
    put: Put, tmp_path: Path, content: str | bytes
) -> None:
    put("wellness.csv", content)
    (day,) = days(tmp_path)
    assert (day.hrv_rmssd_ms, day.weight_kg) == (61.5, 70.2)


def test_a_line_keeps_its_number_and_an_encoding_its_name(put: Put, tmp_path: Path) -> None:
    put(
        "wellness.csv",
        "sep=;\ndate;hrv;weight\n2024-01-01;61,5;70\n2024-01-02;n/a;ñ\n".encode("cp1252"),
    )
    reasons = [problem.reason for problem in ExportFolderSource(tmp_path).problems]
    assert any(reason.startswith("line 4 has hrv = 'n/a'") for reason in reasons)
    assert "line 4 is not in UTF-8; such characters were replaced" in reasons
