import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from weekly_plan_assets.domain.athlete.athlete_id import Identity
from weekly_plan_assets.domain.plan.session_id import week_note_id
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets_tests.support.graph import activity, wellness_day, write_export

ALWAYS = (date.min, date.max)


def test_the_answers_of_an_account_are_read_whole(account: Path) -> None:
    source = ExportFolderSource(account)
    raw = {
        name: json.loads((account / f"{name}.json").read_text())
        for name in ("activities", "wellness")
    }
    assert len(source.activities(*ALWAYS)) == len(raw["activities"]) > 0
    assert len(source.wellness(*ALWAYS)) == len(raw["wellness"]) > 0
    assert source.athlete_id == raw["activities"][0]["icu_athlete_id"]
    assert source.first_day() == date(2024, 1, 1)


def test_the_recorded_responses_are_read_whole(recorded: Path) -> None:
    source = ExportFolderSource(recorded)
    weeks = Counter(TrainingWeek.containing(row.day).key for row in source.activities(*ALWAYS))
    assert list(weeks.values()) == [7, 4, 4, 4, 2]
    assert len(source.wellness(*ALWAYS)) == 32
    assert source.athlete_id == "fx000002"
    assert source.first_day() == date(2024, 1, 1)


def test_every_key_of_a_real_row_survives(account: Path) -> None:
    raw = {row["id"]: row for row in json.loads((account / "activities.json").read_text())}
    days = {row["id"]: row for row in json.loads((account / "wellness.json").read_text())}
    source = ExportFolderSource(account)
    for activity_row in source.activities(*ALWAYS):
        assert activity_row.model_dump(mode="json") == raw[activity_row.id]
    for day_row in source.wellness(*ALWAYS):
        assert day_row.model_dump(mode="json") == days[day_row.day.isoformat()]


def test_null_in_every_optional_key_is_not_measured(account: Path, tmp_path: Path) -> None:
    raw = json.loads((account / "activities.json").read_text())[0]
    days = json.loads((account / "wellness.json").read_text())[0]
    unmeasured = dict.fromkeys(raw) | {"id": "1", "start_date_local": "2024-01-01T08:00:00"}
    write_export(tmp_path, [unmeasured], [dict.fromkeys(days) | {"id": "2024-01-01"}])
    source = ExportFolderSource(tmp_path)
    assert [row.model_dump() for row in source.activities(*ALWAYS)] == [unmeasured]
    assert source.wellness(*ALWAYS)[0].model_dump() == dict.fromkeys(days) | {"id": "2024-01-01"}


def test_a_distance_sent_as_text_is_a_number(tmp_path: Path) -> None:
    write_export(tmp_path, [activity("1", "2024-01-01T08:00:00", distance="1000")], [])
    assert ExportFolderSource(tmp_path).activities(*ALWAYS)[0].distance_m == 1000


def test_activities_come_by_their_start_and_then_their_id(tmp_path: Path) -> None:
    at_eight, at_seven = "2024-01-01T08:00:00", "2024-01-01T07:00:00"
    rows = [activity("b", at_eight), activity("a", at_eight), activity("c", at_seven)]
    write_export(tmp_path, rows, [])
    assert [row.id for row in ExportFolderSource(tmp_path).activities(*ALWAYS)] == ["c", "a", "b"]


def test_what_was_delivered_is_no_part_of_the_calendar(tmp_path: Path) -> None:
    write_export(tmp_path, [], [])
    own = week_note_id(date(2024, 1, 8))
    rows = [
        {"id": number, "start_date_local": "2024-01-09T00:00:00", "external_id": external_id}
        for number, external_id in enumerate([own, None, "somebody-elses:1"])
    ]
    (tmp_path / "events.json").write_text(json.dumps(rows))
    events = ExportFolderSource(tmp_path).calendar(date(2024, 1, 1), date(2024, 1, 31))
    assert [event.id for event in events] == ["1", "2"]


def test_the_files_are_read_once(tmp_path: Path) -> None:
    write_export(tmp_path, [activity("1", "2024-01-01T08:00:00")], [])
    source = ExportFolderSource(tmp_path)
    before = source.activities(*ALWAYS)
    write_export(tmp_path, [], [])
    assert source.activities(*ALWAYS) == before


