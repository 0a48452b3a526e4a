"""What a watch records of a simulated session: time in zones, heart rate, load, distance.

A habitual session is hard or easy by nature, so its time in zones depends on where the athlete's
zones are; a planned session is done in the zones that the plan names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

from weekly_plan_assets.domain.plan.session_load import STRENGTH_LOAD_PER_HOUR, TABLE_RATES
from weekly_plan_assets.domain.plan.session_zones import zone_times_s
from weekly_plan_assets.domain.plan.weekly_plan import PlannedSession, Sport
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.training_impulse import training_impulse
from weekly_plan_assets.domain.units import MINUTES_PER_HOUR, SECONDS_PER_MINUTE
from weekly_plan_assets.sources.personas.persona import (
    Measure,
    Persona,
    PersonaWorkout,
    ZoneScheme,
)

FIVE = 5
_RECOVERY_BELOW_EASY = 0.06
_TEMPO_HR, _THRESHOLD_HR, _VO2_HR = 0.915, 0.975, 1.035
"""Heart rate of hard running as a share of threshold: the middles of Friel's zones 3, 4 and 5
(coaching practice). How hard easy running is differs by athlete."""

_SPORT_HR = {Sport.RUN: 0.0, Sport.RIDE: -0.04, Sport.SWIM: -0.07, Sport.STRENGTH: -0.12}
"""Heart rate at the same effort is lower on the bike and in the water (coaching practice)."""

_SPREAD = ((-0.025, 0.25), (0.0, 0.5), (0.025, 0.25))
"""How the time of an intent spreads around its heart rate: by share of threshold, weight."""

_SHARES: Mapping[PersonaWorkout, tuple[float, ...]] = {
    PersonaWorkout.RECOVERY: (0.7, 0.3, 0, 0, 0, 0),
    PersonaWorkout.EASY: (0.15, 0.75, 0.1, 0, 0, 0),
    PersonaWorkout.LONG: (0.1, 0.72, 0.18, 0, 0, 0),
    PersonaWorkout.STEADY: (0.1, 0.35, 0.5, 0.05, 0, 0),
    PersonaWorkout.TEMPO: (0.15, 0.38, 0.07, 0.4, 0, 0),
    PersonaWorkout.THRESHOLD: (0.2, 0.38, 0.05, 0.07, 0.3, 0),
    PersonaWorkout.VO2: (0.25, 0.4, 0.05, 0.05, 0.05, 0.2),
    PersonaWorkout.RACE: (0, 0, 0.1, 0.35, 0.5, 0.05),
    PersonaWorkout.STRENGTH: (1, 0, 0, 0, 0, 0),
}
"""The share of a session's time in each intent."""

_LONG_RACE = (0.1, 0.3, 0.4, 0.2, 0, 0)
_LONG_RACE_FROM_S = 3.5 * 3600
"""From here a race is steady rather than hard."""

_OWN_UPPER = (0.76, 0.86, 0.93, 1.0)
"""Upper bounds of zones 1 to 4 from a test, as shares of threshold; the fifth ends at maximum."""

_DEFAULT_UPPER = {
    Sport.RUN: (0.84, 0.89, 0.94, 0.99, 1.02, 1.06),
    Sport.RIDE: (0.80, 0.89, 0.93, 0.99, 1.02, 1.06),
}
"""Upper bounds of Friel's zones 1 to 5b, which Intervals.icu proposes; 5c ends at the maximum."""

_SPEED_M_S = {Sport.RIDE: 7.4, Sport.SWIM: 0.75}
_TYPES = {
    Sport.RUN: "Run",
    Sport.RIDE: "Ride",
    Sport.SWIM: "Swim",
    Sport.STRENGTH: "WeightTraining",
}


@dataclass(frozen=True, slots=True)
class DoneSession:
    """A session as it was done, before anything is recorded of it.

    Attributes:
        zone_times_s: Seconds in the athlete's zones, five or seven; None if there are none.
        zones: The same as five zones, from which load follows.
        mean_hr: Heart rate as a share of threshold.
    """

    day: date
    slot: int
    sport: Sport
    name: str
    duration_s: int
    zone_times_s: tuple[int, ...] | None
    zones: tuple[float, ...]
    mean_hr: float


