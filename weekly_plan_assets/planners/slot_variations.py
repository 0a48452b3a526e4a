"""What varies the easy sessions of a week: strides, walks, sets, a second long run, a brick.

Which places there are belongs to `slots`, which set of the library is next to `workout_choice`.
"""

from collections.abc import Sequence
from dataclasses import replace

from weekly_plan_assets.domain.envelope.race_effort import race_effort
from weekly_plan_assets.domain.envelope.season import goal_race
from weekly_plan_assets.domain.envelope.week_capacity import STEP_S
from weekly_plan_assets.domain.plan.weekly_plan import Phase, SessionKind, Sport
from weekly_plan_assets.domain.plan.workout_family import SetPlace
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE
from weekly_plan_assets.domain.week import DAYS_PER_WEEK
from weekly_plan_assets.planners.layout import Layout
from weekly_plan_assets.planners.slots import DurationLimits, Slot
from weekly_plan_assets.planners.week_constraints import SHORTEST_S, TRIATHLON, Demands
from weekly_plan_assets.planners.workout_choice import Bounds, ChosenWorkout, WorkoutChoice
from weekly_plan_assets.planners.workouts import STRIDES, Goal, Variation

STRIDES_PHASES = frozenset({Phase.BASE, Phase.BUILD, Phase.SPECIFIC, Phase.TAPER, Phase.RACE_WEEK})
RACE_PHASES = frozenset({Phase.BUILD, Phase.SPECIFIC})
"""Phases in which training begins to look like the race."""

SECOND_LONG_FROM_S = 5 * SECONDS_PER_HOUR
"""Races of such a length are trained for with two long days in a row (coaching practice)."""

SECOND_LONG_SHARE = 0.6
"""Length of the second long run by the first (coaching practice)."""

BRICK_S, LONGEST_BRICK_S = 20 * SECONDS_PER_MINUTE, 30 * SECONDS_PER_MINUTE
"""A run off the bike is short: what it trains are its first minutes (coaching practice)."""

SET_SHARE = 0.7
"""The most of an easy session that a set in it takes. Project convention."""


def varied_slots(
    slots: Sequence[Slot], demands: Demands, layout: Layout, *, varied: bool
) -> tuple[Slot, ...]:
    """The slots with what the week asks for beside easy time, no more than one thing each.

    Args:
        slots: The easy sessions of a week.
        demands: What the week demands.
        layout: What its days are for.
        varied: Whether there is more than what a way back needs.
    """
    run_stretch_s = demands.run_stretch_s
    if run_stretch_s is not None:
        return tuple(_with_walks(slot, run_stretch_s) for slot in slots)
    if not varied:
        return tuple(slots)
    changed = list(slots)
    if demands.envelope.phase in RACE_PHASES:
        changed = _with_second_long(changed, demands, layout)
        changed = _with_brick(changed, demands, layout)
    if demands.envelope.phase in STRIDES_PHASES:
        changed = _with_strides(changed, demands)
    return tuple(changed)


def with_set(slot: Slot, late: ChosenWorkout | None, choice: WorkoutChoice, bounds: Bounds) -> Slot:
    """The slot with a set of the library in it, where one is right.

    Args:
        slot: An easy session.
        late: The work late in the long session.
        choice: Chooses the sets of easy ones.
        bounds: What they may hold.
    """
    if slot.kind is SessionKind.LONG and late is not None:
        return replace(slot, variation=Variation(chosen=late))
    if slot.goal not in {Goal.EASY, Goal.LONG}:
        return slot
    longest_s = int(SET_SHARE * slot.limits.usual_s)
    chosen = choice.within(SetPlace.EASY, slot.sport, replace(bounds, longest_s=longest_s))
    return slot if chosen is None else replace(slot, variation=Variation(chosen=chosen))


def _with_walks(slot: Slot, run_stretch_s: int) -> Slot:
    """The slot as it is; an easy run with walks between stretches of running."""
    if slot.sport is not Sport.RUN or slot.kind is not SessionKind.EASY:
        return slot
    return replace(slot, goal=Goal.WALK_RUN, variation=Variation(run_stretch_s=run_stretch_s))


