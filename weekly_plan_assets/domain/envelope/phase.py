"""What kind of week the coming one is: the season, the cycle of past weeks, the body, absences.

Only the decision, in its order, and its thresholds; what a phase means for load belongs to
`envelope`, the calendar of races to `season`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from weekly_plan_assets.domain.athlete.athlete import AbsenceKind, Athlete
from weekly_plan_assets.domain.athlete.race import RacePriority
from weekly_plan_assets.domain.envelope.comeback import BREAK_WEEKS, comeback
from weekly_plan_assets.domain.envelope.phase_reason import PhaseReason, Why
from weekly_plan_assets.domain.envelope.race_effort import is_trained_through
from weekly_plan_assets.domain.envelope.season import (
    goal_race,
    illness_in,
    period,
    race_named,
    races_in,
    taper_weeks,
    weeks_away,
    weeks_to,
)
from weekly_plan_assets.domain.envelope.time_bounds import (
    EASIER_SHARE,
    NEARLY_EMPTY_SHARE,
    full_week_s,
    is_easier,
)
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.plan_limits import GREATEST_LOAD
from weekly_plan_assets.domain.plan.weekly_plan import Phase
from weekly_plan_assets.domain.readiness import RAISED, Light, Readiness
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.domain.week import DAYS_PER_WEEK, TrainingWeek

EASED_SHARE = 0.4
"""An easier week that was planned as one holds at least this share of a full one.

