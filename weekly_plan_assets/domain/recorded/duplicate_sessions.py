"""Twins: one session that two devices recorded, a watch and an app, and that must count once.

Decides which of them counts. The stored rows keep all of them; counting belongs to
`weekly_metrics`.
"""

import math
from datetime import UTC, datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from weekly_plan_assets.domain.recorded.activity import GENERIC_TYPES, MANUAL_SOURCES, SPANS
from weekly_plan_assets.domain.recorded.columns import (
    Flags,
    Numbers,
    amounts,
    session_times_s,
    weeks_of_activities,
)
from weekly_plan_assets.domain.recorded.frames import ActivityFrame
from weekly_plan_assets.domain.recorded.manual_entries import twins_of_entries
from weekly_plan_assets.domain.recorded.recorded_time import (
    LONG_PAUSE_SHARE,
    RecordedStretch,
    shared_s,
)
from weekly_plan_assets.domain.recorded.session_kind import sport_family

TWIN_OVERLAP = 0.5
"""Two sessions of one kind are twins when they share this part of the shorter one's time.

Nobody runs two runs at once, so any overlap is suspect; half leaves room for clocks that differ and
a watch that was stopped late. It is measured on the shorter one, so that an app which cut a long
ride in three has three twins of the watch's one. Project convention.
"""

TWIN_OVERLAP_ACROSS_KINDS = 0.8
"""Two recordings under two kinds are twins when they share this part of the longer one's time: an
app that calls a run a walk. Nobody does two sports at once, but one may lie in the other's time.
Project convention."""

MEASURED_KEYS = (
    "distance",
    "moving_time",
    "icu_training_load",
    "trimp",
    "average_heartrate",
    "max_heartrate",
    "icu_hr_zone_times",
)

Positions = NDArray[np.int64]


def find_twins(activities: ActivityFrame) -> pd.Series:
    """Which activities are twins of another that counts.

    Of twins the one with a training load counts, then one whose sport is named, then the one with
    more measured, then the longer, then the smaller id. A session whose sport is not named may be
    the twin of one of any kind. A session in another's long pause is not its twin: time is compared
    by what was recorded, see `recorded_time`. An entry by hand has no measured time, and is the
    twin of the recording that it describes, see `manual_entries`.

    Pairs are sought inside a training week, so that the figures of a week do not depend on which
    other weeks were read. Start times are compared in UTC where both are known in UTC, else on the
    athlete's clock: after a flight, two sessions can have one local time. An activity of unknown
    duration is nobody's twin.

    Few sessions overlap any other, and only these are looked at one by one, each against those that
    count already: time and memory grow with the sessions, however many share one moment.

    Args:
        activities: All of them, in any order.

    Returns:
        By the position of each twin that does not count, the position of the one that does.
    """
    spans = _spans(activities)
    in_utc = spans.dropna(subset=["utc_s"])
    suspects = np.union1d(_overlapping(in_utc, "utc_s"), _overlapping(spans, "clock_s"))
    counted: dict[int, int] = {}
    if len(suspects):
        chosen = spans.loc[suspects].assign(rank=_rank(activities, suspects))
        for _, alike in chosen.groupby("week"):
            counted |= _twins_among(alike)
    counted |= twins_of_entries(spans.drop(index=list(counted)))
    twins = pd.Index(counted.keys(), dtype="int64")
    return pd.Series(list(counted.values()), index=twins, dtype="int64").sort_index()


def _spans(activities: ActivityFrame) -> pd.DataFrame:
    """Kind and time of each activity whose duration is known; times in seconds."""
    clock, sport = activities["start_date_local"], activities["type"]
    source = activities["source"]
    by_hand = source.isin(MANUAL_SOURCES) & activities["file_name"].isna()
    spans = pd.DataFrame(
        {
            "week": weeks_of_activities(activities),
            "kind": pd.factorize(sport_family(sport))[0],
            "is_generic": sport.isna() | sport.isin(GENERIC_TYPES),
            "by_hand": by_hand,
            "clock_s": _seconds(clock),
            "utc_s": _seconds(activities["start_date"]),
            "lasted_s": _lasted_s(activities),
            "time_s": session_times_s(activities),
            "distance_m": amounts(activities["distance"]),
            "has_load": activities["icu_training_load"].notna(),
            "paired_with": activities["paired_event_id"],
            "spans": activities[SPANS],
        }
    )
    return spans[spans["lasted_s"] > 0]


def _lasted_s(activities: pd.DataFrame) -> pd.Series:
    return amounts(activities["elapsed_time"]).fillna(amounts(activities["moving_time"]))


def _seconds(moments: pd.Series) -> list[float]:
    """Seconds of the moment as written; missing where it is not written as a time."""
    return [_second(str(moment)) for moment in moments.tolist()]


def _second(moment: str) -> float:
    try:
        time = datetime.fromisoformat(moment)
    except ValueError:
        return math.nan
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def _overlapping(spans: pd.DataFrame, start: str) -> Positions:
    """Find the positions of spans that share time with another one of their week."""
    by_start = spans.sort_values(["week", start])
    begin, week = by_start[start], by_start["week"]
    latest_end = (begin + by_start["lasted_s"]).groupby(week).cummax().groupby(week)
    goes_on = (begin < latest_end.shift()).to_numpy()
    # The first of those that share time is known by the next one.
    shares = goes_on.copy()
    shares[:-1] |= goes_on[1:]
    return by_start.index.to_numpy()[shares]


