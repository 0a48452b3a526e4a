"""A training week in numbers: the weekly_metrics row and how it is computed.

Distances in metres, times in seconds (moving time; elapsed where there is none), TRIMP in its own
unit. A sum over no session is zero; a sum over sessions none of which was measured is None. A mean
is over the days that were measured and None where none was: missing is never zero. What counts is
decided in `twins` and `plausible`, and how much was measured is told by `coverage`.
"""

from collections.abc import Sequence
from datetime import date

import pandas as pd
from pydantic import Field

from weekly_plan_assets.domain.activity import RIDE_TYPES, RUN_TYPES, STRENGTH_TYPES
from weekly_plan_assets.domain.columns import column, day_text, monday, numbers
from weekly_plan_assets.domain.coverage import DAY_KEYS, Coverage, Evidence, coverage_of
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.interval_summary import zone_times_of_intervals
from weekly_plan_assets.domain.plausible import without_implausible
from weekly_plan_assets.domain.session_kind import TEMPO, VO2, intensity_kind, known_zone_times
from weekly_plan_assets.domain.twins import find_twins
from weekly_plan_assets.domain.week import TrainingWeek

HISTORY_WEEKS = 4
"""Weeks before a week whose activities say what is long for this athlete."""

LONG_RUN_RATIO = 1.3
"""A run is long from this multiple of the athlete's mean run of the four weeks before.

Project convention: a long run of 25-30 % of the weekly volume (Daniels) in a week of five runs.
"""

LONG_RUN_MIN_HISTORY = 4
"""Runs in the four weeks before that are needed to know the athlete's mean run."""

LONG_RUN_FLOOR_S = 30 * 60
"""No run is long below this (Daniels: long runs take 30 to 150 minutes)."""

LONG_RUN_UNKNOWN_S = 75 * 60
"""From here a run is long where the history says nothing. Project convention."""

_DECIMALS = 9


class WeeklyMetrics(Document):
    """One athlete's training week, `week_start` (Monday) to `week_end` (Sunday).

    `coverage` is None in rows that were stored before it was kept.
    """

    athlete_id: str
    week_start: date
    week_end: date
    activity_count: int = Field(ge=0)
    training_load: float | None
    unknown_load_count: int = Field(ge=0)
    run_count: int = Field(ge=0)
    run_distance_m: float | None = Field(alias="runDistance")
    run_time_s: float | None = Field(alias="runTime")
    longest_run_time_s: float | None = Field(alias="longestRunTime")
    ride_count: int = Field(ge=0)
    ride_distance_m: float | None = Field(alias="rideDistance")
    ride_time_s: float | None = Field(alias="rideTime")
    vo2_sessions: int = Field(alias="vo2Sessions", ge=0)
    tempo_sessions: int = Field(ge=0)
    long_runs: int = Field(ge=0)
    strength_count: int = Field(ge=0)
    strength_trimp: float | None
    ctl_mean: float | None
    atl_mean: float | None
    ctl_end: float | None
    atl_end: float | None
    ramp_rate_mean: float | None
    rest_hr_mean_bpm: float | None = Field(alias="restHrMean")
    steps_mean: float | None
    sleep_score_mean: float | None
    hrv_mean_ms: float | None = Field(alias="hrvMean")
    coverage: Coverage | None = None


_WELLNESS_MEANS = {name: key for name, key in DAY_KEYS.items() if name.endswith("Mean")}


