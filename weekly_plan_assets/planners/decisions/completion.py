"""Makes the plan of what was decided: code adds all that it knows, and leaves out unfit words.

Races and fixed sessions are added, easy sessions stretched a little towards what the week aims at;
loads, targets, names and evidence are filled in. Whether the plan is right is judged afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from weekly_plan_assets.domain.plan.weekly_plan import (
    HARD_KINDS,
    SessionKind,
    WeeklyPlan,
    is_strength,
)
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.decisions.contract import DecidedDay, DecidedSession
from weekly_plan_assets.planners.decisions.lenient import ReadAnswer, UndecidedError
from weekly_plan_assets.planners.decisions.sessions import longer, said_of, session_of
from weekly_plan_assets.planners.decisions.texts_kept import with_own_words
from weekly_plan_assets.planners.solver import SolvedWeek
from weekly_plan_assets.planners.standing import fixed_sessions
from weekly_plan_assets.planners.week_constraints import Demands, demands_of
from weekly_plan_assets.planners.workout_choice import WorkoutChoice
from weekly_plan_assets.planners.workouts import Workout, endurance_s

MOST_STRETCH = 0.10
"""Easy sessions become so much longer or shorter at most, towards what the week aims at."""

CLOSE = 0.03
"""So close to the aim nothing is stretched. Project convention."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A session of a day, with the note of who decided it; fixed ones have none."""

    workout: Workout
    note: str = ""
    is_fixed: bool = False

    @property
    def may_stretch(self) -> bool:
        """Whether it is an easy session that was decided."""
        one = self.workout
        easy = one.kind not in HARD_KINDS and one.kind is not SessionKind.RACE
        return easy and not self.is_fixed and not self.is_strength

    @property
    def is_strength(self) -> bool:
        """Whether it is strength work, which comes last on its day."""
        return is_strength(self.workout.sport, self.workout.kind)


Days = list[list[Placed]]


@dataclass(frozen=True, slots=True)
class CompletedWeek:
    """A plan of decisions.

    Attributes:
        notes: What was read, added, stretched or left out on the way to it.
        in_figures: The week in figures, for who decided it.
    """

    plan: WeeklyPlan
    notes: tuple[str, ...]
    in_figures: str


def completed(answer: ReadAnswer, request: PlanningRequest) -> CompletedWeek:
    """The plan of what was decided.

    Raises:
        UndecidedError: A session cannot be understood; every such session has a line.
    """
    demands, notes = demands_of(request), list(answer.notes)
    choice = WorkoutChoice(demands)
    days: Days = [
        [Placed(workout, is_fixed=True) for workout in fixed]
        for fixed in fixed_sessions(demands, choice)
    ]
    _add(answer.decisions.sessions, demands, choice, days, notes)
    _stretch(days, demands, notes)
    days = [sorted(day, key=lambda one: one.is_strength) for day in days]
    week = SolvedWeek(
        demands,
        tuple(tuple(one.workout for one in day) for day in days),
        wants_long=False,
        over_s=0,
    )
    plan = with_own_words(
        answer.decisions, request, week, [[one.note for one in day] for day in days], notes
    )
    return CompletedWeek(plan, tuple(notes), _week_in_figures(week))


def _add(
    sessions: Sequence[DecidedSession],
    demands: Demands,
    choice: WorkoutChoice,
    days: Days,
    notes: list[str],
) -> None:
    """Add what was decided to what is fixed."""
    faults: list[str] = []
    for one in sessions:
        day = days[list(DecidedDay).index(one.day)]
        try:
            workout = session_of(one, demands, choice)
        except UndecidedError as error:
            faults += error.lines
            continue
        if any(other.is_fixed and other.workout.sport is workout.sport for other in day):
            notes.append(f"{one.day} {one.sport}: it is fixed there already, and was left out")
            continue
        day.append(Placed(workout, " ".join(one.note.split())))
    if faults:
        raise UndecidedError(*faults)


def _stretch(days: Days, demands: Demands, notes: list[str]) -> None:
    """Make the easy sessions up to a tenth longer or shorter, towards what the week aims at."""
    easy_s = sum(one.workout.duration_s for day in days for one in day if one.may_stretch)
    missing_s = _missing_s(days, demands)
    if not easy_s or not missing_s:
        return
    share = min(max(missing_s / easy_s, -MOST_STRETCH), MOST_STRETCH)
    for day in days:
        for index, one in enumerate(day):
            if one.may_stretch:
                added_s = (
                    int(share * one.workout.duration_s / SECONDS_PER_MINUTE) * SECONDS_PER_MINUTE
                )
                day[index] = replace(one, workout=longer(one.workout, added_s, demands))
    after_s = sum(one.workout.duration_s for day in days for one in day if one.may_stretch)
    if after_s != easy_s:
        minutes = (after_s - easy_s) // SECONDS_PER_MINUTE
        notes.append(f"easy sessions: {minutes:+d} min in all, towards what the week aims at")


def _missing_s(days: Days, demands: Demands) -> float:
    """Seconds of easy work that lack to what the week aims at; below 0 for too many."""
    envelope = demands.envelope
    workouts = [one.workout for day in days for one in day]
    per_hour = demands.athlete.easy_load_per_hour
    load = sum(one.load for one in workouts)
    if load > envelope.max_load:
        return (envelope.max_load - load) / per_hour * SECONDS_PER_HOUR
    if envelope.target_time_s is None:
        missing = envelope.target_load - load
        is_close = abs(missing) <= CLOSE * envelope.target_load
        return 0.0 if is_close else missing / per_hour * SECONDS_PER_HOUR
    missing_s = envelope.target_time_s - endurance_s(workouts)
    if abs(missing_s) <= CLOSE * envelope.target_time_s:
        return 0.0
    room_s = (envelope.max_load - load) / per_hour * SECONDS_PER_HOUR
    return min(missing_s, room_s)


def _week_in_figures(week: SolvedWeek) -> str:
    """The week in figures: each day, and the sums beside what they may be."""
    envelope = week.demands.envelope
    days = "; ".join(
        f"{day} {', '.join(map(said_of, workouts)) or 'rest'}"
        for day, workouts in zip(DecidedDay, week.days, strict=True)
    )
    sums = [f"load {week.load} ({envelope.min_load} to {envelope.max_load} is right)"]
    if envelope.max_time_s is not None and envelope.target_time_s is not None:
        hours = [
            f"{time_s / SECONDS_PER_HOUR:.1f}"
            for time_s in (endurance_s(week.sessions), envelope.target_time_s, envelope.max_time_s)
        ]
        sums.append(f"endurance {hours[0]} h (about {hours[1]}, at most {hours[2]})")
    return f"{days}. {', '.join(sums)}"
