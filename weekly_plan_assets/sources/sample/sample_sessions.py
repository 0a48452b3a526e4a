"""What the simulated athlete trains, and what the watch records of it.

Rows are in the shapes of the Intervals.icu API, and each says that it is simulated.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import exp, fsum
from random import Random
from typing import Any

from weekly_plan_assets.sources.sample.draw import bell, generator
from weekly_plan_assets.sources.sample.sample_calendar import SampleDay, SeasonBlock

ATHLETE_ID = "sample"
MAX_HR = 190
RESTING_HR = 50
THRESHOLD_HR = 170
ZONE_UPPER_BPM = (135, 152, 163, 174, 190)
_ZONE_MID_BPM = (125, 144, 158, 168, 180)

_SKIPPED = 0.07
_STUB = 0.02
_WITHOUT_HEART_RATE = 0.03
_YEARLY_PROGRESS = 0.05
_TRIMP_FACTOR, _TRIMP_EXPONENT = 0.64, 1.92
"""Banister's TRIMP for men: minutes x reserve x 0.64 exp(1.92 reserve) (Banister 1991)."""


@dataclass(frozen=True, slots=True)
class SampleKind:
    """A kind of session: its sport and name, and the share of its time in zones 1 to 5."""

    sport: str
    name: str
    zone_shares: tuple[float, ...]
    speed_m_s: float | None = None
    race_distance_m: float | None = None


EASY = SampleKind("Run", "Easy run", (0.35, 0.6, 0.05, 0.0, 0.0), 2.95)
LONG = SampleKind("Run", "Long run", (0.25, 0.63, 0.1, 0.02, 0.0), 2.95)
TEMPO = SampleKind("Run", "Tempo run", (0.2, 0.25, 0.33, 0.22, 0.0), 3.3)
VO2 = SampleKind("Run", "VO2 intervals", (0.3, 0.3, 0.08, 0.14, 0.18), 3.25)
TRAIL = SampleKind("TrailRun", "Trail run", (0.3, 0.5, 0.15, 0.05, 0.0), 2.5)
RACE = SampleKind("Run", "Half marathon", (0.02, 0.05, 0.18, 0.7, 0.05), race_distance_m=21_097.5)
RIDE = SampleKind("Ride", "Endurance ride", (0.45, 0.48, 0.06, 0.01, 0.0), 7.6)
STRENGTH = SampleKind("WeightTraining", "Strength", (0.85, 0.15, 0.0, 0.0, 0.0))

_WEEK: dict[SeasonBlock, tuple[tuple[tuple[SampleKind, int], ...], ...]] = {
    # Monday to Sunday: the day's sessions and their minutes in a full week.
    SeasonBlock.BASE: (
        (),
        ((TEMPO, 50), (STRENGTH, 40)),
        ((EASY, 50),),
        ((EASY, 45), (STRENGTH, 35)),
        (),
        ((RIDE, 110),),
        ((LONG, 90),),
    ),
    SeasonBlock.BUILD: (
        (),
        ((VO2, 60), (STRENGTH, 35)),
        ((EASY, 55),),
        ((TEMPO, 65), (STRENGTH, 30)),
        ((EASY, 35),),
        ((RIDE, 120),),
        ((LONG, 110),),
    ),
    SeasonBlock.TAPER: (
        (),
        ((VO2, 45),),
        ((EASY, 35),),
        ((TEMPO, 40),),
        (),
        ((EASY, 40),),
        ((LONG, 65),),
    ),
    SeasonBlock.RACE: ((), ((TEMPO, 35),), ((EASY, 30),), (), (), ((EASY, 20),), ((RACE, 92),)),
    SeasonBlock.AFTER_RACE: ((), (), ((EASY, 25),), (), ((RIDE, 45),), (), ((TRAIL, 45),)),
    SeasonBlock.HOLIDAY: ((),) * 7,
}


def activities_of(day: SampleDay) -> list[dict[str, Any]]:
    """The day's activities, without the fitness that follows from their load."""
    if day.is_ill:
        return []
    rows = []
    for slot, (kind, minutes) in enumerate(_WEEK[day.block][day.date.weekday()]):
        chance = generator(day.date, slot)
        if day.is_race or chance.random() >= _SKIPPED:
            rows.append(_activity(day, kind, minutes * _volume(day), slot, chance))
    return rows


