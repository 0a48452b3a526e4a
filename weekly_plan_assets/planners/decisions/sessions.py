"""Makes a session of what a decision says is to be done: a workout of the library, or steps.

`run-hills/3`, `60 min with run-hills/3`, `45 min easy`, or steps joined by `; ` that are written as
the levels of the library. Other spellings of the same are read too.
"""

import difflib
import re
from dataclasses import replace

from weekly_plan_assets.domain.athlete.targets import likely_speed_m_s, threshold_m_s
from weekly_plan_assets.domain.done_workouts import workout_id
from weekly_plan_assets.domain.plan.plan_limits import LONGEST_SESSION_S
from weekly_plan_assets.domain.plan.session_parts import (
    ZONES_BY_INTENT,
    Block,
    BlockPart,
    Intent,
    Step,
    Stretch,
)
from weekly_plan_assets.domain.plan.session_zones import (
    STRIDE_S,
    hard_zone,
    longest_zone,
    makes_hard,
    stretches,
    zone_times_s,
)
from weekly_plan_assets.domain.plan.weekly_plan import HARD_FROM_ZONE, SessionKind, Sport
from weekly_plan_assets.domain.plan.workout_family import SetPlace
from weekly_plan_assets.domain.plan.workout_level import Piece, RepeatedPiece, read_pieces
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE
from weekly_plan_assets.planners.decisions.contract import DecidedSession
from weekly_plan_assets.planners.decisions.lenient import UndecidedError
from weekly_plan_assets.planners.week_constraints import Demands
from weekly_plan_assets.planners.workout_choice import ChosenWorkout, WorkoutChoice, race_zone
from weekly_plan_assets.planners.workouts import (
    GOAL_BY_KIND,
    KIND_BY_ZONE,
    Goal,
    Variation,
    Workout,
    hard_workout,
    steady_workout,
    strength_workout,
    workout_of_blocks,
)

SPORTS = {"run": Sport.RUN, "ride": Sport.RIDE, "swim": Sport.SWIM, "strength": Sport.STRENGTH}

ALLOWED = (
    "a workout id such as `run-hills/3`, `60 min with run-hills/3`, or steps such as `15 min easy; "
    "4 x 5 min threshold / 2 min; 10 min easy`"
)

EASY_AROUND_S = 20 * SECONDS_PER_MINUTE
"""Easy time around a set in an easy session of which no length is said. Project convention."""

_WITH = re.compile(r"(?:(?P<min>\d+) min with )?(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*/\d+)")
_SPELLINGS = (
    ("[\u00d7\u2715*]", "x"),
    (r"\b(\d+)x(\d)", r"\1 x \2"),
    (r"\b(\d+) ?(?:minutes|minute|mins|min|minutos|')(?![a-z])\.?", r"\1 min"),
    (r"\b(\d+) ?(?:seconds|second|secs|sec|segundos|s)(?![a-z])\.?", r"\1 s"),
    (r"\b(\d+)(?:\.0+)? ?(?:metres|meters|m)(?![a-z])", r"\1 m"),
    (r"\b(\d+)(?:\.0+)? ?(?:kilometres|kilometers|km)\b", r"\1 km"),
    (r"\s*(?:, then |, followed by | then |, | \+ |\. )\s*", "; "),
    (r"\b(?:very easy|recover|z1|zone 1)\b", "recovery"),
    (r"\b(?:endurance|aerobic|z2|zone 2|suave)\b", "easy"),
    (r"\b(?:z3|zone 3)\b", "tempo"),
    (r"\b(?:z4|zone 4|umbral)\b", "threshold"),
    (r"\b(?:vo2max|vo2 max|interval|z5|zone 5)\b", "vo2"),
    (r"\b(?:race pace|race effort|marathon pace)\b", "race"),
    (r"\b(?:strides?)\b", "sprint"),
    (r"\b(?:at|in|of|pace|effort|run|ride|swim|jog|warm-up|warmup|cool-down|cooldown)\b:?", " "),
)
_HOURS = re.compile(r"\b(\d+) ?(?:h|hours?|hrs?|horas?)(?: ?(\d{1,2})(?: ?min(?:utes)?)?)?\b")
_LABEL = re.compile(r"^[^\d:;]+: ")
_HALVES = re.compile(r"\b(\d+)\.(\d+) min\b")
_BARE = re.compile(r"(?:\d+ x )?(?:\d+ km|\d+ m|\d+ min(?: \d+ s)?|\d+ s)")