def test_a_range_has_both_its_ends(tmp_path: Path) -> None:
    days = [wellness_day(f"2024-01-0{day}") for day in (4, 3, 2, 1)]
    write_export(tmp_path, [activity("1", "2024-01-03T23:59:59")], days)
    source = ExportFolderSource(tmp_path)
    first, last = date(2024, 1, 2), date(2024, 1, 3)
    assert [row.day.day for row in source.wellness(first, last)] == [2, 3]
    assert [row.id for row in source.activities(first, last)] == ["1"]


def test_a_strava_stub_is_a_row_like_any_other(tmp_path: Path) -> None:
    stub = {
        "id": "9",
        "source": "STRAVA",
        "start_date_local": "2024-01-01T08:00:00",
        "_note": "STRAVA activities are not available via the API",
    }
    write_export(tmp_path, [stub], [])
    (row,) = ExportFolderSource(tmp_path).activities(*ALWAYS)
    assert row.type is None
    assert row.training_load is None
    assert row.model_dump()["_note"] == stub["_note"]


def test_numbers_as_ids_and_offsets_in_local_times_are_taken(tmp_path: Path) -> None:
    write_export(tmp_path, [activity("1", "2024-01-01T23:30:00+05:00") | {"id": 17}], [])
    (row,) = ExportFolderSource(tmp_path).activities(*ALWAYS)
    assert (row.id, row.day) == ("17", date(2024, 1, 1))


def test_one_of_the_two_files_is_enough(tmp_path: Path) -> None:
    stub = activity("1", "2024-01-01T08:00:00", icu_training_load=None)
    (tmp_path / "activities.json").write_text(json.dumps([stub]))
    assert ExportFolderSource(tmp_path).wellness(*ALWAYS) == []


def test_files_without_rows_have_no_first_day(tmp_path: Path) -> None:
    write_export(tmp_path, [], [])
    source = ExportFolderSource(tmp_path)
    assert source.first_day() is None
    assert source.athlete_id == "folder"


def test_files_that_name_nobody_are_the_athletes_who_gave_an_id(tmp_path: Path) -> None:
    (tmp_path / "wellness.csv").write_text("date,hrv\n2024-01-01,60\n")
    nameless, given = ExportFolderSource(tmp_path), ExportFolderSource(tmp_path, own_id="anna")
    assert (nameless.athlete_id, nameless.identity) == ("folder", Identity.UNKNOWN)
    assert (given.athlete_id, given.identity) == ("anna", Identity.GIVEN)


def test_files_that_name_another_than_the_athlete_who_gave_an_id_are_refused(
    tmp_path: Path,
) -> None:
    write_export(tmp_path, [activity("1", "2024-01-01T08:00:00")], [])
    own = ExportFolderSource(tmp_path, own_id="i1")
    assert (own.athlete_id, own.identity) == ("i1", Identity.NAMED)
    with pytest.raises(SourceError, match=r"activities.json is of athlete i1, but the id .* anna"):
        _ = ExportFolderSource(tmp_path, own_id="anna").athlete_id


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{not json", r"activities\.json is not JSON at line 1, column 2"),
        ('{"error": "x"}', r"holds a JSON dict, not the list of rows"),
        ("[" * 100_000, r"activities\.json is not JSON at line 1"),
        ('[{"id": "a1"} 5]', r"activities\.json is not JSON at line 1, column 15"),
        ("[1] 5", r"activities\.json is not JSON at line 1, column 5"),
        ("[1, 2, 3, 4, 5]", r"5 of 5 rows cannot be used, the first: row 0 is 1, no object"),
    ],
)
def test_a_broken_file_is_refused_in_a_sentence(
    tmp_path: Path, content: str, sentence: str
) -> None:
    (tmp_path / "activities.json").write_text(content)
    with pytest.raises(SourceError, match=sentence):
        ExportFolderSource(tmp_path).activities(*ALWAYS)


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "activities.json").mkdir()
    with pytest.raises(SourceError, match=r"activities\.json cannot be read"):
        ExportFolderSource(tmp_path).activities(*ALWAYS)


def test_a_folder_of_two_athletes_is_refused_naming_both(tmp_path: Path) -> None:
    rows = [activity(str(n), "2024-01-01T08:00:00", icu_athlete_id=f"i{n}") for n in (1, 2)]
    write_export(tmp_path, rows, [])
    with pytest.raises(SourceError, match="athletes i1 and i2"):
        ExportFolderSource(tmp_path).activities(*ALWAYS)


def test_a_missing_folder_and_an_empty_one_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not a folder"):
        ExportFolderSource(tmp_path / "nowhere").first_day()
    with pytest.raises(SourceError, match="holds neither"):
        ExportFolderSource(tmp_path).first_day()
