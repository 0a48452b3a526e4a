"""What kind of week the coming one is: the season, the cycle of past weeks, the body, absences.

Only the decision, in its order, and its thresholds; what a phase means for load belongs to
`envelope`, the calendar of races to `season`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from weekly_plan_assets.domain.athlete import AbsenceKind, Athlete, RacePriority
from weekly_plan_assets.domain.readiness import RAISED, Light, Readiness
from weekly_plan_assets.domain.season import (
    goal_race,
    illness_in,
    named,
    period,
    races_in,
    taper_weeks,
    weeks_to,
)
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.domain.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.weekly_plan import Phase

BREAK_WEEKS = 2
"""Weeks without training after which an athlete returns instead of going on. Project convention."""

NEARLY_EMPTY_SHARE = 0.1
"""A week below this share of the busiest known week counts as a week without training.

Project convention: one jog or a strength session does not end a break.
"""

EASIER_SHARE = 0.75
"""A week at or below this share of the week before was an easier one.

Recovery weeks hold 60-70 % of load (coaching practice); a little more, because nobody hits a
planned load exactly.
"""

EASED_SHARE = 0.4
"""An easier week that was planned as one holds at least this share of a full one.

It is what the strictest taper leaves (Bosquet 2007: volume -41 to -60 %); with less, training was
missed.
"""

BUILD_NEEDS_WEEKS = 3
"""Weeks with training that must be known before load is built up. Project convention."""

Decision = tuple[Phase, str]


@dataclass(frozen=True, slots=True)
class _Situation:
    """All that decides: the planned week, the athlete, the weeks before, the signals."""

    planned: TrainingWeek
    athlete: Athlete
    metrics: WeeklyMetrics
    history: Sequence[WeeklyMetrics]
    readiness: Readiness

    @property
    def observed(self) -> TrainingWeek:
        return TrainingWeek(self.metrics.week_start)

    @property
    def weeks(self) -> list[WeeklyMetrics]:
        return [*self.history, self.metrics]


def weekly_load(week: WeeklyMetrics) -> float | None:
    """The week's training load: 0 where there was no activity, None where it was not measured."""
    return 0.0 if week.activity_count == 0 else week.training_load


def form(week: WeeklyMetrics) -> float | None:
    """CTL - ATL at the end of the week, None where either was not measured."""
    if week.ctl_end is None or week.atl_end is None:
        return None
    return week.ctl_end - week.atl_end


def trained_weeks(weeks: Sequence[WeeklyMetrics]) -> tuple[WeeklyMetrics, ...]:
    """The weeks that were not (nearly) empty, in the order given."""
    loads = [load for week in weeks if (load := weekly_load(week)) is not None]
    nearly_empty = NEARLY_EMPTY_SHARE * max(loads, default=0.0)
    return tuple(
        week
        for week in weeks
        if week.activity_count > 0 and ((load := weekly_load(week)) is None or load >= nearly_empty)
    )


def eased_weeks(weeks: Sequence[WeeklyMetrics]) -> tuple[WeeklyMetrics, ...]:
    """The weeks that were easier by intent: recovery, taper, return.

    They hold `EASED_SHARE` to `EASIER_SHARE` of the second busiest known week, so that a single
    week beyond all others makes the others no easier.
    """
    loads = sorted(load for week in weeks if (load := weekly_load(week)) is not None)
    full = loads[-2:][0] if loads else 0.0
    return tuple(
        week
        for week in weeks
        if (load := weekly_load(week)) is not None
        and EASED_SHARE * full <= load <= EASIER_SHARE * full
    )


def season_phase(
    metrics: WeeklyMetrics,
    history: Sequence[WeeklyMetrics],
    athlete: Athlete,
    readiness: Readiness,
) -> tuple[Phase, str]:
    """The phase of the week after `metrics`, and why: the first of `_DECISIONS` that decides.

    A week that is not known ends both a break and a block, because nothing says what happened in
    it.

    Args:
        metrics: The observed week.
        history: Earlier weeks, oldest first.
        athlete: With their races, absences and cycle.
        readiness: The signals of the observed week.
    """
    planned = TrainingWeek(metrics.week_start).next()
    situation = _Situation(planned, athlete, metrics, history, readiness)
    decided = (decision for decide in _DECISIONS if (decision := decide(situation)) is not None)
    return next(decided, _without_a_race(situation))


def _after_illness(situation: _Situation) -> Decision | None:
    """Illness comes first: who was ill returns, whatever the calendar says."""
    for week, when in ((situation.observed, "observed"), (situation.planned, "planned")):
        if (kind := illness_in(situation.athlete, week)) is not None:
            what = "illness" if kind is AbsenceKind.SICK else "injury"
            return Phase.RETURN, f"Days of the {when} week were lost to {what}."
    return None


def _after_a_break(situation: _Situation) -> Decision | None:
    trained = trained_weeks(situation.weeks)
    empty = _leading([week not in trained for week in _unbroken(situation.weeks)])
    if empty < BREAK_WEEKS:
        return None
    return Phase.RETURN, f"The last {empty} weeks held no training worth the name."