def upper_bounds_bpm(persona: Persona, sport: Sport) -> tuple[int, ...] | None:
    """The upper bounds of the athlete's zones in a sport; None if they have none."""
    _, threshold_bpm, max_bpm = persona.hr_bpm
    if persona.zones is ZoneScheme.NONE:
        return None
    if persona.zones is ZoneScheme.OWN:
        shares = tuple(share + _SPORT_HR[sport] for share in _OWN_UPPER)
    else:
        shares = _DEFAULT_UPPER.get(sport, _DEFAULT_UPPER[Sport.RIDE])
    return (*(round(share * threshold_bpm) for share in shares), max_bpm)


def habitual(
    persona: Persona, day: date, slot: int, sport: Sport, workout: PersonaWorkout, duration_s: int
) -> DoneSession:
    """A session that the athlete usually does."""
    shares = _SHARES[workout]
    if workout is PersonaWorkout.RACE and duration_s >= _LONG_RACE_FROM_S:
        shares = _LONG_RACE
    uppers_bpm = upper_bounds_bpm(persona, sport)
    # Load follows from time in zones; an athlete without zones has a body all the same.
    bounds = uppers_bpm or upper_bounds_bpm(
        persona.model_copy(update={"zones": ZoneScheme.OWN}), sport
    )
    assert bounds is not None  # noqa: S101 - the scheme has zones
    times = [0.0] * len(bounds)
    mean = 0.0
    for hr, share in zip(_intent_hr(persona), shares, strict=True):
        mean += share * (hr + _SPORT_HR[sport])
        for offset, weight in _SPREAD:
            bpm = (hr + offset + _SPORT_HR[sport]) * persona.hr_bpm[1]
            zone = next((n for n, upper in enumerate(bounds) if bpm <= upper), len(bounds) - 1)
            times[zone] += share * weight * duration_s
    whole = tuple(round(time_s) for time_s in times)
    return DoneSession(
        day=day,
        slot=slot,
        sport=sport,
        name=f"{workout.value} {sport.value}",
        duration_s=duration_s,
        zone_times_s=None if uppers_bpm is None or sport is Sport.STRENGTH else whole,
        zones=_as_five(times),
        mean_hr=mean,
    )


def as_planned(
    persona: Persona, day: date, slot: int, session: PlannedSession, share: float
) -> DoneSession:
    """A planned session, done in its zones for a share of its time."""
    by_zone = zone_times_s(session.blocks)
    if not by_zone and session.intensity is not None:
        by_zone = {session.intensity.zone: session.duration_s}
    five = tuple(by_zone.get(zone, 0) * share for zone in range(1, FIVE + 1))
    uppers_bpm = upper_bounds_bpm(persona, session.sport)
    return DoneSession(
        day=day,
        slot=slot,
        sport=session.sport,
        name=f"{session.kind.value} {session.sport.value}",
        duration_s=round(session.duration_s * share),
        zone_times_s=None
        if uppers_bpm is None or session.sport is Sport.STRENGTH
        else _recorded(five, len(uppers_bpm)),
        zones=five,
        mean_hr=_mean_hr(persona, session.sport, five, uppers_bpm),
    )


def persona_load(persona: Persona, session: DoneSession) -> float:
    """The load that the session brings the athlete, recorded or not."""
    if session.sport is Sport.STRENGTH:
        hours = session.duration_s / SECONDS_PER_MINUTE / MINUTES_PER_HOUR
        return STRENGTH_LOAD_PER_HOUR * hours
    table = sum(
        TABLE_RATES.load(time_s / SECONDS_PER_MINUTE, zone)
        for zone, time_s in enumerate(session.zones, start=1)
    )
    return persona.load_factor(session.sport) * table


