"""Workouts in words: a planned session whose description is read off its steps.

Which sessions there are is decided in `solver`; the words themselves lie in `words`.
"""

from collections.abc import Mapping

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.race import Race
from weekly_plan_assets.domain.envelope.race_effort import race_distance_m, target_time_s
from weekly_plan_assets.domain.plan.weekly_plan import (
    HARD_KINDS,
    Intensity,
    PlannedSession,
    Step,
)
from weekly_plan_assets.domain.texts.names import shown_name
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE
from weekly_plan_assets.planners.words import WORDS, Words
from weekly_plan_assets.planners.workouts import Goal, Workout

STRENGTH_EDGES_S = 10 * SECONDS_PER_MINUTE
"""Mobility before and stretching after strength work."""

HARD_PARTS = 3
WALK_RUN_PARTS = 2


def written(workout: Workout, athlete: Athlete) -> PlannedSession:
    """The session in the athlete's language, with the bounds of their zones."""
    words = WORDS[athlete.language]
    return PlannedSession(
        sport=workout.sport,
        kind=workout.kind,
        duration_s=workout.duration_s,
        distance_m=race_distance_m(workout.race) if workout.race else None,
        intensity=None
        if workout.zone is None
        else athlete.training_bounds(workout.zone, workout.sport),
        steps=workout.steps,
        planned_load=workout.load,
        description=_description(workout, athlete, words),
        goal=words.goals[workout.goal],
    )


def race_name(race: Race, words: Words) -> str:
    """What the athlete calls the race, if that is a plain name, with the time they want."""
    name = shown_name(race.name) or words.race_unnamed
    target_s = target_time_s(race)
    if target_s is None:
        return words.race_by_feel.format(name=name)
    minutes, seconds = divmod(target_s, SECONDS_PER_MINUTE)
    hours, minutes = divmod(minutes, SECONDS_PER_MINUTE)
    return words.race_by_time.format(name=name, time=f"{hours}:{minutes:02}:{seconds:02}")


def _description(workout: Workout, athlete: Athlete, words: Words) -> str:
    if workout.race is not None and workout.zone is not None:
        zone = _zone(athlete.training_bounds(workout.zone, workout.sport), words)
        return words.race.format(name=race_name(workout.race, words), zone=zone)
    if not workout.steps:
        minutes = max(0, workout.duration_s - STRENGTH_EDGES_S) // SECONDS_PER_MINUTE
        return words.strength.format(minutes=minutes)
    zones = {zone: athlete.training_bounds(zone, workout.sport) for zone in _zones_of(workout)}
    parts = [_part(step, zones, words) for step in workout.steps]
    if workout.goal is Goal.WALK_RUN and len(parts) == WALK_RUN_PARTS:
        walk, runs = workout.steps
        return words.walk_run.format(
            walk=walk.work_s // SECONDS_PER_MINUTE,
            repeats=runs.repeats,
            run=runs.work_s // SECONDS_PER_MINUTE,
        )
    if workout.kind in HARD_KINDS and len(parts) == HARD_PARTS:
        warm_up, main, cool_down = parts
        return words.hard_parts.format(warm_up=warm_up, main=main, cool_down=cool_down)
    return words.then.join(parts) + "."


def _zones_of(workout: Workout) -> set[int]:
    return {zone for step in workout.steps for zone in (step.work_zone, step.recovery_zone)}


def _part(step: Step, zones: Mapping[int, Intensity], words: Words) -> str:
    """A step in words."""
    text = _stretch(step.work_s, zones[step.work_zone], words)
    if step.repeats > 1:
        text = words.repeats.format(repeats=step.repeats, work=text)
    if step.recovery_s:
        rest = _stretch(step.recovery_s, zones[step.recovery_zone], words)
        text = words.recovery.format(work=text, rest=rest)
    return text


def _stretch(duration_s: int, zone: Intensity, words: Words) -> str:
    return words.stretch.format(time=_time(duration_s, words), zone=_zone(zone, words))


def _time(duration_s: int, words: Words) -> str:
    """Minutes and seconds, those that there are."""
    minutes, seconds = divmod(duration_s, SECONDS_PER_MINUTE)
    named = [words.minutes.format(minutes=minutes)] if minutes else []
    named += [words.seconds.format(seconds=seconds)] if seconds else []
    return " ".join(named)


def _zone(bounds: Intensity, words: Words) -> str:
    """The zone in words, with its bounds where they are known."""
    if bounds.bpm_high is None:
        return words.zone.format(zone=bounds.zone)
    if bounds.bpm_low is None:
        return words.zone_up_to.format(zone=bounds.zone, high=bounds.bpm_high)
    return words.zone_between.format(zone=bounds.zone, low=bounds.bpm_low, high=bounds.bpm_high)
