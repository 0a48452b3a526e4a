"""The time of the coming week: what is usual, which share of it the phase asks for, and its caps.

Time is what an athlete can judge and what fatigue follows where load an hour differs from the
table's; load is bounded in `load_bounds`, single sessions in `session_bounds`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from statistics import fmean, median

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.envelope.comeback import WaysBack
from weekly_plan_assets.domain.envelope.race_effort import is_trained_through, race_effort
from weekly_plan_assets.domain.envelope.season import goal_race, is_away, of_week, races_in
from weekly_plan_assets.domain.plan.weekly_plan import Phase
from weekly_plan_assets.domain.readiness import Light, Readiness
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.recorded.sport_types import SPORTS_BY_ACTIVITY_TYPE
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE
from weekly_plan_assets.domain.week import TrainingWeek

USUAL_WEEKS = 6
"""The last weeks whose median is usual: more than one cycle, so that an easier week and a big one
decide nothing. Project convention."""

LEAST_TRAINED_WEEKS = 2
"""With fewer trained weeks nothing is usual yet. Project convention."""

EASIER_SHARE = 0.75
FULL_WEEKS = 2
"""A week at or below this share of the mean of the two longest was an easier one. Recovery weeks
hold 60-70 % (coaching practice); a little more, because nobody hits a plan exactly."""

LEAST_FULL_WEEKS = 3
"""With fewer full weeks all trained ones say what is usual: two big weeks do not. Convention."""

NEARLY_EMPTY_SHARE = 0.1
"""A week below this share of the busiest known week counts as a week without training.

Project convention: one jog or a strength session does not end a break.
"""

RACED_SHARE = 0.6
"""Of the time of a race, so much counts as training: it is no week's usual. Project convention."""

MEAN_WEEKS = 4
LONGER_WEEKS, LONGER_SHARE = 8, 0.9
"""The mean of four weeks, or nearly that of eight: days of illness among the four would otherwise
hold an athlete down for months. Project convention."""

GROWTH_OF_MEAN, GROWTH_S, MOST_GROWTH, MOST_GROWTH_FOR_A_RACE = 1.1, 30 * 60, 1.11, 1.12
"""A week aims at 10 % more than the mean of four weeks and half an hour at most, and never at more
than 11 %, 12 % on the way to an A race (coaching practice; above 30 %, injuries in novices rose:
Nielsen 2014, cohort)."""

SMALL_GROWTH_S, MOST_SMALL_GROWTH = 15 * 60, 1.25
"""On the way to an A race a small week may have a quarter of an hour more than the mean, a quarter
more at most: less than that vanishes in sessions of whole five minutes, and nobody would ever grow
from an hour a week (coaching practice; below the 30 % of Nielsen 2014)."""

ROOM_ABOVE = 1.03
"""A full week may hold so much more than it can aim at: whole sessions fit no sum exactly. Project
convention; a coach's week after an easier one needed it."""

MOST_REPEATED = 1.15
"""What was done twice in four weeks may be done again, though easier weeks between hold the mean
down: up to 15 % above it. Project convention, below the 30 % of above."""

SLOW_BACK_GROWTH = 1.1
"""After a longer break a week may have a tenth more than the longer one of the last two, until it
is usual again, though the mean remembers the break (10 % rule, practice)."""

BACK_SHARE, BACK_GROWTH = 0.85, 1.25
FEW_LOST_WEEKS, LOST_SHARE = 2, 0.25
"""After a race or an absence that cost up to two weeks, time comes back to 85 % of usual, by at
most 25 % a week, whatever the mean says: the mean remembers such a break for months. A week with
less than a quarter of the usual time is lost. Project convention, below the 30 % of above."""

REASON_WEEKS = 6
"""The last weeks in which a race or an absence explains why time was low."""

SMALLEST_TIME_S, LEAST_TIME_S = 90 * 60, 60 * 60
"""No full week aims at less than is usual where that is under three easy half hours, nor at less
than two: who skips sessions would be planned down to nothing. Easier weeks hold their share of it.
Project convention."""


@dataclass(frozen=True, slots=True)
class TimeShares:
    """Weekly time as shares of what is usual: what is aimed at, and the most.

    `of_mean` is what is aimed at, at most, as a share of the mean of the last weeks.
    """

    target: float
    max: float
    of_mean: float = MOST_GROWTH


GROWTH = TimeShares(1.05, 1.2, MOST_GROWTH_FOR_A_RACE)
"""A little more than usual on the way to an A race; `GROWTH_OF_MEAN` bounds the rest."""

AS_USUAL = TimeShares(1.02, 1.2)
"""Without an A race ahead there is little to grow for. Project convention."""

NO_GROWTH = TimeShares(0.95, 1.0)
"""While signals are raised: no more than usual. Project convention."""

RED = TimeShares(0.7, 0.8)
"""While a signal is red: less than usual and than the mean of the last weeks (Vesterinen 2016,
trial: less, not more, when tired; how much less is project convention). It is little enough to
count as an easier week, so that it lowers nothing that is usual and ends a block."""

RETURN_SPAN = 0.1
"""A week on the way back has at most so much of usual more than it aims at. Convention."""