def persona_activity(persona: Persona, session: DoneSession, ctl: float, atl: float) -> Activity:
    """The session as its source has it, with fitness and fatigue of the evening."""
    rest_bpm, threshold_bpm, max_bpm = persona.hr_bpm
    starts = datetime.combine(session.day, time(7 + 5 * session.slot))
    row: dict[str, Any] = {
        "id": f"{persona.key}-{session.day}-{session.slot}",
        "icu_athlete_id": persona.key,
        "start_date_local": starts.isoformat(),
        "type": _type(persona, session.sport),
        "name": session.name,
        "source": "GARMIN_CONNECT",
        "moving_time": session.duration_s,
        "elapsed_time": session.duration_s,
    }
    if Measure.DISTANCE in persona.measures and session.sport is not Sport.STRENGTH:
        row["distance"] = round(_speed_m_s(persona, session) * session.duration_s, 1)
    if persona.zones is not ZoneScheme.NONE:
        bpm = round(session.mean_hr * threshold_bpm)
        uppers_bpm = upper_bounds_bpm(persona, session.sport)
        row |= {
            "average_heartrate": bpm,
            "icu_resting_hr": rest_bpm,
            "athlete_max_hr": max_bpm,
            "lthr": threshold_bpm,
            "icu_hr_zones": None if session.sport is Sport.STRENGTH else uppers_bpm,
            "icu_hr_zone_times": session.zone_times_s,
            "trimp": round(
                training_impulse(
                    session.duration_s, bpm, resting_hr_bpm=rest_bpm, max_hr_bpm=max_bpm
                ),
                2,
            ),
        }
    if persona.ftp_w is not None and session.sport is Sport.RIDE:
        row |= {
            "icu_ftp": persona.ftp_w,
            "icu_average_watts": round(persona.ftp_w * _power_share(session)),
        }
    if Measure.LOAD in persona.measures:
        row |= {
            "icu_training_load": round(persona_load(persona, session)),
            "icu_ctl": round(ctl, 3),
            "icu_atl": round(atl, 3),
        }
    return Activity.model_validate(row)


def _intent_hr(persona: Persona) -> tuple[float, ...]:
    """Heart rate of six intents, recovery to VO2, as shares of threshold heart rate."""
    easy = persona.easy_hr
    steady = (easy + _TEMPO_HR) / 2
    return (easy - _RECOVERY_BELOW_EASY, easy, steady, _TEMPO_HR, _THRESHOLD_HR, _VO2_HR)


def _as_five(times: list[float]) -> tuple[float, ...]:
    return (*times[: FIVE - 1], sum(times[FIVE - 1 :]))


def _recorded(five: tuple[float, ...], count: int) -> tuple[int, ...]:
    """Five zones as the athlete's watch has them: work in the fifth of seven is 5b (Friel)."""
    whole = tuple(round(time_s) for time_s in five)
    return whole if count == FIVE else (*whole[: FIVE - 1], 0, whole[-1], 0)


def _mean_hr(
    persona: Persona,
    sport: Sport,
    five: tuple[float, ...],
    uppers_bpm: tuple[int, ...] | None,
) -> float:
    if not any(five) or uppers_bpm is None:
        return persona.easy_hr + _SPORT_HR[sport]
    bounds = (round(uppers_bpm[0] * 0.85), *uppers_bpm[: FIVE - 1], uppers_bpm[-1])
    middles = [(low + high) / 2 for low, high in pairwise(bounds)]
    beats = sum(time_s * bpm for time_s, bpm in zip(five, middles, strict=True))
    return beats / sum(five) / persona.hr_bpm[1]


def _speed_m_s(persona: Persona, session: DoneSession) -> float:
    base = persona.run_speed_m_s if session.sport is Sport.RUN else _SPEED_M_S[session.sport]
    return base * (0.4 + 0.6 * (session.mean_hr - _SPORT_HR[session.sport]) / persona.easy_hr)


def _power_share(session: DoneSession) -> float:
    """The share of threshold power; power rises faster than heart rate (Coggan's levels)."""
    return max(0.4, 1 - 2.0 * (1 - (session.mean_hr - _SPORT_HR[Sport.RIDE])))


def _type(persona: Persona, sport: Sport) -> str:
    return "VirtualRide" if persona.indoor and sport is Sport.RIDE else sport.value
