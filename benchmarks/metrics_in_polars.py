"""The floor of weekly_metrics: the same columns for the same data, as Polars would have them.

Plausible values, twins, kinds of sessions, long runs, means of nights, and of every metric what was
measured, of how many, by which sources. Only what the drawn athletes have none of is left out:
seven zones, pauses, intervals, a fitness model, chains of twins, names of what was left out.
"""

from collections.abc import Sequence
from typing import Any

import polars as pl

from weekly_plan_assets.domain.metrics.coverage import DAY_KEYS, SESSION_NEEDS
from weekly_plan_assets.domain.metrics.weekly_metrics import (
    HISTORY_WEEKS,
    LONG_RUN_FLOOR_S,
    LONG_RUN_MIN_HISTORY,
    LONG_RUN_RATIO,
    LONG_RUN_UNKNOWN_S,
)
from weekly_plan_assets.domain.recorded.duplicate_sessions import (
    MEASURED_KEYS,
    TWIN_OVERLAP,
    TWIN_OVERLAP_ACROSS_KINDS,
)
from weekly_plan_assets.domain.recorded.session_kind import (
    FAMILY_OF_TYPE,
    RIDE,
    RUN,
    STRENGTH,
    TEMPO_Z3_MIN_S,
    TEMPO_Z4_MIN_S,
    VO2_MIN_S,
)
from weekly_plan_assets.domain.recorded.value_limits import (
    ACTIVITY_LIMITS,
    FASTEST_M_S,
    MOST_LOAD_AT_ONCE,
    MOST_LOAD_PER_HOUR,
    MOST_LOAD_PER_HOUR_OF_A_SPRINT,
    MOST_TRIMP_PER_HOUR,
    SMALL_LOAD,
    UNKNOWN_TIME_S,
    WELLNESS_LIMITS,
)
from weekly_plan_assets.domain.units import SECONDS_PER_DAY, SECONDS_PER_HOUR
from weekly_plan_assets.domain.week import DAYS_PER_WEEK, TrainingWeek

_ANY = pl.lit(value=True)
_RUN, _RIDE, _STRENGTH = (pl.col("family") == family for family in (RUN, RIDE, STRENGTH))
_WHO = {"any": _ANY, "run": _RUN, "ride": _RIDE, "strength": _STRENGTH, "endurance": ~_STRENGTH}
_KNOWN = {
    "any": _ANY,
    "type": pl.col("type").is_not_null(),
    "load": pl.col("icu_training_load").is_not_null(),
    "time": pl.col("time_s").is_not_null(),
    "distance": pl.col("distance").is_not_null(),
    "trimp": pl.col("trimp").is_not_null(),
    "zones": pl.col("icu_hr_zone_times").is_not_null(),
}
_MEANS = {name: key for name, key in DAY_KEYS.items() if name.endswith("Mean")}
_DAY_KEYS = [key for key in dict.fromkeys(DAY_KEYS.values()) if key != "hrvSDNN"]


