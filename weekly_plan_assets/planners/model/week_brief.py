"""What a week asks of who decides it, in lines: bounds, days, what is fixed, and the workouts.

What is known of the athlete belongs to `data_tables`; the words around both to the template.
"""

from collections.abc import Iterator

from weekly_plan_assets.domain.plan.weekly_plan import Phase
from weekly_plan_assets.domain.plan.workout_family import SetPlace
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.decisions.contract import DecidedDay
from weekly_plan_assets.planners.decisions.sessions import said_of
from weekly_plan_assets.planners.standing import fixed_sessions
from weekly_plan_assets.planners.week_constraints import DayConstraints, Demands, demands_of
from weekly_plan_assets.planners.workout_choice import WorkoutChoice

FULL_DAY_S = 12 * SECONDS_PER_HOUR
"""A day with so much room is one without a limit."""


def week_brief(request: PlanningRequest) -> str:
    """The lines, each with a dash."""
    demands = demands_of(request)
    choice = WorkoutChoice(demands)
    lines = [
        *_bounds(demands),
        *_running(demands),
        *_days(demands, choice),
        *_workouts(demands, choice),
    ]
    return "".join(f"- {line}\n" for line in lines)


def _bounds(demands: Demands) -> Iterator[str]:
    envelope, habit = demands.envelope, demands.athlete.known_habit
    yield f"Phase: {envelope.phase.value}."
    if envelope.target_time_s is not None and envelope.max_time_s is not None:
        yield (
            f"Endurance without races: about {_hours(envelope.target_time_s)} h, at most "
            f"{_hours(envelope.max_time_s)} h; usual are {_hours(envelope.usual_time_s or 0)} h."
        )
    yield (
        f"Load: {envelope.min_load} to {envelope.max_load}, about {envelope.target_load}; an easy "
        f"hour brings {demands.athlete.easy_load_per_hour:.0f}."
    )
    yield f"Hard sessions besides races and fixed ones: at most {demands.free_hard_sessions}."
    yield f"Of the endurance time at most {envelope.max_hard_share:.0%} above easy."
    yield _long(demands)
    if habit is not None:
        doubles = "two a day are usual" if habit.bears_doubles else "never two on one day"
        yield f"At most {habit.most_sessions} endurance sessions; {doubles}."
    days = [_DAY[weekday] for weekday in sorted(demands.athlete.strength_weekdays)]
    yield f"Strength only on {', '.join(days)}." if days else "No strength."


def _long(demands: Demands) -> str:
    envelope = demands.envelope
    longest = f"no run longer than {_minutes(envelope.longest_run_s)} min"
    if envelope.phase in {Phase.RETURN, Phase.RACE_WEEK} or envelope.long_s is None:
        return f"Longest session: {longest}."
    day = _DAY[demands.athlete.long_run_weekday]
    return (
        f"Long session: a {demands.long_sport.name.lower()} of {_minutes(envelope.long_s)} min, "
        f"usually on {day}; {longest}."
    )


def _running(demands: Demands) -> Iterator[str]:
    """What a race, an illness or an injury leaves of running and hard work."""
    for what, days in (
        ("run", [day for day in demands.days if not day.may_run and not day.races]),
        ("hard session", [day for day in demands.days if day.is_tired and not day.races]),
    ):
        if days:
            yield f"After a race, no {what} on {', '.join(_DAY[day.weekday] for day in days)}."
    if demands.run_every_days > 1:
        yield "Runs at least a day apart."
    if demands.run_stretch_s is not None:
        stretch_min = _minutes(demands.run_stretch_s)
        yield (
            f"Runs with walks: stretches of at most {stretch_min} min, written as "
            f'"6 x {stretch_min} min easy / 1 min".'
        )


def _days(demands: Demands, choice: WorkoutChoice) -> Iterator[str]:
    """What each day has room for, and what is fixed on it; days without a limit are left out."""
    fixed = fixed_sessions(demands, choice)
    for day, sessions in zip(demands.days, fixed, strict=True):
        said = [f"fixed, do not list it: {said_of(one)}" for one in sessions]
        said += [*_room(day, demands)] if not day.races else []
        if said:
            yield f"{_DAY[day.weekday]}: {'; '.join(said)}."


def _room(day: DayConstraints, demands: Demands) -> Iterator[str]:
    if day.room_s < SECONDS_PER_MINUTE:
        yield "no time"
        return
    if day.room_s < FULL_DAY_S:
        yield f"{_minutes(day.room_s)} min"
    if day.halves_s is not None:
        yield f"in two halves of {' and '.join(f'{_minutes(one)}' for one in day.halves_s)} min"
    own = demands.athlete.endurance_sports
    if not set(own) <= set(day.sports):
        allowed = [sport.name.lower() for sport in own if sport in day.sports]
        yield f"only {', '.join(allowed) or 'strength'}"


def _workouts(demands: Demands, choice: WorkoutChoice) -> Iterator[str]:
    """The workouts that are right in this phase, each with the level that would be next."""
    for sport in demands.athlete.endurance_sports:
        found = []
        for family in choice.families:
            if family.sport is sport and demands.envelope.phase in family.phases:
                level = choice.next_level(family)
                where = {SetPlace.LONG: ", in the long one", SetPlace.EASY: ", in an easy one"}
                found.append(
                    f"{family.family}/{level + 1} of {len(family.levels)}: "
                    f"{family.levels[level].text}{where.get(family.place, '')}"
                )
        if found:
            yield f"Workouts, {sport.name.lower()}, next level each: {' | '.join(found)}"


_DAY = tuple(day.value for day in DecidedDay)


def _hours(time_s: float) -> str:
    return f"{time_s / SECONDS_PER_HOUR:.1f}"


def _minutes(time_s: float) -> int:
    return int(time_s // SECONDS_PER_MINUTE)
