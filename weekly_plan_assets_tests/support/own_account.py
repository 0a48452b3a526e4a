"""An account in the shape that the Intervals.icu API answers, made here: nobody's data.

Five weeks of the simulated athlete as the API would send them, with sport settings and a calendar
that are written by hand. Tests that hold for any account take it, so that they run everywhere.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from weekly_plan_assets.sources.sample import SampleSource

ATHLETE_ID = "own1"
FIRST, LAST = date(2024, 1, 1), date(2024, 2, 4)

SPORT_SETTINGS: list[dict[str, Any]] = [
    {
        "id": 1,
        "athlete_id": ATHLETE_ID,
        "types": ["Run", "TrailRun", "VirtualRun"],
        "lthr": 171,
        "max_hr": 188,
        "hr_zones": [139, 150, 160, 170, 175, 181, 188],
        "hr_zone_names": ["Recovery", "Aerobic", "Tempo", "SubThreshold", "Super", "VO2", "Max"],
        "threshold_pace": 4.1,
        "ftp": None,
    },
    {
        "id": 2,
        "athlete_id": ATHLETE_ID,
        "types": ["Ride", "VirtualRide"],
        "lthr": 166,
        "max_hr": 184,
        "hr_zones": [130, 146, 155, 165, 170, 176, 184],
        "ftp": 231,
        "power_zones": [55, 75, 90, 105, 120, 150, 999],
        "threshold_pace": None,
    },
]

NO_AVAILABILITY = dict.fromkeys(("can_train_sports", "max_training_time", "training_availability"))

EVENTS: list[dict[str, Any]] = [
    {
        "id": 11,
        "category": "RACE_B",
        "name": "Ten in the park",
        "type": "Run",
        "start_date_local": "2024-03-03T00:00:00",
        "end_date_local": "2024-03-04T00:00:00",
        "distance": 10_000.0,
        "moving_time": None,
        **NO_AVAILABILITY,
    },
    {
        "id": 12,
        "category": "HOLIDAY",
        "name": "At the sea",
        "type": None,
        "start_date_local": "2024-02-10T00:00:00",
        "end_date_local": "2024-02-13T00:00:00",
        "distance": None,
        "moving_time": None,
        **NO_AVAILABILITY,
    },
]


def write_own_account(folder: Path) -> Path:
    """Write the account's answers as the files of an export folder."""
    source = SampleSource(LAST)
    owner = {"icu_athlete_id": ATHLETE_ID}
    activities = [row.model_dump(mode="json") | owner for row in source.activities(FIRST, LAST)]
    wellness = [row.model_dump(mode="json") for row in source.wellness(FIRST, LAST)]
    answers = {
        "activities": activities,
        "wellness": wellness,
        "sport_settings": SPORT_SETTINGS,
        "events": EVENTS,
    }
    for name, rows in answers.items():
        (folder / f"{name}.json").write_text(json.dumps(rows))
    return folder
