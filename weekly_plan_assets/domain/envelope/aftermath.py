"""What a race leaves behind: days without running, weeks of less time, no hard session for longer.

By the race's duration and sport, whatever the load says. Not every race is in a calendar, so a run
that is far harder than those before it counts like one. Which phase a week is belongs to `phase`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, inf
from statistics import fmean

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.race import Race
from weekly_plan_assets.domain.athlete.race_time import race_distance_m
from weekly_plan_assets.domain.envelope.race_effort import (
    is_trained_through,
    race_effort,
)
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

JOG_AFTER = 0.4
"""After this part of the days without running many coaches let their athletes jog (practice). Plans
of this project's own planner wait longer."""

SHARE_OF_OTHER_SPORTS = 0.5
"""A race on a bike or in the water spares the legs: half as many days. Project convention."""

SHARES_OF_TIME = (0.3, 0.5, 0.7)
"""Of the usual time, in the days without running and in the same time once and twice after them
(coaching practice)."""

SHARES_AFTER_THE_LONGEST = (0.2, 0.4, 0.7)
"""The same after efforts of the last category, such as 100 km on foot (coaching practice)."""

LOOKED_BACK_WEEKS = 6
"""The longest aftermath is over by then."""


LONG_EFFORT_FROM_S = 2 * SECONDS_PER_HOUR
LONG_EFFORT_TIMES = 1.5
"""A run of two hours or more with 1.5 times the load of any run of the six weeks before it costs as
much as a race of its duration, whatever it was called. Project convention: a marathon brings 250 to
300, the long runs before it 120 to 180."""

RUNS_TO_COMPARE = 4
"""With fewer runs before it, nothing is known of what is usual."""

_SIX_WEEKS = timedelta(weeks=6)


@dataclass(frozen=True, slots=True)
class _Effort:
    """A race, or what costs as much as one; `text` is English."""

    text: str
    day: date
    sport: Sport
    hours: float


@dataclass(frozen=True, slots=True)
class Aftermath:
    """The rest of a race, or of an effort like one, in one planned week.

    Attributes:
        effort: What decides, in English.
        effort_on: Its day.
        jog_from: From this day on a short easy run does no harm, though none is planned.
        no_run_until: The last day without running; it may lie before the planned week.
        no_hard_until: The last day without a hard session.
        share: The share of usual time that the planned week has, at most: the mean of its days.
    """

    effort: str
    effort_on: date
    jog_from: date
    no_run_until: date
    no_hard_until: date
    share: float

    @property
    def text(self) -> str:
        """The reason, in English."""
        return (
            f"After {self.effort}: no running until {self.no_run_until}, no hard session until "
            f"{self.no_hard_until}, and at most {self.share:.0%} of the usual time."
        )


def aftermath(
    athlete: Athlete, observed: TrainingWeek, sessions: Sequence[CountedSession]
) -> Aftermath | None:
    """What the efforts up to the end of `observed` leave for the week after, or None.

    The one that keeps the athlete from running longest decides. Short C races are trained through.

    Args:
        athlete: With their races.
        observed: The observed week.
        sessions: Recorded sessions: how long a race really took, and which run was like one.
    """
    efforts = (*_races(athlete, observed, sessions), *_long_efforts(athlete, observed, sessions))
    left = (_left_by(effort, observed.next()) for effort in efforts)
    return max(
        (one for one in left if one is not None),
        key=lambda one: (one.no_run_until, one.no_hard_until),
        default=None,
    )


def _races(
    athlete: Athlete, observed: TrainingWeek, sessions: Sequence[CountedSession]
) -> Iterator[_Effort]:
    for back in range(LOOKED_BACK_WEEKS):
        for race in races_in(athlete, observed.shift(-back)):
            if not is_trained_through(race, athlete):
                expected = race_effort(race, athlete)
                took_s = _recorded_s(race, expected.sport, sessions) or expected.duration_s
                hours = took_s / SECONDS_PER_HOUR
                yield _Effort(race_named(race), race.date, expected.sport, hours)


def _long_efforts(
    athlete: Athlete, observed: TrainingWeek, sessions: Sequence[CountedSession]
) -> Iterator[_Effort]:
    """Runs that were far harder than those of the six weeks before, on days without a race."""
    racing = {race.date for race in athlete.races}
    first = observed.shift(1 - LOOKED_BACK_WEEKS).start
    runs = [one for one in sessions if _sport_of(one) is Sport.RUN and one.duration_s is not None]
    for run in runs:
        day, duration_s = run.activity.day, run.duration_s or 0
        if not first <= day <= observed.end or day in racing or duration_s < LONG_EFFORT_FROM_S:
            continue
        before = [one for one in runs if day - _SIX_WEEKS <= one.activity.day < day]
        if len(before) >= RUNS_TO_COMPARE and _is_far_harder(run, before):
            hours = duration_s / SECONDS_PER_HOUR
            yield _Effort(f"the run of {hours:.1f} h on {day}", day, Sport.RUN, hours)


