"""Sixteen recorded weeks of an athlete, from rows to what a planner is asked with."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd

from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.athlete.profile import AthleteContext
from weekly_plan_assets.domain.metrics.weekly_metrics import (
    HISTORY_WEEKS,
    WeeklyMetrics,
    summarise_weeks,
)
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.lineage.records.planning import KnownWeeks, planning_request
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.storage.codec import encode_rows

OBSERVED = TrainingWeek.parse("2025-03-31")
FIRST = OBSERVED.shift(-15)
WEEKS = list(weeks_between(FIRST, OBSERVED))

Row = dict[str, Any]


def session(day: date, sport: str, minutes: float, load_per_hour: float = 50.0) -> Row:
    """A recorded session; two on one day are hours apart where their sports differ."""
    hour = {"Run": 7, "Ride": 12, "Swim": 18}[sport]
    return {
        "id": f"{day}{sport}",
        "start_date_local": datetime.combine(day, time(hour)).isoformat(),
        "type": sport,
        "moving_time": round(minutes * 60),
        "icu_training_load": load_per_hour * minutes / 60,
        "distance": minutes * {"Run": 160, "Ride": 450, "Swim": 40}[sport],
    }


def weekly(
    sport: str, minutes: Mapping[int, float], shares: Sequence[float], load_per_hour: float = 50.0
) -> Iterator[Row]:
    """The same weekdays, Monday 0, in each of the last weeks, times the share of the week.

    Args:
        sport: Type of the sessions.
        minutes: By weekday.
        shares: One a week, the observed one last; weeks before them have the first.
        load_per_hour: What an hour brings.
    """
    for number, week in enumerate(reversed(WEEKS)):
        share = shares[max(0, len(shares) - 1 - number)]
        for weekday, planned_min in minutes.items():
            if share:
                day = week.start + timedelta(days=weekday)
                yield session(day, sport, share * planned_min, load_per_hour)


def nights(hrv_of: Sequence[float] = ()) -> list[Row]:
    """A night each day up to the observed Sunday; the last ones as given."""
    days = (OBSERVED.end - FIRST.start).days + 1
    steady = [62.0 + (number % 5) for number in range(days - len(hrv_of))]
    return [
        {"id": str(FIRST.start + timedelta(days=number)), "hrv": hrv, "restingHR": 50}
        for number, hrv in enumerate([*steady, *hrv_of])
    ]


def asked_after(rows: Sequence[Row], **known: Any) -> PlanningRequest:
    """What a planner is asked for the week after the observed one, see `known_weeks`."""
    return planning_request(known_weeks(rows, **known))


def known_weeks(
    rows: Sequence[Row],
    *,
    wellness: Sequence[Row] = (),
    settings: Sequence[SportSettings] = (),
    earlier: int = 0,
    last_day: date | None = None,
    **file: Any,
) -> KnownWeeks:
    """What is known at the end of the observed week; `file` is the athlete's own.

    Args:
        rows: Recorded sessions.
        wellness: Nights; steady ones where none are given.
        settings: Those of the source.
        earlier: Weeks by which the observed one lies before the last.
        last_day: The last day that had passed when it was read; None if all had.
        file: What the athlete's own says.
    """
    days = list(wellness) or nights()
    weeks = WEEKS[: len(WEEKS) - earlier]
    rows = [row for row in rows if row["start_date_local"] < f"{weeks[-1].next().start}"]
    frame = summarise_weeks("i1", weeks, pd.DataFrame(rows), pd.DataFrame(days), last_day=last_day)
    metrics = [WeeklyMetrics.model_validate(row) for row in encode_rows(frame)]
    return KnownWeeks(
        athlete_id="i1",
        metrics=metrics[-HISTORY_WEEKS - 1 :],
        activities=[Activity.model_validate(row) for row in rows],
        wellness=[WellnessDay.model_validate(row) for row in days],
        context=AthleteContext(
            file=AthleteFile.model_validate(file), sport_settings=tuple(settings)
        ),
    )
