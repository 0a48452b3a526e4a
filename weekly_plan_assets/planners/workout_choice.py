"""Which workouts a week gets: families by phase and block, levels by what was done last.

Work changes by one step at a time: one level up where the last one was done, the same again where
it was not, one down after weeks without hard work. A family is kept for a block of four weeks, or
until the week bears no more of it; then comes the next.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from weekly_plan_assets.domain.athlete.targets import threshold_m_s
from weekly_plan_assets.domain.envelope.race_effort import is_trained_through, race_effort
from weekly_plan_assets.domain.envelope.season import goal_race
from weekly_plan_assets.domain.plan.session_parts import Block
from weekly_plan_assets.domain.plan.session_zones import (
    EASY_ZONE,
    FINISH_S,
    TEMPO_ZONE,
    THRESHOLD_ZONE,
    VO2_ZONE,
    hard_s,
    makes_hard,
    zone_times_s,
)
from weekly_plan_assets.domain.plan.weekly_plan import Phase, Sport
from weekly_plan_assets.domain.plan.workout_family import Family, SetPlace, work_s
from weekly_plan_assets.domain.recorded.hard_work import HardWork
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE
from weekly_plan_assets.domain.week import DAYS_PER_WEEK
from weekly_plan_assets.planners.week_constraints import Demands
from weekly_plan_assets.planners.workout_library import families_with, main_set, main_times_s

RACE_PACE = 0
"""Stands for the zone of the goal race."""

BLOCK_WEEKS = 4
"""A family is trained for about so long before another takes its place (practice: 3 to 4)."""

HARD_ZONES_BY_PHASE = {
    Phase.BASE: ((TEMPO_ZONE, VO2_ZONE), (TEMPO_ZONE, THRESHOLD_ZONE)),
    Phase.BUILD: ((VO2_ZONE, TEMPO_ZONE), (TEMPO_ZONE, THRESHOLD_ZONE)),
    Phase.SPECIFIC: ((RACE_PACE, THRESHOLD_ZONE), (RACE_PACE, THRESHOLD_ZONE)),
    Phase.TAPER: ((RACE_PACE, VO2_ZONE), (RACE_PACE, VO2_ZONE)),
    Phase.RACE_WEEK: ((RACE_PACE, VO2_ZONE), (RACE_PACE, VO2_ZONE)),
    Phase.RECOVERY: ((TEMPO_ZONE, TEMPO_ZONE), (TEMPO_ZONE, TEMPO_ZONE)),
    Phase.RETURN: ((TEMPO_ZONE, TEMPO_ZONE), (TEMPO_ZONE, TEMPO_ZONE)),
}
"""Zones of the hard sessions of a week in order, by even and odd block, as many as the envelope
allows: hills or threshold beside tempo, then a block of VO2 and one of tempo and threshold work,
then race pace (practice), with less work above tempo than in it (Knopp 2024)."""

EASED_PHASES = frozenset({Phase.TAPER, Phase.RACE_WEEK, Phase.RECOVERY, Phase.RETURN})
EASED_WORK_SHARE = 0.6
"""In these weeks a workout holds so much of the work of the last one (Bosquet 2007: volume goes
down by 41 to 60 % in a taper, intensity stays)."""

NEW_FAMILY_SHARE = 0.8
"""A family that is new begins with so much of the work that was last done in its zone. Practice."""

MEMORY = timedelta(weeks=12)
"""What was done longer ago says nothing of the next level. Project convention."""

GAP = timedelta(days=14)
"""After so long without hard work, a family goes on one level lower (practice)."""

SHORT_MAIN_S = 22 * SECONDS_PER_MINUTE
"""The longest main set of a session of about half an hour. Project convention."""

SAME_WORK = 1.02
"""Work that differs by less is the same; clocks round. Project convention."""

HARD_SHARE_BY_ZONE = {TEMPO_ZONE: 0.14, THRESHOLD_ZONE: 0.07, VO2_ZONE: 0.05}
"""A session's work, as a share of the week's time (Daniels: threshold work at most 10 %, intervals
8 %; a little less, so that the week stays pyramidal: Knopp 2024, 4-8 % in zones 4 and 5)."""


@dataclass(frozen=True, slots=True, eq=False)
class ChosenWorkout:
    """A level of a family, counted from 0, with its main set for one athlete.

    Attributes:
        shorter: The main set of the highest level up to it that fits into a short session; None
            where its own does.
    """

    family: Family
    level: int
    main: Block
    shorter: Block | None = None

    @property
    def zone(self) -> int:
        """The zone of its main part."""
        return self.family.zone

    @property
    def is_key(self) -> bool:
        """Whether a week is planned around it; easy sets are not."""
        return self.family.place is not SetPlace.EASY

    @property
    def is_hard(self) -> bool:
        """Whether it makes a hard session of the long one."""
        return makes_hard(zone_times_s((self.main,)))


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a session may hold.

    Attributes:
        week_s: Seconds that the whole week will about take.
        longest_s: The longest that its main set may take.
        easing: Levels below what would be next; a large number for the lowest.
        may_be_hard: Whether a long session may count as a hard one.
    """

    week_s: float
    longest_s: int
    easing: int = 0
    may_be_hard: bool = True