def _is_far_harder(run: CountedSession, before: Sequence[CountedSession]) -> bool:
    """By load where all of it is known, else by duration."""
    loads = [one.load for one in before if one.load is not None]
    if run.load is not None and len(loads) == len(before):
        return run.load >= LONG_EFFORT_TIMES * max(loads)
    return (run.duration_s or 0) >= LONG_EFFORT_TIMES * max(one.duration_s or 0 for one in before)


@dataclass(frozen=True, slots=True)
class RaceRest:
    """Days of a week that races leave for rest.

    Attributes:
        without_running: Days without running after a race.
        without_jogging: Those of them on which a short easy run does harm too.
        without_hard_work: Days without a hard session: as many again as those without running.
    """

    without_running: frozenset[date]
    without_jogging: frozenset[date]
    without_hard_work: frozenset[date]


def rest_within(athlete: Athlete, week: TrainingWeek) -> RaceRest:
    """The days of rest after the races of a week; short C races are trained through."""
    raced = [race for race in races_in(athlete, week) if not is_trained_through(race, athlete)]
    efforts = [(race.date, race_effort(race, athlete)) for race in raced]
    rests = [
        (day, _rest_days(effort.duration_s / SECONDS_PER_HOUR, effort.sport))
        for day, effort in efforts
    ]

    def within(last: Callable[[int], int]) -> frozenset[date]:
        return frozenset(
            day
            for day in week.days
            for race_day, days in rests
            if 0 < (day - race_day).days <= last(days)
        )

    return RaceRest(
        without_running=within(lambda days: days),
        without_jogging=within(lambda days: ceil(JOG_AFTER * days) - 1),
        without_hard_work=within(lambda days: 2 * days),
    )


def _rest_days(hours: float, sport: Sport) -> int:
    """Days without running after so many hours of a race."""
    longest = MOST_DAYS_WITHOUT_RUNNING
    days = next((days for most, days in DAYS_WITHOUT_RUNNING if hours <= most), longest)
    return days if sport is Sport.RUN else round(SHARE_OF_OTHER_SPORTS * days)


def _left_by(effort: _Effort, planned: TrainingWeek) -> Aftermath | None:
    days = _rest_days(effort.hours, effort.sport)
    longest = _rest_days(inf, effort.sport)
    if not days:
        return None
    of_time = SHARES_OF_TIME if days < longest else SHARES_AFTER_THE_LONGEST
    shares = [_share((day - effort.day).days - 1, days, of_time) for day in planned.days]
    if min(shares) == 1:
        return None
    return Aftermath(
        effort=effort.text,
        effort_on=effort.day,
        jog_from=effort.day + timedelta(days=ceil(JOG_AFTER * days)),
        no_run_until=effort.day + timedelta(days=days),
        no_hard_until=effort.day + timedelta(days=2 * days),
        share=fmean(shares),
    )


def _share(passed: int, days: int, of_time: Sequence[float]) -> float:
    """Share of the usual time that may be trained on a day, by its distance from the race."""
    stretch = passed // days
    return of_time[stretch] if stretch < len(of_time) else 1.0


def _recorded_s(race: Race, sport: Sport, sessions: Sequence[CountedSession]) -> float | None:
    """Seconds of the race in the longest session of the sport on its day; None without one.

    Many record warm-up and cool-down with the race. Where the session is longer than the race, its
    time counts in the proportion of the distances.
    """
    of_day = [
        one
        for one in sessions
        if one.activity.day == race.date and _sport_of(one) is sport and one.duration_s is not None
    ]
    longest = max(of_day, key=lambda one: one.duration_s or 0, default=None)
    if longest is None or longest.duration_s is None:
        return None
    raced_m, recorded_m = race_distance_m(race), longest.activity.distance_m
    share = min(1.0, raced_m / recorded_m) if raced_m and recorded_m else 1.0
    return share * longest.duration_s


def _sport_of(session: CountedSession) -> Sport | None:
    return SPORTS_BY_ACTIVITY_TYPE.get(session.activity.type or "")
