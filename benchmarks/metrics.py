"""What weekly_metrics takes for a million activities in ten thousand years of athletes.

An athlete at a time, as for one athlete, and many athletes at once, as for a cohort. The floor is
the same in Polars; that it comes out the same is asserted. Beside it one weekly run's share: a week
and the four before it.
"""

import resource
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import isclose
from statistics import median
from typing import Any

import pandas as pd
import polars as pl

from benchmarks.athletes import DrawnAthlete
from benchmarks.figures import Figure, medians, seconds, show
from benchmarks.metrics_in_polars import calendar_of, frame_of, summarise_in_polars
from weekly_plan_assets.common.garbage import without_garbage_collection
from weekly_plan_assets.domain.metrics.recorded_weeks import RecordedWeeks
from weekly_plan_assets.domain.metrics.weekly_metrics import (
    HISTORY_WEEKS,
    summarise_athletes,
    summarise_weeks,
)

ATHLETES = 1_000
DRAWN = 20
"""So many differ; they come again and again."""
YEARS = 10
LIMIT = 3.0
LIMIT_AT_ONCE = 1.5
ONE_WEEK_REPEATS = 50
KIB_A_MIB = 1024
DIGITS = 1e-9


@dataclass(frozen=True, slots=True)
class Frames:
    """An athlete in the frames of both."""

    athlete: DrawnAthlete
    activities: pd.DataFrame
    wellness: pd.DataFrame
    calendar_pl: pl.DataFrame
    activities_pl: pl.DataFrame
    wellness_pl: pl.DataFrame

    @classmethod
    def of(cls, athlete: DrawnAthlete) -> "Frames":
        """Made before anything is measured."""
        return cls(
            athlete,
            pd.DataFrame(athlete.activities),
            pd.DataFrame(athlete.wellness),
            calendar_of(athlete.weeks),
            frame_of(athlete.activities),
            frame_of(athlete.wellness),
        )

    def own(self) -> pd.DataFrame:
        """By the project."""
        return summarise_weeks("drawn", self.athlete.weeks, self.activities, self.wellness)

    def in_polars(self) -> pl.DataFrame:
        """The floor."""
        return summarise_in_polars(self.calendar_pl, self.activities_pl, self.wellness_pl)

    def of_last_week(self) -> "Frames":
        """What a weekly run has of them: the last week, and the sessions of the weeks before it."""
        weeks = self.athlete.weeks[-1 - HISTORY_WEEKS :]
        first, last = weeks[0].key, weeks[-1].key
        recent = [row for row in self.athlete.activities if row["start_date_local"] >= first]
        nights = [row for row in self.athlete.wellness if row["id"] >= last]
        return Frames.of(DrawnAthlete(weeks[-1:], recent, nights))


def main() -> None:
    """Measure, and show a table, or JSON with `--json`."""
    figures, others = measure(ATHLETES, DRAWN, YEARS)
    show("Weekly metrics of many athletes", figures, **others)


def measure(count: int, drawn: int, years: int) -> tuple[list[Figure], dict[str, Any]]:
    """The figures of so many athletes, and what was measured beside them.

    Raises:
        AssertionError: Polars came to something else.
    """
    frames = [Frames.of(DrawnAthlete.drawn(number, years)) for number in range(drawn)]
    for one in frames:
        assert_same(one.own(), one.in_polars())
    before_mib = peak_mib()
    rounds = [frames[number % drawn] for number in range(count)]
    own_s, floor_s = medians([one.own for one in rounds], [one.in_polars for one in rounds])
    grown_mib = peak_mib() - before_mib
    week = frames[0].of_last_week()
    week_s = median(seconds(week.own) for _ in range(ONE_WEEK_REPEATS))
    figures = [
        Figure(f"{count} athletes, one at a time", own_s * count, floor_s * count, LIMIT),
        Figure(
            "the same, many at once; Polars in one query",
            at_once_s(frames, count),
            in_one_query_s(frames, count),
            LIMIT_AT_ONCE,
        ),
        Figure("one week, as in a weekly run", week_s),
    ]
    return figures, {
        "activities": sum(len(one.activities) for one in rounds),
        "athleteYears": count * years,
        "peakMib": round(before_mib + grown_mib),
        "grownMib": round(grown_mib),
        "sameAsPolars": f"{drawn} athletes, every figure of every week",
    }


def at_once_s(frames: Sequence[Frames], count: int) -> float:
    """Seconds for all athletes together, scaled to `count`."""
    recorded = [
        RecordedWeeks(str(number), one.athlete.weeks, one.activities, one.wellness)
        for number, one in enumerate(frames)
    ]

    def together() -> None:
        with without_garbage_collection():  # as it is done for a cohort
            summarise_athletes(recorded)

    return median(seconds(together) for _ in range(3)) * count / len(frames)


def in_one_query_s(frames: Sequence[Frames], count: int) -> float:
    """Seconds of Polars for all athletes together, scaled to `count`."""

    def together(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
        return pl.concat(
            [
                part.select(pl.lit(number).alias("athlete"), pl.all())
                for number, part in enumerate(parts)
            ],
            how="vertical_relaxed",
        )

    query = partial(
        summarise_in_polars,
        together([one.calendar_pl for one in frames]),
        together([one.activities_pl for one in frames]),
        together([one.wellness_pl for one in frames]),
    )
    return median(seconds(query) for _ in range(3)) * count / len(frames)


def peak_mib() -> float:
    """The most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_A_MIB


def assert_same(own: pd.DataFrame, floor: pl.DataFrame) -> None:
    """Raise where a figure or its coverage differs."""
    for row, other in zip(own.to_dict("records"), floor.iter_rows(named=True), strict=True):
        for name, value in other.items():
            if not _same(row, name, value):
                raise AssertionError(f"{name} of {row['weekStart']} is {value} in Polars: {row}")


def _same(row: dict[Any, Any], name: str, value: Any) -> bool:
    if name == "week":
        return bool(row["weekStart"] == value.isoformat())
    metric = name.removesuffix(" coverage")
    if metric != name:
        context = row["coverage"].metrics[metric]
        return bool(context.model_dump() == {**value, "sources": tuple(value["sources"])})
    if value is None:
        return bool(pd.isna(row[name]))
    return isclose(row[name], value, rel_tol=DIGITS, abs_tol=DIGITS)


if __name__ == "__main__":
    main()
