"""What a week demands of the rules planner, day by day, before any choice is made.

Races and anchored sessions stand on their days; what is chosen around them belongs to `layout`.
"""

from dataclasses import dataclass
from datetime import date

from weekly_plan_assets.domain.athlete.athlete import AnchoredSession, Athlete, Experience
from weekly_plan_assets.domain.athlete.race import Race
from weekly_plan_assets.domain.done_workouts import DoneWorkout
from weekly_plan_assets.domain.envelope.commitments import (
    HARD_SPACING_DAYS,
    Commitment,
    halves_s,
    is_before_a_race,
    kept_sessions,
    may_do,
    race_rest,
    room_s,
)
from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope
from weekly_plan_assets.domain.envelope.long_session import long_sport
from weekly_plan_assets.domain.envelope.race_effort import is_trained_through
from weekly_plan_assets.domain.envelope.season import goal_race, races_in
from weekly_plan_assets.domain.envelope.week_capacity import STEP_S
from weekly_plan_assets.domain.plan.plan_limits import LONGEST_TRAINING_DAY_S
from weekly_plan_assets.domain.plan.weekly_plan import Phase, SessionKind, Sport
from weekly_plan_assets.domain.plan.workout_family import Family
from weekly_plan_assets.domain.recorded.hard_work import HardWork, hard_work
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.planners.base import PlanningRequest

SHORT_HARD_S = 30 * 60
"""The lowest level of each family in whole, the shortest run that every envelope allows."""

SHORTEST_S = 20 * 60
"""No session is shorter, except on days that have room for less."""

SHORTEST_ON_A_TIGHT_DAY_S = 10 * 60
"""With less room a day is one of rest. Both are project convention."""

BEGINNING_EVERY_DAYS = 2
"""Who begins runs every other day, so that bones and tendons follow (coaching practice)."""

NOVICE_STRETCH_S = 3 * 60
"""Seconds of running between walks in the first weeks of a novice (coaching practice)."""

TRIATHLON = frozenset({Sport.RUN, Sport.RIDE, Sport.SWIM})

RACE_REST_DAYS = 2
"""Days before a race without strength work, whose soreness takes about so long (practice)."""


@dataclass(frozen=True, slots=True)
class DayConstraints:
    """One day with what is fixed on it.

    Attributes:
        room_s: Seconds left beside the anchored sessions, in whole steps; 0 on the day of a race.
        before_race: Days to the next race, up to two; None if there is none.
        may_be_hard: Whether one more hard session may be here.
        may_run: Whether races, before the week or in it, leave the day for running.
        is_tired: Whether a race, before the week or in it, leaves no day for hard or fast work.
        halves_s: Seconds of its two halves, the longer first; None where it has none.
        sports: The endurance sports that can be done here.
    """

    weekday: int
    date: date
    room_s: int
    races: tuple[Race, ...]
    anchored: tuple[Commitment, ...]
    before_race: int | None
    may_be_hard: bool
    may_run: bool = True
    is_tired: bool = False
    halves_s: tuple[int, int] | None = None
    sports: tuple[Sport, ...] = tuple(Sport)

    @property
    def is_fixed(self) -> bool:
        """Whether something stands here already, so that it is no day of rest."""
        return bool(self.races or self.anchored)

    @property
    def first_s(self) -> int:
        """Seconds of the longest session that fits: one half of the day, where it has halves."""
        return self.room_s if self.halves_s is None else min(self.room_s, self.halves_s[0])

    @property
    def second_s(self) -> int:
        """Seconds that are left for a second session."""
        return self.room_s if self.halves_s is None else min(self.room_s, self.halves_s[1])

    @property
    def shortest_s(self) -> int:
        """The shortest session of the day; 0 where it has room for none."""
        if self.first_s < SHORTEST_ON_A_TIGHT_DAY_S:
            return 0
        return min(SHORTEST_S, self.first_s)

    @property
    def may_be_long(self) -> bool:
        """Whether the long session can lie here."""
        return not self.anchored and self.shortest_s > 0


