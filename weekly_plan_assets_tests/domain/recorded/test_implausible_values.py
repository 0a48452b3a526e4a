"""Values that nobody has are not measured; what record holders have done is."""

from typing import Any

import pandas as pd
import pytest

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.profile import AthleteContext, profile_of
from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope, load_envelope
from weekly_plan_assets.domain.envelope.session_bounds import LONGEST_RUN_CEILING_S
from weekly_plan_assets.domain.metrics.data_quality import judge_data_quality
from weekly_plan_assets.domain.metrics.estimated_fitness import with_estimated_fitness
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics, summarise_weeks
from weekly_plan_assets.domain.readiness import Light, readiness_of
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.calendar import CalendarEvent
from weekly_plan_assets.domain.recorded.counted_sessions import count_sessions
from weekly_plan_assets.domain.recorded.frames import activity_frame, wellness_frame
from weekly_plan_assets.domain.recorded.implausible_values import (
    plausible_rows,
    without_implausible,
)
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import encode_rows

WEEK = TrainingWeek.parse("2024-03-04")
H = 3600


def session(**values: Any) -> dict[str, Any]:
    ordinary = {
        "id": "1",
        "type": "Run",
        "start_date_local": "2024-03-05T07:00:00",
        "moving_time": H,
        "elapsed_time": H,
        "distance": 10_000.0,
        "icu_training_load": 60,
    }
    return {key: value for key, value in (ordinary | values).items() if value is not None}


def wrong(**values: Any) -> set[str]:
    _, _, dropped = without_implausible(
        activity_frame(pd.DataFrame([session(**values)])), wellness_frame(pd.DataFrame())
    )
    return {one.key for one in dropped}


NO_KM: dict[str, Any] = {"distance": None}
NO_TIMES: dict[str, Any] = {"moving_time": None, "elapsed_time": None} | NO_KM
RIDE: dict[str, Any] = {"type": "Ride"}
SWIM: dict[str, Any] = {"type": "Swim"}
LIFT: dict[str, Any] = {"type": "WeightTraining"}
SKI: dict[str, Any] = {"type": "NordicSki"}


def lasting(
    hours: float,
    load: float,
    km: float | None = None,
    elapsed_h: float | None = None,
    **others: Any,
) -> dict[str, Any]:
    return others | {
        "moving_time": round(hours * H),
        "elapsed_time": round((elapsed_h or hours) * H),
        "distance": km and km * 1000,
        "icu_training_load": load,
    }


@pytest.mark.parametrize(
    "honest",
    [
        pytest.param(lasting(24, 900, 260), id="a day and a night on foot"),
        pytest.param(lasting(24, 1750, 160), id="the same by heart rate, which overstates it"),
        pytest.param(lasting(38, 1400, 170, 46), id="a hundred miles in the mountains"),
        pytest.param(lasting(70, 2500, 330, 90), id="the Tor des Geants in three days"),
        pytest.param(lasting(55, 1700, 1000, 75, **RIDE), id="a brevet of 1000 km by power"),
        pytest.param(lasting(75, 3300, 1000, **RIDE, trimp=4500), id="a brevet by heart rate"),
        pytest.param(lasting(24, 1300, 1026, **RIDE), id="the record of a day by bike"),
        pytest.param(lasting(160, 4800, 4000, 500, **RIDE), id="three weeks across a continent"),
        pytest.param(lasting(54, 2000, 215, **SWIM), id="four times through the Channel"),
        pytest.param(lasting(12, 700, 220, 14, **SKI), id="a long day on skis"),
        pytest.param(lasting(0.05, 14, 1.3), id="three minutes above threshold"),
        pytest.param(lasting(0.17, 45, 8, 0.5, **RIDE), id="sprints on a track"),
        pytest.param(
            {"moving_time": 5, "elapsed_time": 5, "icu_training_load": 1} | NO_KM, id="5 s"
        ),
        pytest.param({"icu_training_load": 300} | NO_TIMES, id="entered by hand"),
        pytest.param(lasting(0.03, 40, 0, 1, **LIFT, trimp=80), id="lifting, which does not move"),
        pytest.param({"moving_time": None, "icu_training_load": 70} | LIFT | NO_KM, id="elapsed"),
        pytest.param({"moving_time": H + 200, "elapsed_time": H}, id="clocks that differ a little"),
        pytest.param(
            {"moving_time": 90, "elapsed_time": 40, "icu_training_load": 1} | NO_KM, id="rounded"
        ),
        pytest.param({"moving_time": H, "elapsed_time": 0}, id="elapsed time not known, as 0"),
        pytest.param({"icu_hr_zone_times": [600, 600, 600, 600, 1200]}, id="time in zones"),
        pytest.param({"lthr": 184, "athlete_max_hr": 203, "icu_resting_hr": 34}, id="heart rates"),
    ],
)
def test_what_people_have_done_is_believed(honest: dict[str, Any]) -> None:
    assert wrong(**honest) == set()


