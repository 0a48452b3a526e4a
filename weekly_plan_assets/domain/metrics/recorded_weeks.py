"""What was recorded of training weeks, and what of it counts.

What it adds up to belongs to `weekly_metrics`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from weekly_plan_assets.domain.metrics.coverage import MetricBasis, NamedByWeek, Twin
from weekly_plan_assets.domain.recorded.columns import (
    Weeks,
    amounts,
    day_texts,
    session_times_s,
    week_number,
    weeks_of_activities,
    weeks_of_days,
)
from weekly_plan_assets.domain.recorded.duplicate_sessions import find_twins
from weekly_plan_assets.domain.recorded.frames import (
    ActivityFrame,
    activity_frame,
    joined_frames,
    wellness_frame,
)
from weekly_plan_assets.domain.recorded.implausible_values import without_implausible
from weekly_plan_assets.domain.recorded.interval_summary import zone_times_of_intervals
from weekly_plan_assets.domain.recorded.left_out import LeftOut
from weekly_plan_assets.domain.recorded.session_kind import (
    RIDE,
    RUN,
    STRENGTH,
    intensity_kind,
    known_zone_times,
    sport_family,
)
from weekly_plan_assets.domain.week import TrainingWeek

NOTHING_LEFT_OUT: Mapping[TrainingWeek, Sequence[LeftOut]] = {}


@dataclass(frozen=True, slots=True)
class RecordedWeeks:
    """What was recorded of the weeks of an athlete.

    Attributes:
        athlete_id: Whose weeks they are.
        weeks: The weeks wanted, in order; a week without data is a row of zeros and missing values.
        activities: Columns as the Intervals.icu API names them. Rows of some weeks before the first
            one say what a long run is; others outside `weeks` are not counted.
        wellness: Columns as the Intervals.icu API names them, `id` being the local day.
        last_day: The last day of which anything can be known; wellness after it is a projection and
            is not read. None: all days of `weeks` have passed.
        left_out: By week what the source sent and could not be used.
    """

    athlete_id: str
    weeks: Sequence[TrainingWeek]
    activities: pd.DataFrame
    wellness: pd.DataFrame
    last_day: date | None = None
    left_out: Mapping[TrainingWeek, Sequence[LeftOut]] = field(default_factory=dict)

    @property
    def known_wellness(self) -> pd.DataFrame:
        """The days that have passed."""
        if self.last_day is None or "id" not in self.wellness:
            return self.wellness
        last_day = self.last_day.isoformat()
        return self.wellness[[day <= last_day for day in day_texts(self.wellness["id"])]]

    def is_unknown(self, left_out: LeftOut) -> bool:
        """Whether an activity is missing: one that was stored before, or came twice, is not."""
        if left_out.collection != "activities" or not left_out.is_row:
            return False
        known = self.activities.get("id", ())
        return left_out.id not in {str(id_) for id_ in known}


def basis_of(athletes: Sequence[RecordedWeeks]) -> MetricBasis:
    """What counts, each session once and each value plausible, and the names of what does not."""
    activities, wellness, dropped = without_implausible(
        activity_frame(joined_frames([one.activities for one in athletes])),
        wellness_frame(joined_frames([one.known_wellness for one in athletes])),
    )
    twin_of = find_twins(activities)
    ids = [str(id_) for id_ in activities["id"]]
    weeks = weeks_of_activities(activities)
    days = day_texts(wellness["id"])
    by_day = weeks_of_days(wellness)
    twins: NamedByWeek[Twin] = defaultdict(list)
    for twin, counted in zip(twin_of.index.tolist(), twin_of.tolist(), strict=True):
        twins[weeks[twin]].append(Twin(id=ids[twin], twin_of=ids[counted]))
    implausible: NamedByWeek[tuple[str, str, str]] = defaultdict(list)
    for collection, row, key in dropped:
        named, week = (ids, weeks) if collection == "activities" else (days, by_day)
        implausible[week[row]].append((collection, named[row], key))
    left_out = {
        week_number(week.start, number): (one, found)
        for number, one in enumerate(athletes)
        for week, found in one.left_out.items()
    }
    return MetricBasis(
        sessions=_sessions(activities, weeks).drop(index=twin_of.index),
        wellness=wellness,
        weeks_of_days=by_day,
        twins=twins,
        implausible=implausible,
        left_out={number: found for number, (_, found) in left_out.items()},
        unusable={
            number: sum(map(one.is_unknown, found)) for number, (one, found) in left_out.items()
        },
    )


def _sessions(activities: ActivityFrame, weeks: Weeks) -> pd.DataFrame:
    """One row an activity: its week, what it is, and its measured numbers (NaN: not measured)."""
    sport = activities["type"]
    family = sport_family(sport).to_numpy()
    time_s = session_times_s(activities)
    load = activities["icu_training_load"]
    zone_times_s = _zone_times_s(activities)
    return pd.DataFrame(
        {
            "week": weeks,
            "source": activities["source"],
            "has_type": sport.notna(),
            "is_stub": sport.isna() & load.isna(),
            "has_zones": known_zone_times(zone_times_s),
            "is_run": family == RUN,
            "is_ride": family == RIDE,
            "is_strength": family == STRENGTH,
            "time_s": time_s,
            "distance_m": amounts(activities["distance"]),
            "load": load,
            "trimp": activities["trimp"],
            "kind": intensity_kind(zone_times_s, activities["name"]),
        }
    )


def _zone_times_s(activities: ActivityFrame) -> pd.Series:
    """The time in heart-rate zones, from the intervals of the sessions whose own is not known."""
    recorded = activities["icu_hr_zone_times"]
    intervals = activities["interval_summary"][~known_zone_times(recorded)].dropna()
    if intervals.empty:
        return recorded
    shown = zone_times_of_intervals(intervals, activities["lthr"][intervals.index])
    return recorded if shown.empty else shown.reindex(recorded.index).fillna(recorded)