def session_of(decided: DecidedSession, demands: Demands, choice: WorkoutChoice) -> Workout:
    """The session that a decision stands for.

    Args:
        decided: The decision.
        demands: The week.
        choice: Knows the library.

    Raises:
        UndecidedError: It cannot be understood, or asks for what is not there.
    """
    sport = SPORTS[decided.sport]
    said = _plain(decided.do)
    where = f"{decided.day} {decided.sport}"
    if sport is Sport.STRENGTH:
        found = re.search(r"(\d+) min", said)
        if found is None:
            raise UndecidedError(f"shape: {where}: {decided.do!r} says no minutes; write `45 min`")
        return strength_workout(_seconds(int(found[1]), where))
    named = _WITH.fullmatch(" ".join(decided.do.lower().split()))
    if named is not None:
        minutes = named["min"] and _seconds(int(named["min"]), where)
        chosen = _from_library(named["id"], sport, choice, where)
        return _of_library(chosen, minutes or None, decided, demands)
    blocks = _blocks(said, sport, demands, where, decided.do)
    return _of_blocks(blocks, sport, demands, is_long=decided.long)


def _plain(text: str) -> str:
    """The text in the spelling of levels."""
    plain = _LABEL.sub("", " ".join(text.lower().split()))
    plain = _HOURS.sub(lambda one: f"{60 * int(one[1]) + int(one[2] or 0)} min", plain)
    for pattern, spelling in _SPELLINGS:
        plain = re.sub(pattern, spelling, plain)
    plain = _HALVES.sub(lambda one: f"{one[1]} min {round(60 * float(f'0.{one[2]}'))} s", plain)
    plain = plain.replace(" min 0 s", " min")
    return "; ".join(
        _with_intent(" ".join(one.split())) for one in plain.split("; ") if one.strip()
    )


def _with_intent(item: str) -> str:
    """A step that names no intent is easy."""
    return f"{item} easy" if _BARE.fullmatch(item) else item


def _seconds(minutes: int, where: str) -> int:
    duration_s = minutes * SECONDS_PER_MINUTE
    if not 0 < duration_s <= LONGEST_SESSION_S:
        most = LONGEST_SESSION_S // SECONDS_PER_MINUTE
        raise UndecidedError(f"shape: {where}: {minutes} min cannot be; write 1 to {most}")
    return duration_s


def _from_library(named: str, sport: Sport, choice: WorkoutChoice, where: str) -> ChosenWorkout:
    name, _, level = named.rpartition("/")
    families = {one.family: one for one in choice.families if one.sport is sport}
    if name not in families:
        near = difflib.get_close_matches(name, families, n=1)
        hint = f", perhaps {near[0]}" if near else ""
        raise UndecidedError(
            f"shape: {where}: there is no workout {name!r} of this sport{hint}; write one of the "
            "list, or steps"
        )
    family = families[name]
    if not 1 <= int(level) <= len(family.levels):
        raise UndecidedError(
            f"shape: {where}: {name} has the levels 1 to {len(family.levels)}, but not {level}"
        )
    return choice.of_level(family, int(level) - 1)


def _of_library(
    chosen: ChosenWorkout, duration_s: int | None, decided: DecidedSession, demands: Demands
) -> Workout:
    rates = demands.athlete.load_rates(chosen.family.sport)
    if chosen.family.place is SetPlace.HARD:
        return hard_workout(chosen, duration_s or LONGEST_SESSION_S, rates)
    is_long = chosen.family.place is SetPlace.LONG or decided.long
    kind = SessionKind.LONG if is_long else SessionKind.EASY
    least_s = chosen.main.duration_s + EASY_AROUND_S
    usual_s = (demands.envelope.long_s or 0) if is_long else 0
    return steady_workout(
        chosen.family.sport,
        kind,
        Goal.LONG if is_long else Goal.EASY,
        duration_s or max(least_s, usual_s),
        rates,
        Variation(chosen=chosen),
    )


