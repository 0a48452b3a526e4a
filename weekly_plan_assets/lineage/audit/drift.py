"""Drift: stored runs that rest on numbers which the store no longer holds.

Content is compared, not the stored hashes: a row that was edited by hand keeps its hash. The store
is read once for all runs.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ValidationError
from pymongo.database import Database

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.metrics.weekly_metrics import HISTORY_WEEKS, WeeklyMetrics
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument, encode
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.retrying import retried
from weekly_plan_assets.storage.version_1_rows import as_weekly_metrics, is_version_1_row
from weekly_plan_assets.storage.week_models import as_models
from weekly_plan_assets.storage.week_rows import ACTIVITIES, WEEKLY_METRICS, WELLNESS, RowKind

_NO_METRIC = {"athleteId", "weekStart", "weekEnd", "coverage"}
_METRICS = tuple(
    key
    for key in (field.alias or name for name, field in WeeklyMetrics.model_fields.items())
    if key not in _NO_METRIC
)
_RAW: Mapping[RowKind, type[BaseModel]] = {ACTIVITIES: Activity, WELLNESS: WellnessDay}
_STORE_ONLY = {"contentHash", "createdAt", "updatedAt"}
_UNNAMED = ""
"""The athlete of rows that name none, which belong to the athlete who is asked about."""
_DECIMALS = 6
"""Beyond these a difference of two metrics is noise of floating point."""

Rows = Mapping[str, BsonDocument]
"""Rows of one week and kind, by their key."""


class Change(StrEnum):
    """What became of a row since a run used it."""

    EDITED = "edited"
    GONE = "gone"
    NEW = "new"


class MovedMetric(Document):
    """One metric of a week that is no longer what the run used.

    Attributes:
        metric: Its field name in weekly_metrics.
        used: What the run used; None: not measured.
        now: What the store holds.
        by: How much it moved; None if one of the two is not measured.
    """

    metric: str
    used: Any
    now: Any
    by: float | None


class ChangedRow(Document):
    """One row that is no longer what the run used.

    Attributes:
        collection: Where it is, or was, kept.
        id: Its key in that collection.
        keys: Which of its fields changed; empty for a row that is gone or new.
    """

    collection: str
    id: str
    change: Change
    keys: tuple[str, ...] = ()


class WeekDrift(Document):
    """What changed in one of the weeks that a run used."""

    week_start: date
    metrics: tuple[MovedMetric, ...]
    rows: tuple[ChangedRow, ...]


class DriftedRun(Document):
    """A run that rests on numbers which the store no longer holds.

    Attributes:
        observed_week_start: The week that it planned from.
        week_start: The week that it planned.
        published: Whether a plan of it is published.
        weeks: The weeks in which something changed, oldest first.
    """

    run_id: str
    athlete_id: str | None
    observed_week_start: date
    week_start: date
    published: bool
    weeks: tuple[WeekDrift, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which runs are looked at, and what of them.

    Attributes:
        run_id: Only this run.
        athlete_id: Only runs of this athlete.
        weeks: Only what runs used of these weeks; None: of all.
        raw: Whether raw rows are compared too, or only metrics, which is much cheaper.
    """

    run_id: str | None = None
    athlete_id: str | None = None
    weeks: Collection[TrainingWeek] | None = None
    raw: bool = True

    @property
    def query(self) -> BsonDocument:
        """The run_artifacts in question; version 1.0 and runs without inputs are none of them."""
        query: BsonDocument = {"observedWeekStart": {"$exists": True}, "metrics": {"$type": 3}}
        if self.weeks is not None:
            using = {week.shift(ahead) for week in self.weeks for ahead in range(HISTORY_WEEKS + 1)}
            query["observedWeekStart"] = {"$in": sorted(week.key for week in using)}
        if self.run_id is not None:
            query["runId"] = self.run_id
        if self.athlete_id is not None:
            query["athleteId"] = self.athlete_id
        return query

    @property
    def fields(self) -> BsonDocument:
        """What of run_artifacts is read."""
        names = ["runId", "athleteId", "observedWeekStart", "weekStart", "metrics", "history"]
        names += [kind.collection for kind in _RAW] if self.raw else []
        fields: BsonDocument = {"_id": 0, **dict.fromkeys(names, 1)}
        if self.weeks is not None:
            in_question = {"$in": ["$$this.weekStart", [week.key for week in self.weeks]]}
            fields["history"] = {"$filter": {"input": "$history", "cond": in_question}}
        return fields

    @property
    def models(self) -> Mapping[RowKind, type[BaseModel]]:
        """The kinds of rows that are compared, and what their rows are."""
        return {WEEKLY_METRICS: WeeklyMetrics, **(_RAW if self.raw else {})}

    def includes(self, week: str) -> bool:
        """Whether what runs used of this week is looked at."""
        return self.weeks is None or TrainingWeek.parse(week) in self.weeks


