"""How a simulated body answers to load and illness: HRV, resting heart rate and sleep."""

from datetime import date
from typing import Any

from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.sources.personas.persona import Measure, Persona
from weekly_plan_assets.sources.sample.draw import bell, generator

_HRV_PER_FATIGUE = 0.004
"""Share of HRV lost for each unit by which fatigue exceeds fitness."""

_HRV_NIGHT = 0.08
"""Spread of one night as a share: 5 to 15 % from day to day is usual (Plews 2014)."""

_REST_PER_FATIGUE_BPM = 0.09
_REST_NIGHT_BPM = 1.2
_ILL_HRV_SHARE = 0.76
_ILL_REST_BPM = 6.0
_MISSED_NIGHTS = 0.08


def persona_wellness(
    persona: Persona, day: date, *, ctl: float, atl: float, ramp_rate: float, ill: float
) -> WellnessDay:
    """The wellness row of a day.

    Args:
        persona: Whose it is.
        day: The local day.
        ctl: Fitness at its end.
        atl: Fatigue at its end.
        ramp_rate: Change of CTL over seven days.
        ill: From 0, well, to 1, ill.
    """
    chance = generator("persona-body", persona.key, day)
    noise = [bell(chance, 1.0) for _ in range(3)]
    missed = chance.random() < _MISSED_NIGHTS
    fatigue = atl - ctl
    row: dict[str, Any] = {"id": day.isoformat()}
    if Measure.LOAD in persona.measures:
        row |= {"ctl": round(ctl, 4), "atl": round(atl, 4), "rampRate": round(ramp_rate, 4)}
    if Measure.HRV in persona.measures and not missed:
        share = 1 - _HRV_PER_FATIGUE * fatigue + _HRV_NIGHT * noise[0]
        share *= 1 - (1 - _ILL_HRV_SHARE) * ill
        row["hrv"] = round(persona.hrv_ms * max(share, 0.3), 1)
    if Measure.RESTING_HR in persona.measures and not missed:
        above = _REST_PER_FATIGUE_BPM * fatigue + _REST_NIGHT_BPM * noise[1] + _ILL_REST_BPM * ill
        row["restingHR"] = round(persona.hr_bpm[0] + above)
    if Measure.SLEEP in persona.measures and not missed:
        sleep_s = 26_400 + 2_700 * noise[2] + 2_400 * ill
        row |= {"sleepSecs": round(sleep_s), "sleepScore": round(76 + (sleep_s - 26_400) / 300)}
    return WellnessDay.model_validate(row)