def _before_an_a_race(situation: _Situation) -> Decision | None:
    """Taper and race week are fixed by the race, and easier than a recovery week anyway."""
    goal = goal_race(situation.athlete, situation.planned)
    if goal is None:
        return None
    phase = period(goal, situation.planned)
    if phase is Phase.RACE_WEEK:
        return phase, f"It is the week of {named(goal)}."
    if phase is Phase.TAPER:
        return phase, f"The taper for {named(goal)} has begun."
    return None


def _in_the_week_of_a_b_race(situation: _Situation) -> Decision | None:
    """A B race gets a short taper, inside its own week. A C race is trained through."""
    races = races_in(situation.athlete, situation.planned)
    race = next((race for race in races if race.priority is RacePriority.B), None)
    return None if race is None else (Phase.RACE_WEEK, f"It is the week of {named(race)}.")


def _after_an_a_race(situation: _Situation) -> Decision | None:
    """The week after an A race is one of recovery (coaching practice)."""
    races = races_in(situation.athlete, situation.observed)
    race = next((race for race in races if race.priority is RacePriority.A), None)
    return None if race is None else (Phase.RECOVERY, f"It is the week after {named(race)}.")


def _tired(situation: _Situation) -> Decision | None:
    """Two signals that agree call for recovery; one alone does not.

    Form follows from load alone: athletes who bear a heavy block well are below -30 too, so it is
    never the only trigger (practice), and needs another signal. HRV and resting heart rate are
    measured on the body, but noisy: both must be red.
    """
    readiness = situation.readiness
    raised = [signal.name for signal in readiness.with_light(*RAISED)]
    if readiness.light("form") is Light.RED and len(raised) > 1:
        return Phase.RECOVERY, _told(readiness, raised)
    body = ("hrv", "resting_hr")
    if all(readiness.light(name) is Light.RED for name in body):
        return Phase.RECOVERY, _told(readiness, body)
    return None


def _end_of_a_cycle(situation: _Situation) -> Decision | None:
    """After so many building weeks an easier one, unless the taper begins in the week after."""
    building = _building_weeks(situation)
    build_weeks = situation.athlete.build_weeks
    goal = goal_race(situation.athlete, situation.planned)
    taper_next = goal is not None and (weeks_to(goal, situation.planned) == taper_weeks(goal) + 1)
    if building < build_weeks or (taper_next and building == build_weeks):
        return None
    return Phase.RECOVERY, f"The last {building} weeks held load without an easier one."


def _little_known(situation: _Situation) -> Decision | None:
    known = len(trained_weeks(situation.weeks))
    if known >= BUILD_NEEDS_WEEKS:
        return None
    return Phase.BASE, (
        f"Known weeks with training: {known}; load is built up from {BUILD_NEEDS_WEEKS}."
    )


def _period_of_the_season(situation: _Situation) -> Decision | None:
    goal = goal_race(situation.athlete, situation.planned)
    if goal is None:
        return None
    weeks = weeks_to(goal, situation.planned)
    return period(goal, situation.planned), f"There are {weeks} weeks to {named(goal)}."


def _without_a_race(situation: _Situation) -> Decision:
    return Phase.BUILD, (
        f"No A race is known; building weeks since the last easier one: "
        f"{_building_weeks(situation)}, of {situation.athlete.build_weeks} in a cycle."
    )


_DECISIONS: tuple[Callable[[_Situation], Decision | None], ...] = (
    _after_illness,
    _after_a_break,
    _before_an_a_race,
    _in_the_week_of_a_b_race,
    _after_an_a_race,
    _tired,
    _end_of_a_cycle,
    _little_known,
    _period_of_the_season,
)
"""What is asked, in this order."""


def _told(readiness: Readiness, names: Sequence[str]) -> str:
    return " ".join(signal.text for signal in readiness.signals if signal.name in names)


def _building_weeks(situation: _Situation) -> int:
    """Weeks of training up to the observed one since the last easier one."""
    trained = trained_weeks(situation.weeks)
    compared = _compared(_unbroken(situation.weeks))
    return _leading([week in trained and not easier for week, easier in compared])


def _unbroken(weeks: Sequence[WeeklyMetrics]) -> list[WeeklyMetrics]:
    """The latest weeks without a gap, newest first."""
    newest_first = sorted(weeks, key=lambda week: week.week_start, reverse=True)
    start = newest_first[0].week_start
    return [
        week
        for back, week in enumerate(newest_first)
        if week.week_start == start - timedelta(weeks=back)
    ]


def _compared(newest_first: Sequence[WeeklyMetrics]) -> list[tuple[WeeklyMetrics, bool]]:
    """Each week with whether it ended a block.

    It did where it was easier than the week before, or eased against all known, so that two easier
    weeks in a row are none of building; and where its load is unknown.
    """
    eased = eased_weeks(newest_first)
    pairs = []
    for week, before in zip(newest_first, [*newest_first[1:], None], strict=True):
        load = weekly_load(week)
        load_before = None if before is None else weekly_load(before)
        easier = load_before is not None and load is not None and load <= EASIER_SHARE * load_before
        pairs.append((week, load is None or easier or week in eased))
    return pairs


def _leading(flags: Sequence[bool]) -> int:
    """How many flags are set before the first that is not."""
    return flags.index(False) if False in flags else len(flags)
