"""How much of a training week was measured: the coverage block of a weekly_metrics row.

What the metrics themselves are belongs to `weekly_metrics`; how little is too little is decided by
the code that reads the block.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import compress
from typing import Any, NamedTuple, TypeAlias, TypeVar

import numpy as np
import pandas as pd
from pydantic import Field

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.recorded.columns import (
    Flags,
    Weeks,
    day_texts,
)
from weekly_plan_assets.domain.recorded.left_out import Collection, LeftOut
from weekly_plan_assets.domain.recorded.wellness import FITNESS_KEYS, FITNESS_MODEL
from weekly_plan_assets.domain.week import DAYS_PER_WEEK, TrainingWeek

WELLNESS = "wellness"
MODEL = "model"
"""The sources of a day's values: what the source sent, or the fitness model."""

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
"""What a device recorded on a day. Fitness and fatigue are calculated for every day."""


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

    collection: Collection
    id: str
    keys: tuple[str, ...]


class Coverage(Document):
    """What is known of a week.

    Attributes:
        days: Days of the week that had passed when it was read.
        wellness_last_day: The last of them on which a device recorded anything; None for none.
        metrics: By field name of the weekly_metrics row.
        stubs: Activities without type and load, as Strava's are for others.
        left_out: Rows and values that the source sent and that could not be used. A missing
            activity counts among those that there were, and nothing of it was measured.
    """

    days: int = Field(ge=0, le=7)
    wellness_last_day: date | None
    metrics: dict[str, Measured]
    twins: tuple[Twin, ...]
    stubs: int = Field(ge=0)
    implausible: tuple[Implausible, ...]
    # Most weeks have none, and are stored as they were before this was kept.
    left_out: tuple[LeftOut, ...] = Field(default=(), exclude_if=lambda left_out: not left_out)


Named = TypeVar("Named")
NamedByWeek: TypeAlias = dict[int, list[Named]]
"""By number of the week, what does not count; no entry for a week in which everything does."""


@dataclass(frozen=True, slots=True)
class MetricBasis:
    """What the metrics of all weeks rest on.

    Attributes:
        sessions: One row an activity that counts: `week`, `source`, `is_run`, `is_ride`,
            `is_strength`, `is_stub`, `has_type`, `has_zones`, `load`, `time_s`, `distance_m`,
            `trimp`.
        wellness: Columns as the Intervals.icu API names them, without implausible values.
        weeks_of_days: The week of each row of it.
        twins: The activities that do not count.
        implausible: Collection, id and key of each value that does not count.
        left_out: What could not be used of what the source sent.
        unusable: How many activities are missing for that reason, by number of the week.
    """

    sessions: pd.DataFrame
    wellness: pd.DataFrame
    weeks_of_days: Weeks
    twins: NamedByWeek[Twin]
    implausible: NamedByWeek[tuple[str, str, str]]
    left_out: Mapping[int, Sequence[LeftOut]] = field(default_factory=dict)
    unusable: Mapping[int, int] = field(default_factory=dict)


class WantedWeek(NamedTuple):
    """A week whose metrics are wanted.

    Attributes:
        number: As the rows of the athlete are numbered.
        last_day: The last day of which anything could be known; None if all days had passed.
    """

    number: int
    week: TrainingWeek
    last_day: date | None


def coverage_of(weeks: Sequence[WantedWeek], evidence: MetricBasis) -> list[Coverage]:
    """The coverage of each of `weeks`, from rows of these weeks and others."""
    by_session = _count_sessions(evidence.sessions)
    by_day = _count_days(evidence)
    last_known = _last_days_known(evidence)
    covered = []
    for number, week, last_day in weeks:
        days = _days_passed(week, last_day)
        sessions = tuple(by_session.get(number, ()))
        covered.append(
            Coverage(
                days=days,
                wellness_last_day=last_known.get(number),
                metrics={
                    **_of_sessions(sessions, evidence.unusable.get(number, 0)),
                    **_of_days(by_day.get(number, _NO_DAYS), days),
                },
                twins=tuple(evidence.twins.get(number, ())),
                stubs=sum(counts[_STUBS] for _, counts in sessions),
                implausible=_named(evidence.implausible.get(number, ())),
                left_out=tuple(evidence.left_out.get(number, ())),
            )
        )
    return covered


_WHO = ("any", "run", "ride", "strength", "endurance")
_NEEDS = tuple(dict.fromkeys(SESSION_NEEDS.values()))
_ANY = _WHO.index("any")
_STUBS = len(_WHO) + len(_NEEDS)
_PLACES = {
    metric: (_WHO.index(who), len(_WHO) + _NEEDS.index((who, what)))
    for metric, (who, what) in SESSION_NEEDS.items()
}
"""For each metric, where a row of counts has how many sessions there are, and are known."""

Counts: TypeAlias = tuple[int, ...]