def with_fitness(row: dict[str, Any], *, ctl: float, atl: float) -> dict[str, Any]:
    """The activity with CTL and ATL at the end of its day, as the API has them; a stub has none."""
    if "type" not in row:
        return row
    return row | {"icu_ctl": round(ctl, 4), "icu_atl": round(atl, 4)}


def sample_load_of(rows: list[dict[str, Any]]) -> float:
    """The day's training load; sessions whose load is not known add nothing that is known."""
    return float(sum(row.get("icu_training_load") or 0 for row in rows))


def _volume(day: SampleDay) -> float:
    if day.is_race:
        return 1.0
    progress = 1 + _YEARLY_PROGRESS * (day.date.year - 2024)
    return progress * (0.65 if day.is_easy_week else 1.0)


def _activity(
    day: SampleDay, kind: SampleKind, minutes: float, slot: int, chance: Random
) -> dict[str, Any]:
    starts = datetime.combine(day.date, time(7 + 10 * slot, chance.randrange(0, 50)))
    head: dict[str, Any] = {
        "id": f"s{day.date:%Y%m%d}{slot}",
        "icu_athlete_id": ATHLETE_ID,
        "start_date_local": starts.isoformat(),
        "start_date": starts.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z"),
        "simulated": True,
    }
    if chance.random() < _STUB:
        note = "STRAVA activities are not available via the API"
        return head | {"source": "STRAVA", "_note": note}
    moving_s = max(900, round(minutes * 60 * (1 + bell(chance, 0.06))))
    return (
        head
        | _volume_fields(kind, moving_s, chance)
        | _heart_fields(day.date, kind, moving_s, chance)
    )


def _volume_fields(kind: SampleKind, moving_s: int, chance: Random) -> dict[str, Any]:
    distance_m = _distance_m(kind, moving_s, chance)
    return {
        "type": kind.sport,
        "name": kind.name,
        "source": "GARMIN_CONNECT",
        "timezone": "UTC",
        "moving_time": moving_s,
        "elapsed_time": moving_s + chance.randrange(0, 240),
        "distance": distance_m,
        "total_elevation_gain": None if distance_m is None else round(distance_m * 0.009, 1),
    }


def _distance_m(kind: SampleKind, moving_s: int, chance: Random) -> float | None:
    if kind.speed_m_s is None:
        return kind.race_distance_m
    return round(kind.speed_m_s * moving_s * (1 + bell(chance, 0.03)), 1)


def _heart_fields(day: date, kind: SampleKind, moving_s: int, chance: Random) -> dict[str, Any]:
    profile = {
        "icu_resting_hr": RESTING_HR,
        "athlete_max_hr": MAX_HR,
        "lthr": THRESHOLD_HR,
        "icu_hr_zones": list(ZONE_UPPER_BPM),
    }
    if chance.random() < _WITHOUT_HEART_RATE:
        unknown = ("average_heartrate", "max_heartrate", "icu_hr_zone_times", "trimp")
        return profile | dict.fromkeys((*unknown, "icu_training_load"))
    times_s = [round(moving_s * share) for share in kind.zone_shares]
    times_s[1] += moving_s - sum(times_s)
    drift = 1 + bell(generator("drift", day), 0.012)
    beats = sum(t * bpm for t, bpm in zip(times_s, _ZONE_MID_BPM, strict=True))
    trimp = fsum(_trimp(t / 60, bpm * drift) for t, bpm in zip(times_s, _ZONE_MID_BPM, strict=True))
    highest = max(zone for zone, t in enumerate(times_s) if t > 0)
    return profile | {
        "average_heartrate": round(beats / moving_s * drift),
        "max_heartrate": min(MAX_HR, ZONE_UPPER_BPM[highest] - chance.randrange(0, 6)),
        "icu_hr_zone_times": times_s,
        "trimp": round(trimp, 4),
        "icu_training_load": round(100 * trimp / _trimp(60, THRESHOLD_HR)),
    }


def _trimp(minutes: float, bpm: float) -> float:
    reserve = (bpm - RESTING_HR) / (MAX_HR - RESTING_HR)
    return minutes * reserve * _TRIMP_FACTOR * exp(_TRIMP_EXPONENT * reserve)


def next_morning(day: date) -> str:
    """When the watch had synchronised a day's rows."""
    return datetime.combine(day + timedelta(days=1), time(5, 30)).isoformat()
