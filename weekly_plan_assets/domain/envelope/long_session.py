"""The long session of the coming week: a ladder from what was done to what the goal race needs.

It follows neither from the week's load nor from its share of it. How long any run may be at most
belongs to `session_bounds`; on which day it is belongs to the planner.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import fmean, median

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.habit import HABIT_WEEKS
from weekly_plan_assets.domain.envelope.race_effort import race_effort
from weekly_plan_assets.domain.envelope.season import goal_race
from weekly_plan_assets.domain.envelope.time_bounds import TimeBounds, full_week_s, in_hours
from weekly_plan_assets.domain.envelope.week_capacity import STEP_S
from weekly_plan_assets.domain.plan.weekly_plan import Phase, Sport
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.recorded.sport_types import SPORTS_BY_ACTIVITY_TYPE
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE
from weekly_plan_assets.domain.week import TrainingWeek

LADDER_WEEKS = 4
"""Weeks whose long sessions say where the athlete stands: a cycle of 3:1."""


STEP_UP, STEP_UP_S = 1.1, 15 * SECONDS_PER_MINUTE
"""A step of the ladder: a tenth more, a quarter of an hour at most (Frandsen 2025 for the tenth,
cohort of runners; coaching practice), but at least the five minutes in which sessions are planned:
a tenth of a short one would never come to that."""

LONG_WITHOUT_GOAL_S = {
    Sport.RUN: 150 * SECONDS_PER_MINUTE,
    Sport.RIDE: 300 * SECONDS_PER_MINUTE,
    Sport.SWIM: 90 * SECONDS_PER_MINUTE,
}
"""Without a race that needs more, the long session is no longer than these, or than is usual
(Daniels for 150 min on foot; the others are project convention)."""

STEP_BACK = 1.25
"""A step back to what was usual before an easier time (coaching practice)."""

MOST_OF_WEEK, MOST_OF_WEEK_FOR_A_RACE = 0.5, 0.6
"""It takes no more than half of the week's time, or three fifths on the way to a race that needs
it, unless it does so already. Project convention."""

BREAK_SHARE = 0.5
"""After four weeks without the sport, half of what is usual. Project convention."""

FULL_WEEK_SHARE = 0.85
"""A week of this share of the usual time is a full one, whose long session is not cut. Project
convention."""

SHORTEST_S = 20 * SECONDS_PER_MINUTE
"""No session is shorter. Project convention."""

MARATHON_FROM_H = 2.5
"""Races of more hours are prepared for by less than their whole time."""

EASIER_PHASES = frozenset({Phase.RECOVERY, Phase.TAPER, Phase.RETURN, Phase.RACE_WEEK})


@dataclass(frozen=True, slots=True)
class LongSession:
    """What the long session of a week aims at.

    Attributes:
        sport: In which sport it is done.
        duration_s: Seconds, in whole steps of five minutes.
        text: Why, in English.
    """

    sport: Sport
    duration_s: int
    text: str


@dataclass(frozen=True, slots=True)
class _Ladder:
    """Seconds of the long session: where the athlete stands, what is usual, what the race needs."""

    stands_s: float
    usual_s: float
    raced_s: float

    def next_s(self) -> tuple[float, str]:
        """The next step of a full week, and why."""
        if self.usual_s > self.stands_s:
            why = f"a step back to the {in_hours(self.usual_s)} that is usual"
            return min(STEP_BACK * self.stands_s, self.usual_s), why
        if self.raced_s > self.stands_s:
            why = f"a step towards the {in_hours(self.raced_s)} that the goal race needs"
            grown_s = min(STEP_UP * self.stands_s, self.stands_s + STEP_UP_S)
            return min(max(grown_s, self.stands_s + STEP_S), self.raced_s), why
        return self.stands_s, "as long as of late"

    def most_s(self, sport: Sport, week_s: float, share: float) -> float:
        """The most in a week of so many seconds, which is this share of a full one."""
        of_week = MOST_OF_WEEK_FOR_A_RACE if self.raced_s > self.usual_s else MOST_OF_WEEK
        longest_s = max(LONG_WITHOUT_GOAL_S[sport], self.usual_s, self.raced_s)
        return min(longest_s, max(of_week * week_s, share * self.stands_s))


def long_sport(athlete: Athlete, week: TrainingWeek) -> Sport:
    """The sport of the long session: the goal's, else that in which it is usually done."""
    main, habit = athlete.endurance_sports[0], athlete.known_habit
    goal = goal_race(athlete, week)
    if habit is None or (goal is not None and goal.sport is main):
        return main
    return habit.long_sport if habit.long_sport in athlete.endurance_sports else main


