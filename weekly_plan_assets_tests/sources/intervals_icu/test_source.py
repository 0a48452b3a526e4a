from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from pydantic import SecretStr

from weekly_plan_assets.domain.metrics.weekly_metrics import summarise_weeks
from weekly_plan_assets.domain.plan.session_id import ID_PREFIX, session_id, week_note_id
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets.sources.intervals_icu.calendar_client import IntervalsCalendar
from weekly_plan_assets.sources.intervals_icu.client import IntervalsClient
from weekly_plan_assets.sources.intervals_icu.source import PAGE_DAYS, IntervalsSource
from weekly_plan_assets.storage.codec import encode_rows
from weekly_plan_assets_tests.support.calendar_server.server import CalendarServer
from weekly_plan_assets_tests.support.graph import activity, wellness_day
from weekly_plan_assets_tests.support.intervals_server import API_KEY, IntervalsServer

TODAY = date(2024, 2, 1)
JANUARY = date(2024, 1, 1), date(2024, 1, 31)


@pytest.fixture
def source(intervals: IntervalsServer) -> IntervalsSource:
    return IntervalsSource(IntervalsClient(intervals.base_url, SecretStr(API_KEY)), TODAY)


def test_the_owner_of_the_key_is_asked_for_by_name(source: IntervalsSource) -> None:
    assert source.athlete_id == "fx000002"


def test_an_athlete_who_is_not_there_is_told(intervals: IntervalsServer) -> None:
    client = IntervalsClient(intervals.base_url, SecretStr(API_KEY))
    with pytest.raises(SourceError, match="INTERVALS_ATHLETE_ID"):
        _ = IntervalsSource(client, TODAY, "i999").athlete_id


def test_an_account_of_another_than_the_athlete_who_gave_an_id_is_refused(
    intervals: IntervalsServer,
) -> None:
    client = IntervalsClient(intervals.base_url, SecretStr(API_KEY))
    assert IntervalsSource(client, TODAY, own_id="fx000002").athlete_id == "fx000002"
    with pytest.raises(SourceError, match=r"is of athlete fx000002, but the id .* is anna"):
        _ = IntervalsSource(client, TODAY, own_id="anna").athlete_id


def test_the_last_day_is_the_last_with_a_session_or_a_measured_value(
    intervals: IntervalsServer, source: IntervalsSource
) -> None:
    assert source.last_day() is None
    intervals.activities = [activity("1", "2024-01-03T07:00:00")]
    intervals.wellness = [{"id": "2024-01-30", "ctl": 40.0, "atl": 30.0}]
    assert source.last_day() == date(2024, 1, 3)
    intervals.wellness.append({"id": "2024-01-20", "restingHR": 50})
    assert source.last_day() == date(2024, 1, 20)


def test_the_recorded_responses_give_the_same_metrics_as_from_the_export_folder(
    intervals: IntervalsServer, source: IntervalsSource, account: Path
) -> None:
    intervals.load(account)
    weeks = list(weeks_between(TrainingWeek(date(2024, 1, 1)), TrainingWeek(date(2024, 1, 29))))
    days = weeks[0].start, weeks[-1].end

    def metrics(of: IntervalsSource | ExportFolderSource) -> pd.DataFrame:
        frames = [
            pd.DataFrame(encode_rows(rows)) for rows in (of.activities(*days), of.wellness(*days))
        ]
        return summarise_weeks("fx000002", weeks, *frames)

    pd.testing.assert_frame_equal(metrics(source), metrics(ExportFolderSource(account)))


