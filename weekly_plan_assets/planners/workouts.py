"""The session library: what single sessions are made of, for each kind, zone and duration.

Steps and load only. On which days sessions lie is decided in `layout`, how long they are in
`durations`, and what is said about them in `wording`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from math import floor

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.race import Race
from weekly_plan_assets.domain.envelope.commitments import Commitment
from weekly_plan_assets.domain.envelope.race_effort import race_effort
from weekly_plan_assets.domain.envelope.week_capacity import STEP_S
from weekly_plan_assets.domain.plan.session_load import (
    STRENGTH_LOAD_PER_HOUR,
    LoadRates,
    blocks_load,
)
from weekly_plan_assets.domain.plan.session_parts import (
    Block,
    BlockPart,
    Intent,
    Step,
    block,
    stretch,
)
from weekly_plan_assets.domain.plan.session_zones import (
    EASY_ZONE,
    RECOVERY_ZONE,
    TEMPO_ZONE,
    THRESHOLD_ZONE,
    VO2_ZONE,
    hard_zone,
)
from weekly_plan_assets.domain.plan.weekly_plan import SessionKind, Sport, is_strength
from weekly_plan_assets.domain.plan.workout_family import SetPlace
from weekly_plan_assets.domain.units import MINUTES_PER_HOUR, SECONDS_PER_MINUTE
from weekly_plan_assets.planners.week_constraints import SHORT_HARD_S
from weekly_plan_assets.planners.workout_choice import ChosenWorkout

EDGE_S = 5 * SECONDS_PER_MINUTE
"""Very easy minutes at the start and at the end of a session."""

EDGES_FROM_S = 45 * SECONDS_PER_MINUTE
"""A shorter easy session is easy enough from its first minute."""

STRIDES_FROM_S = 20 * SECONDS_PER_MINUTE
"""A shorter session has no room for strides. Project convention."""

STRIDES = {
    Sport.RUN: Step(
        repeats=4,
        work=stretch(VO2_ZONE, 20, Intent.SPRINT),
        recovery=stretch(RECOVERY_ZONE, 40),
    ),
    Sport.RIDE: Step(
        repeats=3,
        work=stretch(VO2_ZONE, 30, Intent.SPRINT),
        recovery=stretch(EASY_ZONE, 90),
    ),
}
"""Short fast stretches that keep the legs quick and cost nothing (coaching practice)."""

WALK_S = SECONDS_PER_MINUTE
"""Walking after each stretch of running, in a run after bone or tendon (coaching practice)."""

WALK_EDGE_S = 4 * SECONDS_PER_MINUTE
"""Walking before the first stretch. Project convention."""

WALK_RUN_FROM_S = 20 * SECONDS_PER_MINUTE
"""A shorter session has no room for walks between. Project convention."""

SET_EDGES_S = 15 * SECONDS_PER_MINUTE
"""Easy minutes that an easy or long session has at least around a set. Project convention."""

INTERVAL_EDGES_S = 25 * SECONDS_PER_MINUTE
"""Warm-up and cool-down of a hard session."""

LEAST_EDGES_S = 10 * SECONDS_PER_MINUTE
"""Warm-up and cool-down without which an anchored hard session gets a lower rung."""

TIRED_SHARE = 0.6
"""Of the time of a session, done easy instead (coaching practice)."""

WARM_UP_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Variation:
    """What an easy session holds beside easy time, at most one of these.

    Attributes:
        strides: Some short fast stretches.
        run_stretch_s: Seconds of running between walks; 0 for none.
        chosen: A set of the library.
    """

    strides: Step | None = None
    run_stretch_s: int = 0
    chosen: ChosenWorkout | None = None


PLAIN = Variation()


class Goal(StrEnum):
    """What a session is for; the words for it are in the catalogues."""

    RECOVERY = "recovery"
    EASY = "easy"
    STRIDES = "strides"
    WALK_RUN = "walk_run"
    SHAKE_OUT = "shake_out"
    SECOND_LONG = "second_long"
    BRICK = "brick"
    LONG = "long"
    TEMPO = "tempo"
    THRESHOLD = "threshold"
    VO2 = "vo2"
    RACE_PACE = "race_pace"
    RACE = "race"
    STRENGTH = "strength"


@dataclass(frozen=True, slots=True)
class Workout:
    """A session without its words.

    Attributes:
        zone: That of its main part; None for strength.
        race: Which one it is.
        chosen: What of the library its main set is; None for other sessions.
    """

    sport: Sport
    kind: SessionKind
    goal: Goal
    duration_s: int
    load: int
    zone: int | None
    blocks: tuple[Block, ...] = ()
    race: Race | None = None
    chosen: ChosenWorkout | None = None


KIND_BY_ZONE = {
    TEMPO_ZONE: SessionKind.TEMPO,
    THRESHOLD_ZONE: SessionKind.THRESHOLD,
    VO2_ZONE: SessionKind.VO2,
}
ZONE_BY_KIND = {kind: zone for zone, kind in KIND_BY_ZONE.items()}
GOAL_BY_KIND = {
    SessionKind.TEMPO: Goal.TEMPO,
    SessionKind.THRESHOLD: Goal.THRESHOLD,
    SessionKind.VO2: Goal.VO2,
    SessionKind.RECOVERY: Goal.RECOVERY,
    SessionKind.EASY: Goal.EASY,
    SessionKind.LONG: Goal.LONG,
}


def hard_workout(chosen: ChosenWorkout, longest_s: int, rates: LoadRates) -> Workout:
    """A hard session: the chosen main set, with as much warm-up and cool-down as there is room.

    A slow swimmer's lowest level may take longer than there is room: then a third of it is work.
    """
    family, main_s = chosen.family, chosen.main.duration_s
    goal = Goal.RACE_PACE if family.race_zone else GOAL_BY_KIND[KIND_BY_ZONE[chosen.zone]]
    room_s = max(longest_s, SHORT_HARD_S)
    if main_s + LEAST_EDGES_S > room_s:
        return _third(family.sport, chosen.zone, goal, room_s // STEP_S * STEP_S, rates)
    duration_s = -(-(main_s + INTERVAL_EDGES_S) // STEP_S) * STEP_S
    fitting_s = min(duration_s, room_s // STEP_S * STEP_S)
    blocks = _around(chosen.main, max(fitting_s, main_s + LEAST_EDGES_S))
    return replace(_hard(chosen, goal, blocks, rates), chosen=chosen)


def with_longer_edges(workout: Workout, duration_s: int, rates: LoadRates) -> Workout:
    """A hard session of the library with warm-up and cool-down that make it so long."""
    chosen = workout.chosen
    if chosen is None or chosen.family.place is not SetPlace.HARD:
        return workout
    blocks = _around(chosen.main, duration_s)
    return replace(_hard(chosen, workout.goal, blocks, rates), chosen=chosen)


def _third(sport: Sport, zone: int, goal: Goal, duration_s: int, rates: LoadRates) -> Workout:
    """A session of which a third is one hard stretch."""
    blocks = _around(block(stretch(zone, max(1, duration_s // 3))), duration_s)
    return workout_of_blocks(sport, KIND_BY_ZONE[zone], goal, zone, blocks, rates)


def _hard(
    chosen: ChosenWorkout, goal: Goal, blocks: tuple[Block, ...], rates: LoadRates
) -> Workout:
    zone = hard_zone(blocks) or chosen.zone
    return workout_of_blocks(chosen.family.sport, KIND_BY_ZONE[zone], goal, zone, blocks, rates)


def steady_workout(
    sport: Sport,
    kind: SessionKind,
    goal: Goal,
    duration_s: int,
    rates: LoadRates,
    variation: Variation = PLAIN,
) -> Workout:
    """A session around easy work: recovery, easy or long; varied where there is room for it."""
    zone = RECOVERY_ZONE if kind is SessionKind.RECOVERY else EASY_ZONE
    chosen = variation.chosen
    if chosen is not None and not _has_room(chosen, duration_s):
        chosen = None
    blocks = steady_blocks(zone, duration_s, variation)
    if goal is Goal.STRIDES and duration_s < STRIDES_FROM_S:
        goal = GOAL_BY_KIND[kind]
    if chosen is not None and chosen.is_hard:
        zone = hard_zone(blocks) or zone
    workout = workout_of_blocks(sport, kind, goal, zone, blocks, rates)
    return replace(workout, chosen=chosen)


def endurance_s(sessions: Iterable[Workout]) -> int:
    """Seconds of endurance, races left out."""
    return sum(
        one.duration_s
        for one in sessions
        if one.kind is not SessionKind.RACE and not is_strength(one.sport, one.kind)
    )


@lru_cache(maxsize=4096)
def steady_load(zone: int, duration_s: int, variation: Variation, rates: LoadRates) -> int:
    """The load of such a session, which the filling of a week asks for again and again."""
    return floor(blocks_load(steady_blocks(zone, duration_s, variation), rates))


def steady_blocks(zone: int, duration_s: int, variation: Variation = PLAIN) -> tuple[Block, ...]:
    """The blocks of a session in one zone, with what varies it where it is long enough."""
    if variation.run_stretch_s and duration_s >= WALK_RUN_FROM_S:
        return _walk_run(duration_s, variation.run_stretch_s)
    if variation.chosen is not None and _has_room(variation.chosen, duration_s):
        return _with_set(zone, duration_s, variation.chosen)
    cool_down = block(stretch(RECOVERY_ZONE, EDGE_S), part=BlockPart.COOL_DOWN)
    if variation.strides is not None and duration_s >= STRIDES_FROM_S:
        easy_s = duration_s - variation.strides.duration_s - EDGE_S
        return block(stretch(zone, easy_s)), block(variation.strides), cool_down
    if zone > RECOVERY_ZONE and duration_s >= EDGES_FROM_S:
        warm_up = block(stretch(RECOVERY_ZONE, EDGE_S), part=BlockPart.WARM_UP)
        return warm_up, block(stretch(zone, duration_s - 2 * EDGE_S)), cool_down
    return (block(stretch(zone, duration_s)),)


def _has_room(chosen: ChosenWorkout, duration_s: int) -> bool:
    """Whether enough easy time is left around a set: in a long session more than the set takes."""
    main_s = chosen.main.duration_s
    is_late = chosen.family.place is SetPlace.LONG
    late_s = max(SET_EDGES_S + 2 * EDGE_S, main_s + 3 * EDGE_S)
    around_s = late_s if is_late else SET_EDGES_S
    return main_s + around_s <= duration_s


def _with_set(zone: int, duration_s: int, chosen: ChosenWorkout) -> tuple[Block, ...]:
    """Easy time with a set in it: late in a long session, in the middle of an easy one."""
    easy_s = duration_s - chosen.main.duration_s
    if chosen.family.place is SetPlace.LONG:
        warm_up = block(stretch(RECOVERY_ZONE, EDGE_S), part=BlockPart.WARM_UP)
        easy_s -= EDGE_S
        if chosen.family.uphill:  # where the hills are, not at the end
            easy_s -= EDGE_S
            before_s = easy_s // 2 // STEP_S * STEP_S
            after = block(stretch(zone, easy_s - before_s))
            cool_down = block(stretch(RECOVERY_ZONE, EDGE_S), part=BlockPart.COOL_DOWN)
            return warm_up, block(stretch(zone, before_s)), chosen.main, after, cool_down
        before_s = (easy_s - EDGE_S) // STEP_S * STEP_S
        cool_down = block(stretch(RECOVERY_ZONE, easy_s - before_s), part=BlockPart.COOL_DOWN)
        return warm_up, block(stretch(zone, before_s)), chosen.main, cool_down
    warm_up_s = min(2 * EDGE_S, easy_s // 2)
    return (
        block(stretch(zone, warm_up_s), part=BlockPart.WARM_UP),
        chosen.main,
        block(stretch(zone, easy_s - warm_up_s)),
    )


def _walk_run(duration_s: int, run_stretch_s: int) -> tuple[Block, ...]:
    """A walk, then stretches of easy running with walks after them: as much running as fits.

    Stretches are whole minutes, and shorter than allowed where more of them fit then.
    """
    room_s = duration_s - WALK_EDGE_S
    stretches_s = range(SECONDS_PER_MINUTE, run_stretch_s + 1, SECONDS_PER_MINUTE)
    stretch_s = max(stretches_s, key=lambda one: (one * (room_s // (one + WALK_S)), one))
    main = Step(
        repeats=max(1, room_s // (stretch_s + WALK_S)),
        work=stretch(EASY_ZONE, stretch_s),
        recovery=stretch(RECOVERY_ZONE, WALK_S),
    )
    walk = stretch(RECOVERY_ZONE, duration_s - main.duration_s)
    return block(walk, part=BlockPart.WARM_UP), block(main)


def easy_instead(workout: Workout) -> tuple[Block, ...]:
    """An easy session of 60 % of the time, for an athlete who is tired."""
    whole_s = int(TIRED_SHARE * workout.duration_s) // STEP_S * STEP_S
    return (block(stretch(EASY_ZONE, max(whole_s, STEP_S))),)


def short_instead(workout: Workout) -> tuple[Block, ...] | None:
    """The same kind of work in about half an hour; None where the session is short itself."""
    if workout.chosen is None or workout.chosen.shorter is None:
        return None
    main = workout.chosen.shorter
    return _around(main, -(-(main.duration_s + LEAST_EDGES_S) // STEP_S) * STEP_S)


def strength_workout(
    duration_s: int, sport: Sport = Sport.STRENGTH, kind: SessionKind = SessionKind.STRENGTH
) -> Workout:
    """Strength work. Under the name of an endurance sport it states the easy zone."""
    zone = None if sport is Sport.STRENGTH else EASY_ZONE
    return Workout(sport, kind, Goal.STRENGTH, duration_s, strength_load(duration_s), zone)


def strength_load(duration_s: int) -> int:
    """The load of strength work."""
    return floor(STRENGTH_LOAD_PER_HOUR * duration_s / SECONDS_PER_MINUTE / MINUTES_PER_HOUR)


def race_workout(race: Race, athlete: Athlete) -> Workout:
    """The race itself, as it is estimated."""
    effort = race_effort(race, athlete)
    return Workout(
        effort.sport,
        SessionKind.RACE,
        Goal.RACE,
        effort.duration_s,
        effort.load,
        effort.zone,
        race=race,
    )


def anchored_workout(
    commitment: Commitment, chosen: ChosenWorkout | None, rates: LoadRates
) -> Workout:
    """The session that keeps a commitment, of exactly its duration.

    Args:
        commitment: Which.
        chosen: What its main set would be, for a hard one.
        rates: What its time brings.
    """
    sport, kind, duration_s = commitment.sport, commitment.kind, commitment.duration_s
    if is_strength(sport, kind):
        return strength_workout(duration_s, sport, kind)
    if kind not in ZONE_BY_KIND:
        return steady_workout(sport, kind, GOAL_BY_KIND[kind], duration_s, rates)
    zone = ZONE_BY_KIND[kind]
    if chosen is not None and chosen.main.duration_s + LEAST_EDGES_S <= duration_s:
        workout = _hard(chosen, GOAL_BY_KIND[kind], _around(chosen.main, duration_s), rates)
        if workout.kind is kind:
            return replace(workout, chosen=chosen)
    return _third(sport, zone, GOAL_BY_KIND[kind], duration_s, rates)


def _around(main: Block, duration_s: int) -> tuple[Block, ...]:
    """The main set with an easy warm-up and cool-down that fill the duration."""
    rest_s = duration_s - main.duration_s
    # In steps that are easy to remember, where there is room for one.
    step_s = STEP_S if rest_s >= 2 * STEP_S else SECONDS_PER_MINUTE
    warm_up_s = int(WARM_UP_SHARE * rest_s) // step_s * step_s or rest_s // 2
    return (
        block(stretch(EASY_ZONE, warm_up_s), part=BlockPart.WARM_UP),
        main,
        block(stretch(EASY_ZONE, rest_s - warm_up_s), part=BlockPart.COOL_DOWN),
    )


def workout_of_blocks(
    sport: Sport,
    kind: SessionKind,
    goal: Goal,
    zone: int,
    blocks: tuple[Block, ...],
    rates: LoadRates,
) -> Workout:
    """A workout whose duration and load are those of its blocks.

    Loads are rounded down: a week of sessions never holds more than their blocks bring.
    """
    duration_s = sum(one.duration_s for one in blocks)
    return Workout(sport, kind, goal, duration_s, floor(blocks_load(blocks, rates)), zone, blocks)
