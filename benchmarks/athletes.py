"""Athletes drawn by lot: ten years of sessions and nights, as a source sends them."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from weekly_plan_assets.domain.week import DAYS_PER_WEEK, TrainingWeek

FIRST = TrainingWeek(date(2015, 1, 5))
WEEKS_A_YEAR = 52
SESSIONS_A_YEAR = 100

_TYPES = ("Run", "Run", "TrailRun", "Ride", "VirtualRide", "WeightTraining", "Swim")
_NAMES = ("Morning", "Along the river", "Tempo", "VO2max 5x3", None)


@dataclass(frozen=True, slots=True)
class DrawnAthlete:
    """One athlete.

    Attributes:
        activities: Keys as the Intervals.icu API names them, by start.
        wellness: The same, a row a day.
    """

    weeks: list[TrainingWeek]
    activities: list[dict[str, Any]]
    wellness: list[dict[str, Any]]

    @classmethod
    def drawn(cls, number: int, years: int) -> "DrawnAthlete":
        """The same for the same number, in every run."""
        lot = Random(number)  # noqa: S311 - no secret
        weeks = [FIRST.shift(back) for back in range(years * WEEKS_A_YEAR)]
        days = [FIRST.start + timedelta(days=day) for day in range(len(weeks) * DAYS_PER_WEEK)]
        trained = sorted(lot.choices(days, k=years * SESSIONS_A_YEAR))
        activities = [_activity(lot, id_, day) for id_, day in enumerate(trained)]
        return cls(weeks, activities, [_night(lot, day) for day in days])


def _activity(lot: Random, id_: int, day: date) -> dict[str, Any]:
    moving_s = lot.randint(1_200, 9_000)
    type_ = lot.choice(_TYPES)
    zones_s = [moving_s // 2, moving_s // 4, *(lot.randint(0, 900) for _ in range(3))]
    by_foot_or_wheel = type_ not in {"WeightTraining", "Swim"}
    return {
        "id": f"{id_:05}",
        "start_date_local": f"{day}T{lot.randint(5, 20):02}:{lot.randint(0, 59):02}:00",
        "type": type_,
        "name": lot.choice(_NAMES),
        "source": lot.choice(("GARMIN_CONNECT", "STRAVA")),
        "distance": round(moving_s * lot.uniform(2, 4), 1) if by_foot_or_wheel else None,
        "moving_time": moving_s,
        "elapsed_time": moving_s + lot.randint(0, 60),
        "icu_training_load": _often(lot, lot.randint(10, 150)),
        "trimp": _often(lot, round(lot.uniform(10, 150), 1)),
        "average_heartrate": _often(lot, lot.choice((0, 128, 142, 155))),
        "max_heartrate": _often(lot, lot.randint(150, 190)),
        "icu_hr_zone_times": _often(lot, zones_s),
    }


def _night(lot: Random, day: date) -> dict[str, Any]:
    return {
        "id": day.isoformat(),
        "ctl": round(lot.uniform(30, 70), 3),
        "atl": round(lot.uniform(30, 90), 3),
        "rampRate": round(lot.uniform(-3, 5), 3),
        "restingHR": _often(lot, lot.randint(40, 60)),
        "hrv": _often(lot, round(lot.uniform(30, 90), 1)),
        "steps": _often(lot, lot.randint(2_000, 20_000)),
        "sleepScore": _often(lot, lot.randint(40, 100)),
    }


def _often(lot: Random, value: Any) -> Any:
    """Measured nine times of ten."""
    return value if lot.random() < 0.9 else None  # noqa: PLR2004