def _blocks(
    said: str, sport: Sport, demands: Demands, where: str, written: str
) -> tuple[Block, ...]:
    """Steps as blocks: before the hard part lies the warm-up, after it the cool-down."""
    try:
        items = read_pieces(said)
    except ValueError as error:
        fault = f"shape: {where}: {written[:80]!r} cannot be read; write {ALLOWED}"
        raise UndecidedError(fault) from error
    steps = [_step(item, sport, demands) for item in items]
    if sum(step.duration_s for step in steps) > LONGEST_SESSION_S:
        raise UndecidedError(f"shape: {where}: {written[:80]!r} is longer than any session")
    hard = [n for n, step in enumerate(steps) if step.work.zone >= HARD_FROM_ZONE]
    if not hard or len(steps) == 1:
        return tuple(Block(steps=(step,)) for step in steps)
    first, last = hard[0], hard[-1]
    parts = (
        (BlockPart.WARM_UP, steps[:first]),
        (BlockPart.MAIN, steps[first : last + 1]),
        (BlockPart.COOL_DOWN, steps[last + 1 :]),
    )
    return tuple(Block(part=part, steps=tuple(own)) for part, own in parts if own)


def _step(item: RepeatedPiece, sport: Sport, demands: Demands) -> Step:
    def stretch(piece: Piece) -> Stretch:
        threshold = threshold_m_s(demands.athlete, sport)
        is_race = piece.intent is Intent.RACE
        zone = race_zone(demands) if is_race else ZONES_BY_INTENT[piece.intent][-1]
        return piece.stretch(zone, lambda intent: likely_speed_m_s(threshold, sport, intent))

    rest = None if item.rest is None else stretch(item.rest)
    return Step(repeats=item.repeats, work=stretch(item.work), recovery=rest)


def _of_blocks(
    blocks: tuple[Block, ...], sport: Sport, demands: Demands, *, is_long: bool
) -> Workout:
    times_s = zone_times_s(blocks)
    zone = longest_zone(times_s) or 1
    kind = SessionKind.RECOVERY if set(times_s) == {1} else SessionKind.EASY
    is_hard = makes_hard(times_s)
    has_work = any(
        one.zone >= HARD_FROM_ZONE and one.duration_s > STRIDE_S for _, one in stretches(blocks)
    )
    if is_hard or (has_work and not is_long):
        zone = hard_zone(blocks) or zone
        kind = KIND_BY_ZONE[zone]
    if is_long:
        kind = SessionKind.LONG
    rates = demands.athlete.load_rates(sport)
    return workout_of_blocks(sport, kind, GOAL_BY_KIND[kind], zone, blocks, rates)


def longer(workout: Workout, added_s: int, demands: Demands) -> Workout:
    """An easy session with so many seconds more, in its longest easy stretch."""
    step_at = max(
        (
            (step.work.duration_s, b, s)
            for b, block in enumerate(workout.blocks)
            for s, step in enumerate(block.steps)
            if block.repeats == 1
            and step.repeats == 1
            and step.work.distance_m is None
            and step.work.zone < HARD_FROM_ZONE
        ),
        default=None,
    )
    if step_at is None or step_at[0] + added_s <= 0:
        return workout
    _, b, s = step_at
    step = workout.blocks[b].steps[s]
    work = step.work.model_copy(update={"duration_s": step.work.duration_s + added_s})
    steps = list(workout.blocks[b].steps)
    steps[s] = step.model_copy(update={"work": work})
    blocks = list(workout.blocks)
    blocks[b] = blocks[b].model_copy(update={"steps": tuple(steps)})
    rates = demands.athlete.load_rates(workout.sport)
    changed = workout_of_blocks(
        workout.sport, workout.kind, workout.goal, workout.zone or 1, tuple(blocks), rates
    )
    return replace(changed, chosen=workout.chosen)


def said_of(workout: Workout) -> str:
    """A session in a few words, for who decided it."""
    minutes = workout.duration_s // SECONDS_PER_MINUTE
    what = f"{workout.sport.name.lower()} {workout.kind.value} {minutes} min"
    if workout.chosen is not None:
        what += f" ({workout_id(workout.chosen.family.family, workout.chosen.level + 1)})"
    return f"{what}, load {workout.load}"