@pytest.mark.parametrize(
    ("absurd", "keys"),
    [
        ({"icu_training_load": 20_000}, {"icu_training_load"}),
        ({"icu_training_load": 1e308}, {"icu_training_load"}),
        ({"icu_training_load": 600}, {"icu_training_load"}),
        ({"icu_training_load": 3000, "moving_time": 10 * H, "elapsed_time": 10 * H},
         {"icu_training_load"}),
        ({"icu_training_load": 2000, "moving_time": None, "elapsed_time": None},
         {"icu_training_load"}),
        ({"icu_training_load": 80, "moving_time": 60, "elapsed_time": 60, "distance": 300},
         {"icu_training_load"}),
        (RIDE | {"icu_training_load": 6000, "moving_time": 100 * H, "elapsed_time": 100 * H},
         {"icu_training_load"}),
        ({"moving_time": 100 * H, "elapsed_time": 100 * H}, {"moving_time", "elapsed_time"}),
        ({"moving_time": 4_294_967}, {"moving_time"}),
        ({"moving_time": int(9e18), "elapsed_time": int(9e18)}, {"moving_time", "elapsed_time"}),
        ({"moving_time": None, "elapsed_time": 100 * H}, {"elapsed_time"}),
        (RIDE | {"moving_time": 200 * H, "elapsed_time": 200 * H}, {"moving_time", "elapsed_time"}),
        (LIFT | {"moving_time": 30 * H, "elapsed_time": 30 * H, "distance": None},
         {"moving_time", "elapsed_time"}),
        ({"moving_time": H, "elapsed_time": H // 2}, {"moving_time", "elapsed_time"}),
        ({"distance": 1e12}, {"distance"}),
        (SKI | {"distance": 1e6}, {"distance"}),
        (RIDE | {"distance": 200_000}, {"distance"}),
        ({"average_speed": 1e6, "max_speed": 1e6}, {"average_speed", "max_speed"}),
        (SKI | {"max_speed": 200.0}, {"max_speed"}),
        (LIFT | {"trimp": 1e6, "distance": None}, {"trimp"}),
        ({"trimp": 400}, {"trimp"}),
        ({"icu_hr_zone_times": [600, -1, 0, 0, 0]}, {"icu_hr_zone_times"}),
        ({"icu_hr_zone_times": [0, 0, 0, 0, int(9e18)]}, {"icu_hr_zone_times"}),
        ({"lthr": 20, "athlete_max_hr": 900, "icu_resting_hr": 0},
         {"lthr", "athlete_max_hr", "icu_resting_hr"}),
    ],
)  # fmt: skip
def test_what_nobody_can_do_is_not_measured(absurd: dict[str, Any], keys: set[str]) -> None:
    found = wrong(**absurd)
    # A time that is not known makes no load of its own impossible, but one that is too much for it.
    assert keys <= found
    assert found - keys <= {"icu_training_load"}


@pytest.mark.parametrize(
    ("key", "honest", "absurd"),
    [
        ("ctl", (0, 200), (-1, 5000)),
        ("atl", (0, 500), (-1, 5000)),
        ("rampRate", (-30, 40), (-500, 500)),
        ("restingHR", (27, 110), (0, 400)),
        ("hrv", (4, 300), (0, 5000)),
        ("hrvSDNN", (4, 300), (0, 5000)),
        ("steps", (1, 270_000), (0, 10**9)),
        ("sleepSecs", (1800, 16 * H), (0, 10**9)),
        ("sleepScore", (1, 100), (0, 1000)),
        ("weight", (35, 200), (0, 7000)),
    ],
)
def test_a_day_likewise(key: str, honest: tuple[float, float], absurd: tuple[float, float]) -> None:
    days = [{"id": f"2024-03-0{n}", key: value} for n, value in enumerate((*honest, *absurd), 1)]
    _, left, dropped = without_implausible(
        activity_frame(pd.DataFrame()), wellness_frame(pd.DataFrame(days))
    )
    assert [one.row for one in dropped if one.key == key] == [2, 3]
    assert left[key].notna().tolist() == [True, True, False, False]


def season(*absurd: dict[str, Any], nights: tuple[dict[str, Any], ...] = ()) -> list[WeeklyMetrics]:
    """Five weeks of three runs of 55, and what a device sent in addition."""
    weeks = [WEEK.shift(-back) for back in range(4, -1, -1)]
    rows = [
        session(id=f"{week}-{n}", start_date_local=f"{week.days[n]}T07:00:00", icu_training_load=55)
        for week in weeks
        for n in (0, 2, 4)
    ]
    rows += [session(id=f"absurd{n}", **values) for n, values in enumerate(absurd)]
    wellness = [{"id": str(day), "ctl": 24.0, "atl": 24.0} for week in weeks for day in week.days]
    by_day = {str(night["id"]): night for night in nights}
    wellness = [row | by_day.get(str(row["id"]), {}) for row in wellness]
    frames = pd.DataFrame(rows), pd.DataFrame(wellness)
    return [
        WeeklyMetrics.model_validate(row)
        for row in encode_rows(summarise_weeks("i1", weeks, *frames))
    ]


def envelope_of(weeks: list[WeeklyMetrics], *absurd: dict[str, Any]) -> LoadEnvelope:
    activities = [
        Activity.model_validate(session(id=f"absurd{n}", **values))
        for n, values in enumerate(absurd)
    ]
    return load_envelope(weeks[-1], weeks[:-1], sessions=count_sessions(activities))


SANE = envelope_of(season())


@pytest.mark.parametrize(
    "absurd",
    [
        {"icu_training_load": 20_000},
        {"icu_training_load": 600},
        {"moving_time": 100 * H, "elapsed_time": None, "icu_training_load": None},
        {"moving_time": int(9e18), "elapsed_time": int(9e18), "icu_training_load": 1e17},
    ],
)
def test_an_absurd_session_raises_no_bound_and_the_envelope_says_what_was_left_out(
    absurd: dict[str, Any],
) -> None:
    weeks = season(absurd)
    envelope = envelope_of(weeks, absurd)
    assert envelope.max_load <= SANE.max_load
    assert envelope.target_load <= SANE.target_load
    assert envelope.longest_run_s <= max(SANE.longest_run_s, 1.1 * H)
    (finding,) = [judge_data_quality(weeks)["values_are_plausible"]]
    assert not finding.passed
    assert "activities absurd0" in finding.description
    assert any("values that nobody has (" in reason for reason in envelope.reasons)


def test_an_absurd_fitness_raises_no_bound_and_form_is_not_evaluated() -> None:
    nights = tuple({"id": str(day), "ctl": 5000.0, "atl": 5000.0} for day in WEEK.days)
    weeks = season(nights=nights)
    assert weeks[-1].ctl_end is None
    envelope = load_envelope(weeks[-1], weeks[:-1])
    assert envelope.max_load <= SANE.max_load * 1.3
    assert readiness_of(weeks[-1], weeks[:-1]).light("form") is Light.NOT_EVALUATED


def test_an_honest_run_of_a_day_and_a_night_plans_no_such_run() -> None:
    ultra = {
        "moving_time": 24 * H,
        "elapsed_time": 24 * H,
        "distance": 200_000,
        "icu_training_load": 900,
    }
    weeks = season(ultra)
    assert weeks[-1].training_load == 1065
    assert weeks[-1].longest_run_time_s == 24 * H
    assert envelope_of(weeks, ultra).longest_run_s == LONGEST_RUN_CEILING_S == 6 * H


def test_heart_rates_that_nobody_has_make_no_zones() -> None:
    right = Activity.model_validate(
        session(
            athlete_max_hr=190, icu_resting_hr=48, lthr=170, icu_hr_zones=[120, 140, 150, 170, 190]
        )
    )
    broken = Activity.model_validate(
        session(
            id="2",
            start_date_local="2024-03-06T07:00:00",
            athlete_max_hr=900,
            icu_resting_hr=1,
            lthr=5,
            icu_hr_zones=[1, 2, 3, 4, 10**9],
        )
    )
    athlete = Athlete.observed("i1", [right, broken])
    assert (athlete.max_hr_bpm, athlete.resting_hr_bpm, athlete.threshold_hr_bpm) == (190, 48, 170)
    assert athlete.zone_upper_bpm == (120, 140, 150, 170, 190)
    context = AthleteContext(sport_settings=(SportSettings(types=("Run",), max_hr=10**9, lthr=0),))
    assert profile_of("i1", [], context, WEEK.next()).max_hr_bpm is None


@pytest.mark.parametrize(
    ("values", "distance_m", "time_s"),
    [
        ({"distance": 42_195.0, "moving_time": 3 * H}, 42_195, 3 * H),
        ({"distance": 42_195.0, "moving_time": 600}, 42_195, None),
        ({"distance": 1e12, "moving_time": 10**12}, None, None),
        ({"distance": -5.0, "moving_time": -5}, None, None),
        ({"distance": 0.0, "moving_time": 0}, None, None),
        ({"type": "Ride", "distance": 1_200_000.0, "moving_time": 90 * H}, 1_200_000, 90 * H),
    ],
)
def test_a_race_that_cannot_be_is_a_race_of_which_less_is_known(
    values: dict[str, Any], distance_m: float | None, time_s: int | None
) -> None:
    start = f"{WEEK.next().start}T09:00:00"
    event = {"id": 1, "category": "RACE_A", "start_date_local": start, "type": "Run"} | values
    context = AthleteContext(calendar=(CalendarEvent.model_validate(event),))
    (race,) = profile_of("i1", [], context, WEEK.next()).races
    assert (race.distance_m, race.target_time_s) == (distance_m, time_s)


def test_a_limit_of_a_day_is_no_longer_than_a_day() -> None:
    event = CalendarEvent.model_validate(
        {
            "id": 1,
            "start_date_local": "2024-03-05T00:00:00",
            "end_date_local": "9999-12-31T00:00:00",
            "training_availability": "LIMITED",
            "max_training_time": 1e300,
        }
    )
    assert event.available_min == 24 * 60
    assert event.covers(WEEK.end)


def test_a_series_of_fitness_does_not_follow_a_day_that_nobody_has() -> None:
    days = [
        WellnessDay(day=WEEK.days[0], ctl=30, atl=30),
        WellnessDay(day=WEEK.days[1], ctl=5000),
    ]
    runs = [Activity.model_validate(session(start_date_local="2024-03-04T07:00:00"))]
    series = with_estimated_fitness(days, runs, today=WEEK.end)
    assert [row.ctl for row in series][:2] == [30, 5000]
    assert all(row.ctl is not None and row.ctl < 40 for row in series[2:])


def test_a_model_is_not_shown_what_nobody_has() -> None:
    rows = [session(icu_training_load=20_000), session(id="2", moving_time=int(9e18))]
    shown = plausible_rows(rows)
    assert shown[0]["icu_training_load"] is None
    assert shown[1]["moving_time"] is None
    assert shown[0]["moving_time"] == H
    assert rows[0]["icu_training_load"] == 20_000
    assert plausible_rows([]) == []