def summarise_weeks(
    athlete_id: str,
    weeks: Sequence[TrainingWeek],
    activities: pd.DataFrame,
    wellness: pd.DataFrame,
    *,
    last_day: date | None = None,
) -> pd.DataFrame:
    """The weekly metrics of `weeks`, one row a week, columns as in the stored documents.

    Args:
        athlete_id: Whose weeks they are.
        weeks: The weeks wanted, in order; a week without data is a row of zeros and missing values.
        activities: Columns as the Intervals.icu API names them. Rows of the `HISTORY_WEEKS` weeks
            before the first week say what a long run is; others outside `weeks` are not counted.
        wellness: Columns as the Intervals.icu API names them, `id` being the local day.
        last_day: The last day of which anything can be known; wellness after it is a projection and
            is not read. None: all days of `weeks` have passed.
    """
    evidence = _evidence(activities, _until(wellness, last_day))
    sessions = evidence.sessions
    index = pd.DatetimeIndex([week.start for week in weeks], name="weekStart")
    of_days = _summarise_wellness(evidence.wellness)
    summary = pd.concat([_summarise_sessions(sessions), of_days], axis=1, sort=True)
    summary = summary.reindex(index)
    counts = [name for name in summary.columns if name.endswith(("Count", "Sessions", "Runs"))]
    summary[counts] = summary[counts].fillna(0).astype("int64")
    _zero_where_none_happened(summary)
    # The last digits of a sum depend on which other weeks it was computed beside.
    summary = summary.round(_DECIMALS)
    summary.insert(0, "athleteId", athlete_id)
    summary.insert(1, "weekEnd", [week.end.isoformat() for week in weeks])
    summary.index = pd.Index([week.key for week in weeks], name="weekStart")
    summary["coverage"] = pd.Series(
        coverage_of(weeks, evidence, last_day), index=summary.index, dtype="object"
    )
    return summary.reset_index()


def _until(wellness: pd.DataFrame, last_day: date | None) -> pd.DataFrame:
    if last_day is not None and "id" in wellness:
        wellness = wellness[day_text(wellness["id"]) <= last_day.isoformat()]
    return wellness.reset_index(drop=True)


def _evidence(activities: pd.DataFrame, wellness: pd.DataFrame) -> Evidence:
    """What counts, each session once and each value plausible, and the names of what does not."""
    activities, wellness, wrong = without_implausible(activities.reset_index(drop=True), wellness)
    twin_of = find_twins(activities)
    ids = column(activities, "id").astype("str")
    weeks = monday(column(activities, "start_date_local"))
    return Evidence(
        sessions=_sessions(activities, weeks).drop(index=twin_of.index),
        wellness=wellness,
        twins=pd.DataFrame(
            {
                "week": weeks[twin_of.index].to_numpy(),
                "id": ids[twin_of.index].to_numpy(),
                "twin_of": ids[twin_of].to_numpy(),
            }
        ),
        implausible=pd.concat(
            [
                _located(wrong, "activities", ids, weeks),
                _located(
                    wrong,
                    "wellness",
                    day_text(column(wellness, "id")),
                    monday(column(wellness, "id")),
                ),
            ]
        ),
    )


def _located(
    wrong: pd.DataFrame, collection: str, ids: pd.Series, weeks: pd.Series
) -> pd.DataFrame:
    """The implausible values of one collection, with the week and id of their rows."""
    found = wrong[wrong["collection"] == collection]
    return found.assign(id=ids[found["row"]].to_numpy(), week=weeks[found["row"]].to_numpy())


def _sessions(activities: pd.DataFrame, weeks: pd.Series) -> pd.DataFrame:
    """One row an activity: its week, what it is, and its measured numbers (NaN: not measured)."""
    sport = column(activities, "type")
    time_s = numbers(activities, "moving_time").fillna(numbers(activities, "elapsed_time"))
    load = numbers(activities, "icu_training_load")
    zone_times_s = _zone_times_s(activities)
    return pd.DataFrame(
        {
            "week": weeks,
            "source": column(activities, "source"),
            "has_type": sport.notna(),
            "is_stub": sport.isna() & load.isna(),
            "has_zones": known_zone_times(zone_times_s),
            "is_run": sport.isin(RUN_TYPES),
            "is_ride": sport.isin(RIDE_TYPES),
            "is_strength": sport.isin(STRENGTH_TYPES),
            "time_s": time_s,
            "distance_m": numbers(activities, "distance"),
            "load": load,
            "trimp": numbers(activities, "trimp"),
            "kind": intensity_kind(zone_times_s, column(activities, "name")),
        }
    )


