"""The figures of the score: each over the planned weeks of one or more athletes.

Which of them are items, and what is good, is said in `items`; what is counted of a single week in
`measures`.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from statistics import fmean, median

from weekly_plan_assets.domain.plan.session_zones import stretches
from weekly_plan_assets.domain.plan.weekly_plan import Phase
from weekly_plan_assets.evaluation.quality import measures as of
from weekly_plan_assets.evaluation.quality.planned_week import PlannedWeek, Weeks

Figure = tuple[float | None, int]
"""What was found, and over how many weeks, sessions or athletes; None over none."""

GROWTH_WEEKS = 20
MUCH_MORE = 1.2
NEARLY_USUAL = 0.9
LONG_RANGE = (0.85, 1.10)
LONG_RACE_HOURS = 2.75
"""A race from here on is a marathon or longer, for all but a few runners."""

_CYCLE_WEEKS = 4


def hours_in_normal_weeks(athletes: Sequence[Weeks]) -> Figure:
    """Planned hours by the mean of the four weeks before, median of normal weeks."""
    return _median(_normal_shares(athletes))


def weeks_of_many_hours(athletes: Sequence[Weeks]) -> Figure:
    """Share of normal weeks that ask for more than 1.2 times the usual hours."""
    return _share(value > MUCH_MORE for value in _normal_shares(athletes))


def many_hours_after_steady_weeks(athletes: Sequence[Weeks]) -> Figure:
    """The same share, of those normal weeks that follow four steady ones.

    After a week that was lost, even the usual hours are far above the mean of four weeks.
    """
    steady = [[week for week in weeks if of.follows_steady_weeks(week)] for weeks in athletes]
    return weeks_of_many_hours(steady)


def recovery_at_usual_hours(athletes: Sequence[Weeks]) -> Figure:
    """Share of recovery weeks that ask for 90 % of the usual hours or more."""
    shares = [
        value
        for week in _all(athletes)
        if of.phase(week) is Phase.RECOVERY and (value := of.hours_share(week)) is not None
    ]
    return _share(value >= NEARLY_USUAL for value in shares)


def running_after_a_long_race(athletes: Sequence[Weeks]) -> Figure:
    """Most hours of running in the week after a race of a marathon's length or longer."""
    hours = [
        of.running_hours(week)
        for week in _all(athletes)
        if of.race_hours_before(week) >= LONG_RACE_HOURS
    ]
    return (max(hours) if hours else None), len(hours)


def least_growth(athletes: Sequence[Weeks]) -> Figure:
    """Smallest growth of an athlete's hours in 20 weeks of the closed loop; see `growth`."""
    return _extreme(athletes, min)


def most_growth(athletes: Sequence[Weeks]) -> Figure:
    """Greatest growth of an athlete's hours in 20 weeks of the closed loop; see `growth`."""
    return _extreme(athletes, max)


def growth(weeks: Weeks) -> float | None:
    """Mean planned hours of weeks 17 to 20 by the median hours of the 12 weeks before week 1.

    Four weeks are a whole cycle, so that an easier week is in it.
    """
    if len(weeks) < GROWTH_WEEKS:
        return None
    start = median(of.hours_of(rows) for rows in weeks[0].before)
    if not start:
        return None
    last = weeks[GROWTH_WEEKS - _CYCLE_WEEKS : GROWTH_WEEKS]
    return fmean(of.planned_hours(week) for week in last) / start


def longest_recovery(athletes: Sequence[Weeks]) -> Figure:
    """The most recovery weeks in a row of any athlete."""
    longest = [_longest_run(of.phase(w) is Phase.RECOVERY for w in weeks) for weeks in athletes]
    return float(max(longest, default=0)), sum(map(len, athletes))


def hours_at_a_red_light(athletes: Sequence[Weeks]) -> Figure:
    """Planned hours by usual hours where HRV, resting heart rate or form was red, median."""
    return _median(
        value
        for week in _all(athletes)
        if of.has_red_light(week) and (value := of.hours_share(week)) is not None
    )


def long_session_in_range(athletes: Sequence[Weeks]) -> Figure:
    """Share of normal weeks whose longest session is 0.85 to 1.10 of the longest of four weeks."""
    low, high = LONG_RANGE
    shares = [
        of.longest_planned_s(week) / longest
        for week in _all(athletes)
        if of.is_normal(week) and (longest := of.longest_before_s(week))
    ]
    return _share(low <= value <= high for value in shares)