class _Clock:
    """Spans by one of the two clocks, in the order of their starts, to be searched in."""

    def __init__(self, begin: Numbers, lasted: Numbers) -> None:
        self._places = np.argsort(begin, kind="stable")[: np.count_nonzero(~np.isnan(begin))]
        self._begin = begin[self._places]
        self._end = self._begin + lasted[self._places]
        self._lasted = lasted[self._places]
        self._longest = self._lasted.max(initial=0.0)

    def overlapping(
        self, begin: float, lasted: float, among: Flags
    ) -> tuple[Positions, Numbers, Numbers]:
        """Places of those `among` all that share `TWIN_OVERLAP` of the shorter with this span.

        With each the part of the longer one that both share, and when it begins after this span.
        """
        end = begin + lasted
        near = slice(*np.searchsorted(self._begin, [begin - self._longest, end]))
        places = self._places[near]
        shared = np.minimum(self._end[near], end) - np.maximum(self._begin[near], begin)
        enough = shared >= TWIN_OVERLAP * np.minimum(self._lasted[near], lasted)
        enough &= among[places]
        of_longer = shared[enough] / np.maximum(self._lasted[near][enough], lasted)
        return places[enough], of_longer, self._begin[near][enough] - begin


class _Week:
    """The sessions of a week that share time with another."""

    def __init__(self, alike: pd.DataFrame) -> None:
        self.rank = alike["rank"].to_numpy()
        self.counts = np.zeros(len(alike), dtype=bool)
        self._lasted = alike["lasted_s"].to_numpy()
        self._utc, self._local = alike["utc_s"].to_numpy(), alike["clock_s"].to_numpy()
        self._knows_utc = ~np.isnan(self._utc)
        self._all_know_utc = bool(self._knows_utc.all())
        self._kind = alike["kind"].to_numpy()
        self._generic = alike["is_generic"].to_numpy(dtype=bool)
        self._by_hand = alike["by_hand"].to_numpy(dtype=bool)
        self._time, self._distance = alike["time_s"].to_numpy(), alike["distance_m"].to_numpy()
        self._spans = alike["spans"].tolist()
        has_spans = alike["spans"].notna().to_numpy()
        self._has_pause = has_spans | (self._time < LONG_PAUSE_SHARE * self._lasted)
        self._on_clock = _Clock(self._local, self._lasted)
        self._in_utc = _Clock(self._utc, self._lasted)

    def twins_of(self, place: int) -> Positions:
        """Places of the sessions that count already and are one with this."""
        if not self._knows_utc[place]:
            return self._alike(place, self._on_clock, self._local[place], self.counts)
        in_utc = self._alike(place, self._in_utc, self._utc[place], self.counts)
        if self._all_know_utc:
            return in_utc
        others = self.counts & ~self._knows_utc
        return np.append(in_utc, self._alike(place, self._on_clock, self._local[place], others))

    def _alike(self, place: int, clock: _Clock, begin: float, among: Flags) -> Positions:
        found, of_longer, later_s = clock.overlapping(begin, self._lasted[place], among)
        if not len(found):
            return found
        alike = self._kind[found] == self._kind[place]
        alike |= self._generic[found] | self._generic[place]
        by_hand = self._by_hand[found] | self._by_hand[place]
        alike |= (of_longer >= TWIN_OVERLAP_ACROSS_KINDS) & ~by_hand
        paused = alike & (self._has_pause[found] | self._has_pause[place])
        for index in paused.nonzero()[0].tolist():
            alike[index] = self._share_recorded_time(place, int(found[index]), later_s[index])
        twins: Positions = found[alike]
        return twins

    def _share_recorded_time(self, place: int, other: int, later_s: float) -> bool:
        one, two = (
            RecordedStretch.of(
                self._lasted[at], self._time[at], self._distance[at], self._spans[at]
            )
            for at in (place, other)
        )
        least_s = TWIN_OVERLAP * min(one.recorded_s, two.recorded_s)
        return shared_s(one, two, later_s) >= least_s


def _twins_among(alike: pd.DataFrame) -> dict[int, int]:
    """Twins of one week, each with the session that counts; the best ranked go first."""
    week, position = _Week(alike), alike.index.to_numpy()
    twins: dict[int, int] = {}
    for place in np.argsort(week.rank).tolist():
        found = week.twins_of(place)
        if len(found):
            best = found[np.argmin(week.rank[found])]
            twins[int(position[place])] = int(position[best])
        else:
            week.counts[place] = True
    return twins


def _rank(activities: ActivityFrame, rows: Positions) -> pd.Series:
    """By position, the place among all that have a twin; 0 is the first to count."""
    chosen = activities.iloc[rows]
    sport = chosen["type"]
    measured = chosen.reindex(columns=list(MEASURED_KEYS)).notna().sum(axis=1)
    order = sorted(
        zip(
            chosen["icu_training_load"].isna(),
            sport.isna() | sport.isin(GENERIC_TYPES),
            -measured,
            -_lasted_s(chosen),
            chosen["id"].astype("str"),
            rows.tolist(),
            strict=True,
        )
    )
    return pd.Series(range(len(order)), index=[position for *_, position in order])