It is what the strictest taper leaves (Bosquet 2007: volume -41 to -60 %); with less, training was
missed.
"""

MOST_EASY_WEEKS = 2
"""No more easier weeks follow one another, unless the athlete was ill (coaching practice)."""

BUILD_NEEDS_WEEKS = 3
"""Weeks with training that must be known before load is built up. Project convention."""

Decision = tuple[Phase, PhaseReason]


@dataclass(frozen=True, slots=True)
class _Situation:
    """All that decides: the planned week, the athlete, the weeks before, the signals."""

    planned: TrainingWeek
    athlete: Athlete
    metrics: WeeklyMetrics
    history: Sequence[WeeklyMetrics]
    readiness: Readiness
    times_s: Mapping[date, float]

    @property
    def observed(self) -> TrainingWeek:
        return TrainingWeek(self.metrics.week_start)

    @property
    def weeks(self) -> list[WeeklyMetrics]:
        return [*self.history, self.metrics]


def weekly_load(week: WeeklyMetrics) -> float | None:
    """The week's training load: 0 where there was no activity, None if it was not measured.

    More than any week can hold counts as the most that one can.
    """
    if week.activity_count == 0:
        return 0.0
    return None if week.training_load is None else min(week.training_load, GREATEST_LOAD)


def form(week: WeeklyMetrics) -> float | None:
    """CTL - ATL at the end of the week, None if either was not measured."""
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
    times_s: Mapping[date, float] | None = None,
) -> Decision:
    """The phase of the week after `metrics`, and why: the first of `_DECISIONS` that decides.

    A week that is not known ends both a break and a block, because nothing says what happened in
    it.

    Args:
        metrics: The observed week.
        history: Earlier weeks, oldest first.
        athlete: With their races, absences and cycle.
        readiness: The signals of the observed week.
        times_s: Seconds of endurance of each week by its Monday, by which easier weeks are
            recognized; None if sessions are not known, and load decides.
    """
    planned = TrainingWeek(metrics.week_start).next()
    situation = _Situation(planned, athlete, metrics, history, readiness, times_s or {})
    decided = (decision for decide in _DECISIONS if (decision := decide(situation)) is not None)
    return next(decided, _without_a_race(situation))


def _after_illness(situation: _Situation) -> Decision | None:
    """Illness comes first: who was ill returns, whatever the calendar says."""
    for week, when in ((situation.observed, "observed"), (situation.planned, "planned")):
        if (kind := illness_in(situation.athlete, week, situation.planned)) is not None:
            what = "illness" if kind is AbsenceKind.SICK else "injury"
            why = Why(f"{'sick' if kind is AbsenceKind.SICK else 'injured'}_{when}")
            return Phase.RETURN, PhaseReason(why, f"Days of the {when} week were lost to {what}.")
    return None


def _after_a_break(situation: _Situation) -> Decision | None:
    trained = trained_weeks(situation.weeks)
    empty = _leading([week not in trained for week in _unbroken(situation.weeks)])
    if empty < BREAK_WEEKS:
        return None
    if not trained and not any(situation.times_s.values()):
        return Phase.RETURN, PhaseReason(Why.NOTHING_KNOWN, "No training is known at all.")
    text = f"The last {empty} weeks held no training worth the name."
    return Phase.RETURN, PhaseReason(Why.BREAK, text, weeks=empty)


def _on_the_way_back(situation: _Situation) -> Decision | None:
    """Illness, injury and gaps outlast their last day."""
    back = comeback(situation.athlete, situation.observed, situation.times_s)
    if back is None:
        return None
    text = f"It is week {back.week} of {back.weeks} on the way back."
    return Phase.RETURN, PhaseReason(Why.COMING_BACK, text, weeks=back.week, of=back.weeks)


def _before_an_a_race(situation: _Situation) -> Decision | None:
    """Taper and race week are fixed by the race, and easier than a recovery week anyway."""
    goal = goal_race(situation.athlete, situation.planned)
    if goal is None:
        return None
    phase = period(goal, situation.planned)
    if phase is Phase.RACE_WEEK:
        text = f"It is the week of {race_named(goal)}."
        return phase, PhaseReason(Why.RACE_WEEK, text, race=goal)
    if phase is Phase.TAPER:
        text = f"The taper for {race_named(goal)} has begun."
        return phase, PhaseReason(Why.TAPER, text, race=goal)
    return None


def _in_the_week_of_a_b_race(situation: _Situation) -> Decision | None:
    """A B race gets a short taper, inside its own week; so does a C race that takes long."""
    races = races_in(situation.athlete, situation.planned)
    tapered = (race for race in races if not is_trained_through(race, situation.athlete))
    race = next(tapered, None)
    if race is None:
        return None
    text = f"It is the week of {race_named(race)}."
    return Phase.RACE_WEEK, PhaseReason(Why.RACE_WEEK, text, race=race)


def _after_an_a_race(situation: _Situation) -> Decision | None:
    """The week after an A race is one of recovery (coaching practice)."""
    races = races_in(situation.athlete, situation.observed)
    race = next((race for race in races if race.priority is RacePriority.A), None)
    if race is None:
        return None
    text = f"It is the week after {race_named(race)}."
    return Phase.RECOVERY, PhaseReason(Why.AFTER_RACE, text, race=race)


def _tired(situation: _Situation) -> Decision | None:
    """Two signals that agree call for recovery; one alone does not.

    Form follows from load alone: athletes who bear a heavy block well are below -30 too, so it is
    never the only trigger (practice), and needs another signal. HRV and resting heart rate are
    measured on the body, but noisy: both must be red. After two easier weeks a third one brings
    nothing more: training goes on, with less time while a signal is red.
    """
    if _was_eased_lately(situation):
        return None
    readiness = situation.readiness
    raised = [signal.name for signal in readiness.with_light(*RAISED)]
    if readiness.light("form") is Light.RED and len(raised) > 1:
        return Phase.RECOVERY, _fatigue(readiness, raised)
    body = ("hrv", "resting_hr")
    if all(readiness.light(name) is Light.RED for name in body):
        return Phase.RECOVERY, _fatigue(readiness, body)
    return None


def _end_of_a_cycle(situation: _Situation) -> Decision | None:
    """After so many building weeks an easier one, unless the taper begins in the week after."""
    building, before = _building_weeks(situation), _a_week_before(situation)
    if _is_taper_next(situation):
        is_due = building > situation.athlete.build_weeks
    else:
        # One that was not heeded is not asked for again at once, but a cycle later.
        is_due = _is_cycle_over(situation) and not (before and _is_cycle_over(before))
    if not is_due:
        return None
    text = f"The last {building} weeks held load without an easier one."
    return Phase.RECOVERY, PhaseReason(Why.CYCLE, text, weeks=building)


def _is_taper_next(situation: _Situation) -> bool:
    goal = goal_race(situation.athlete, situation.planned)
    return goal is not None and weeks_to(goal, situation.planned) == taper_weeks(goal) + 1


def _is_cycle_over(situation: _Situation) -> bool:
    """Whether so many weeks of building ask for an easier one."""
    building = _building_weeks(situation)
    build_weeks = situation.athlete.build_weeks
    number = situation.planned.start.toordinal() // DAYS_PER_WEEK
    later = building > build_weeks + 1 and number % (build_weeks + 1) == 0
    return building == build_weeks or later


def _a_week_before(situation: _Situation) -> _Situation | None:
    """The situation in which the observed week was planned; None if nothing is known of it."""
    if not situation.history:
        return None
    *history, metrics = situation.history
    if TrainingWeek(metrics.week_start).next() != situation.observed:
        return None
    return replace(situation, planned=situation.observed, metrics=metrics, history=tuple(history))


def _little_known(situation: _Situation) -> Decision | None:
    known = len(trained_weeks(situation.weeks))
    if known >= BUILD_NEEDS_WEEKS:
        return None
    text = f"Known weeks with training: {known}; load is built up from {BUILD_NEEDS_WEEKS}."
    return Phase.BASE, PhaseReason(Why.LITTLE_KNOWN, text, weeks=known, of=BUILD_NEEDS_WEEKS)


def _period_of_the_season(situation: _Situation) -> Decision | None:
    goal = goal_race(situation.athlete, situation.planned)
    if goal is None:
        return None
    weeks = weeks_away(goal, situation.planned)
    text = f"It is {counted(weeks, 'week')} to {race_named(goal)}."
    return period(goal, situation.planned), PhaseReason(Why.PERIOD, text, weeks=weeks, race=goal)


def _without_a_race(situation: _Situation) -> Decision:
    building, cycle = _building_weeks(situation), situation.athlete.build_weeks
    text = (
        f"No A race is known; building weeks since the last easier one: {building}, of {cycle} in "
        "a cycle."
    )
    return Phase.BUILD, PhaseReason(Why.NO_RACE, text, weeks=building, of=cycle)


_DECISIONS: tuple[Callable[[_Situation], Decision | None], ...] = (
    _after_illness,
    _after_a_break,
    _on_the_way_back,
    _before_an_a_race,
    _in_the_week_of_a_b_race,
    _after_an_a_race,
    _tired,
    _end_of_a_cycle,
    _little_known,
    _period_of_the_season,
)
"""What is asked, in this order."""


def _fatigue(readiness: Readiness, names: Sequence[str]) -> PhaseReason:
    signals = [signal for signal in readiness.signals if signal.name in names]
    text = " ".join(signal.text for signal in signals)
    return PhaseReason(Why.TIRED, text, signals=tuple(signal.name for signal in signals))


def _was_eased_lately(situation: _Situation) -> bool:
    """Whether each of the last `MOST_EASY_WEEKS` weeks was an easier one."""
    compared = _compared(_unbroken(situation.weeks), situation.times_s)
    return all(easier for _, easier in compared[:MOST_EASY_WEEKS])


def _building_weeks(situation: _Situation) -> int:
    """Weeks of training up to the observed one since the last easier one."""
    trained = trained_weeks(situation.weeks)
    compared = _compared(_unbroken(situation.weeks), situation.times_s)
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


def _compared(
    newest_first: Sequence[WeeklyMetrics], times_s: Mapping[date, float]
) -> list[tuple[WeeklyMetrics, bool]]:
    """Each week with whether it ended a block.

    By time, where that is known: it did where it had much less than a full one. By load
    otherwise: where it was easier than the week before, or eased against all known, so that two
    easier weeks in a row are none of building; and where its load is unknown.
    """
    known_s = [times_s.get(week.week_start, 0.0) for week in newest_first]
    if any(known_s):
        full_s = full_week_s(known_s)
        pairs = zip(newest_first, known_s, strict=True)
        return [(week, is_easier(time_s, full_s)) for week, time_s in pairs]
    eased = eased_weeks(newest_first)
    compared = []
    for week, before in zip(newest_first, [*newest_first[1:], None], strict=True):
        load = weekly_load(week)
        load_before = None if before is None else weekly_load(before)
        easier = load_before is not None and load is not None and load <= EASIER_SHARE * load_before
        compared.append((week, load is None or easier or week in eased))
    return compared


def _leading(flags: Sequence[bool]) -> int:
    """How many flags are set before the first that is not."""
    return flags.index(False) if False in flags else len(flags)
