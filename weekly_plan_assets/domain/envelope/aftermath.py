"""What a race leaves behind: days without running, weeks of less time, no hard session for longer.

By the race's duration and sport, whatever the load says. Which phase a week is belongs to `phase`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from weekly_plan_assets.domain.athlete.athlete import Athlete, Race, RacePriority
from weekly_plan_assets.domain.envelope.race_effort import race_distance_m, race_effort
from weekly_plan_assets.domain.envelope.season import race_named, races_in
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.recorded.sport_types import SPORTS_BY_ACTIVITY_TYPE
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR
from weekly_plan_assets.domain.week import TrainingWeek

DAYS_WITHOUT_RUNNING = ((1, 1), (2.5, 3), (6, 7), (10, 10))
MOST_DAYS_WITHOUT_RUNNING = 14
"""Hours that a race took, at most, and the days without running after it: one after a short race,
three after a half marathon, a week after a marathon, ten days after 50 km, two weeks after 100 km
(coaching practice)."""

SHARE_OF_OTHER_SPORTS = 0.5
"""A race on a bike or in the water spares the legs: half as many days. Project convention."""

SHARES_OF_TIME = (0.3, 0.5, 0.7)
"""Of the usual time, in the days without running and in the same time once and twice after them
(coaching practice)."""

LOOKED_BACK_WEEKS = 6
"""The longest aftermath is over by then."""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """The rest of a race in one planned week.

    Attributes:
        race: The race that decides.
        no_run_until: The last day without running; it may lie before the planned week.
        no_hard_until: The last day without a hard session.
        share: The share of usual time that the planned week has, at most: the mean of its days.
    """

    race: Race
    no_run_until: date
    no_hard_until: date
    share: float

    @property
    def text(self) -> str:
        """The reason, in English."""
        return (
            f"After {race_named(self.race)}: no running until {self.no_run_until}, no hard session "
            f"until {self.no_hard_until}, and at most {self.share:.0%} of the usual time."
        )


def aftermath(
    athlete: Athlete, observed: TrainingWeek, sessions: Sequence[CountedSession]
) -> Aftermath | None:
    """What the races up to the end of `observed` leave for the week after, or None.

    The race that keeps the athlete from running longest decides. C races are trained through.

    Args:
        athlete: With their races.
        observed: The observed week.
        sessions: Recorded sessions, for how long a race really took.
    """
    planned = observed.next()
    left = [
        found
        for back in range(LOOKED_BACK_WEEKS)
        for race in races_in(athlete, observed.shift(-back))
        if race.priority is not RacePriority.C
        and (found := _of_race(race, athlete, planned, sessions)) is not None
    ]
    return max(left, key=lambda one: (one.no_run_until, one.no_hard_until), default=None)


def _of_race(
    race: Race, athlete: Athlete, planned: TrainingWeek, sessions: Sequence[CountedSession]
) -> Aftermath | None:
    effort = race_effort(race, athlete.endurance_sports[0])
    hours = (_recorded_s(race, effort.sport, sessions) or effort.duration_s) / SECONDS_PER_HOUR
    days = next(
        (days for most, days in DAYS_WITHOUT_RUNNING if hours <= most), MOST_DAYS_WITHOUT_RUNNING
    )
    if effort.sport is not Sport.RUN:
        days = round(SHARE_OF_OTHER_SPORTS * days)
    if not days:
        return None
    shares = [_share((day - race.date).days - 1, days) for day in planned.days]
    if min(shares) == 1:
        return None
    return Aftermath(
        race=race,
        no_run_until=race.date + timedelta(days=days),
        no_hard_until=race.date + timedelta(days=2 * days),
        share=fmean(shares),
    )


def _share(passed: int, days: int) -> float:
    """Share of the usual time that may be trained on a day, by its distance from the race."""
    stretch = passed // days
    return SHARES_OF_TIME[stretch] if stretch < len(SHARES_OF_TIME) else 1.0


def _recorded_s(race: Race, sport: Sport, sessions: Sequence[CountedSession]) -> float | None:
    """Seconds of the race in the longest session of the sport on its day; None without one.

    Many record warm-up and cool-down with the race. Where the session is longer than the race, its
    time counts in the proportion of the distances.
    """
    of_day = [
        one
        for one in sessions
        if one.activity.day == race.date
        and SPORTS_BY_ACTIVITY_TYPE.get(one.activity.type or "") is sport
        and one.duration_s is not None
    ]
    longest = max(of_day, key=lambda one: one.duration_s or 0, default=None)
    if longest is None or longest.duration_s is None:
        return None
    raced_m, recorded_m = race_distance_m(race), longest.activity.distance_m
    share = min(1.0, raced_m / recorded_m) if raced_m and recorded_m else 1.0
    return share * longest.duration_s
