"""A training week in numbers: the weekly_metrics row and how it is computed.

Distances in metres, times in seconds (moving time; elapsed where there is none), TRIMP in its own
unit. A sum over no session is zero; a sum over sessions none of which was measured is None. A mean
is over the days that were measured and None if none was: missing is never zero. What counts is
decided in `recorded_weeks`, and how much was measured in `coverage`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from math import fsum
from statistics import fmean

import numpy as np
import pandas as pd
from pydantic import Field

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.metrics.coverage import (
    DAY_KEYS,
    Coverage,
    MetricBasis,
    WantedWeek,
    coverage_of,
)
from weekly_plan_assets.domain.metrics.recorded_weeks import (
    NOTHING_LEFT_OUT,
    RecordedWeeks,
    basis_of,
)
from weekly_plan_assets.domain.recorded.columns import Flags, Numbers, Weeks, week_number
from weekly_plan_assets.domain.recorded.left_out import LeftOut
from weekly_plan_assets.domain.recorded.session_kind import TEMPO, VO2
from weekly_plan_assets.domain.week import DAYS_PER_WEEK, TrainingWeek

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

    @property
    def days_passed(self) -> int:
        """Days of the week that had passed when it was read; all where that was not kept."""
        return DAYS_PER_WEEK if self.coverage is None else self.coverage.days

    @property
    def is_empty(self) -> bool:
        """Whether neither a session nor a measurement of the body was recorded."""
        measured = (self.rest_hr_mean_bpm, self.steps_mean, self.sleep_score_mean, self.hrv_mean_ms)
        return self.activity_count == 0 and all(value is None for value in measured)


def mean_over(weeks: Sequence[WeeklyMetrics], name: str) -> float | None:
    """The mean of a metric over the weeks in which it was measured; None if it was in none.

    Args:
        weeks: Any weeks.
        name: The metric's field, as Python names it.
    """
    known = [float(value) for week in weeks if (value := getattr(week, name)) is not None]
    try:
        return fmean(known) if known else None
    except OverflowError:  # of values that only stored rows of long ago can hold
        return fsum(value / len(known) for value in known)


_COUNTS = (
    *("activityCount", "unknownLoadCount", "runCount", "rideCount"),
    *("vo2Sessions", "tempoSessions", "longRuns", "strengthCount"),
)
_COUNT_OF_SUM = {
    "trainingLoad": "activityCount",
    "runDistance": "runCount",
    "runTime": "runCount",
    "longestRunTime": "runCount",
    "rideDistance": "rideCount",
    "rideTime": "rideCount",
    "strengthTrimp": "strengthCount",
}
"""Sum by sum the count of the sessions that it is over."""

_WELLNESS_MEANS = {name: key for name, key in DAY_KEYS.items() if name.endswith("Mean")}


def summarise_weeks(
    athlete_id: str,
    weeks: Sequence[TrainingWeek],
    activities: pd.DataFrame,
    wellness: pd.DataFrame,
    *,
    last_day: date | None = None,
    left_out: Mapping[TrainingWeek, Sequence[LeftOut]] = NOTHING_LEFT_OUT,
) -> pd.DataFrame:
    """The weekly metrics of `weeks`, one row a week, columns as in the stored documents.

    What the arguments mean is said by `RecordedWeeks`.
    """
    return summarise_athletes(
        [RecordedWeeks(athlete_id, weeks, activities, wellness, last_day, left_out)]
    )


def summarise_athletes(athletes: Sequence[RecordedWeeks]) -> pd.DataFrame:
    """The weekly metrics of several athletes, one row a week, in their order and that of the weeks.

    Each row is what `summarise_weeks` makes of that athlete alone.
    """
    evidence = basis_of(athletes)
    wanted = [
        WantedWeek(week_number(week.start, number), week, one.last_day)
        for number, one in enumerate(athletes)
        for week in one.weeks
    ]
    numbered = [one.number for one in wanted]
    of_sessions = _summarise_sessions(evidence.sessions).reindex(numbered)
    of_days = _summarise_wellness(evidence).reindex(numbered)
    columns = {
        str(name): frame[name].to_numpy() for frame in (of_sessions, of_days) for name in frame
    }
    for name in _COUNTS:
        columns[name] = np.nan_to_num(columns[name]).astype("int64")
    for name, count in _COUNT_OF_SUM.items():
        # A week without a run has 0 m of running; a run without a measured distance has None.
        columns[name] = np.where(columns[count] == 0, 0.0, columns[name])
    return pd.DataFrame(
        {
            "weekStart": [one.week.key for one in wanted],
            "athleteId": [one.athlete_id for one in athletes for _ in one.weeks],
            "weekEnd": [one.week.end.isoformat() for one in wanted],
            # The last digits of a sum depend on which other weeks it was computed beside.
            **{name: values.round(_DECIMALS) for name, values in columns.items()},
            "coverage": pd.Series(coverage_of(wanted, evidence), dtype="object"),
        }
    )


def _summarise_sessions(sessions: pd.DataFrame) -> pd.DataFrame:
    """By number of the week; a figure of no session is missing, a count of none too."""
    run, ride, strength = (
        sessions[name].to_numpy() for name in ("is_run", "is_ride", "is_strength")
    )
    time_s, distance_m, load, trimp = (
        sessions[name].to_numpy() for name in ("time_s", "distance_m", "load", "trimp")
    )
    kind = sessions["kind"].to_numpy()
    run_time_s = np.where(run, time_s, np.nan)
    week = sessions["week"].to_numpy()
    summed = {
        "activityCount": np.ones(len(sessions)),
        "trainingLoad": load,
        "unknownLoadCount": np.isnan(load),
        "runCount": run,
        "runDistance": np.where(run, distance_m, np.nan),
        "runTime": run_time_s,
        "longestRunTime": run_time_s,
        "rideCount": ride,
        "rideDistance": np.where(ride, distance_m, np.nan),
        "rideTime": np.where(ride, time_s, np.nan),
        "vo2Sessions": ~strength & (kind == VO2),
        "tempoSessions": ~strength & (kind == TEMPO),
        "longRuns": _is_long(week, run_time_s),
        "strengthCount": strength,
        "strengthTrimp": np.where(strength, trimp, np.nan),
    }
    by_week = pd.DataFrame(summed, dtype="float64").groupby(week)
    summary = by_week.sum(min_count=1)
    summary["longestRunTime"] = by_week["longestRunTime"].max()
    return summary


def _is_long(week: Weeks, run_time_s: Numbers) -> Flags:
    """Which runs are long for this athlete, judged by the four weeks before each."""
    timed = ~np.isnan(run_time_s)
    if not timed.any():
        return timed
    count, time_s = (
        _of_weeks_before(week[timed], of_run[timed]) for of_run in (np.ones(len(week)), run_time_s)
    )
    unknown = count < LONG_RUN_MIN_HISTORY
    own_s = LONG_RUN_RATIO * time_s / np.where(unknown, 1, count)
    threshold_s = np.where(unknown, LONG_RUN_UNKNOWN_S, np.maximum(own_s, LONG_RUN_FLOOR_S))
    is_long = timed.copy()
    is_long[timed] = run_time_s[timed] >= threshold_s
    return is_long


def _of_weeks_before(week: Weeks, of_run: Numbers) -> Numbers:
    """For each run the sum over all runs of the `HISTORY_WEEKS` before its week."""
    trained, place = np.unique(week, return_inverse=True)
    of_week = np.bincount(place, of_run)
    # Not by differences of a running sum: its last digits would depend on the weeks before these.
    before = np.zeros(len(trained))
    for back in range(HISTORY_WEEKS, 0, -1):
        found = np.searchsorted(trained, trained - back)
        before += np.where(trained[found] == trained - back, of_week[found], 0.0)
    of_weeks: Numbers = before[place]
    return of_weeks


def _summarise_wellness(evidence: MetricBasis) -> pd.DataFrame:
    wellness = evidence.wellness
    days = pd.DataFrame(
        {
            "day": wellness["id"],
            "week": evidence.weeks_of_days,
            **{name: wellness[key] for name, key in _WELLNESS_MEANS.items()},
        }
    ).sort_values("day")
    by_week = days.groupby("week")
    summary = by_week[list(_WELLNESS_MEANS)].mean()
    last = by_week[["ctlMean", "atlMean"]].last()
    return summary.assign(ctlEnd=last["ctlMean"], atlEnd=last["atlMean"])
