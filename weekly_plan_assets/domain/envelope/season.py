"""The season, from the calendar of races: periods planned backward from the next A race.

How the weeks before went, and what the body says, joins in `phase`; what a period means for load
belongs to `envelope`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple, TypeVar

from weekly_plan_assets.domain.athlete.athlete import Absence, AbsenceKind, Athlete
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.plan.weekly_plan import Phase
from weekly_plan_assets.domain.week import DAYS_PER_WEEK, TrainingWeek

T = TypeVar("T")

TAPER_DAYS = 14
"""Two weeks of taper, the race week among them (Bosquet 2007, meta-analysis of trials)."""

SPECIFIC_WEEKS = 6
"""Weeks before the taper that resemble the race: six (coaching practice: four to eight)."""

BUILD_WEEKS = 8
"""Weeks of building before those: two blocks of four (coaching practice)."""

MINOR_ILLNESS_DAYS = 2
"""A cold of a day or two calls for no return (coaching practice: as many easy days as were lost);
what it left behind shows in heart rates and HRV."""

ILLNESS = frozenset({AbsenceKind.SICK, AbsenceKind.INJURED})
"""Absences from which an athlete returns, rather than goes on."""


def races_in(athlete: Athlete, week: TrainingWeek) -> tuple[Race, ...]:
    """The races of the week in order, without those on a day of absence."""
    return tuple(race for race in _entered(athlete) if race.date in week)


def goal_race(athlete: Athlete, week: TrainingWeek) -> Race | None:
    """The next A race in this week or after it, None if none is known."""
    ahead = (race for race in _entered(athlete) if race.date >= week.start)
    return next((race for race in ahead if race.priority is RacePriority.A), None)


def weeks_to(race: Race, week: TrainingWeek) -> int:
    """Weeks from this one to that of the race; 0 in the week of the race."""
    return (TrainingWeek.containing(race.date).start - week.start).days // DAYS_PER_WEEK


def weeks_away(race: Race, week: TrainingWeek) -> int:
    """How far a race is away from the beginning of a week, in whole weeks, as athletes count.

    A Sunday is nearly a week after its Monday. Periods are counted by `weeks_to` instead.
    """
    return round((race.date - week.start).days / DAYS_PER_WEEK)


def taper_weeks(race: Race) -> int:
    """Weeks of taper before the week of an A race.

    A week belongs to the taper when most of its days lie in the `TAPER_DAYS` before the race: one
    week before a race at the end of a week, two before one at its beginning.
    """
    days_of_second = TAPER_DAYS - DAYS_PER_WEEK - race.date.weekday()
    return 2 if 2 * days_of_second > DAYS_PER_WEEK else 1


def of_week(
    phase: Phase,
    athlete: Athlete,
    week: TrainingWeek,
    by_phase: Mapping[Phase, T],
    *,
    taper: Sequence[T],
    b_race: T,
) -> T | None:
    """What holds for a week: by its phase, by which week of a taper it is, or for its B race.

    Args:
        phase: Phase of the week.
        athlete: With their races.
        week: The planned week.
        by_phase: For weeks of neither; None comes of a phase that is not in it.
        taper: For the weeks of taper before the race week, in order.
        b_race: For a race week without the A race.
    """
    goal = goal_race(athlete, week)
    if phase is Phase.TAPER and goal is not None:
        return taper[taper_weeks(goal) - weeks_to(goal, week)]
    if phase is Phase.RACE_WEEK and not (goal is not None and goal.date in week):
        return b_race
    return by_phase.get(phase)


def period(goal: Race, week: TrainingWeek) -> Phase:
    """The period in which the week lies, counted backward from the week of the A race."""
    weeks = weeks_to(goal, week)
    if weeks == 0:
        return Phase.RACE_WEEK
    to_taper = weeks - taper_weeks(goal)
    if to_taper <= 0:
        return Phase.TAPER
    if to_taper <= SPECIFIC_WEEKS:
        return Phase.SPECIFIC
    return Phase.BUILD if to_taper <= SPECIFIC_WEEKS + BUILD_WEEKS else Phase.BASE


def is_minor(absence: Absence, planned: TrainingWeek) -> bool:
    """Whether it was an illness of a day or two, which was over before the planned week."""
    days = (absence.last - absence.first).days + 1
    was_ill = absence.kind is AbsenceKind.SICK and absence.last < planned.start
    return was_ill and days <= MINOR_ILLNESS_DAYS


class PeriodBlock(NamedTuple):
    """Weeks of one period before an A race.

    Attributes:
        number: The planned week's number in it, from 1; None where it is in another block.
    """

    phase: Phase
    first: TrainingWeek
    last: TrainingWeek
    number: int | None

    @property
    def weeks(self) -> int:
        """How many weeks it has."""
        return (self.last.start - self.first.start).days // DAYS_PER_WEEK + 1


def season_blocks(athlete: Athlete, planned: TrainingWeek) -> tuple[PeriodBlock, ...]:
    """The blocks from the planned week to the next A race; none without one.

    A block begins in the week after an earlier A race at the soonest. How long base training has
    lasted is not known: it begins with the planned week.
    """
    goal = goal_race(athlete, planned)
    if goal is None:
        return ()
    before = [
        race
        for race in _entered(athlete)
        if race.priority is RacePriority.A and race.date < planned.start
    ]
    soonest = TrainingWeek.containing(before[-1].date).next().start if before else date.min
    longest = 1 + taper_weeks(goal) + SPECIFIC_WEEKS + BUILD_WEEKS
    past = [planned.shift(-back) for back in range(longest, 0, -1)]
    weeks = [
        *(one for one in past if one.start >= soonest and period(goal, one) is not Phase.BASE),
        *(planned.shift(ahead) for ahead in range(weeks_to(goal, planned) + 1)),
    ]
    blocks = []
    for phase, group in groupby(weeks, key=lambda week: period(goal, week)):
        own = list(group)
        number = own.index(planned) + 1 if planned in own else None
        blocks.append(PeriodBlock(phase, own[0], own[-1], number))
    return tuple(one for one in blocks if one.last.start >= planned.start)


def illness_in(athlete: Athlete, week: TrainingWeek, planned: TrainingWeek) -> AbsenceKind | None:
    """The illness or injury that touches a week, None if none does that matters when planning."""
    return next(
        (
            absence.kind
            for absence in athlete.absences
            if absence.kind in ILLNESS
            and absence.first <= week.end
            and absence.last >= week.start
            and not is_minor(absence, planned)
        ),
        None,
    )


def last_day_of_illness(athlete: Athlete, until: date) -> date | None:
    """The last day of the latest illness or injury that was over by `until`."""
    ends = (
        absence.last
        for absence in athlete.absences
        if absence.kind in ILLNESS and not is_minor(absence, TrainingWeek.containing(until).next())
    )
    return max((last for last in ends if last <= until), default=None)


def is_away(athlete: Athlete, day: date) -> bool:
    """Whether the athlete is ill, injured or on holiday on `day`."""
    return any(absence.covers(day) for absence in athlete.absences)


def race_named(race: Race) -> str:
    """A race as reasons name it: priority, name and date."""
    name = f" {race.name}" if race.name else ""
    return f"the {race.priority.value} race{name} on {race.date}"


def _entered(athlete: Athlete) -> list[Race]:
    """The races that the athlete can start in, by date."""
    return sorted(
        (race for race in athlete.races if not is_away(athlete, race.date)),
        key=lambda race: (race.date, race.priority),
    )