SHARES = {
    # A recovery week holds 60-70 % (coaching practice).
    Phase.RECOVERY: TimeShares(0.7, 0.75),
    Phase.RETURN: TimeShares(0.5, 0.6),
    Phase.RACE_WEEK: TimeShares(0.4, 0.5),
}

TAPER = (TimeShares(0.56, 0.62), TimeShares(0.48, 0.56))
"""The weeks of taper before the race week: -41 to -60 % (Bosquet 2007, meta-analysis)."""

B_RACE = TimeShares(0.55, 0.65)
"""The week of a B race, besides the race (coaching practice)."""

RED_LEAST = 0.65
"""But no less than this share of usual: weeks of red in a row would otherwise each take a tenth of
the one before. Project convention."""

RED_SIGNALS = ("hrv", "resting_hr", "form")
"""At a red light of one of these a week is eased."""


def is_eased(readiness: Readiness) -> bool:
    """Whether a week is eased because of what body and fatigue say."""
    return any(readiness.light(name) is Light.RED for name in RED_SIGNALS)


ON_NO_WAY_BACK = WaysBack()


@dataclass(frozen=True, slots=True)
class TimeBounds:
    """Seconds of endurance in the week, races left out; None if nothing is usual.

    Attributes:
        usual_s: The median of the last trained weeks.
        target_s: What the week aims at.
        max_s: The most that it may have.
    """

    usual_s: int
    target_s: int
    max_s: int


def weekly_times_s(
    sessions: Sequence[CountedSession],
    athlete: Athlete,
    observed: TrainingWeek,
    to_come_s: float = 0.0,
) -> Mapping[date, float]:
    """Seconds of endurance of each week up to `observed`, by its Monday; races count less.

    Those `to_come_s` are expected of the observed week, where it is not over.
    """
    race_days = {race.date for race in athlete.races}
    times_s: dict[date, float] = {observed.start: to_come_s} if to_come_s else {}
    for one in sessions:
        activity = one.activity
        if activity.type not in SPORTS_BY_ACTIVITY_TYPE or activity.day > observed.end:
            continue
        share = RACED_SHARE if activity.day in race_days else 1.0
        monday = TrainingWeek.containing(activity.day).start
        times_s[monday] = times_s.get(monday, 0.0) + share * (one.duration_s or 0)
    return times_s


def time_bounds(
    phase: Phase,
    times_s: Mapping[date, float],
    athlete: Athlete,
    observed: TrainingWeek,
    readiness: Readiness,
    most_share: float | None = None,
    back: WaysBack = ON_NO_WAY_BACK,
) -> tuple[TimeBounds | None, str]:
    """How much time the week after `observed` has for endurance, and why.

    Args:
        phase: Phase of the coming week.
        times_s: Seconds of each week by its Monday, see `weekly_times_s`.
        athlete: With their races.
        observed: The observed week.
        readiness: Signals of the observed week.
        most_share: The share of usual time that a race before leaves, at most.
        back: The way back that the week, or the one before it, is on.
    """
    longest_s = max(times_s.values(), default=0.0)
    trained = [
        times_s[monday]
        for monday in sorted(times_s)
        if times_s[monday] >= NEARLY_EMPTY_SHARE * longest_s and times_s[monday] > 0
    ]
    if len(trained) < LEAST_TRAINED_WEEKS:
        return None, "Too few weeks of training are known to say how much time is usual."
    usual_s = _usual_s(trained)
    shares = _shares(phase, athlete, observed.next(), readiness)
    if phase is Phase.RETURN and back.now is not None:
        shares = TimeShares(back.now.share, back.now.share + RETURN_SPAN)
    most_s = _most_s(times_s, observed, shares.of_mean)
    if _had_a_reason(athlete, observed) or _had_a_gap(times_s, observed):
        most_s = max(most_s, _back_s(times_s, observed, usual_s))
    if back.ended_a_long_one:
        most_s = min(most_s, BACK_GROWTH * times_s.get(observed.start, 0.0))
    aimed_s = shares.target * usual_s
    if shares is GROWTH:
        mean_s = fmean(_last_s(times_s, observed)[:MEAN_WEEKS])
        small_s = min(mean_s + SMALL_GROWTH_S, MOST_SMALL_GROWTH * mean_s)
        most_s, aimed_s = max(most_s, small_s), max(aimed_s, small_s)
    if shares is RED:
        mean_s = fmean(_last_s(times_s, observed)[:MEAN_WEEKS])
        most_s = min(most_s, max(RED.max * mean_s, RED_LEAST * usual_s))
    if shares in (GROWTH, AS_USUAL, NO_GROWTH, RED):
        room = ROOM_ABOVE if shares in (GROWTH, AS_USUAL) else 1.0
        max_s = min(max(shares.max * usual_s, aimed_s), room * most_s)
        target_s = min(aimed_s, most_s, max_s)
    else:
        # Half of what was usual before a break is more than what was done during it.
        full_s = usual_s if phase is Phase.RETURN else min(usual_s, most_s)
        target_s, max_s = shares.target * full_s, shares.max * full_s
    smallest_s = max(LEAST_TIME_S, min(SMALLEST_TIME_S, usual_s))
    target_s = max(target_s, min(1.0, shares.target) * smallest_s)
    if most_share is not None:
        max_s = min(max_s, most_share * usual_s)
        target_s = min(target_s, max_s)
    bounds = TimeBounds(round(usual_s), round(target_s), round(max(max_s, target_s)))
    return bounds, (
        f"Your usual week has {in_hours(usual_s)} of endurance; this one has about "
        f"{in_hours(target_s)}, at most {in_hours(bounds.max_s)}."
    )


