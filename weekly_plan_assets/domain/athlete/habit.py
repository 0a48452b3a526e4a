"""What an athlete usually does: which sports, on which days, how often, how long.

Read from the sessions of the last weeks. Where the athlete says otherwise in their own file, the
profile follows the file; what a plan makes of a habit belongs to the planner.
"""

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Self, TypeVar

from pydantic import Field

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.activity import STRENGTH_TYPES
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.recorded.sport_types import (
    ACTIVITY_TYPES_BY_SPORT,
    SPORTS_BY_ACTIVITY_TYPE,
)
from weekly_plan_assets.domain.recorded.value_limits import HEART_RATE_BPM
from weekly_plan_assets.domain.week import DAYS_PER_WEEK, TrainingWeek

HABIT_WEEKS = 12
"""Weeks that say what is usual: long enough for a cycle or three, short enough to follow a change.
Project convention."""

TRAINED_SPORT_SHARE = 0.25
"""A sport is trained by habit when it was done in this share of the trained weeks, or more.
Project convention."""

TRAINED_SPORT_SESSIONS = 2
"""One session makes nobody a runner. Project convention."""

LEAST_WEEKS = 3
"""Fewer trained weeks make no habit. Project convention."""

LEAST_HEART_RATES = 6
"""Fewer sessions with a heart rate do not show what is easy for an athlete. Project convention."""

USUAL_DAY_SHARE = 0.5
"""A weekday is usual for what was done on it in half of the trained weeks. Project convention."""


MORE_SESSIONS = 1
"""A week may have one session more than usual (coaching practice: one new thing at a time)."""

FEW_SESSIONS = 3
"""So many sessions a week are never too many. Project convention."""

T = TypeVar("T")


class SportHabit(Document):
    """How one endurance sport is trained.

    Attributes:
        share: Part of the time of all endurance sessions, 0 to 1.
        sessions_per_week: Mean over the trained weeks.
        usual_s: Median length of a session.
        longest_s: The longest session.
        usual_hr_bpm: Median of the mean heart rates of sessions; None if too few have one.
    """

    sport: Sport
    share: float = Field(ge=0, le=1)
    sessions_per_week: float = Field(ge=0)
    usual_s: int = Field(ge=0)
    longest_s: int = Field(ge=0)
    usual_hr_bpm: int | None = None


class Habit(Document):
    """What is usual in the weeks that had any training; weekdays count from 0, Monday.

    Attributes:
        weeks: Trained weeks that were looked at.
        sports: The endurance sports that are trained, by their share of time, largest first.
        sessions_per_week: Endurance sessions of the median trained week.
        days_per_week: Days with endurance of the median trained week.
        weekday_shares: For each weekday the share of trained weeks with endurance on it.
        long_weekday: The weekday on which the longest session is most often done; None if no
            weekday has it in half of the weeks.
        long_sport: The sport of the longest session in most weeks; None without any session.
        strength_weekdays: Weekdays of strength work; empty for those who do none.
    """

    weeks: int = Field(ge=0)
    sports: tuple[SportHabit, ...] = ()
    sessions_per_week: float = Field(default=0.0, ge=0)
    days_per_week: float = Field(default=0.0, ge=0)
    weekday_shares: tuple[float, ...] = (0.0,) * DAYS_PER_WEEK
    long_weekday: int | None = None
    long_sport: Sport | None = None
    strength_weekdays: frozenset[int] = frozenset()

    @classmethod
    def of(cls, sessions: Sequence[CountedSession], observed: TrainingWeek) -> Self:
        """The habit at the end of `observed`, from the sessions of the last `HABIT_WEEKS` weeks."""
        first = observed.shift(1 - HABIT_WEEKS).start
        recent = [one for one in sessions if first <= one.activity.day <= observed.end]
        by_week: dict[TrainingWeek, list[CountedSession]] = {}
        for one in recent:
            if one.activity.type in SPORTS_BY_ACTIVITY_TYPE:
                by_week.setdefault(TrainingWeek.containing(one.activity.day), []).append(one)
        weeks = list(by_week.values())
        if not weeks:
            return cls(weeks=0, strength_weekdays=_strength_weekdays(recent))
        days = [{one.activity.day.weekday() for one in week} for week in weeks]
        longest = [max(week, key=lambda one: one.duration_s or 0) for week in weeks]
        return cls(
            weeks=len(weeks),
            sports=_sports(weeks),
            sessions_per_week=median(len(week) for week in weeks),
            days_per_week=median(len(trained) for trained in days),
            weekday_shares=tuple(
                sum(weekday in trained for trained in days) / len(weeks)
                for weekday in range(DAYS_PER_WEEK)
            ),
            long_weekday=_usual_weekday([one.activity.day.weekday() for one in longest]),
            long_sport=_most_common([_sport_of(one) for one in longest]),
            strength_weekdays=_strength_weekdays(recent),
        )

    @property
    def is_known(self) -> bool:
        """Whether enough weeks were trained to speak of a habit."""
        return self.weeks >= LEAST_WEEKS

    @property
    def has_doubles(self) -> bool:
        """Whether most weeks have a day with two endurance sessions."""
        return self.sessions_per_week >= self.days_per_week + 1

    @property
    def most_sessions(self) -> int:
        """Endurance sessions that a week may have, beside races and anchored ones."""
        return max(round(self.sessions_per_week) + MORE_SESSIONS, FEW_SESSIONS)

    @property
    def bears_doubles(self) -> bool:
        """Whether two endurance sessions on a day are habit, or make up for a day of rest.

        Who trains on all seven days has one more session than a week with a day of rest has days.
        """
        return self.has_doubles or self.days_per_week > DAYS_PER_WEEK - 1

    def of_sport(self, sport: Sport) -> SportHabit | None:
        """How the sport is trained; None if it is not."""
        return next((one for one in self.sports if one.sport is sport), None)

    def is_usual(self, weekday: int) -> bool:
        """Whether the athlete trains on this weekday in half of the weeks or more."""
        return self.weekday_shares[weekday] >= USUAL_DAY_SHARE


