"""What is still to come of an observed week that is not over when the next one is planned.

A week that ends on Sunday is no short week on Friday. Its remaining days count as they were
planned; where nothing was planned for them, as the same days of the last weeks were.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from weekly_plan_assets.domain.adherence import PlannedAndDone
from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.envelope.season import is_away
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import SessionKind, is_strength
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.recorded.sport_types import SPORTS_BY_ACTIVITY_TYPE
from weekly_plan_assets.domain.week import DAYS_PER_WEEK, TrainingWeek

LIKE_WEEKS = 4
"""The last weeks whose days say what the rest of this one is likely to hold: a cycle of 3:1."""


@dataclass(frozen=True, slots=True)
class RestOfWeek:
    """What the days still to come are likely to hold.

    Attributes:
        time_s: Seconds of endurance, races left out.
        load: Their load, strength and races included.
    """

    time_s: float = 0.0
    load: float = 0.0

    def added_to(self, metrics: WeeklyMetrics) -> WeeklyMetrics:
        """The observed week as it is likely to end; as it is where nothing is to come."""
        if not self.time_s and not self.load:
            return metrics
        known = 0.0 if metrics.activity_count == 0 else metrics.training_load
        return metrics.model_copy(
            update={
                "activity_count": metrics.activity_count + 1,
                "training_load": None if known is None else known + self.load,
            }
        )


NOTHING_TO_COME = RestOfWeek()


def is_unfinished(metrics: WeeklyMetrics) -> bool:
    """Whether the week was not over when it was read."""
    return metrics.days_passed < DAYS_PER_WEEK


def days_to_come(metrics: WeeklyMetrics, sessions: Sequence[CountedSession]) -> tuple[date, ...]:
    """The days of the observed week that may still bring training.

    The last day that has passed is one of them, as long as nothing is recorded on it: it is the day
    on which the week was read.
    """
    if not is_unfinished(metrics):
        return ()
    days = TrainingWeek(metrics.week_start).days
    trained = {one.activity.day for one in sessions}
    today = max(metrics.days_passed - 1, 0)
    return tuple(day for number, day in enumerate(days) if number >= today and day not in trained)


def rest_of_week(
    metrics: WeeklyMetrics,
    sessions: Sequence[CountedSession],
    athlete: Athlete,
    planned: Iterable[PlannedAndDone] = (),
) -> RestOfWeek:
    """What is still to come of the observed week; nothing where it is over.

    Args:
        metrics: The observed week.
        sessions: Those of it and of the weeks before.
        athlete: With their absences.
        planned: Sessions of past plans, those for the observed week among them.
    """
    days = days_to_come(metrics, sessions)
    observed = TrainingWeek(metrics.week_start)
    of_week = [one for one in planned if one.day in observed]
    open_days = {day for day in days if not is_away(athlete, day)}
    if of_week:
        return _planned([one for one in of_week if one.day in open_days and not one.activity_id])
    return _usual(observed, {day.weekday() for day in open_days}, sessions)


def _planned(sessions: Sequence[PlannedAndDone]) -> RestOfWeek:
    return RestOfWeek(
        time_s=sum(
            one.planned_duration_s
            for one in sessions
            if one.kind is not SessionKind.RACE and not is_strength(one.sport, one.kind)
        ),
        load=sum(one.planned_load for one in sessions),
    )


def _usual(
    observed: TrainingWeek, weekdays: set[int], sessions: Sequence[CountedSession]
) -> RestOfWeek:
    """What these weekdays held in the last weeks, a week; weeks before the first session apart."""
    first = min((one.activity.day for one in sessions), default=observed.start)
    weeks = [
        week for back in range(1, LIKE_WEEKS + 1) if (week := observed.shift(-back)).end >= first
    ]
    like = [
        one
        for one in sessions
        if one.activity.day.weekday() in weekdays
        and any(one.activity.day in week for week in weeks)
    ]
    if not weeks:
        return NOTHING_TO_COME
    times_s = (one.duration_s or 0 for one in like if one.activity.type in SPORTS_BY_ACTIVITY_TYPE)
    return RestOfWeek(sum(times_s) / len(weeks), sum(one.load or 0.0 for one in like) / len(weeks))