def _most_s(times_s: Mapping[date, float], observed: TrainingWeek, of_mean: float) -> float:
    """The most that a week may have after the last ones; a short break is soon made good."""
    last_s = _last_s(times_s, observed)
    mean_s = max(fmean(last_s[:MEAN_WEEKS]), LONGER_SHARE * fmean(last_s))
    twice_s = sorted(last_s[:MEAN_WEEKS])[-2]
    grown_s = min(GROWTH_OF_MEAN * mean_s + GROWTH_S, of_mean * mean_s)
    return max(grown_s, min(twice_s, MOST_REPEATED * mean_s))


def _last_s(times_s: Mapping[date, float], observed: TrainingWeek) -> list[float]:
    """Seconds of the last `LONGER_WEEKS` weeks, the observed one first."""
    return [times_s.get(observed.shift(-back).start, 0.0) for back in range(LONGER_WEEKS)]


def _had_a_reason(athlete: Athlete, observed: TrainingWeek) -> bool:
    """Whether a race or an absence explains why the last weeks were short."""
    first = observed.shift(1 - REASON_WEEKS).start
    raced = any(
        first <= race.date <= observed.end and not is_trained_through(race, athlete)
        for race in athlete.races
    )
    return raced or any(
        absence.first <= observed.end and absence.last >= first for absence in athlete.absences
    )


def _had_a_gap(times_s: Mapping[date, float], observed: TrainingWeek) -> bool:
    """Whether two of the last weeks in a row were empty, with training before and after them."""
    empty = [not week_s for week_s in _last_s(times_s, observed)]
    gaps = [first and second for first, second in pairwise(empty)]
    return not empty[0] and any(gaps) and any(times_s.values())


def _back_s(times_s: Mapping[date, float], observed: TrainingWeek, usual_s: float) -> float:
    """The most that a week may have on the way back to usual; slower after a longer break."""
    last_s = _last_s(times_s, observed)
    if sum(week_s < LOST_SHARE * usual_s for week_s in last_s) > FEW_LOST_WEEKS:
        return min(usual_s, SLOW_BACK_GROWTH * max(last_s[:2]))
    return min(BACK_SHARE * usual_s, BACK_GROWTH * last_s[0])


def full_week_s(times_s: Sequence[float]) -> float:
    """Seconds of a full week among these: the mean of the two longest."""
    return fmean(sorted(times_s)[-FULL_WEEKS:])


def is_easier(time_s: float, full_s: float) -> bool:
    """Whether a week of so many seconds was an easier one, next to a full one."""
    return time_s <= EASIER_SHARE * full_s


def _usual_s(trained_s: Sequence[float]) -> float:
    """The median of the last weeks; easier ones left out, where that leaves enough."""
    full_s = full_week_s(trained_s)
    full = [time_s for time_s in trained_s if not is_easier(time_s, full_s)]
    return median((full if len(full) >= LEAST_FULL_WEEKS else trained_s)[-USUAL_WEEKS:])


def _shares(phase: Phase, athlete: Athlete, week: TrainingWeek, readiness: Readiness) -> TimeShares:
    shares = of_week(phase, athlete, week, SHARES, taper=TAPER, b_race=B_RACE)
    if shares is not None:
        return shares
    if is_eased(readiness):
        return RED
    raised = readiness.with_light(Light.RED, Light.AMBER)
    if len(raised) > 1:
        return NO_GROWTH
    return AS_USUAL if goal_race(athlete, week) is None else GROWTH


def share_left(athlete: Athlete, week: TrainingWeek) -> float:
    """The part of the usual training days that days of absence leave; 1 where there are none."""
    habit = athlete.known_habit
    usual = [day for day in week.days if habit is None or habit.is_usual(day.weekday())]
    usual = usual or list(week.days)
    return 1 - sum(is_away(athlete, day) for day in usual) / len(usual)


def without_lost_days(time: TimeBounds, athlete: Athlete, week: TrainingWeek) -> TimeBounds:
    """The time of a week without that of days of absence and of races that are trained through.

    What those days would have held is not made good on the others (coaching practice).
    """
    raced_s = sum(
        race_effort(race, athlete).duration_s
        for race in races_in(athlete, week)
        if is_trained_through(race, athlete)
    )
    left_s = share_left(athlete, week) * time.target_s - raced_s
    return replace(time, target_s=max(0, round(left_s)))


def in_hours(seconds: float) -> str:
    """Hours and minutes, such as 1:05 h."""
    minutes = round(seconds / SECONDS_PER_MINUTE)
    return f"{minutes // 60}:{minutes % 60:02} h"