def _with_strides(slots: Sequence[Slot], demands: Demands) -> list[Slot]:
    """The slots with strides in the first easy run, and in that on the eve of a race.

    In the week of a race rides have some too.
    """
    phase = demands.envelope.phase
    sports = {Sport.RUN, Sport.RIDE} if phase is Phase.RACE_WEEK else {Sport.RUN}
    done = False
    varied = []
    for slot in slots:
        bears = slot.sport in sports and slot.kind is SessionKind.EASY and not slot.second
        bears = bears and not demands.days[slot.weekday].is_tired
        strides = Variation(strides=STRIDES.get(slot.sport))
        if slot.goal is Goal.SHAKE_OUT and bears:
            varied.append(replace(slot, variation=strides))
        elif slot.goal is Goal.EASY and bears and not done:
            varied.append(replace(slot, variation=strides, goal=Goal.STRIDES))
            done = True
        else:
            varied.append(slot)
    return varied


def _with_second_long(slots: Sequence[Slot], demands: Demands, layout: Layout) -> list[Slot]:
    """The slots with a second long run beside the first, for who trains for an ultra."""
    race = goal_race(demands.athlete, demands.week)
    if race is None or layout.long is None or demands.long_sport is not Sport.RUN:
        return [*slots]
    if race_effort(race, demands.athlete).duration_s < SECOND_LONG_FROM_S:
        return [*slots]
    # The day before, where the long run ends the week.
    beside = layout.long + 1 if layout.long + 1 < DAYS_PER_WEEK else layout.long - 1
    long_s = next(slot.limits.usual_s for slot in slots if slot.kind is SessionKind.LONG)

    def longer(slot: Slot) -> Slot:
        if slot.weekday != beside or slot.sport is not Sport.RUN or slot.goal is not Goal.EASY:
            return slot
        wanted_s = int(SECOND_LONG_SHARE * long_s) // STEP_S * STEP_S
        second_s = min(max(wanted_s, int(slot.limits.usual_s)), slot.limits.longest_s)
        if slot.second or second_s <= slot.limits.usual_s:
            return slot
        limits = DurationLimits(second_s, second_s)
        return replace(slot, goal=Goal.SECOND_LONG, limits=limits, least_s=second_s)

    return [longer(slot) for slot in slots]


def _with_brick(slots: Sequence[Slot], demands: Demands, layout: Layout) -> list[Slot]:
    """The slots with one easy run done straight after the long ride, in every other week.

    For triathletes who bear two sessions on a day.
    """
    habit = demands.athlete.known_habit
    in_turn = demands.week.start.toordinal() // DAYS_PER_WEEK % 2 == 1
    is_triathlete = TRIATHLON.issubset(demands.athlete.endurance_sports)
    race = goal_race(demands.athlete, demands.week)
    if layout.long is None or habit is None or not (in_turn and is_triathlete and race):
        return [*slots]
    day = demands.days[layout.long]
    room_s = day.room_s - next(s.limits.longest_s for s in slots if s.kind is SessionKind.LONG)
    runs = [slot for slot in slots if slot.sport is Sport.RUN and slot.goal is Goal.EASY]
    if (
        demands.long_sport is not Sport.RIDE
        or not (habit.bears_doubles and day.may_run and Sport.RUN in day.sports)
        or day.halves_s is not None
        or room_s < SHORTEST_S
        or len(runs) <= 1
    ):
        return [*slots]
    # The first run is sure to be used; others may not be needed.
    longest_s = min(LONGEST_BRICK_S, room_s, runs[0].limits.longest_s)
    brick = replace(
        runs[0],
        weekday=layout.long,
        goal=Goal.BRICK,
        limits=DurationLimits(min(BRICK_S, longest_s), longest_s),
    )
    return [brick if slot is runs[0] else slot for slot in slots]