def distance_of_sports(athletes: Sequence[Weeks]) -> Figure:
    """Distance of the shares of sports from habit, of athletes of several sports, mean."""
    distances = [
        of.share_distance(of.planned_shares(week), usual)
        for week in _all(athletes)
        if of.is_normal(week) and len(usual := of.usual_shares(week)) > 1
    ]
    return of.mean_or_none(distances), len(distances)


def days_among_usual(athletes: Sequence[Weeks]) -> Figure:
    """Share of planned days on which the athlete usually trains, in normal weeks."""
    return _share(
        weekday in usual
        for week in _all(athletes)
        if of.is_normal(week) and (usual := of.usual_days(week))
        for weekday in of.planned_weekdays(week)
    )


def long_day_as_usual(athletes: Sequence[Weeks]) -> Figure:
    """Share of normal weeks whose longest session is on the day on which it usually is."""
    return _share(
        of.planned_long_day(week) == usual
        for week in _all(athletes)
        if of.is_normal(week) and (usual := of.usual_long_day(week)) is not None
    )


def sessions_above_usual(athletes: Sequence[Weeks]) -> Figure:
    """Planned sessions less those of a usual week, mean of normal weeks."""
    more = [
        len(of.endurance(week)) - usual
        for week in _all(athletes)
        if of.is_normal(week) and (usual := of.usual_sessions(week)) is not None
    ]
    return of.mean_or_none(more), len(more)


def repeated_sets(athletes: Sequence[Weeks]) -> Figure:
    """Share of hard weeks that repeat a set of the last hard week."""
    repeats = []
    for weeks in athletes:
        hard = [sets for week in weeks if (sets := of.hard_sets(week))]
        repeats += [bool(one & before) for before, one in pairwise(hard)]
    return _share(repeats)


def easy_above_own(athletes: Sequence[Weeks]) -> Figure:
    """Middle of the zone of easy sessions less the athlete's own median heart rate, median."""
    return _median(
        asked - own for week in _all(athletes) for asked, own in of.easy_heart_rates_bpm(week)
    )


def hard_with_targets(athletes: Sequence[Weeks]) -> Figure:
    """Share of hard sessions that name a pace or power, where the athlete has a threshold set."""
    return _share(
        of.names_pace_or_power(session)
        for week in _all(athletes)
        for session in of.endurance(week)
        if session.is_hard and not session.is_race and of.has_threshold(week, session.sport)
        if any(of.is_by_number(stretch) for _, stretch in stretches(session.blocks))
    )


def error_of_hours(athletes: Sequence[Weeks]) -> Figure:
    """Mean error of planned hours as a forecast of what was done, by that of the last-four mean."""
    pairs = [
        (abs(of.planned_hours(week) - done), abs(usual - done))
        for week in _all(athletes)
        if (usual := of.usual_hours(week)) is not None
        for done in [of.hours_of(week.done)]
    ]
    naive = sum(error for _, error in pairs)
    return (sum(error for error, _ in pairs) / naive if naive else None), len(pairs)


def unasked_strength(athletes: Sequence[Weeks]) -> Figure:
    """Share of weeks with strength for athletes who do none and did not ask for it."""
    return _share(
        any(session.is_strength for session in week.plan.sessions)
        for week in _all(athletes)
        if not of.does_strength(week)
    )


def reasons_of_this_plan(athletes: Sequence[Weeks]) -> Figure:
    """Share of reasons that speak of this plan: a weekday, a session, this week or what follows."""
    return _share(
        of.speaks_of_plan(reason.text, week)
        for week in _all(athletes)
        for reason in week.plan.justification
    )


def broken_plans(athletes: Sequence[Weeks]) -> Figure:
    """Share of plans that break a guardrail."""
    return _share(week.broken > 0 for week in _all(athletes))


def _all(athletes: Sequence[Weeks]) -> list[PlannedWeek]:
    return [week for weeks in athletes for week in weeks]


def _normal_shares(athletes: Sequence[Weeks]) -> list[float]:
    return [
        value
        for week in _all(athletes)
        if of.is_normal(week) and (value := of.hours_share(week)) is not None
    ]


def _median(values: Iterable[float]) -> Figure:
    known = list(values)
    return (median(known) if known else None), len(known)


def _share(flags: Iterable[bool]) -> Figure:
    known = list(flags)
    return (sum(known) / len(known) if known else None), len(known)


def _extreme(athletes: Sequence[Weeks], choose: Callable[[list[float]], float]) -> Figure:
    known = [value for weeks in athletes if (value := growth(weeks)) is not None]
    return (choose(known) if known else None), len(known)


def _longest_run(flags: Iterable[bool]) -> int:
    longest = current = 0
    for flag in flags:
        current = current + 1 if flag else 0
        longest = max(longest, current)
    return longest
