"""The weekly metrics of real responses, against figures worked out here from the raw JSON.

The reckoning below uses none of the project's code: plain loops over the recorded rows.
"""

import json
import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from weekly_plan_assets.domain.metrics.weekly_metrics import summarise_weeks
from weekly_plan_assets.domain.week import TrainingWeek

MONDAYS = ("2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22", "2024-01-29")

RUNS = ("Run", "TrailRun", "VirtualRun")
RIDES = (
    *("Ride", "VirtualRide", "GravelRide", "MountainBikeRide"),
    *("EBikeRide", "EMountainBikeRide", "TrackRide", "Cyclocross"),
)
STRENGTH = ("WeightTraining", "Crossfit")


def mean(values: list[Any]) -> float | None:
    measured = [value for value in values if value is not None]
    return sum(measured) / len(measured) if measured else None


def total(values: list[Any]) -> float | None:
    measured = [value for value in values if value is not None]
    return math.fsum(measured) if measured or not values else None


def seconds(activity: dict[str, Any]) -> Any:
    return activity["elapsed_time"] if activity["moving_time"] is None else activity["moving_time"]


def reckon(monday: str, activities: list[Any], wellness: list[Any]) -> dict[str, Any]:
    first = date.fromisoformat(monday)
    days = {(first + timedelta(days=n)).isoformat() for n in range(7)}
    done = [a for a in activities if a["start_date_local"][:10] in days]
    well = sorted((w for w in wellness if w["id"] in days), key=lambda w: w["id"])
    runs = [a for a in done if a["type"] in RUNS]
    rides = [a for a in done if a["type"] in RIDES]
    strength = [a for a in done if a["type"] in STRENGTH]
    vo2 = tempo = 0
    for activity in done:
        zones = activity["icu_hr_zone_times"]
        assert len(zones) == 7, "the recorded athlete has seven zones"
        if zones[5] + zones[6] >= 300:
            vo2 += 1
        elif sum(zones[2:]) >= 1800 or sum(zones[3:]) >= 600:
            tempo += 1
    return {
        "athleteId": "recorded",
        "weekStart": monday,
        "weekEnd": (first + timedelta(days=6)).isoformat(),
        "activityCount": len(done),
        "trainingLoad": total([a["icu_training_load"] for a in done]),
        "unknownLoadCount": sum(a["icu_training_load"] is None for a in done),
        "runCount": len(runs),
        "runDistance": total([a["distance"] for a in runs]),
        "runTime": total([seconds(a) for a in runs]),
        "longestRunTime": max((seconds(a) for a in runs), default=0),
        "rideCount": len(rides),
        "rideDistance": total([a["distance"] for a in rides]),
        "rideTime": total([seconds(a) for a in rides]),
        "vo2Sessions": vo2,
        "tempoSessions": tempo,
        # Fewer than four runs in any four weeks: only 75 minutes would make one long.
        "longRuns": sum(seconds(a) >= 4500 for a in runs),
        "strengthCount": len(strength),
        "strengthTrimp": total([a["trimp"] for a in strength]),
        "ctlMean": mean([w["ctl"] for w in well]),
        "atlMean": mean([w["atl"] for w in well]),
        "ctlEnd": well[-1]["ctl"],
        "atlEnd": well[-1]["atl"],
        "rampRateMean": mean([w["rampRate"] for w in well]),
        "restHrMean": mean([w["restingHR"] for w in well]),
        "stepsMean": mean([w["steps"] for w in well]),
        "sleepScoreMean": mean([w["sleepScore"] for w in well]),
        "hrvMean": mean([w["hrv"] for w in well]),
    }