def _count_sessions(sessions: pd.DataFrame) -> dict[int, list[tuple[str, Counts]]]:
    """By week, source by source how many sessions there are of each kind, and are known."""
    every = np.ones(len(sessions), dtype=bool)
    column_of = {name: sessions[name].to_numpy() for name in sessions}
    of = {
        "any": every,
        "run": column_of["is_run"],
        "ride": column_of["is_ride"],
        "strength": column_of["is_strength"],
        "endurance": ~column_of["is_strength"],
    }
    known = {
        "any": every,
        "type": column_of["has_type"],
        "load": ~np.isnan(column_of["load"]),
        "time": ~np.isnan(column_of["time_s"]),
        "distance": ~np.isnan(column_of["distance_m"]),
        "trimp": ~np.isnan(column_of["trimp"]),
        "zones": column_of["has_zones"],
    }
    flags = [of[who] for who in _WHO]
    flags += [of[who] & known[what] for who, what in _NEEDS]
    flags.append(column_of["is_stub"])
    sources = sessions["source"].astype("object").fillna("").tolist()
    groups, counts = _counted(zip(column_of["week"].tolist(), sources, strict=True), flags)
    by_week: dict[int, list[tuple[str, Counts]]] = defaultdict(list)
    for (week, source), row in sorted(zip(groups, counts, strict=True)):
        by_week[week].append((source, row))
    return by_week


@lru_cache(maxsize=10_000)
def _of_sessions(rows: tuple[tuple[str, Counts], ...], unusable: int) -> Mapping[str, Measured]:
    """The metrics over sessions, of which many weeks have the same.

    Args:
        rows: Source by source the counts of the sessions of a week.
        unusable: How many activities are missing; not even their sport is known.
    """
    totals = [sum(counts) for counts in zip(*(counts for _, counts in rows), strict=True)]
    return {
        metric: _measured(
            totals[known] if totals else 0,
            (totals[there] if totals else 0) + (unusable if there == _ANY else 0),
            tuple(source for source, counts in rows if source and counts[known]),
        )
        for metric, (there, known) in _PLACES.items()
    }


_KEYS = tuple(dict.fromkeys(DAY_KEYS.values()))
_NO_DAYS = (0,) * (len(_KEYS) + len(FITNESS_KEYS))


def _count_days(evidence: MetricBasis) -> dict[int, Counts]:
    """By week, how many days have each of `_KEYS`, and how many have fitness from the model."""
    wellness = evidence.wellness
    known = {key: wellness[key].notna().to_numpy() for key in _KEYS}
    modelled = wellness[FITNESS_MODEL].isin([True]).to_numpy()
    flags = [*known.values(), *(known[key] & modelled for key in FITNESS_KEYS)]
    weeks, counts = _counted(evidence.weeks_of_days.tolist(), flags)
    return dict(zip(weeks, counts, strict=True))


def _last_days_known(evidence: MetricBasis) -> dict[int, date]:
    """By week the last day on which a device recorded anything."""
    wellness = evidence.wellness
    is_known = wellness.reindex(columns=list(MEASURED_OF_THE_BODY)).notna().any(axis=1)
    days = zip(evidence.weeks_of_days.tolist(), day_texts(wellness["id"]), strict=True)
    last: dict[int, str] = {}
    for week, day in compress(days, is_known):
        last[week] = max(day, last.get(week, day))
    return {week: date.fromisoformat(day) for week, day in last.items()}


@lru_cache(maxsize=1_000)
def _of_days(counts: Counts, days: int) -> Mapping[str, Measured]:
    """The same for most weeks: every day has everything."""
    known = dict(zip(_KEYS, counts, strict=False))
    modelled = dict(zip(FITNESS_KEYS, counts[len(_KEYS) :], strict=True))
    return {
        metric: _measured(
            known[key],
            days,
            (
                *((MODEL,) if modelled.get(key) else ()),
                *((WELLNESS,) if known[key] > modelled.get(key, 0) else ()),
            ),
        )
        for metric, key in DAY_KEYS.items()
    }


@lru_cache(maxsize=10_000)
def _measured(measured: int, of: int, sources: tuple[str, ...]) -> Measured:
    """Weeks are alike, and a frozen record can be shared."""
    return Measured(measured=measured, of=of, sources=sources)


Group = TypeVar("Group", bound=Hashable)


def _counted(groups: Iterable[Group], flags: Sequence[Flags]) -> tuple[list[Group], list[Counts]]:
    """For each group, in how many of its rows each flag is set."""
    places: dict[Group, int] = {}
    place_of_row = [places.setdefault(group, len(places)) for group in groups]
    counts = np.zeros((len(places), len(flags)), dtype="int64")
    np.add.at(counts, place_of_row, np.column_stack(flags))
    return list(places), [tuple(row) for row in counts.tolist()]


def _named(values: Iterable[tuple[str, str, str]]) -> tuple[Implausible, ...]:
    keys: dict[tuple[Any, str], list[str]] = defaultdict(list)
    for collection, id_, key in values:
        keys[collection, id_].append(key)
    return tuple(
        Implausible(collection=collection, id=id_, keys=tuple(sorted(names)))
        for (collection, id_), names in sorted(keys.items())
    )


def _days_passed(week: TrainingWeek, last_day: date | None) -> int:
    if last_day is None:
        return DAYS_PER_WEEK
    return min(max((last_day - week.start).days + 1, 0), DAYS_PER_WEEK)