def frame_of(rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a source sends them."""
    return pl.DataFrame(rows, infer_schema_length=None)


def calendar_of(weeks: Sequence[TrainingWeek]) -> pl.DataFrame:
    """The weeks wanted."""
    return pl.DataFrame({"week": [week.start for week in weeks]})


def summarise_in_polars(
    calendar: pl.DataFrame, activities: pl.DataFrame, wellness: pl.DataFrame
) -> pl.DataFrame:
    """One row a week, metrics and coverage.

    Args:
        calendar: The weeks wanted, by their Mondays in `week`; where there is a column `athlete`,
            all frames have it, and each athlete is summarised apart.
        activities: By start, as `frame_of` makes it.
        wellness: A row a day.
    """
    by = list(calendar.columns)
    sessions = _without_twins(_sessions(activities.lazy()), by)
    nights = _nights(wellness.lazy())
    joined = weeks = calendar.lazy()
    for part in (
        _totals(sessions, weeks, by),
        _means(nights, by),
        _sources(sessions, by),
        _days(nights, by),
    ):
        joined = joined.join(part, on=by, how="left")
    return joined.sort(by).with_columns(_zeros()).select(*by, *_columns()).collect()


def _sessions(activities: pl.LazyFrame) -> pl.LazyFrame:
    day = pl.col("start_date_local").str.slice(0, 10).str.to_date("%Y-%m-%d")
    drawn = activities.collect_schema().names()
    limited = [
        _plausible(key, limits)
        for key, limits in ACTIVITY_LIMITS.items()
        if key in drawn and "speed" not in key
    ]
    time_s = pl.coalesce("moving_time", "elapsed_time")
    fastest_m_s = pl.col("family").replace_strict(
        FASTEST_M_S, default=None, return_dtype=pl.Float64
    )
    beat = pl.col("average_heartrate").is_not_null() | pl.col("no_heartrate")
    return (
        activities.with_columns(
            *limited,
            week=day.dt.truncate("1w"),
            family=pl.col("type").replace_strict(FAMILY_OF_TYPE, default=pl.col("type")),
            no_heartrate=pl.col("average_heartrate").is_null(),
            start_s=pl.col("start_date_local").str.to_datetime("%Y-%m-%dT%H:%M:%S").dt.epoch("s"),
            lasted_s=pl.coalesce("elapsed_time", "moving_time"),
        )
        .with_columns(
            pl.when(~(pl.col("distance") / time_s > fastest_m_s.fill_null(float("inf"))))
            .then("distance")
            .alias("distance"),
            pl.when(beat).then("icu_hr_zone_times").alias("icu_hr_zone_times"),
            pl.when(beat).then("trimp").alias("trimp"),
            time_s=time_s,
        )
        .with_columns(*_possible_loads())
        .with_columns(**_kinds())
    )


def _possible_loads() -> list[pl.Expr]:
    """Load and TRIMP, missing where nobody can do so much in the time."""
    day_s = pl.lit(SECONDS_PER_DAY)
    time_s = pl.max_horizontal("moving_time", pl.min_horizontal("elapsed_time", day_s))
    hours = pl.when(time_s > 0).then(time_s).otherwise(UNKNOWN_TIME_S) / SECONDS_PER_HOUR
    most_load = pl.min_horizontal(
        MOST_LOAD_PER_HOUR_OF_A_SPRINT * hours, MOST_LOAD_AT_ONCE + MOST_LOAD_PER_HOUR * hours
    )
    limits = {"icu_training_load": most_load, "trimp": MOST_TRIMP_PER_HOUR * hours}
    return [
        pl.when(~(pl.col(key) > pl.max_horizontal(limit, pl.lit(SMALL_LOAD)))).then(key).alias(key)
        for key, limit in limits.items()
    ]


def _plausible(key: str, limits: Any) -> pl.Expr:
    inside = pl.col(key).is_between(limits.least, limits.greatest)
    return pl.when(inside).then(key).alias(key)


def _kinds() -> dict[str, pl.Expr]:
    zones_s = pl.col("icu_hr_zone_times")
    named = pl.col("name").fill_null("")
    by_zones = zones_s.is_not_null()
    is_vo2 = (
        pl.when(by_zones)
        .then(zones_s.list.get(4, null_on_oob=True) >= VO2_MIN_S)
        .otherwise(named.str.contains(r"(?i)\bvo2(?:[ -]?max)?\b"))
    )
    is_tempo = (
        pl.when(by_zones)
        .then(
            (zones_s.list.slice(2).list.sum() >= TEMPO_Z3_MIN_S)
            | (zones_s.list.slice(3).list.sum() >= TEMPO_Z4_MIN_S)
        )
        .otherwise(named.str.contains(r"(?i)\b(?:tempo|threshold)\b"))
    )
    return {"is_vo2": is_vo2 & ~_STRENGTH, "is_tempo": is_tempo & ~is_vo2 & ~_STRENGTH}


def _without_twins(sessions: pl.LazyFrame, by: list[str]) -> pl.LazyFrame:
    measured = pl.sum_horizontal(pl.col(key).is_not_null() for key in MEASURED_KEYS)
    ranked = (
        sessions.with_columns(
            known_load=pl.col("icu_training_load").is_not_null(), is_known=measured
        )
        .sort(["known_load", "is_known", "lasted_s", "id"], descending=[True, True, True, False])
        .with_row_index("rank")
    )
    spans = ranked.select("rank", *by, "family", "start_s", "lasted_s")
    end_s, other_end_s = (pl.col(f"start_s{s}") + pl.col(f"lasted_s{s}") for s in ("", "_right"))
    shared_s = pl.min_horizontal(end_s, other_end_s) - pl.max_horizontal("start_s", "start_s_right")
    shorter_s, longer_s = (
        horizontal("lasted_s", "lasted_s_right")
        for horizontal in (pl.min_horizontal, pl.max_horizontal)
    )
    alike = (pl.col("family") == pl.col("family_right")) & (shared_s >= TWIN_OVERLAP * shorter_s)
    alike |= (shared_s >= TWIN_OVERLAP * shorter_s) & (
        shared_s >= TWIN_OVERLAP_ACROSS_KINDS * longer_s
    )
    twins = spans.join(spans, on=by).filter((pl.col("rank") < pl.col("rank_right")) & alike)
    return ranked.join(twins, left_on="rank", right_on="rank_right", how="anti")


def _totals(sessions: pl.LazyFrame, calendar: pl.LazyFrame, by: list[str]) -> pl.LazyFrame:
    timed = sessions.filter(_RUN & pl.col("time_s").is_not_null())
    weekly = timed.group_by(by).agg(sum=pl.col("time_s").sum(), count=pl.len())
    before = (
        calendar.join(weekly, on=by, how="left")
        .sort(by)
        .select(
            *by, *(_of_weeks_before(name, by).alias(f"{name}_before") for name in ("sum", "count"))
        )
    )
    own_s = pl.max_horizontal(
        LONG_RUN_RATIO * pl.col("sum_before") / pl.col("count_before"), pl.lit(LONG_RUN_FLOOR_S)
    )
    threshold_s = (
        pl.when(pl.col("count_before") >= LONG_RUN_MIN_HISTORY)
        .then(own_s)
        .otherwise(LONG_RUN_UNKNOWN_S)
    )
    load = pl.col("icu_training_load")
    return (
        sessions.join(before, on=by, how="left")
        .group_by(by)
        .agg(
            activityCount=pl.len(),
            trainingLoad=_sum("icu_training_load", _ANY),
            unknownLoadCount=load.is_null().sum(),
            runCount=_RUN.sum(),
            runDistance=_sum("distance", _RUN),
            runTime=_sum("time_s", _RUN),
            longestRunTime=pl.col("time_s").filter(_RUN).max(),
            rideCount=_RIDE.sum(),
            rideDistance=_sum("distance", _RIDE),
            rideTime=_sum("time_s", _RIDE),
            vo2Sessions=pl.col("is_vo2").sum(),
            tempoSessions=pl.col("is_tempo").sum(),
            longRuns=(_RUN & (pl.col("time_s") >= threshold_s)).sum(),
            strengthCount=_STRENGTH.sum(),
            strengthTrimp=_sum("trimp", _STRENGTH),
        )
    )


def _of_weeks_before(name: str, by: list[str]) -> pl.Expr:
    earlier = pl.col(name).fill_null(0).shift(1, fill_value=0)
    summed = earlier.rolling_sum(HISTORY_WEEKS, min_samples=1)
    return summed.over(by[:-1]) if by[:-1] else summed


def _sum(name: str, of: pl.Expr) -> pl.Expr:
    values = pl.col(name).filter(of)
    return pl.when(values.count() > 0).then(values.sum())


def _nights(wellness: pl.LazyFrame) -> pl.LazyFrame:
    day = pl.col("id").str.to_date("%Y-%m-%d")
    drawn = wellness.collect_schema().names()
    limited = [
        _plausible(key, limits)
        for key, limits in WELLNESS_LIMITS.items()
        if key in drawn and key != "hrvSDNN"
    ]
    return wellness.with_columns(*limited, week=day.dt.truncate("1w")).sort("id")


def _means(nights: pl.LazyFrame, by: list[str]) -> pl.LazyFrame:
    means = {name: pl.col(key).mean() for name, key in _MEANS.items()}
    last = {name: pl.col(DAY_KEYS[name]).drop_nulls().last() for name in ("ctlEnd", "atlEnd")}
    return nights.group_by(by).agg(**means, **last)


def _sources(sessions: pl.LazyFrame, by: list[str]) -> pl.LazyFrame:
    needs = {f"{who} {what}": _WHO[who] & _KNOWN[what] for who, what in SESSION_NEEDS.values()}
    there = {f"of {who}": flags for who, flags in _WHO.items()}
    counts = {
        name: (flags & _ANY & pl.col("week").is_not_null()).sum()
        for name, flags in (needs | there).items()
    }
    by_source = sessions.group_by(*by, "source").agg(**counts)
    return (
        by_source.sort("source")
        .group_by(by)
        .agg(
            *(pl.col(name).sum() for name in counts),
            *(
                pl.col("source").filter(pl.col(name) > 0).sort().alias(f"{name} by")
                for name in needs
            ),
        )
    )


def _days(nights: pl.LazyFrame, by: list[str]) -> pl.LazyFrame:
    return nights.group_by(by).agg(pl.col(key).count().alias(f"days {key}") for key in _DAY_KEYS)


def _zeros() -> list[pl.Expr]:
    """A week without sessions has none, and 0 m of running."""
    counts = ("activityCount", "unknownLoadCount", "runCount", "rideCount")
    kinds = ("vo2Sessions", "tempoSessions", "longRuns", "strengthCount")
    of_count = {
        "activityCount": ("trainingLoad",),
        "runCount": ("runDistance", "runTime", "longestRunTime"),
        "rideCount": ("rideDistance", "rideTime"),
        "strengthCount": ("strengthTrimp",),
    }
    return [
        *(pl.col(name).fill_null(0) for name in (*counts, *kinds)),
        *(
            pl.when(pl.col(count).fill_null(0) == 0).then(0.0).otherwise(pl.col(name)).alias(name)
            for count, names in of_count.items()
            for name in names
        ),
    ]


def _columns() -> list[pl.Expr]:
    metrics = [
        pl.col(name) for name in (*SESSION_NEEDS, "unknownLoadCount", *_MEANS, "ctlEnd", "atlEnd")
    ]
    of_sessions = [
        pl.struct(
            measured=pl.col(f"{who} {what}").fill_null(0),
            of=pl.col(f"of {who}").fill_null(0),
            sources=pl.col(f"{who} {what} by").fill_null([]),
        ).alias(f"{metric} coverage")
        for metric, (who, what) in SESSION_NEEDS.items()
    ]
    of_days = [
        pl.struct(
            measured=pl.col(f"days {key}").fill_null(0),
            of=pl.lit(DAYS_PER_WEEK),
            sources=pl.when(pl.col(f"days {key}") > 0).then(pl.lit(["wellness"])).otherwise([]),
        ).alias(f"{metric} coverage")
        for metric, key in DAY_KEYS.items()
        if key in _DAY_KEYS
    ]
    return [*metrics, *of_sessions, *of_days]
