"""The places for easy sessions in a week: on which days, in which sport, how long as a rule.

Which day is for what is decided in `layout`, how long each session is in `durations`, what varies
it in `slot_variations`, and what it is made of in `workouts`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope
from weekly_plan_assets.domain.envelope.session_bounds import grown_s
from weekly_plan_assets.domain.envelope.week_capacity import STEP_S
from weekly_plan_assets.domain.plan.session_load import LoadRates
from weekly_plan_assets.domain.plan.session_zones import EASY_ZONE, RECOVERY_ZONE
from weekly_plan_assets.domain.plan.weekly_plan import Phase, SessionKind, Sport
from weekly_plan_assets.domain.week import DAYS_PER_WEEK
from weekly_plan_assets.planners.layout import Layout
from weekly_plan_assets.planners.week_constraints import SHORTEST_S, Demands
from weekly_plan_assets.planners.workouts import (
    PLAIN,
    Goal,
    Variation,
    Workout,
    steady_load,
    steady_workout,
)

EASY_OFFSETS = (3, 5, 2, 4, 6, 1)
"""Days after the long session, in the order in which easy sessions fill them: spread out first."""

PHASES_WITHOUT_LONG = frozenset({Phase.RETURN, Phase.RACE_WEEK})
"""Phases whose easy sessions are all alike."""

SHORTER_SESSIONS = {Phase.TAPER: 0.6, Phase.RACE_WEEK: 0.6, Phase.RETURN: 0.5}
"""Length of sessions by that of usual ones. A taper cuts their length, not their number (Bosquet
2007, meta-analysis: volume -41 to -60 %, frequency kept); a return begins with short ones."""

AFTER_HARD_LENGTH = 0.7
"""An easy session on the day after a hard or long one is so much shorter than others: hard days
hard, easy days easy (coaching practice), which also keeps monotony low."""

BEGINNERS_SESSIONS = 3
"""Sessions of a first week; a fourth where they hold too little (coaching practice)."""

HARD_S = 60 * 60
"""About how long a hard session is."""

UNTRAINED_SHARE = 0.1
"""The share of time of a sport that the athlete names and has not trained of late. Project
convention."""


@dataclass(frozen=True, slots=True)
class DurationLimits:
    """Seconds of an easy session: what is usual in a mid-sized week, and the most that is."""

    usual_s: float
    longest_s: int


def _minutes(usual: int, longest: int) -> DurationLimits:
    return DurationLimits(60 * usual, 60 * longest)


EASY_LIMITS = {
    Sport.RUN: _minutes(45, 75),
    Sport.RIDE: _minutes(60, 180),
    Sport.SWIM: _minutes(45, 75),
}
LONG_LIMITS = {
    Sport.RUN: _minutes(70, 150),
    Sport.RIDE: _minutes(90, 300),
    Sport.SWIM: _minutes(60, 90),
}
LONGEST_RECOVERY_S = {Sport.RUN: 45 * 60, Sport.RIDE: 60 * 60, Sport.SWIM: 45 * 60}
"""Recovery is short (coaching practice)."""

SECOND_LIMITS = _minutes(30, 75)
SHAKE_OUT_LIMITS = _minutes(20, 30)
"""The most of a long run is Daniels' 150 min (practice); the others are project convention."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for an easy session whose length is still open.

    Attributes:
        rates: What an hour brings the athlete in the sport.
        second: Whether the day has another endurance session already.
        least_s: The length from which it grows, where its day has room; 0 for the shortest.
        spare: Whether the athlete usually has no session more than those before it.
        variation: What it holds beside easy time.
    """

    weekday: int
    sport: Sport
    kind: SessionKind
    goal: Goal
    limits: DurationLimits
    rates: LoadRates
    variation: Variation = PLAIN
    least_s: int = 0
    second: bool = False
    spare: bool = False

    @property
    def is_last_resort(self) -> bool:
        """Whether it is used only when those before it cannot hold the target at full length."""
        return self.second or self.spare

    def load(self, duration_s: int) -> int:
        """The load of the session at this length."""
        if not duration_s:
            return 0
        is_recovery = self._kind(duration_s) is SessionKind.RECOVERY
        zone = RECOVERY_ZONE if is_recovery else EASY_ZONE
        return steady_load(zone, duration_s, self.variation, self.rates)

    def workout(self, duration_s: int) -> Workout:
        """The session at this length."""
        kind = self._kind(duration_s)
        return steady_workout(
            self.sport,
            kind,
            self.goal if kind is self.kind else Goal.EASY,
            duration_s,
            self.rates,
            self.variation,
        )

    def _kind(self, duration_s: int) -> SessionKind:
        """Its kind at this length: what takes longer than recovery does is an easy session."""
        if self.kind is SessionKind.RECOVERY and duration_s > LONGEST_RECOVERY_S[self.sport]:
            return SessionKind.EASY
        return self.kind


def easy_slots(
    demands: Demands, layout: Layout, *, recovering: bool, spares_races: bool, as_usual: bool
) -> tuple[Slot, ...]:
    """Places for easy sessions in the order in which they fill.

    The long one, one on each easy day, and a second one for weeks that need it. Sports share the
    time as they do by habit; without one they take turns, the main one first.

    Args:
        demands: What the week demands.
        layout: What its days are for.
        recovering: Whether easy sessions are done as recovery, in zone 1.
        spares_races: Whether sessions next to a race are short or recovery.
        as_usual: Whether as many as usual, and one to spare, are enough; else all that may be.
    """
    athlete = demands.athlete
    first, second = _easy_weekdays(demands, layout)
    kind, goal = (
        (SessionKind.RECOVERY, Goal.RECOVERY) if recovering else (SessionKind.EASY, Goal.EASY)
    )
    slots = [] if layout.long is None else [_long_slot(demands, layout.long)]
    places = len(slots) + len(first) + len(second)
    usual_count, most_count = _counts(demands, layout, places, as_usual=as_usual)
    planned_s = _planned_s(demands, layout, slots)
    for number, weekday in enumerate((*first, *second)):
        if len(slots) >= most_count:
            break
        sport = _next_sport(demands, weekday, planned_s, slots)
        if sport is None:
            continue
        is_second = number >= len(first)
        limits = SECOND_LIMITS if is_second else _easy_limits(athlete, sport)
        spare = len(slots) >= usual_count
        rates = athlete.load_rates(sport)
        slots.append(Slot(weekday, sport, kind, goal, limits, rates, second=is_second, spare=spare))
        planned_s[sport] += int(limits.usual_s)
    slots = [_after_hard(slot, layout) for slot in slots]
    if spares_races:
        slots = [_near_race(slot, demands) for slot in slots]
    return tuple(_bounded(slots, demands))


def _counts(demands: Demands, layout: Layout, places: int, *, as_usual: bool) -> tuple[int, int]:
    """How many easy sessions, the long one among them, are usual, and how many are the most.

    As many as there are places where no habit is known, a few for those who begin.
    """
    habit = demands.athlete.known_habit
    most = places if habit is None else max(0, habit.most_sessions - len(layout.hard))
    if demands.begins:
        return min(places, BEGINNERS_SESSIONS, most), min(places, BEGINNERS_SESSIONS + 1, most)
    if habit is None:
        return places, places
    usual = habit.sessions_per_week if habit.has_doubles else habit.days_per_week
    fixed = len(layout.hard) + sum(
        len(day.races) + sum(one.sport is not Sport.STRENGTH for one in day.anchored)
        for day in demands.days
    )
    usual_count = min(max(1, round(usual) - fixed), most)
    if not as_usual:
        return usual_count, most
    if demands.envelope.phase is Phase.RETURN:  # fewer and longer rather than many and short
        fewer = max(min(usual_count, BEGINNERS_SESSIONS), usual_count - 1)
        return fewer, usual_count
    if demands.envelope.usual_time_s is None:  # nobody knows that more would be right
        return usual_count, usual_count
    return usual_count, min(usual_count + 1, most)


def _planned_s(demands: Demands, layout: Layout, slots: Sequence[Slot]) -> Counter[Sport]:
    """Approximate seconds per sport before easy sessions are added."""
    planned_s: Counter[Sport] = Counter()
    for number, weekday in enumerate(layout.hard):
        planned_s[demands.hard_sport_of(number, demands.days[weekday])] += HARD_S
    for slot in slots:
        planned_s[slot.sport] += int(slot.limits.usual_s)
    for day in demands.days:
        for one in day.anchored:
            planned_s[one.sport] += one.duration_s
    return planned_s


def _next_sport(
    demands: Demands, weekday: int, planned_s: Mapping[Sport, int], slots: Sequence[Slot]
) -> Sport | None:
    """The sport that is furthest behind its usual share of time; without a habit, by turns.

    None on a day on which the athlete may do none of theirs.
    """
    athlete = demands.athlete
    may_run = demands.days[weekday].may_run and _runs_far_enough(demands, weekday, slots)
    allowed = demands.days[weekday].sports
    sports = [
        one
        for one in athlete.endurance_sports
        if one in allowed and (may_run or one is not Sport.RUN)
    ]
    habit = athlete.known_habit
    if not sports:
        return None
    if habit is None:
        return sports[len(slots) % len(sports)]
    total_s = sum(planned_s.get(sport, 0) for sport in sports)

    def behind_s(sport: Sport) -> float:
        done = habit.of_sport(sport)
        share = UNTRAINED_SHARE if done is None else done.share
        return share * (total_s + _easy_limits(athlete, sport).usual_s) - planned_s.get(sport, 0)

    return max(sports, key=behind_s)


def _runs_far_enough(demands: Demands, weekday: int, slots: Sequence[Slot]) -> bool:
    """Whether a run on a weekday keeps the days between runs of those who begin or return."""
    if demands.run_every_days == 1:
        return True
    runs = {slot.weekday for slot in slots if slot.sport is Sport.RUN} | {
        day.weekday
        for day in demands.days
        if any(race.sport in {None, Sport.RUN} for race in day.races)
    }
    return all(abs(weekday - run) >= demands.run_every_days for run in runs)


def _easy_limits(athlete: Athlete, sport: Sport) -> DurationLimits:
    """How long an easy session is: as usual for this athlete, or for anybody."""
    limits = EASY_LIMITS[sport]
    done = athlete.usual_of(sport)
    if not done or not done.usual_s:  # of sessions whose time nobody knows
        return limits
    return replace(limits, usual_s=min(max(done.usual_s, SHORTEST_S), limits.longest_s))


def long_limits(demands: Demands) -> DurationLimits:
    """How long the long session is: by the envelope, the longest of late, or as for anybody."""
    long_s, sport = demands.envelope.long_s, demands.long_sport
    if long_s is not None:
        return DurationLimits(long_s, long_s)
    limits = LONG_LIMITS[sport]
    done = demands.athlete.usual_of(sport)
    if not done or not done.longest_s:
        return limits
    longest_s = int(min(limits.longest_s, max(grown_s(done.longest_s), SHORTEST_S)))
    return DurationLimits(min(max(done.longest_s, SHORTEST_S), longest_s), longest_s)


def _easy_weekdays(demands: Demands, layout: Layout) -> tuple[list[int], list[int]]:
    """Days for an easy session, and days for one beside another, hard ones first.

    Hard days take what is more, so that easy days stay easy.
    """
    long = layout.long if layout.long is not None else demands.anchored_long_weekday
    start = demands.athlete.long_run_weekday if long is None else long
    order = [(start + offset) % DAYS_PER_WEEK for offset in EASY_OFFSETS]
    order = order if layout.long is not None else [*order, start]
    order.sort(key=lambda weekday: not demands.is_usual(weekday))
    open_days = [day for day in order if day != layout.rest and not demands.days[day].races]
    taken = {
        day.weekday
        for day in demands.days
        if any(one.sport is not Sport.STRENGTH for one in day.anchored)
    } | set(layout.hard)
    first = [day for day in open_days if day not in taken]
    beside_a_race = {day.weekday for day in demands.days if day.before_race is not None}
    fresh = [day for day in open_days if not _is_after_hard(day, layout)]
    # One half of a day for the first session, the other for one more: strength or a second one.
    full = {day for day in layout.strength if demands.days[day].halves_s is not None}
    second = [day for day in (*layout.hard, *fresh, *open_days) if day not in beside_a_race | full]
    habit = demands.athlete.known_habit
    is_easier = demands.envelope.phase in {Phase.RECOVERY, Phase.RETURN}
    if habit is not None and not (habit.has_doubles if is_easier else habit.bears_doubles):
        return first, []
    return first, [*dict.fromkeys(second)]


def _is_after_hard(weekday: int, layout: Layout) -> bool:
    return (weekday - 1) % DAYS_PER_WEEK in {*layout.hard, layout.long}


def _long_slot(demands: Demands, weekday: int) -> Slot:
    sport = demands.long_sport
    long_s = demands.envelope.long_s
    limits = long_limits(demands)
    return Slot(
        weekday,
        sport,
        SessionKind.LONG,
        Goal.LONG,
        limits,
        demands.athlete.load_rates(sport),
        least_s=long_s or 0,
    )


def _after_hard(slot: Slot, layout: Layout) -> Slot:
    """The slot as it is; shorter on the day after a hard or the long session."""
    if slot.second or not _is_after_hard(slot.weekday, layout):
        return slot
    usual_s = AFTER_HARD_LENGTH * slot.limits.usual_s
    return replace(slot, limits=replace(slot.limits, usual_s=usual_s))


def _near_race(slot: Slot, demands: Demands) -> Slot:
    """The slot as it is; short on the eve of a race, recovery on the day after one."""
    if demands.days[slot.weekday].before_race == 1:
        easy = slot.kind is not SessionKind.LONG
        goal = Goal.SHAKE_OUT if easy else slot.goal
        kind = SessionKind.EASY if easy else slot.kind
        return replace(slot, kind=kind, goal=goal, limits=SHAKE_OUT_LIMITS)
    if slot.weekday and demands.days[slot.weekday - 1].races and slot.kind is SessionKind.EASY:
        longest_s = min(slot.limits.longest_s, LONGEST_RECOVERY_S[slot.sport])
        limits = DurationLimits(min(slot.limits.usual_s, longest_s), longest_s)
        return replace(slot, kind=SessionKind.RECOVERY, goal=Goal.RECOVERY, limits=limits)
    return slot


def _bounded(slots: Sequence[Slot], demands: Demands) -> list[Slot]:
    """The slots with shorter sessions in a taper.

    No session is longer than the envelope allows, nor an easy one than the long one of its sport.
    """
    length = _usual_length(demands.envelope)
    most_s = {sport: demands.longest_s(sport) for sport in Sport}
    bounded = []
    for slot in slots:
        usual_s = slot.limits.usual_s * (1.0 if slot.least_s else length)
        day = demands.days[slot.weekday]
        room_s = day.second_s if slot.second else day.first_s
        longest_s = min(slot.limits.longest_s, most_s[slot.sport], room_s)
        if slot.kind is SessionKind.LONG:
            most_s[slot.sport] = longest_s
        else:
            longest_s = min(longest_s, _beside_long_s(slot, demands, room_s))
        usual_s = max(min(usual_s, longest_s), SHORTEST_S)
        bounded.append(replace(slot, limits=DurationLimits(usual_s, longest_s)))
    return bounded


def _usual_length(envelope: LoadEnvelope) -> float:
    """The length of sessions by that of usual ones."""
    if envelope.phase is Phase.RETURN and envelope.comeback is not None:
        return envelope.comeback.share
    return SHORTER_SESSIONS.get(envelope.phase, 1.0)


def _beside_long_s(slot: Slot, demands: Demands, room_s: int) -> int:
    """The most of an easy session beside the long one: a step less, where days have room for more.

    In another sport it may be as long as usual, an easy ride longer than a long run.
    """
    long_s = demands.envelope.long_s
    if long_s is None:
        return slot.limits.longest_s
    is_alike = demands.envelope.phase in PHASES_WITHOUT_LONG or room_s <= long_s
    most_s = long_s if is_alike else max(long_s - STEP_S, SHORTEST_S)
    done = demands.athlete.usual_of(slot.sport)
    if slot.sport is demands.long_sport or done is None:
        return most_s
    return max(most_s, done.usual_s // STEP_S * STEP_S)
