"""The week as the rules planner solves it: what stands, what is chosen, what could not be met.

`week_constraints` says what is given, `layout` which day is for what, `slots` which places there
are for easy sessions, `durations` how long they are. Here they meet. A week is tried with all that
the envelope wants; where that breaks a rule or misses the bounds, with less and less of what is
optional, and the best of these is taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from weekly_plan_assets.domain.envelope.commitments import most_time_s
from weekly_plan_assets.domain.envelope.race_effort import race_effort
from weekly_plan_assets.domain.envelope.time_bounds import is_eased
from weekly_plan_assets.domain.plan.plan_limits import LONGEST_TRAINING_DAY_S
from weekly_plan_assets.domain.plan.session_parts import Intent
from weekly_plan_assets.domain.plan.session_zones import (
    HARD_AMOUNT_S,
    hard_s,
    stretches,
    zone_times_s,
)
from weekly_plan_assets.domain.plan.weekly_plan import (
    HARD_FROM_ZONE,
    HARD_KINDS,
    Phase,
    SessionKind,
    Sport,
)
from weekly_plan_assets.domain.plan.workout_family import SetPlace
from weekly_plan_assets.domain.week import DAYS_PER_WEEK
from weekly_plan_assets.planners.durations import TOLERANCE, Frame, fill
from weekly_plan_assets.planners.layout import best_layout, with_strength
from weekly_plan_assets.planners.slot_variations import varied_slots, with_set
from weekly_plan_assets.planners.slots import PHASES_WITHOUT_LONG, Slot, easy_slots, long_limits
from weekly_plan_assets.planners.standing import standing_sessions, week_s, with_longer_hard
from weekly_plan_assets.planners.week_constraints import Demands
from weekly_plan_assets.planners.workout_choice import Bounds, ChosenWorkout, WorkoutChoice
from weekly_plan_assets.planners.workouts import (
    Goal,
    Workout,
    endurance_s,
)

LOAD_PER_HARD_SESSION = 120
"""Weekly load that one hard session needs around it, so that easy work stays the larger part."""

LOAD_FOR_STRENGTH = 40
"""Weekly load from which there is strength work, a short session."""

LOAD_FOR_FULL_STRENGTH = 200
"""Weekly load from which there are two strength sessions of full length."""

LOWEST = 99
"""Levels below: more than any family has, so that it is the lowest."""

LATE_SHARE = 0.5
"""The most of a long session that work late in it takes, its rests included (practice)."""

RACE_INSTEAD_OF_LONG = 0.5
"""A race of so much of the long session's time takes its place. Project convention."""

FULL_STRENGTH = 2
STRENGTH_S, SHORT_STRENGTH_S = 45 * 60, 30 * 60