def reckon_coverage(monday: str, activities: list[Any], wellness: list[Any]) -> dict[str, Any]:
    first = date.fromisoformat(monday)
    days = {(first + timedelta(days=n)).isoformat() for n in range(7)}
    done = [a for a in activities if a["start_date_local"][:10] in days]
    well = [w for w in wellness if w["id"] in days]

    def sessions(types: tuple[str, ...] | None, key: str) -> dict[str, Any]:
        meant = [a for a in done if types is None or a["type"] in types]
        known = [a for a in meant if (seconds(a) if key == "time" else a[key]) is not None]
        sources = sorted({a["source"] for a in known})
        return {"measured": len(known), "of": len(meant), "sources": sources}

    def nights(key: str) -> dict[str, Any]:
        known = sum(w[key] is not None for w in well)
        return {"measured": known, "of": 7, "sources": ["wellness"] if known else []}

    body = ("restingHR", "hrv", "hrvSDNN", "steps", "sleepScore", "sleepSecs", "weight")
    return {
        "days": 7,
        "wellnessLastDay": max(w["id"] for w in well if any(w[key] is not None for key in body)),
        "metrics": {
            **dict.fromkeys(("runCount", "rideCount", "strengthCount"), sessions(None, "type")),
            "activityCount": sessions(None, "id"),
            "trainingLoad": sessions(None, "icu_training_load"),
            "runDistance": sessions(RUNS, "distance"),
            "rideDistance": sessions(RIDES, "distance"),
            **dict.fromkeys(("runTime", "longestRunTime", "longRuns"), sessions(RUNS, "time")),
            "rideTime": sessions(RIDES, "time"),
            # No recorded session is strength work, so every one is an endurance session.
            **dict.fromkeys(("vo2Sessions", "tempoSessions"), sessions(None, "icu_hr_zone_times")),
            "strengthTrimp": sessions(STRENGTH, "trimp"),
            **dict.fromkeys(("ctlMean", "ctlEnd"), nights("ctl")),
            **dict.fromkeys(("atlMean", "atlEnd"), nights("atl")),
            "rampRateMean": nights("rampRate"),
            "restHrMean": nights("restingHR"),
            "stepsMean": nights("steps"),
            "sleepScoreMean": nights("sleepScore"),
            "hrvMean": nights("hrv"),
            "hrvSDNN": nights("hrvSDNN"),
        },
        "twins": [],
        "stubs": 0,
        # No run reaches 12.5 m/s: a recorded one claims 35.
        "implausible": [
            {"collection": "activities", "id": a["id"], "keys": ["max_speed"]}
            for a in done
            if a["type"] in RUNS and a["max_speed"] > 12.5
        ],
    }


@pytest.fixture(scope="module")
def raw(recorded: Path) -> tuple[list[Any], list[Any]]:
    activities = json.loads((recorded / "activities.json").read_text())
    return activities, json.loads((recorded / "wellness.json").read_text())


@pytest.mark.parametrize("monday", MONDAYS)
def test_every_field_of_a_real_week_matches_the_raw_json(
    monday: str, raw: tuple[list[Any], list[Any]]
) -> None:
    activities, wellness = raw
    weeks = [TrainingWeek.parse(key) for key in MONDAYS]
    table = summarise_weeks("recorded", weeks, pd.DataFrame(activities), pd.DataFrame(wellness))
    row = table.set_index("weekStart", drop=False).loc[monday].to_dict()
    coverage = row.pop("coverage").model_dump(mode="json")
    assert coverage == reckon_coverage(monday, activities, wellness)
    expected = reckon(monday, activities, wellness)
    assert row.keys() == expected.keys()
    for name, value in expected.items():
        if value is None:
            assert math.isnan(row[name]), name
        else:
            assert row[name] == pytest.approx(value, abs=1e-9), name


def test_the_first_week_has_the_published_figures(raw: tuple[list[Any], list[Any]]) -> None:
    week = [TrainingWeek.parse("2024-01-01")]
    row = summarise_weeks("r", week, pd.DataFrame(raw[0]), pd.DataFrame(raw[1])).iloc[0]
    assert (row["runCount"], row["rideCount"]) == (1, 3)
    assert round(row["ctlMean"], 3) == 32.018
    assert round(row["restHrMean"], 3) == 57.571
    assert round(row["hrvMean"], 3) == 75.210
    assert round(row["stepsMean"], 3) == 7178.286
    assert math.isnan(row["sleepScoreMean"])