@dataclass(frozen=True, slots=True)
class Demands:
    """The week as it is given.

    Attributes:
        days: The seven, Monday first.
        given_way: Anchored sessions that cannot be kept this week.
        hard_work: The hard work of recorded sessions, oldest first.
        workouts: The library's workouts of the plans of past weeks, oldest first.
        own_families: Families of workouts that the athlete wrote down.
        begins: Whether no training is known from the last weeks.
    """

    athlete: Athlete
    envelope: LoadEnvelope
    week: TrainingWeek
    days: tuple[DayConstraints, ...]
    given_way: tuple[AnchoredSession, ...]
    hard_work: tuple[HardWork, ...] = ()
    workouts: tuple[DoneWorkout, ...] = ()
    own_families: tuple[Family, ...] = ()
    begins: bool = False

    @property
    def main_sport(self) -> Sport:
        """The athlete's first endurance sport."""
        return self.athlete.endurance_sports[0]

    @property
    def hard_sport(self) -> Sport:
        """The sport of hard sessions: the main one, where it is trained, else the most trained."""
        return hard_sport(self.athlete)

    def hard_sport_of(self, number: int, day: DayConstraints) -> Sport:
        """The sport of one hard session of the week, counted from 0.

        Triathletes have one on the bike and one on foot, unless their goal is a race of one sport.
        """
        goal = goal_race(self.athlete, self.week)
        is_split = TRIATHLON.issubset(self.athlete.endurance_sports) and not (goal and goal.sport)
        habit = self.athlete.known_habit
        if number == 0 or not is_split or habit is None:
            return self.hard_sport
        others = (one.sport for one in habit.sports if one.sport is not Sport.SWIM)
        may_do = [one for one in others if one in day.sports and one is not self.hard_sport]
        return may_do[0] if may_do and day.may_run else self.hard_sport

    @property
    def run_every_days(self) -> int:
        """Days from one run to the next, at least."""
        back = self.envelope.comeback
        return max(1 if back is None else back.run_every_days, BEGINNING_EVERY_DAYS * self.begins)

    @property
    def run_stretch_s(self) -> int | None:
        """Seconds to run between walks; None for running throughout."""
        back = self.envelope.comeback
        if back is not None and back.run_stretch_s is not None:
            return back.run_stretch_s
        is_novice = self.athlete.experience is Experience.NOVICE
        return NOVICE_STRETCH_S if is_novice and self.begins else None

    def longest_s(self, sport: Sport) -> int:
        """Seconds of the longest session of a sport, in whole steps."""
        longest_s = self.envelope.longest_s(sport)
        return (LONGEST_TRAINING_DAY_S if longest_s is None else longest_s) // STEP_S * STEP_S

    def is_usual(self, weekday: int) -> bool:
        """Whether the athlete usually trains on a weekday; true where no habit is known."""
        habit = self.athlete.known_habit
        return habit is None or habit.is_usual(weekday)

    def weeks_with(self, weekday: int) -> int:
        """How many of ten weeks have training on a weekday; 0 where no habit is known."""
        habit = self.athlete.known_habit
        return 0 if habit is None else round(10 * habit.weekday_shares[weekday])

    @property
    def long_sport(self) -> Sport:
        """The sport of the long session."""
        return self.envelope.long_sport or long_sport(self.athlete, self.week)

    @property
    def races(self) -> tuple[Race, ...]:
        """The races of the week, in order."""
        return tuple(race for day in self.days for race in day.races)

    @property
    def anchored_long_weekday(self) -> int | None:
        """The day of the athlete's own long run, None if none is kept."""
        return next(
            (
                day.weekday
                for day in self.days
                for one in day.anchored
                if one.sport is Sport.RUN and one.kind is SessionKind.LONG
            ),
            None,
        )

    @property
    def free_hard_sessions(self) -> int:
        """Hard sessions that the envelope leaves beside races and anchored ones."""
        anchored = sum(one.is_hard for day in self.days for one in day.anchored)
        return max(0, self.envelope.hard_sessions - len(self.races) - anchored)


