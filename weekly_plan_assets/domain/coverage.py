"""How much of a training week was measured: the coverage block of a weekly_metrics row.

What the metrics themselves are belongs to `weekly_metrics`; how little is too little is for whoever
reads the block.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import pandas as pd
from pydantic import Field

from weekly_plan_assets.domain.columns import column, day_text, monday, numbers
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.domain.wellness import FITNESS_KEYS, FITNESS_MODEL

WELLNESS = "wellness"
MODEL = "model"
"""The sources of a day's values: what the source told, or the fitness model."""

DAY_KEYS: Mapping[str, str] = {
    "ctlMean": "ctl",
    "atlMean": "atl",
    "ctlEnd": "ctl",
    "atlEnd": "atl",
    "rampRateMean": "rampRate",
    "restHrMean": "restingHR",
    "stepsMean": "steps",
    "sleepScoreMean": "sleepScore",
    "hrvMean": "hrv",
    "hrvSDNN": "hrvSDNN",
}
"""Metric by metric the wellness key that it rests on.

`hrvSDNN` is no metric: it is another measure of the same nights, counted and never mixed in.
"""

SESSION_NEEDS: Mapping[str, tuple[str, str]] = {
    "activityCount": ("any", "any"),
    "trainingLoad": ("any", "load"),
    "runCount": ("any", "type"),
    "runDistance": ("run", "distance"),
    "runTime": ("run", "time"),
    "longestRunTime": ("run", "time"),
    "rideCount": ("any", "type"),
    "rideDistance": ("ride", "distance"),
    "rideTime": ("ride", "time"),
    "vo2Sessions": ("endurance", "zones"),
    "tempoSessions": ("endurance", "zones"),
    "longRuns": ("run", "time"),
    "strengthCount": ("any", "type"),
    "strengthTrimp": ("strength", "trimp"),
}
"""Metric by metric the sessions it is about, and what must be known of each."""

MEASURED_OF_THE_BODY = (
    *("restingHR", "hrv", "hrvSDNN", "steps", "sleepScore"),
    *("sleepSecs", "weight"),
)
"""What a device told of a day. Fitness and fatigue are reckoned for every day, told or not."""


class Measured(Document):
    """Days or activities that were measured, out of how many, and by which sources."""

    measured: int = Field(ge=0)
    of: int = Field(ge=0)
    sources: tuple[str, ...]


class Twin(Document):
    """An activity that was not counted, and the one that was counted for it."""

    id: str
    twin_of: str


class Implausible(Document):
    """A row some of whose values were taken as not measured; `id` is a day for wellness."""

    collection: Literal["activities", "wellness"]
    id: str
    keys: tuple[str, ...]