def _sport_of(session: CountedSession) -> Sport:
    """The sport of an endurance session."""
    return SPORTS_BY_ACTIVITY_TYPE[session.activity.type or ""]


def _sports(weeks: Sequence[Sequence[CountedSession]]) -> tuple[SportHabit, ...]:
    """The sports that are trained by habit; the largest one where none is done often enough."""
    seconds: Counter[Sport] = Counter()
    lengths_s: dict[Sport, list[int]] = {}
    weeks_of: Counter[Sport] = Counter()
    for week in weeks:
        weeks_of.update({_sport_of(one) for one in week})
        for one in week:
            sport = _sport_of(one)
            seconds[sport] += one.duration_s or 0
            lengths_s.setdefault(sport, []).append(one.duration_s or 0)
    order = list(ACTIVITY_TYPES_BY_SPORT)
    by_time = sorted(lengths_s, key=lambda sport: (-seconds[sport], order.index(sport)))
    trained = [
        sport
        for sport in by_time
        if len(lengths_s[sport]) >= TRAINED_SPORT_SESSIONS
        and weeks_of[sport] >= TRAINED_SPORT_SHARE * len(weeks)
    ] or by_time[:1]
    whole_s = sum(seconds[sport] for sport in trained)
    return tuple(
        SportHabit(
            sport=sport,
            share=seconds[sport] / whole_s if whole_s else 1 / len(trained),
            sessions_per_week=len(lengths_s[sport]) / len(weeks),
            usual_s=int(median(lengths_s[sport])),
            longest_s=max(lengths_s[sport]),
            usual_hr_bpm=_usual_hr_bpm(weeks, sport),
        )
        for sport in trained
    )


def _usual_hr_bpm(weeks: Sequence[Sequence[CountedSession]], sport: Sport) -> int | None:
    """The median of the mean heart rates of the sport's sessions."""
    rates_bpm = [
        one.activity.average_hr_bpm
        for week in weeks
        for one in week
        if _sport_of(one) is sport
        and one.activity.average_hr_bpm is not None
        and HEART_RATE_BPM.hold(one.activity.average_hr_bpm)
    ]
    return round(median(rates_bpm)) if len(rates_bpm) >= LEAST_HEART_RATES else None


def _strength_weekdays(recent: Sequence[CountedSession]) -> frozenset[int]:
    """The weekdays of strength work, as many as there are sessions a week, the usual ones first."""
    days = {one.activity.day for one in recent if one.activity.type in STRENGTH_TYPES}
    weeks = {TrainingWeek.containing(one.activity.day) for one in recent}
    if not days:
        return frozenset()
    wanted = round(len(days) / len(weeks))
    counts = Counter(day.weekday() for day in days)
    by_count = sorted(counts, key=lambda weekday: (-counts[weekday], weekday))
    return frozenset(by_count[:wanted])


def _usual_weekday(weekdays: Sequence[int]) -> int | None:
    weekday = _most_common(weekdays)
    if weekday is None or weekdays.count(weekday) < USUAL_DAY_SHARE * len(weekdays):
        return None
    return weekday


def _most_common(values: Sequence[T]) -> T | None:
    return Counter(values).most_common(1)[0][0] if values else None
