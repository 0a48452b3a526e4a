"""How the simulated body answers: heart, sleep, steps and weight of a day."""

from math import exp
from typing import Any

from weekly_plan_assets.sources.sample.draw import bell, generator
from weekly_plan_assets.sources.sample.sample_calendar import SampleDay
from weekly_plan_assets.sources.sample.sample_sessions import RESTING_HR, next_morning

_USUAL_HRV_MS = 68.0
_HRV_MISSING = 0.08
_SLEEP_SCORE_MISSING = 0.12


def sample_wellness(
    day: SampleDay, *, ctl: float, atl: float, ramp_rate: float, load: float
) -> dict[str, Any]:
    """The day's wellness row.

    Args:
        day: What the calendar says.
        ctl: Fitness at the end of the day.
        atl: Fatigue at the end of the day.
        ramp_rate: Change of CTL over seven days.
        load: The day's training load.
    """
    chance = generator("body", day.date)
    fatigue = atl - ctl
    hrv_ms = (
        _USUAL_HRV_MS * exp(-0.004 * fatigue + bell(chance, 0.07)) * (0.78 if day.is_ill else 1)
    )
    resting_hr = RESTING_HR + 0.09 * fatigue + bell(chance, 1.2) + (6 if day.is_ill else 0)
    sleep_s = 26_400 + bell(chance, 2_700) + (2_400 if day.is_ill else 0)
    sleep_score = min(98, max(30, 76 + (sleep_s - 26_400) / 300 + bell(chance, 5)))
    steps = 7_500 + 45 * load + bell(chance, 2_200) - (4_500 if day.is_ill else 0)
    hrv_is_missing = chance.random() < _HRV_MISSING or day.watch_is_lost
    score_is_missing = chance.random() < _SLEEP_SCORE_MISSING or day.watch_is_lost
    return {
        "id": day.date.isoformat(),
        "ctl": round(ctl, 4),
        "atl": round(atl, 4),
        "rampRate": round(ramp_rate, 4),
        "ctlLoad": load,
        "atlLoad": load,
        "sportInfo": [],
        "updated": next_morning(day.date),
        "weight": round(70.5 - 0.02 * ctl + bell(chance, 0.25), 1),
        "restingHR": None if day.watch_is_lost else round(resting_hr),
        "hrv": None if hrv_is_missing else round(hrv_ms, 4),
        "hrvSDNN": None,
        "sleepSecs": None if day.watch_is_lost else round(sleep_s),
        "sleepScore": None if score_is_missing else round(sleep_score),
        "steps": max(500, round(steps)),
        "comments": "ill" if day.is_ill else None,
        "locked": None,
        "simulated": True,
    }