def demands_of(request: PlanningRequest) -> Demands:
    """What the athlete's life and the envelope demand of the week."""
    context = request.context
    athlete, envelope, week = context.athlete, context.envelope, context.planned_week
    kept = kept_sessions(athlete, envelope, week)
    races = races_in(athlete, week)
    rest = race_rest(athlete, envelope, week)
    hard = {race.date for race in races} | {one.date for one in kept if one.is_hard}
    days = tuple(
        DayConstraints(
            weekday=day.weekday(),
            date=day,
            room_s=_left_s(athlete, envelope, day, kept, races),
            races=tuple(race for race in races if race.date == day),
            anchored=tuple(one for one in kept if one.date == day),
            before_race=_days_to_race(athlete, day),
            may_run=day not in rest.without_running,
            halves_s=_halves(athlete, envelope, day, kept),
            sports=tuple(sport for sport in Sport if may_do(athlete, envelope, sport, day)),
            is_tired=day in rest.without_hard_work,
            may_be_hard=not is_before_a_race(athlete, day)
            and day not in rest.without_hard_work
            and all(abs((day - other).days) >= HARD_SPACING_DAYS for other in hard)
            and not any(one.date == day and one.sport is not Sport.STRENGTH for one in kept)
            and may_do(athlete, envelope, hard_sport(athlete), day)
            and min(
                _left_s(athlete, envelope, day, kept, races),
                *(_halves(athlete, envelope, day, kept) or (SHORT_HARD_S,))[:1],
            )
            >= SHORT_HARD_S,
        )
        for day in week.days
    )
    return Demands(
        athlete,
        envelope,
        week,
        days,
        _given_way(athlete, kept),
        hard_work(request.sessions),
        request.workouts,
        request.own_families,
        begins=envelope.phase is Phase.RETURN
        and athlete.known_habit is None
        and not any(known.activity_count for known in (*request.history, request.metrics)),
    )


def hard_sport(athlete: Athlete) -> Sport:
    """The main sport where it is trained, or no habit is known; else the one with most time."""
    main, habit = athlete.endurance_sports[0], athlete.known_habit
    trained = [one.sport for one in habit.sports] if habit is not None else []
    own = [sport for sport in trained if sport in athlete.endurance_sports]
    return main if main in trained or not own else own[0]


def _halves(
    athlete: Athlete, envelope: LoadEnvelope, day: date, kept: tuple[Commitment, ...]
) -> tuple[int, int] | None:
    """The halves of a day in whole steps; None where it has none, or an anchored session."""
    halves = halves_s(athlete, envelope, day)
    if halves is None or any(one.date == day for one in kept):
        return None
    longer, shorter = (half // STEP_S * STEP_S for half in halves)
    return longer, shorter


def _left_s(
    athlete: Athlete,
    envelope: LoadEnvelope,
    day: date,
    kept: tuple[Commitment, ...],
    races: tuple[Race, ...],
) -> int:
    """Seconds left on a day; a race needs all of it."""
    if any(race.date == day for race in races):
        return 0
    whole_s = room_s(athlete, envelope, day)
    left_s = whole_s - sum(one.duration_s for one in kept if one.date == day)
    return max(0, left_s) // STEP_S * STEP_S


def _days_to_race(athlete: Athlete, day: date) -> int | None:
    """Days to the next race that is tapered for, None if it is further away than two."""
    ahead = [
        (race.date - day).days
        for race in athlete.races
        if 0 < (race.date - day).days <= RACE_REST_DAYS and not is_trained_through(race, athlete)
    ]
    return min(ahead, default=None)


def _given_way(athlete: Athlete, kept: tuple[Commitment, ...]) -> tuple[AnchoredSession, ...]:
    left = [(one.date.weekday(), one.sport, one.kind) for one in kept]
    given_way = []
    for anchored in athlete.anchored:
        place = (anchored.weekday, anchored.sport, anchored.kind)
        if place in left:
            left.remove(place)
        else:
            given_way.append(anchored)
    return tuple(given_way)