FULL_PHASES = frozenset({Phase.BASE, Phase.BUILD, Phase.SPECIFIC})
"""Phases whose strength work is not reduced."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """How much of what is optional a week is tried with.

    Attributes:
        easing: Levels below what would be next for hard sessions; `LOWEST` for the lowest.
        varied: Whether there are strides, and sets within easy and long sessions.
        recovering: Whether the easy sessions of a recovery week lie in zone 1.
        spares_races: Whether sessions next to a race are short or recovery.
        keeps_long: Whether the long session stays where it is more than the week aims at.
        as_usual: Whether there are no more easy sessions than usual, and one to spare.
    """

    hard_count: int
    easing: int
    strength_count: int
    varied: bool
    recovering: bool
    spares_races: bool = True
    keeps_long: bool = False
    as_usual: bool = True


LEAST = Relaxation(0, LOWEST, 0, varied=False, recovering=False, spares_races=False)
"""Nothing of what is optional."""


@dataclass(frozen=True, slots=True)
class SolvedWeek:
    """The sessions of each day, Monday first, and how far they are from what was wanted.

    Attributes:
        wants_long: Whether a long session was wanted.
        over_s: Seconds in zone 3 and above beyond the share allowed.
    """

    demands: Demands
    days: tuple[tuple[Workout, ...], ...]
    wants_long: bool
    over_s: float

    @property
    def sessions(self) -> tuple[Workout, ...]:
        """All of them, in order."""
        return tuple(session for day in self.days for session in day)

    @property
    def is_hard(self) -> bool:
        """Whether any session is a hard one."""
        return any(session.kind in HARD_KINDS for session in self.sessions)

    @property
    def practises_race(self) -> bool:
        """Whether any of its work is done at race effort."""
        blocks = (one for session in self.sessions for one in session.blocks)
        return any(stretch.intent is Intent.RACE for _, stretch in stretches(blocks))

    @property
    def load(self) -> int:
        """Load of all sessions."""
        return sum(session.load for session in self.sessions)

    @property
    def faults(self) -> tuple[float, float, float, float, bool]:
        """Load and time over their maxima, time too hard, load below the minimum, target overshot.

        All but the last break a rule.
        """
        envelope = self.demands.envelope
        return (
            max(0, self.load - envelope.max_load),
            self._too_long_s,
            self.over_s,
            max(0, envelope.min_load - self.load),
            self._overshoots,
        )

    @property
    def breaks_rules(self) -> bool:
        """Whether it is no valid week."""
        *broken, _ = self.faults
        return any(broken)

    @property
    def _too_long_s(self) -> int:
        """Seconds of endurance beyond the most that the week may hold."""
        most_s = most_time_s(self.demands.athlete, self.demands.envelope, self.demands.week)
        return 0 if most_s is None else max(0, endurance_s(self.sessions) - most_s)

    @property
    def _overshoots(self) -> bool:
        """Whether the week holds more than it aims at: time where that is known, else load."""
        envelope = self.demands.envelope
        if envelope.target_time_s is None:
            return self.load > (1 + TOLERANCE) * envelope.target_load
        return endurance_s(self.sessions) > (1 + TOLERANCE) * envelope.target_time_s


def solve(demands: Demands) -> SolvedWeek:
    """The first week that has no fault, or the one with the smallest."""
    tried: list[SolvedWeek] = []
    for ambition in _ambitions(demands):
        tried.append(_attempt(demands, ambition))
        if not any(tried[-1].faults):
            break
    if all(week.breaks_rules for week in tried):
        tried.append(_open_week(demands))
    return min(tried, key=lambda week: week.faults)


def _ambitions(demands: Demands) -> Iterator[Relaxation]:
    """From all that is wanted to the least."""
    envelope = demands.envelope
    hard_count = min(demands.free_hard_sessions, envelope.target_load // LOAD_PER_HARD_SESSION)
    strength_count = _strength_count(demands)
    recovering = envelope.phase is Phase.RECOVERY
    full = Relaxation(hard_count, 0, strength_count, varied=True, recovering=recovering)
    yield full
    if recovering:
        yield replace(full, recovering=False)
    for easing in (1, 2, LOWEST):
        yield replace(full, easing=easing)
    for count in range(hard_count, -1, -1):
        yield replace(full, hard_count=count, easing=LOWEST, varied=False)
    yield replace(full, hard_count=0, easing=LOWEST, varied=False, strength_count=0)
    # The minimum of the envelope comes before comfort.
    yield replace(full, recovering=False, spares_races=False)
    yield LEAST
    # Where only the day of the long session is left, that is the week.
    yield replace(LEAST, keeps_long=True)


def _open_week(demands: Demands) -> SolvedWeek:
    """The week whose sessions are as long and as many as its time needs and the rules allow.

    Who trains on many more or fewer days than a while ago may have a long session, and a number of
    others no longer than it, that hold less than the week must.
    """
    envelope = demands.envelope.model_copy(update={"long_s": None})
    week = _attempt(replace(demands, envelope=envelope), replace(LEAST, as_usual=False))
    return replace(week, demands=demands)


def _strength_count(demands: Demands) -> int:
    """Strength sessions wanted beside the anchored ones."""
    anchored = sum(one.sport is Sport.STRENGTH for day in demands.days for one in day.anchored)
    return max(0, _strength(demands)[0] - anchored)


def _strength(demands: Demands) -> tuple[int, int]:
    """How many strength sessions a week has, and the seconds of each."""
    envelope = demands.envelope
    if envelope.target_load < LOAD_FOR_STRENGTH or envelope.phase is Phase.RACE_WEEK:
        return 0, 0
    is_full = envelope.phase in FULL_PHASES and not is_eased(envelope.readiness)
    habit = demands.athlete.known_habit
    own = 0 if habit is None else len(habit.strength_weekdays)
    if is_full and (own > FULL_STRENGTH or envelope.target_load >= LOAD_FOR_FULL_STRENGTH):
        # A programme of the athlete's own goes on beside the endurance work.
        return max(own, FULL_STRENGTH), STRENGTH_S
    return max(own, 1), SHORT_STRENGTH_S


def _attempt(demands: Demands, ambition: Relaxation) -> SolvedWeek:
    """The week with so much ambition."""
    envelope = demands.envelope
    wants_long = _wants_long(demands)
    strength_s = _strength(demands)[1]
    choice = WorkoutChoice(demands)
    bounds = Bounds(week_s(demands), LONGEST_TRAINING_DAY_S, ambition.easing)
    late = _late_set(demands, choice, bounds, ambition) if wants_long else None
    layout = best_layout(
        demands,
        hard_count=ambition.hard_count - (late is not None and late.is_hard),
        wants_long=wants_long,
        long_is_hard=late is not None and late.is_hard,
    )
    layout = with_strength(demands, layout, ambition.strength_count, strength_s)
    standing = standing_sessions(demands, layout, choice, bounds, strength_s)
    slots = easy_slots(
        demands,
        layout,
        recovering=ambition.recovering,
        spares_races=ambition.spares_races,
        as_usual=ambition.as_usual,
    )
    slots = varied_slots(slots, demands, layout, varied=ambition.varied)
    if ambition.varied:
        slots = tuple(with_set(slot, late, choice, bounds) for slot in slots)
    frame = _frame(demands, standing)
    durations = fill(slots, _with_long(frame, slots) if ambition.keeps_long else frame)
    days = [list(sessions) for sessions in standing]
    for slot, duration_s in zip(slots, durations, strict=True):
        if duration_s:
            # Endurance comes before strength, which is done on tired legs rather than before; a
            # run off the bike comes after the ride.
            place = len(days[slot.weekday]) if slot.goal is Goal.BRICK else 0
            days[slot.weekday].insert(place, slot.workout(duration_s))
    days = with_longer_hard(demands, layout, days)
    week = tuple(tuple(_in_order(sessions)) for sessions in days)
    return SolvedWeek(demands, week, wants_long, _over_s(week, envelope.max_hard_share))


def _with_long(frame: Frame, slots: Sequence[Slot]) -> Frame:
    """The frame in which the week aims at no less than its long session."""
    if not slots or slots[0].kind is not SessionKind.LONG:
        return frame
    long = slots[0]
    load = frame.load + round(long.load(long.least_s))
    target_s = frame.target_s and max(frame.target_s, frame.planned_s + long.least_s)
    return replace(frame, target_load=max(frame.target_load, load), target_s=target_s)


def _late_set(
    demands: Demands, choice: WorkoutChoice, bounds: Bounds, ambition: Relaxation
) -> ChosenWorkout | None:
    """The work late in the long session; None in a week, or in a sport, without any.

    In every other specific week it may be so much that the long session counts as a hard one.
    """
    if not ambition.varied or is_eased(demands.envelope.readiness):
        return None
    in_turn = demands.week.start.toordinal() // DAYS_PER_WEEK % 2 == 0
    is_specific = demands.envelope.phase is Phase.SPECIFIC
    may_be_hard = is_specific and in_turn and ambition.hard_count > 0
    longest_s = int(LATE_SHARE * long_limits(demands).usual_s)
    return choice.within(
        SetPlace.LONG,
        demands.long_sport,
        replace(bounds, longest_s=longest_s, may_be_hard=may_be_hard),
    )


def _wants_long(demands: Demands) -> bool:
    """Whether the week has a long session of its own: a race and an anchored one take its place."""
    long_s = long_limits(demands).usual_s
    efforts = (race_effort(race, demands.athlete) for race in demands.races)
    raced = any(
        effort.sport is demands.main_sport and effort.duration_s >= RACE_INSTEAD_OF_LONG * long_s
        for effort in efforts
    )
    return (
        demands.envelope.phase not in PHASES_WITHOUT_LONG
        and all(day.may_run for day in demands.days)
        and not raced
        and demands.anchored_long_weekday is None
    )


def _frame(demands: Demands, standing: Sequence[Sequence[Workout]]) -> Frame:
    chosen_s = [
        sum(session.duration_s for session in sessions[len(day.races) + len(day.anchored) :])
        for day, sessions in zip(demands.days, standing, strict=True)
    ]
    room_s = [max(0, day.room_s - used) for day, used in zip(demands.days, chosen_s, strict=True)]
    runs_s = [
        session.duration_s
        for sessions in standing
        for session in sessions
        if session.sport is Sport.RUN and session.kind is not SessionKind.RACE
    ]
    return Frame(
        load_by_day=tuple(sum(session.load for session in sessions) for sessions in standing),
        room_s=tuple(room_s),
        shortest_s=tuple(day.shortest_s for day in demands.days),
        run_s=tuple(runs_s),
        target_load=demands.envelope.target_load,
        max_load=demands.envelope.max_load,
        planned_s=endurance_s(session for sessions in standing for session in sessions),
        target_s=demands.envelope.target_time_s,
    )


def _in_order(sessions: Sequence[Workout]) -> list[Workout]:
    """Strength last, the others as they are."""
    return sorted(sessions, key=lambda session: session.kind is SessionKind.STRENGTH)


def _over_s(days: Sequence[Sequence[Workout]], max_hard_share: float) -> float:
    """Seconds in zone 3 and above beyond the share, where that is more than one hard session."""
    in_steps = [session for sessions in days for session in sessions if session.blocks]
    above_s = sum(hard_s(zone_times_s(session.blocks)) for session in in_steps)
    planned_s = sum(session.duration_s for session in in_steps)
    allowed_s = max(max_hard_share * planned_s, HARD_AMOUNT_S[HARD_FROM_ZONE])
    return max(0.0, above_s - allowed_s)