class WorkoutChoice:
    """Chooses the workouts of one week, none of a family twice."""

    def __init__(self, demands: Demands) -> None:
        """Nothing is chosen yet."""
        self._demands = demands
        self._all = families_with(demands.own_families)
        self._taken: set[str] = set()
        self._block_start = _block_start(demands)

    @property
    def families(self) -> tuple[Family, ...]:
        """All that there are: the athlete's own and the library's."""
        return self._all

    def of_level(self, family: Family, level: int) -> ChosenWorkout:
        """A level of a family, counted from 0, whatever the week bears."""
        return ChosenWorkout(family, level, self._main(family, level), self._shorter(family, level))

    def next_level(self, family: Family) -> int:
        """The level that follows what was done, counted from 0."""
        return self._next_level(family)

    def next_hard(self, number: int, sport: Sport, bounds: Bounds) -> ChosenWorkout:
        """The workout of the hard session with this number in the week, from 0."""
        phase = self._demands.envelope.phase
        zones = HARD_ZONES_BY_PHASE[phase][self._block % 2]
        zone = zones[min(number, len(zones) - 1)]
        goal = goal_race(self._demands.athlete, self._demands.week)
        is_of_another = goal is not None and goal.sport not in {None, sport}
        if (zone == RACE_PACE and is_of_another) or (
            phase in EASED_PHASES and self._is_new(zone, sport)
        ):
            zone = TEMPO_ZONE  # nothing is tried for the first time just before a race
        return self.of_zone(zone, sport, bounds)

    def _is_new(self, zone: int, sport: Sport) -> bool:
        """Whether no work in the zone, or a harder one, was done or planned of late."""
        monday = self._demands.week.start
        done = [(one.sport, one.zone, one.day) for one in self._demands.hard_work]
        planned = {one.family: one.day for one in self._demands.workouts}
        done += [
            (one.sport, one.zone, planned[one.family]) for one in self._all if one.family in planned
        ]
        return zone > TEMPO_ZONE and not any(
            of_sport is sport and of_zone >= zone and monday - MEMORY <= day < monday
            for of_sport, of_zone, day in done
        )

    def of_zone(self, zone: int, sport: Sport, bounds: Bounds) -> ChosenWorkout:
        """The hard workout of a zone, 0 for that of the goal race."""
        families = self._hard_families(zone, sport)
        chosen = next(self._that_climb(families, bounds), None)
        if chosen is None:
            # The week bears no more of any: the one that was done longest ago, as far as it goes.
            family = min(families, key=self._last_day)
            chosen = family, min(self._next_level(family), self._highest(family, bounds) or 0)
        return self._taking(*chosen, bounds)

    def within(self, place: SetPlace, sport: Sport, bounds: Bounds) -> ChosenWorkout | None:
        """The set within the long session, or within an easy one; None where none is right."""
        goal_zone = race_zone(self._demands)
        families = self._in_turn(
            [
                one
                for one in self._open(sport, place)
                if self._demands.envelope.phase in one.phases
                and one.race_zone in {None, goal_zone}
                and self._highest(one, bounds) is not None
            ]
        )
        if not families:
            return None
        # Race pace where the session may be hard, other work where it may not.
        families.sort(key=lambda one: (one.race_zone is None) is bounds.may_be_hard)
        climbing = next(self._that_climb(families, bounds), None)
        if climbing is not None:
            return self._taking(*climbing, bounds)
        family = min(families, key=self._last_day)
        highest = self._highest(family, bounds) or 0
        return self._taking(family, min(self._next_level(family), highest), bounds)

    def _taking(self, family: Family, level: int, bounds: Bounds) -> ChosenWorkout:
        self._taken.add(family.family)
        return self.of_level(family, max(0, level - bounds.easing))

    @property
    def _block(self) -> int:
        return self._demands.week.start.toordinal() // DAYS_PER_WEEK // BLOCK_WEEKS

    def _open(self, sport: Sport, place: SetPlace) -> list[Family]:
        """The families of a sport that are not taken yet this week."""
        return [
            one
            for one in self._all
            if one.sport is sport and one.place is place and one.family not in self._taken
        ]

    def _hard_families(self, zone: int, sport: Sport) -> list[Family]:
        """The families that fit, that of this block first; others where none fits."""
        phase = self._demands.envelope.phase
        of_sport = self._open(sport, SetPlace.HARD)
        if zone == RACE_PACE:
            goal_zone = race_zone(self._demands)
            raced = [one for one in of_sport if one.race_zone == goal_zone]
            if raced:
                return self._in_turn(raced)
            zone = max(TEMPO_ZONE, goal_zone)  # races of many hours are no hard work
        plain = [one for one in of_sport if one.race_zone is None]
        in_zone = [one for one in plain if one.zone == zone]
        found = [one for one in in_zone if phase in one.phases] or in_zone or plain or of_sport
        return self._in_turn(found)

    def _in_turn(self, families: list[Family]) -> list[Family]:
        """The athlete's own families first, and of them and the others that of this block."""
        if not families:
            return []
        # Counted so that families of every block and of every other block both take turns.
        turn = (self._block + self._block // 2) % len(families)
        turned = [*families[turn:], *families[:turn]]
        return sorted(turned, key=lambda one: one not in self._demands.own_families)

    def _that_climb(
        self, families: Sequence[Family], bounds: Bounds
    ) -> Iterator[tuple[Family, int]]:
        """The families whose next level the week bears."""
        for family in families:
            level, last = self._next_level(family), self._last_planned(family)
            is_over = last == (level, True)
            if level <= (self._highest(family, bounds) or 0) and not is_over:
                yield family, level

    def _highest(self, family: Family, bounds: Bounds) -> int | None:
        """The highest level that the week bears; None where it bears none."""
        share = HARD_SHARE_BY_ZONE.get(family.zone, 1.0)
        limit = self._demands.envelope.hard_limit(family.sport)
        fitting = [
            level
            for level in range(len(family.levels))
            if self._level_work_s(family, level) <= share * bounds.week_s
            and self._main(family, level).duration_s <= bounds.longest_s
            and (limit is None or limit.allows(self._times_s(family, level)))
            and self._is_right_for_long(family, level, bounds)
        ]
        return max(fitting, default=None)

    def _is_right_for_long(self, family: Family, level: int, bounds: Bounds) -> bool:
        """Whether the level leaves a long session easy, or makes it hard where it may be."""
        if family.place is not SetPlace.LONG:
            return True
        times_s = self._times_s(family, level)
        if makes_hard(times_s):
            return bounds.may_be_hard
        return hard_s(times_s) <= FINISH_S

    def _main(self, family: Family, level: int) -> Block:
        return main_set(family, level, threshold_m_s(self._demands.athlete, family.sport))

    def _times_s(self, family: Family, level: int) -> Mapping[int, int]:
        """Seconds in each zone of a main set."""
        return main_times_s(family, level, threshold_m_s(self._demands.athlete, family.sport))

    def _shorter(self, family: Family, level: int) -> Block | None:
        """The main set for a short session; None where that of the level itself is short.

        A long session has none: what it is for needs its length.
        """
        if family.place is SetPlace.LONG or self._main(family, level).duration_s <= SHORT_MAIN_S:
            return None
        mains = [self._main(family, lower) for lower in range(level)]
        short = [main for main in mains if main.duration_s <= SHORT_MAIN_S]
        return short[-1] if short else None

    def _next_level(self, family: Family) -> int:
        """The level that follows what was done, counted from 0; the highest where none follows."""
        if self._demands.envelope.phase in EASED_PHASES:
            return self._holding(family, EASED_WORK_SHARE * self._last_work_s(family))
        planned = self._last_planned(family)
        if planned is not None:
            level, is_done = planned
            if family.zone > EASY_ZONE and self._days_without_work(family.sport) > GAP:
                return max(0, level - 1)
            return min(level + is_done, len(family.levels) - 1)
        since = [one for one in self._done(family) if one.day >= self._block_start]
        if since and not self._demands.workouts:  # no plans are kept: recordings must do
            return self._above(family, since[-1].work_s)
        return self._holding(family, NEW_FAMILY_SHARE * self._last_work_s(family))

    def _last_planned(self, family: Family) -> tuple[int, bool] | None:
        """The level of the family's last planned workout, from 0, and whether it was done."""
        monday = self._demands.week.start
        planned = [
            one
            for one in self._demands.workouts
            if one.family == family.family and monday - MEMORY <= one.day < monday
        ]
        if not planned:
            return None
        last = planned[-1]
        return min(last.level, len(family.levels)) - 1, last.is_done

    def _last_day(self, family: Family) -> int:
        days = [one.day for one in self._demands.workouts if one.family == family.family]
        return days[-1].toordinal() if days else 0

    def _done(self, family: Family, *, harder: bool = False) -> list[HardWork]:
        """The recorded work in the family's sport and zone, or a harder one, oldest first."""
        monday = self._demands.week.start
        return [
            one
            for one in self._demands.hard_work
            if one.sport is family.sport
            and (one.zone == family.zone or (harder and one.zone > family.zone))
            and monday - MEMORY <= one.day < monday
        ]

    def _last_work_s(self, family: Family) -> float:
        """Seconds of work that were done last in the family's sport, in its zone or a harder one.

        Who has done twenty minutes at threshold can do as many at tempo.
        """
        last_s = {one.zone: one.work_s for one in self._done(family, harder=True)}
        return max(last_s.values(), default=0.0)

    def _days_without_work(self, sport: Sport) -> timedelta:
        """Time since the last hard work in a sport; none where none is known of it."""
        done = [one.day for one in self._demands.hard_work if one.sport is sport]
        return self._demands.week.start - done[-1] if done else timedelta()

    def _holding(self, family: Family, work_s: float) -> int:
        """The highest level with no more work than this; the lowest where none has so little."""
        levels = [
            level
            for level in range(len(family.levels))
            if self._level_work_s(family, level) <= SAME_WORK * work_s
        ]
        return max(levels, default=0)

    def _above(self, family: Family, work_s: float) -> int:
        """The lowest level with more work than this; the highest where none has more."""
        levels = [
            level
            for level in range(len(family.levels))
            if self._level_work_s(family, level) > SAME_WORK * work_s
        ]
        return min(levels, default=len(family.levels) - 1)

    def _level_work_s(self, family: Family, level: int) -> int:
        return hard_s(self._times_s(family, level)) or work_s(self._main(family, level))


def _block_start(demands: Demands) -> date:
    weeks = demands.week.start.toordinal() // DAYS_PER_WEEK % BLOCK_WEEKS
    return demands.week.shift(-weeks).start


def race_zone(demands: Demands) -> int:
    """The zone of the race of the week, else of the next A race; tempo where none is known."""
    raced = (race for race in demands.races if not is_trained_through(race, demands.athlete))
    race = next(raced, None) or goal_race(demands.athlete, demands.week)
    return TEMPO_ZONE if race is None else race_effort(race, demands.athlete).zone