def _zone_times_s(activities: pd.DataFrame) -> pd.Series:
    """The time in heart-rate zones, from the intervals of the sessions whose own is not known."""
    told = column(activities, "icu_hr_zone_times")
    untold = activities[~known_zone_times(told)]
    shown = zone_times_of_intervals(column(untold, "interval_summary"), numbers(untold, "lthr"))
    return told if shown.empty else shown.reindex(told.index).fillna(told)


def _summarise_sessions(sessions: pd.DataFrame) -> pd.DataFrame:
    runs = sessions[sessions["is_run"]]
    rides = sessions[sessions["is_ride"]]
    strength = sessions[sessions["is_strength"]]
    endurance = sessions[~sessions["is_strength"]]
    return pd.DataFrame(
        {
            "activityCount": _count(sessions),
            "trainingLoad": _sum(sessions, "load"),
            "unknownLoadCount": _count(sessions[sessions["load"].isna()]),
            "runCount": _count(runs),
            "runDistance": _sum(runs, "distance_m"),
            "runTime": _sum(runs, "time_s"),
            "longestRunTime": runs.groupby("week")["time_s"].max(),
            "rideCount": _count(rides),
            "rideDistance": _sum(rides, "distance_m"),
            "rideTime": _sum(rides, "time_s"),
            "vo2Sessions": _count(endurance[endurance["kind"] == VO2]),
            "tempoSessions": _count(endurance[endurance["kind"] == TEMPO]),
            "longRuns": _count(_long_runs(runs)),
            "strengthCount": _count(strength),
            "strengthTrimp": _sum(strength, "trimp"),
        }
    )


def _long_runs(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs that are long for this athlete, judged by the four weeks before each."""
    timed = runs.dropna(subset=["time_s"])
    if timed.empty:
        return timed
    weekly = timed.groupby("week")["time_s"].agg(["sum", "count"])
    every_week = pd.date_range(weekly.index.min(), weekly.index.max(), freq="7D")
    before = weekly.reindex(every_week, fill_value=0).rolling(HISTORY_WEEKS, min_periods=1).sum()
    before = before.shift(1, fill_value=0)
    own = (LONG_RUN_RATIO * before["sum"] / before["count"]).clip(lower=LONG_RUN_FLOOR_S)
    threshold = own.where(before["count"] >= LONG_RUN_MIN_HISTORY, LONG_RUN_UNKNOWN_S)
    return timed[timed["time_s"] >= timed["week"].map(threshold)]


def _summarise_wellness(wellness: pd.DataFrame) -> pd.DataFrame:
    days = pd.DataFrame(
        {
            "week": monday(column(wellness, "id")),
            "day": column(wellness, "id"),
            **{name: numbers(wellness, key) for name, key in _WELLNESS_MEANS.items()},
        }
    ).sort_values("day")
    by_week = days.groupby("week")
    summary = by_week[list(_WELLNESS_MEANS)].mean()
    last = by_week[["ctlMean", "atlMean"]].last()
    return summary.assign(ctlEnd=last["ctlMean"], atlEnd=last["atlMean"])


def _zero_where_none_happened(summary: pd.DataFrame) -> None:
    """A week without a run has 0 m of running; a run without a measured distance has None."""
    sums = {
        "activityCount": ["trainingLoad"],
        "runCount": ["runDistance", "runTime", "longestRunTime"],
        "rideCount": ["rideDistance", "rideTime"],
        "strengthCount": ["strengthTrimp"],
    }
    for count, columns in sums.items():
        summary.loc[summary[count] == 0, columns] = 0.0


def _count(sessions: pd.DataFrame) -> pd.Series:
    return sessions.groupby("week").size()


def _sum(sessions: pd.DataFrame, column: str) -> pd.Series:
    return sessions.groupby("week")[column].sum(min_count=1)