def long_session(
    phase: Phase,
    athlete: Athlete,
    observed: TrainingWeek,
    sessions: Sequence[CountedSession],
    time: TimeBounds,
    times_s: Mapping[date, float],
    longest_run_s: int,
) -> LongSession | None:
    """The long session of the week after `observed`; None where none is known.

    It stands at the mean of the two longest of the last four weeks, races left out. In a full week
    it climbs one step while the goal race needs more, or while it has not come back to what is
    usual; in a week of less time it is shorter in proportion.

    Args:
        phase: Phase of the coming week.
        athlete: With their races.
        observed: The observed week; nothing after it is looked at.
        sessions: Recorded ones.
        time: The time of the coming week.
        times_s: Seconds of endurance of each week by its Monday.
        longest_run_s: No run may be longer.
    """
    week = observed.next()
    sport = long_sport(athlete, week)
    longest_s = _weekly_longest_s(sport, athlete, observed, sessions)
    known_s = [one for one in longest_s if one]
    if not known_s:
        return None
    recent_s = [one for one in longest_s[:LADDER_WEEKS] if one]
    ladder = _Ladder(
        stands_s=fmean(sorted(recent_s)[-2:]) if recent_s else BREAK_SHARE * median(known_s),
        usual_s=median(known_s),
        raced_s=_needed_s(sport, athlete, week) or 0.0,
    )
    last_s = [times_s.get(observed.shift(-back).start, 0.0) for back in range(LADDER_WEEKS)]
    share = min(1.0, time.target_s / (full_week_s(last_s) or time.usual_s))
    if phase is Phase.RETURN and time.usual_s:
        # What was done on the way back says nothing of how far it leads.
        share = min(1.0, time.target_s / time.usual_s)
        ladder = replace(ladder, stands_s=max(ladder.stands_s, ladder.usual_s))
        wanted_s, why = share * ladder.stands_s, "a part of what is usual, as the week is"
    elif phase in EASIER_PHASES or share < FULL_WEEK_SHARE:
        wanted_s, why = share * ladder.stands_s, "shorter, as the week is"
    else:
        wanted_s, why = ladder.next_s()
    most_s = ladder.most_s(sport, time.target_s, share)
    if sport is Sport.RUN:
        most_s = min(most_s, longest_run_s)
    steps = max(SHORTEST_S // STEP_S, min(round(wanted_s / STEP_S), int(most_s) // STEP_S))
    return LongSession(
        sport,
        steps * STEP_S,
        f"The long session, a {sport.value}, took {in_hours(ladder.stands_s)} of late; it is "
        f"{in_hours(steps * STEP_S)}, {why}.",
    )


def needed_s(sport: Sport, race_s: float) -> float:
    """Seconds of the long session that prepares for a race of so many seconds in a sport.

    Run: an hour and a half for short races, a quarter of an hour more than the race up to two and a
    half hours, 65 % of a marathon within 2:30 and 3:15 h, 30 % of longer races up to 5 h. Ride:
    75 % of the race within 2 and 6 h. Swim: the race within 1 and 2 h. All of it coaching practice;
    the lower end of the marathon is Daniels'.
    """
    hours = race_s / SECONDS_PER_HOUR
    if sport is Sport.RIDE:
        needed = _within(0.75 * hours, 2.0, 6.0)
    elif sport is Sport.SWIM:
        needed = _within(hours, 1.0, 2.0)
    elif hours <= MARATHON_FROM_H:
        needed = _within(hours + 0.25, 1.5, MARATHON_FROM_H)
    else:
        needed = max(_within(0.65 * hours, MARATHON_FROM_H, 3.25), min(0.3 * hours, 5.0))
    return needed * SECONDS_PER_HOUR


def _needed_s(sport: Sport, athlete: Athlete, week: TrainingWeek) -> float | None:
    """What the goal race needs; None without one in this sport."""
    goal = goal_race(athlete, week)
    if goal is None:
        return None
    effort = race_effort(goal, athlete)
    return needed_s(sport, effort.duration_s) if effort.sport is sport else None


def _weekly_longest_s(
    sport: Sport, athlete: Athlete, observed: TrainingWeek, sessions: Sequence[CountedSession]
) -> list[float]:
    """Seconds of the longest session of each of the last weeks, the observed one first; 0 if none.

    What was raced is no training to build on.
    """
    racing = {race.date for race in athlete.races}
    by_week: dict[TrainingWeek, float] = {}
    for one in sessions:
        day = one.activity.day
        if SPORTS_BY_ACTIVITY_TYPE.get(one.activity.type or "") is sport and day not in racing:
            week = TrainingWeek.containing(day)
            by_week[week] = max(by_week.get(week, 0.0), one.duration_s or 0.0)
    return [by_week.get(observed.shift(-back), 0.0) for back in range(HABIT_WEEKS)]


def _within(value: float, least: float, most: float) -> float:
    return min(max(value, least), most)