def test_one_question_is_asked_for_each_endpoint_and_year(
    intervals: IntervalsServer, source: IntervalsSource
) -> None:
    intervals.activities = [
        activity("1", "2021-01-01T00:00:00"),
        activity("2", "2021-12-30T23:59:59"),
        activity("3", "2021-12-31T00:00:00"),
        activity("4", "2024-01-31T23:59:59"),
    ]
    found = source.activities(date(2021, 1, 1), date(2024, 1, 31))
    assert [row.id for row in found] == ["1", "2", "3", "4"]
    pages = [(request.query["oldest"], request.query["newest"]) for request in intervals.requests]
    assert pages[0] == ("2021-01-01", "2021-12-30T23:59:59")
    assert pages[1][0] == "2021-12-31"
    assert len(pages) == -(-(date(2024, 1, 31) - date(2020, 12, 31)).days // PAGE_DAYS)


def test_no_more_travels_than_is_used(
    intervals: IntervalsServer, source: IntervalsSource, account: Path
) -> None:
    intervals.load(account)
    for rows in (source.activities(*JANUARY), source.wellness(*JANUARY)):
        keys = {key for row in rows for key in (row.model_extra or {})}
        assert not keys & {"description", "gear", "icu_weight", "comments", "skyline_chart_bytes"}


def test_only_days_that_were_asked_for_come_back(
    intervals: IntervalsServer, source: IntervalsSource
) -> None:
    days = [f"2024-01-0{day}" for day in range(1, 6)]
    intervals.activities = [activity(day, f"{day}T23:30:00") for day in days]
    intervals.wellness = [wellness_day(day) for day in days]
    asked = date(2024, 1, 2), date(2024, 1, 4)
    assert [row.id for row in source.activities(*asked)] == days[1:4]
    assert [row.day.isoformat() for row in source.wellness(*asked)] == days[1:4]


def test_activities_come_by_start_and_wellness_by_day(
    intervals: IntervalsServer, source: IntervalsSource
) -> None:
    early, late = activity("2", "2024-01-01T07:00:00"), activity("1", "2024-01-01T18:00:00")
    intervals.activities = [late, early]
    intervals.wellness = [wellness_day("2024-01-02"), wellness_day("2024-01-01")]
    assert [row.id for row in source.activities(*JANUARY)] == ["2", "1"]
    assert [row.day.day for row in source.wellness(*JANUARY)] == [1, 2]


def test_the_first_day_is_that_of_the_earliest_row_and_costs_two_small_questions(
    intervals: IntervalsServer, source: IntervalsSource
) -> None:
    intervals.activities = [activity("1", "2019-05-04T07:00:00")]
    intervals.wellness = [wellness_day("2020-01-01"), wellness_day("2024-02-02")]
    assert source.first_day() == date(2019, 5, 4)
    assert [len(request.query["fields"].split(",")) for request in intervals.requests] == [2, 1]
    assert intervals.requests[1].query["newest"] == "2024-02-01"


def test_an_athlete_without_any_row_has_no_first_day(source: IntervalsSource) -> None:
    assert source.first_day() is None


def test_sport_settings_tell_thresholds_and_zones(
    intervals: IntervalsServer, source: IntervalsSource, recorded: Path
) -> None:
    intervals.load(recorded)
    (run,) = [settings for settings in source.sport_settings() if "Run" in settings.types]
    assert run.lactate_threshold_hr_bpm == 184
    assert run.max_hr_bpm == 203
    assert run.hr_zone_upper_bpm == (155, 164, 173, 183, 188, 194, 203)


def test_the_calendar_tells_races_illness_and_availability(
    intervals: IntervalsServer, source: IntervalsSource
) -> None:
    intervals.events = [
        {"id": 2, "category": "SICK", "start_date_local": "2024-01-08T00:00:00"},
        {
            "id": 1,
            "category": "RACE_A",
            "start_date_local": "2024-01-07T00:00:00",
            "name": "Half marathon",
            "type": "Run",
        },
        {
            "id": 3,
            "category": "NOTE",
            "start_date_local": "2024-01-09T00:00:00",
            "training_availability": "LIMITED",
            "max_training_time": 30,
        },
        {"id": 4, "category": "RACE_B", "start_date_local": "2024-02-01T00:00:00"},
    ]
    race, illness, limited = source.calendar(*JANUARY)
    assert (race.is_race, race.day, race.name) == (True, date(2024, 1, 7), "Half marathon")
    assert illness.is_absence
    assert limited.training_availability == "LIMITED"
    assert limited.model_dump()["max_training_time"] == 30


def test_what_was_delivered_is_never_read_back_as_context(
    calendar_server: CalendarServer,
) -> None:
    client = IntervalsClient(calendar_server.base_url, SecretStr(API_KEY))
    source = IntervalsSource(client, TODAY)
    monday, start = date(2024, 1, 8), "2024-01-09T00:00:00"
    run = {"category": "WORKOUT", "type": "Run", "start_date_local": start, "name": "Easy run"}
    note = {"category": "NOTE", "start_date_local": start, "name": "Hold back this week"}
    delivered = [
        {**run, "external_id": session_id(monday, date(2024, 1, 9), 1)},
        {**note, "external_id": week_note_id(monday)},
        {**note, "external_id": f"{ID_PREFIX}of-another-version"},
    ]
    assert IntervalsCalendar(client).create(delivered).kind == "applied"
    calendar_server.add(**note, external_id="somebody-elses:1")
    calendar_server.add(**run)
    calendar_server.move(calendar_server.events[0]["id"], date(2024, 1, 10))
    assert [event.id for event in source.calendar(*JANUARY)] == [
        str(row["id"]) for row in calendar_server.events[3:]
    ]


def test_what_a_server_made_of_our_own_entries_is_warned_of_by_nobody(
    intervals: IntervalsServer, source: IntervalsSource, caplog: pytest.LogCaptureFixture
) -> None:
    monday = date(2024, 1, 8)
    long = {
        "start_date_local": "2024-01-08T00:00:00",
        "name": "n" * 2_000,
        "description": "d" * 20_000,
        "workout_doc": {"steps": ["s" * 20_000]},
    }
    intervals.events = [
        {**long, "id": 1, "external_id": week_note_id(monday)},
        {**long, "id": 2, "external_id": session_id(monday, monday, 1)},
    ]
    assert source.calendar(*JANUARY) == []
    assert caplog.messages == []
    assert source.problems == ()
