"""The load of the coming week: what is usual, which share of it the phase asks for, and its caps.

Which phase it is belongs to `phase`, how long and how hard single sessions may be to
`session_bounds`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.envelope.phase import eased_weeks, trained_weeks, weekly_load
from weekly_plan_assets.domain.envelope.race_effort import is_trained_through, race_effort
from weekly_plan_assets.domain.envelope.season import of_week, races_in
from weekly_plan_assets.domain.envelope.time_bounds import TimeBounds
from weekly_plan_assets.domain.envelope.week_capacity import WeekRoom
from weekly_plan_assets.domain.metrics.fitness import max_weekly_load_for_ramp
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import Phase
from weekly_plan_assets.domain.readiness import Light, Readiness
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR
from weekly_plan_assets.domain.week import TrainingWeek

RAMP_PER_WEEK = 5.0
"""Rise of CTL in a week that a plan aims at, at most (Friel: 5-8 is hard building; practice)."""

MAX_RAMP_PER_WEEK = 8.0
"""Rise of CTL in a week that a plan may not exceed (Friel: 5-8 is hard building; practice)."""

STARTER_TARGET_LOAD = 80
"""Three easy half hours of endurance and one of strength. Project convention."""

STARTER_MAX_LOAD = 110
"""A good third over the starter target. Project convention."""

SMALLEST_TARGET_LOAD = 60
SMALLEST_TAPER_LOAD = 30
"""No week aims lower where its days have the room: a share of very little is not a week of
training. A taper may be half of that. Project convention."""

TARGET_SHARE_OF_MAX = 0.95
"""A target stays this far from the bounds, so that whole five minutes can meet it. Convention."""

AMBERS_THAT_HOLD = 2
"""Load does not grow while one signal is red, or so many are amber. Project convention."""


@dataclass(frozen=True, slots=True)
class LoadShares:
    """Weekly load as shares of a usual week, races left out where they are tapered for."""

    min: float
    target: float
    max: float


GROWTH = LoadShares(0.8, 1.05, 1.3)
"""Growth of 5 %. No more than 30 %: above, injuries in novices rose (Nielsen 2014, cohort)."""

NO_GROWTH = LoadShares(0.7, 0.95, 1.05)
"""While signals are raised: about the same once more. Project convention."""

LOAD_SHARES = {
    Phase.BASE: GROWTH,
    Phase.BUILD: GROWTH,
    Phase.SPECIFIC: GROWTH,
    # A recovery week holds 60-70 % of load (coaching practice).
    Phase.RECOVERY: LoadShares(0.6, 0.65, 0.7),
    # Half of what was usual before. Project convention.
    Phase.RETURN: LoadShares(0.0, 0.5, 0.6),
    # The end of the taper, -60 % (Bosquet 2007); less where the days before the race are short.
    Phase.RACE_WEEK: LoadShares(0.2, 0.4, 0.5),
}

TAPER_SHARES = (LoadShares(0.4, 0.56, 0.59), LoadShares(0.4, 0.48, 0.54))
"""The weeks of taper before the race week, in order: volume -41 to -60 %, progressively (Bosquet
2007, meta-analysis). Load stands for volume here, because intensity is kept."""

B_RACE_SHARES = LoadShares(0.2, 0.55, 0.65)
"""The week of a B race, beside it: a taper of a few days (coaching practice)."""

BEFORE_RACES = (*TAPER_SHARES, LOAD_SHARES[Phase.RACE_WEEK], B_RACE_SHARES)
"""The shares of weeks in which training is tapered."""


WITHOUT_MINIMUM = frozenset({Phase.RECOVERY, Phase.RETURN})
"""Phases in which nobody is asked for any load at least (coaching practice)."""

HARDER_THAN_EASY = 1.25
"""A week with its hard sessions holds up to so much more load than the same time of easy ones: 23 %
of it at threshold would come to 1.22. Project convention."""

LEAST_SHARE_OF_TIME = 0.6
"""Of what the week's time brings at an easy pace, so much is asked for at least: short days and
recovery pace bring less. Project convention."""


@dataclass(frozen=True, slots=True)
class RaceLoad:
    """Estimated load of the week's races.

    Attributes:
        inside: Load of short C races, which replace training of the same load.
        on_top: Load of the others; the training around them is tapered for them (practice).
    """

    inside: int
    on_top: int


@dataclass(frozen=True, slots=True)
class LoadBounds:
    """Weekly load, all sessions and races together; never one bound above the next."""

    min: int
    target: int
    max: int


def usual_load(
    phase: Phase,
    metrics: WeeklyMetrics,
    recent: Sequence[WeeklyMetrics],
    history: Sequence[WeeklyMetrics],
) -> tuple[float | None, str]:
    """What a full week usually holds, None if nothing is known; after a break, before the break.

    Recovery weeks and tapers are left out, or every one of them would lower all weeks after it.
    CTL, the longer memory, holds the figure up where it says more: after a taper, or a holiday.

    Args:
        phase: Phase of the coming week.
        metrics: The observed week.
        recent: The weeks that say what is usual, the observed one included.
        history: All earlier weeks that are known.
    """
    known = (*history, metrics)
    weeks = trained_weeks(known) if phase is Phase.RETURN else recent
    eased = eased_weeks(known)
    loads = [
        load for week in weeks if week not in eased and (load := weekly_load(week)) is not None
    ]
    held = max_weekly_load_for_ramp(metrics.ctl_end or 0.0, 0.0)
    if not any(loads):
        if not held:
            return None, "No training load is known, so the week is a small one to start with."
        return held, f"No week with load is known; {held:.0f} a week would hold CTL where it is."
    mean = fmean(loads)
    if phase is Phase.RETURN:
        return mean, f"A week held a load of {mean:.0f} before, {_mean_of(len(loads))}."
    why = f"A full week held a load of {mean:.0f} recently, {_mean_of(len(loads))}."
    if held > mean:
        return held, f"{why} CTL stands for {held:.0f} a week, which counts."
    return mean, why


def _mean_of(weeks: int) -> str:
    """From how many weeks a load comes."""
    return "in the one week that counts" if weeks == 1 else f"the mean of {weeks} weeks"


def shares_for(
    phase: Phase, athlete: Athlete, week: TrainingWeek, readiness: Readiness
) -> tuple[LoadShares, str]:
    """The shares of the planned week, and what raised signals did to them."""
    shares = (
        of_week(phase, athlete, week, LOAD_SHARES, taper=TAPER_SHARES, b_race=B_RACE_SHARES)
        or LOAD_SHARES[phase]
    )
    raised = _that_hold(readiness)
    if shares is GROWTH and raised:
        return NO_GROWTH, f"Load does not grow, because of {', '.join(raised)}."
    return shares, (
        f"A {phase.value} week holds {shares.min:.0%} to {shares.max:.0%} of a full one, aiming at "
        f"{shares.target:.0%}."
    )


def load_bounds(
    shares: LoadShares,
    usual: float | None,
    ctl: float | None,
    room: WeekRoom,
    races: RaceLoad,
) -> LoadBounds:
    """The bounds of the week, its races included.

    The ramp of CTL and the room of the days cap training, not races: those are entered, and need
    no room. What is asked for at least can be met by easy training alone.

    Args:
        shares: Shares of the usual load.
        usual: Load of a usual week; None if nothing is known.
        ctl: CTL at the end of the observed week.
        room: What the days can hold.
        races: What the races of the week bring.
    """
    lowest, aim, highest = _training(shares, usual, ctl)
    inside = races.inside
    lowest, aim, highest = (max(0.0, load - inside) for load in (lowest, aim, highest))
    highest = min(highest, room.most_load)
    aim = min(aim, room.easy_load, highest)
    lowest = min(lowest, TARGET_SHARE_OF_MAX * aim, room.sure_load)
    raced = races.inside + races.on_top
    return LoadBounds(int(lowest) + raced, round(aim) + raced, round(highest) + raced)


def with_time(
    bounds: LoadBounds, time: TimeBounds, races: RaceLoad, easy_load_per_hour: float
) -> LoadBounds:
    """The bounds of a week whose time is bounded too: load follows from time.

    The target is what the time brings this athlete at an easy pace. What is asked for at least is
    never more than most of that. The most is never less than the time brings, so that an athlete
    whose hour has brought less of late is not held to less time for it.
    """
    raced = races.inside + races.on_top
    aim = easy_load_per_hour * time.target_s / SECONDS_PER_HOUR
    highest = max(bounds.max - raced, HARDER_THAN_EASY * aim)
    lowest = min(bounds.min - raced, LEAST_SHARE_OF_TIME * aim)
    return LoadBounds(
        int(max(0.0, lowest)) + raced, round(min(aim, highest)) + raced, round(highest) + raced
    )


def without_minimum(bounds: LoadBounds, races: RaceLoad) -> LoadBounds:
    """The bounds of a week that asks for nothing but its races."""
    return replace(bounds, min=min(bounds.min, races.inside + races.on_top))


def _training(
    shares: LoadShares, usual: float | None, ctl: float | None
) -> tuple[float, float, float]:
    """Minimum, target and maximum as far as past weeks and CTL decide."""
    if usual is None:
        return 0.0, STARTER_TARGET_LOAD, STARTER_MAX_LOAD
    highest, aim = shares.max * usual, shares.target * usual
    if ctl is not None:
        highest = min(highest, max_weekly_load_for_ramp(ctl, MAX_RAMP_PER_WEEK))
        aim = min(aim, max_weekly_load_for_ramp(ctl, RAMP_PER_WEEK))
    smallest = SMALLEST_TAPER_LOAD if shares in BEFORE_RACES else SMALLEST_TARGET_LOAD
    highest = max(highest, smallest / TARGET_SHARE_OF_MAX)
    aim = max(smallest, min(aim, TARGET_SHARE_OF_MAX * highest))
    return shares.min * usual, aim, highest


def race_load(athlete: Athlete, week: TrainingWeek) -> RaceLoad:
    """The estimated load of the week's races."""
    inside = on_top = 0
    for race in races_in(athlete, week):
        load = race_effort(race, athlete).load
        if is_trained_through(race, athlete):
            inside += load
        else:
            on_top += load
    return RaceLoad(inside, on_top)


def _that_hold(readiness: Readiness) -> list[str]:
    """The signals that keep load from growing; none where they do not."""
    red, amber = readiness.with_light(Light.RED), readiness.with_light(Light.AMBER)
    holding = (*red, *amber) if red or len(amber) >= AMBERS_THAT_HOLD else ()
    return [signal.name for signal in holding]