class Coverage(Document):
    """What is known of a week.

    Attributes:
        days: Days of the week that had passed when it was read.
        wellness_last_day: The last of them of which a device told anything; None for none.
        metrics: By field name of the weekly_metrics row.
        stubs: Activities without type and load, as Strava's are for others.
    """

    days: int = Field(ge=0, le=7)
    wellness_last_day: date | None
    metrics: dict[str, Measured]
    twins: tuple[Twin, ...]
    stubs: int = Field(ge=0)
    implausible: tuple[Implausible, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the metrics of all weeks rest on.

    Attributes:
        sessions: One row an activity that counts: `week`, `source`, `is_run`, `is_ride`,
            `is_strength`, `is_stub`, `has_type`, `has_zones`, `load`, `time_s`, `distance_m`,
            `trimp`.
        wellness: Columns as the Intervals.icu API names them, without implausible values.
        twins: `week`, `id`, `twin_of`: one row an activity that does not count.
        implausible: `week`, `collection`, `id`, `key`: one row a value that does not count.
    """

    sessions: pd.DataFrame
    wellness: pd.DataFrame
    twins: pd.DataFrame
    implausible: pd.DataFrame


def coverage_of(
    weeks: Sequence[TrainingWeek], evidence: Evidence, last_day: date | None
) -> list[Coverage]:
    """The coverage of each of `weeks`.

    Args:
        weeks: The weeks wanted.
        evidence: Of these weeks and others.
        last_day: The last day of which anything could be known; None where all days had passed.
    """
    by_session = _by_week(_count_sessions(evidence.sessions))
    by_day = _by_week(_count_days(evidence.wellness))
    twins = _by_week(evidence.twins)
    implausible = _by_week(evidence.implausible)
    return [
        Coverage(
            days=(days := _days_passed(week, last_day)),
            wellness_last_day=next((day["last"] for day in by_day[week.key]), None),
            metrics={
                **_of_sessions(by_session[week.key]),
                **_of_days(by_day[week.key], days),
            },
            twins=tuple(Twin(id=row["id"], twin_of=row["twin_of"]) for row in twins[week.key]),
            stubs=sum(row["stub"] for row in by_session[week.key]),
            implausible=_named(implausible[week.key]),
        )
        for week in weeks
    ]


def _count_sessions(sessions: pd.DataFrame) -> pd.DataFrame:
    """Week and source by week and source, how many sessions there are and how many are known."""
    of = {
        "any": pd.Series(data=True, index=sessions.index),
        "run": sessions["is_run"],
        "ride": sessions["is_ride"],
        "strength": sessions["is_strength"],
        "endurance": ~sessions["is_strength"],
    }
    known = {
        "any": of["any"],
        "type": sessions["has_type"],
        "load": sessions["load"].notna(),
        "time": sessions["time_s"].notna(),
        "distance": sessions["distance_m"].notna(),
        "trimp": sessions["trimp"].notna(),
        "zones": sessions["has_zones"],
    }
    flags = {
        "stub": sessions["is_stub"],
        **of,
        **{f"{who} {what}": of[who] & known[what] for who, what in SESSION_NEEDS.values()},
    }
    keys = [sessions["week"], sessions["source"].astype("object").fillna("")]
    counts = pd.DataFrame(flags).groupby(keys, observed=True).sum()
    return counts.reset_index()


def _of_sessions(rows: Sequence[Mapping[str, Any]]) -> dict[str, Measured]:
    return {
        metric: Measured(
            measured=sum(row[f"{who} {what}"] for row in rows),
            of=sum(row[who] for row in rows),
            sources=tuple(
                sorted(row["source"] for row in rows if row["source"] and row[f"{who} {what}"])
            ),
        )
        for metric, (who, what) in SESSION_NEEDS.items()
    }


def _count_days(wellness: pd.DataFrame) -> pd.DataFrame:
    """Week by week, how many days have each key, and the last day that a device told of.

    How many of them the fitness model reckoned stands under `model` and the key.
    """
    days = day_text(column(wellness, "id"))
    known = {key: numbers(wellness, key).notna() for key in set(DAY_KEYS.values())}
    modelled = column(wellness, FITNESS_MODEL).isin([True])
    known |= {f"{MODEL} {key}": known[key] & modelled for key in FITNESS_KEYS}
    told = pd.concat([column(wellness, key).notna() for key in MEASURED_OF_THE_BODY], axis=1)
    weeks = monday(column(wellness, "id")).rename("week")
    counts = pd.DataFrame(known).groupby(weeks).sum()
    last = days.where(told.any(axis=1)).groupby(weeks).max()
    return counts.assign(last=last.astype("object").where(last.notna(), None)).reset_index()


def _of_days(rows: Sequence[Mapping[str, Any]], days: int) -> dict[str, Measured]:
    known = {metric: sum(row[key] for row in rows) for metric, key in DAY_KEYS.items()}
    modelled = {
        metric: sum(row.get(f"{MODEL} {key}", 0) for row in rows)
        for metric, key in DAY_KEYS.items()
    }
    return {
        metric: Measured(
            measured=count,
            of=days,
            sources=(
                *((MODEL,) if modelled[metric] else ()),
                *((WELLNESS,) if count > modelled[metric] else ()),
            ),
        )
        for metric, count in known.items()
    }


def _named(rows: Sequence[Mapping[str, Any]]) -> tuple[Implausible, ...]:
    keys: dict[tuple[Any, str], list[str]] = defaultdict(list)
    for row in rows:
        keys[row["collection"], row["id"]].append(row["key"])
    return tuple(
        Implausible(collection=collection, id=id_, keys=tuple(sorted(names)))
        for (collection, id_), names in sorted(keys.items())
    )


def _days_passed(week: TrainingWeek, last_day: date | None) -> int:
    return len(week.days) if last_day is None else sum(day <= last_day for day in week.days)


def _by_week(rows: pd.DataFrame) -> defaultdict[str, list[dict[str, Any]]]:
    """The rows as mappings, by the key of their week; none for a week without."""
    by_week: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.to_dict(orient="records"):
        by_week[row["week"].date().isoformat()].append({str(k): v for k, v in row.items()})
    return by_week