@retried
def drifted_runs(
    database: Database[BsonDocument], scope: Scope | None = None
) -> tuple[DriftedRun, ...]:
    """The runs in question that rest on what the store no longer holds, by observed week."""
    scope = scope or Scope()
    now = _Store.read(database, scope, _weeks_in_question(database, scope))
    found = (
        database[CollectionName.RUN_ARTIFACTS]
        .find(scope.query, scope.fields)
        .sort("observedWeekStart", 1)
    )
    drifted = [(run, weeks) for run in found if (weeks := tuple(_weeks(run, now, scope)))]
    plans = {"runId": {"$in": [run["runId"] for run, _ in drifted]}}
    published = (
        set(database[CollectionName.PLAN_SNAPSHOTS].distinct("runId", plans)) if drifted else set()
    )
    return tuple(
        DriftedRun(
            run_id=run["runId"],
            athlete_id=run.get("athleteId"),
            observed_week_start=run["observedWeekStart"],
            week_start=run["weekStart"],
            published=run["runId"] in published,
            weeks=weeks,
        )
        for run, weeks in drifted
    )


def _weeks_in_question(database: Database[BsonDocument], scope: Scope) -> set[str]:
    """The weeks of which runs used something."""
    if scope.weeks is not None:
        return {week.key for week in scope.weeks}
    return {
        TrainingWeek.parse(observed).shift(-back).key
        for observed in database[CollectionName.RUN_ARTIFACTS].distinct(
            "observedWeekStart", scope.query
        )
        for back in range(HISTORY_WEEKS + 1)
    }


@dataclass(frozen=True, slots=True)
class _Store:
    """What the store holds now: rows by athlete, collection and week."""

    rows: Mapping[tuple[str, str, str], Rows]

    @classmethod
    def read(cls, database: Database[BsonDocument], scope: Scope, weeks: Iterable[str]) -> Self:
        in_weeks = {"weekStart": {"$in": sorted(weeks)}}
        rows: dict[tuple[str, str, str], dict[str, BsonDocument]] = {}
        for kind, model in scope.models.items():
            for row in database[kind.collection].find(in_weeks, {"_id": 0}):
                place = (row.get("athleteId", _UNNAMED), kind.collection, row["weekStart"])
                rows.setdefault(place, {})[str(row[kind.key])] = _as_used(row, model)
        return cls(rows)

    def of(self, run: BsonDocument, kind: RowKind, week: str) -> Rows:
        place = (kind.collection, week)
        unnamed = self.rows.get((_UNNAMED, *place), {})
        return self.rows.get((run["athleteId"], *place), unnamed)


def _as_used(row: BsonDocument, model: type[BaseModel]) -> BsonDocument:
    """A stored row in the form in which a run keeps it."""
    if model is WeeklyMetrics and is_version_1_row(row):
        row = as_weekly_metrics(row, _UNNAMED)
    bare = {key: value for key, value in row.items() if key not in _STORE_ONLY}
    try:
        (used,) = as_models([{"athleteId": _UNNAMED, **bare}], model)
    except ValidationError:  # edited so that no run could use it: it is compared as it is
        return bare
    encoded: BsonDocument = encode(used)
    return encoded


def _weeks(run: BsonDocument, now: _Store, scope: Scope) -> Iterator[WeekDrift]:
    metrics = {row["weekStart"]: row for row in (*run["history"], run["metrics"])}
    raw = {kind: _by_week(run[kind.collection], kind) for kind in _RAW} if scope.raw else {}
    for week, used in metrics.items():
        if not scope.includes(week):
            continue
        stored = now.of(run, WEEKLY_METRICS, week).get(week)
        gone = ChangedRow(collection=WEEKLY_METRICS.collection, id=week, change=Change.GONE)
        moved = () if stored is None else tuple(_moved(used, stored))
        rows = [] if stored is not None else [gone]
        for kind, by_week in raw.items():
            rows += _changed(kind, by_week.get(week, {}), now.of(run, kind, week))
        if moved or rows:
            yield WeekDrift(week_start=date.fromisoformat(week), metrics=moved, rows=tuple(rows))


def _by_week(rows: Iterable[BsonDocument], kind: RowKind) -> dict[str, dict[str, BsonDocument]]:
    by_week: dict[str, dict[str, BsonDocument]] = {}
    for row in rows:
        week = TrainingWeek.containing(date.fromisoformat(row[kind.day_field][:10])).key
        by_week.setdefault(week, {})[str(row[kind.key])] = row
    return by_week


def _moved(used: BsonDocument, now: BsonDocument) -> Iterator[MovedMetric]:
    """Metrics that the run kept; those that came later it did not rest on."""
    for metric in _METRICS:
        if metric in used and used[metric] != now.get(metric):
            before, after = used[metric], now.get(metric)
            numbers = isinstance(before, int | float) and isinstance(after, int | float)
            by = round(after - before, _DECIMALS) if numbers else None
            yield MovedMetric(metric=metric, used=before, now=after, by=by)


def _changed(kind: RowKind, used: Rows, now: Rows) -> Iterator[ChangedRow]:
    for id_ in sorted(used.keys() | now.keys()):
        before, after = used.get(id_), now.get(id_)
        if before is None or after is None:
            change = Change.NEW if before is None else Change.GONE
            yield ChangedRow(collection=kind.collection, id=id_, change=change)
        elif before != after and (keys := tuple(_changed_keys(before, after))):
            yield ChangedRow(collection=kind.collection, id=id_, change=Change.EDITED, keys=keys)


def _changed_keys(before: BsonDocument, after: BsonDocument) -> Iterator[str]:
    """A key that is not there says the same as one without a value."""
    for key in dict.fromkeys((*before, *after)):
        if key not in {"athleteId", "weekStart"} and before.get(key) != after.get(key):
            yield key
