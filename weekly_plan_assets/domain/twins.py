"""Twins: one session that two devices recorded, a watch and an app, and that must count once.

Decides which of them counts. The stored rows keep all of them; counting belongs to
`weekly_metrics`.
"""

import math
from datetime import UTC, datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from weekly_plan_assets.domain.columns import column, numbers, week_numbers
from weekly_plan_assets.domain.session_kind import sport_family

TWIN_OVERLAP = 0.5
"""Two sessions of one kind are twins when they share this part of the shorter one's time.

Nobody runs two runs at once, so any overlap is suspect; half leaves room for clocks that differ and
a watch that was stopped late. It is measured on the shorter one, so that an app which cut a long
ride in three has three twins of the watch's one. Project convention.
"""

MEASURED_KEYS = (
    "distance",
    "moving_time",
    "icu_training_load",
    "trimp",
    "average_heartrate",
    "max_heartrate",
    "icu_hr_zone_times",
)

_UNKNOWN = -1
"""How pandas numbers a missing value."""

Positions = NDArray[np.int64]


def find_twins(activities: pd.DataFrame) -> pd.Series:
    """Which activities are twins of another that counts.

    Of twins the one with a training load counts, then the one with more measured, then the longer,
    then the smaller id. Pairs are sought inside a training week, so that the figures of a week do
    not depend on which other weeks were read. Start times are compared in UTC where both are known
    in UTC, else on the athlete's clock: after a flight, two sessions can have one local time. An
    activity of unknown type or duration is nobody's twin.

    Args:
        activities: Columns as the Intervals.icu API names them, index 0, 1, 2, ...

    Returns:
        By the position of each twin that does not count, the position of the one that does.
    """
    spans = _spans(activities)
    in_utc = spans.dropna(subset=["utc_s"])
    on_clock = _overlapping(spans, "clock_s")
    knows_utc = np.isin(on_clock, in_utc.index).all(axis=1)
    pairs = np.concatenate([_overlapping(in_utc, "utc_s"), on_clock[~knows_utc]])
    if not len(pairs):
        return pd.Series(dtype="int64", index=pd.Index([], dtype="int64"))
    return _twin_of(pairs, _rank(activities, np.unique(pairs)))


def _spans(activities: pd.DataFrame) -> pd.DataFrame:
    """Kind and time of each activity of which both are known; times in seconds."""
    clock = column(activities, "start_date_local")
    spans = pd.DataFrame(
        {
            "week": week_numbers(clock),
            "kind": pd.factorize(sport_family(column(activities, "type")))[0],
            "clock_s": _seconds(clock),
            "utc_s": _seconds(column(activities, "start_date")),
            "lasted_s": _lasted_s(activities),
        }
    )
    return spans[(spans["lasted_s"] > 0) & (spans["kind"] != _UNKNOWN)]


def _lasted_s(activities: pd.DataFrame) -> pd.Series:
    return numbers(activities, "elapsed_time").fillna(numbers(activities, "moving_time"))


def _seconds(moments: pd.Series) -> list[float]:
    """Seconds of the moment as written; missing where it is not written as a time."""
    return [_second(str(moment)) for moment in moments]


def _second(moment: str) -> float:
    try:
        time = datetime.fromisoformat(moment)
    except ValueError:
        return math.nan
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def _overlapping(spans: pd.DataFrame, start: str) -> Positions:
    """Pairs of positions whose spans overlap by `TWIN_OVERLAP` of the shorter.

    Sorted by start, each span is compared with the one before it of its week and kind, the one
    before that, and so on: as few steps as a week has of a kind, each over whole columns.
    """
    week, kind, begin, lasted = (
        spans[name].to_numpy() for name in ("week", "kind", start, "lasted_s")
    )
    order = np.lexsort((begin, kind, week))
    position = spans.index.to_numpy()[order]
    week, kind, begin, lasted = week[order], kind[order], begin[order], lasted[order]
    end = begin + lasted
    found = [np.empty((0, 2), dtype="int64")]
    later = np.arange(1, len(order))
    back = 1
    while len(later):
        later = later[later >= back]
        earlier = later - back
        of_a_kind = (week[earlier] == week[later]) & (kind[earlier] == kind[later])
        later, earlier = later[of_a_kind], earlier[of_a_kind]
        shared = np.minimum(end[earlier], end[later]) - begin[later]
        twins = shared >= TWIN_OVERLAP * np.minimum(lasted[earlier], lasted[later])
        found.append(np.column_stack([position[earlier[twins]], position[later[twins]]]))
        back += 1
    return np.concatenate(found)


def _rank(activities: pd.DataFrame, rows: Positions) -> pd.Series:
    """By position, the place among all that have a twin; 0 is the first to count."""
    chosen = activities.iloc[rows]
    measured = chosen.reindex(columns=list(MEASURED_KEYS)).notna().sum(axis=1)
    order = sorted(
        zip(
            column(chosen, "icu_training_load").isna(),
            -measured,
            -_lasted_s(chosen),
            column(chosen, "id").astype("str"),
            rows.tolist(),
            strict=True,
        )
    )
    return pd.Series(range(len(order)), index=[position for *_, position in order])


def _twin_of(pairs: Positions, rank: pd.Series) -> pd.Series:
    """Goes down the ranks: who has no twin that counts already, counts."""
    ranks = np.sort(rank.reindex(pairs.ravel()).to_numpy(dtype="int64").reshape(-1, 2), axis=1)
    better, worse = ranks.T
    counts_as = np.full(len(rank), -1)
    by_better = np.argsort(better, kind="stable")
    for first, second in zip(better[by_better], worse[by_better], strict=True):
        if counts_as[first] < 0 and counts_as[second] < 0:
            counts_as[second] = first
    twins = (counts_as >= 0).nonzero()[0]
    position = rank.index.to_numpy()
    return pd.Series(position[counts_as[twins]], index=position[twins], dtype="int64").sort_index()
