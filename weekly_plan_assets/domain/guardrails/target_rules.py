"""Rules about targets: each stretch is steered by something, and by nothing unfit for it."""

from collections.abc import Callable, Iterator

from weekly_plan_assets.domain.athlete.targets import SPEED_BY_ZONE, bears_heart_rate, is_by_feel
from weekly_plan_assets.domain.athlete.thresholds import ThresholdMeasure, pace_metres
from weekly_plan_assets.domain.envelope.season import goal_race
from weekly_plan_assets.domain.guardrails.rule import (
    Guardrail,
    PlanContext,
    RuleOutcome,
    passes_if,
    place,
    sessions_by_day,
)
from weekly_plan_assets.domain.guardrails.text_limits import MOST_EFFORT
from weekly_plan_assets.domain.plan.session_parts import (
    ZONES_BY_INTENT,
    Intent,
    Stretch,
    Target,
    TargetKind,
)
from weekly_plan_assets.domain.plan.session_zones import stretches
from weekly_plan_assets.domain.plan.weekly_plan import HARD_FROM_ZONE, Sport, WeeklyPlan

POWER_BY_ZONE = {1: (0.0, 0.60), 2: (0.45, 0.80), 3: (0.72, 0.96), 4: (0.86, 1.08), 5: (1.0, 2.0)}
"""Shares of FTP that a target in a zone lies between: Coggan's levels, and a little around them."""

HR_OFF_BPM = 3
WATTS_OFF = 5
SHARE_OFF = 0.02
"""What rounding changes. Project convention."""

Judge = Callable[[Stretch, Sport, PlanContext], Iterator[str]]


def _target_present(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    return _judged(plan, context, _lacking, "every stretch says what steers it")


def _target_fits(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    return _judged(plan, context, _unfit, "every target is the athlete's")


def _judged(
    plan: WeeklyPlan, context: PlanContext, judge: Judge, right: str
) -> tuple[RuleOutcome, str]:
    if plan.schema_version == "2.0":
        return RuleOutcome.NOT_EVALUATED, "contract 2.0 has no targets"
    wrong = [
        f"{place(day, session)}, {stretch.intent.value}: {fault}"
        for day, session in sessions_by_day(plan)
        for _, stretch in stretches(session.blocks)
        for fault in judge(stretch, session.sport, context)
    ]
    return passes_if(not wrong, "; ".join(dict.fromkeys(wrong)) or right)


def _lacking(stretch: Stretch, sport: Sport, context: PlanContext) -> Iterator[str]:
    """What a stretch should be steered by and is not, or is and should not be."""
    kinds = {target.kind for target in stretch.targets}
    if TargetKind.RPE not in kinds:
        yield "no effort of 10 (rpe) among its targets"
    if TargetKind.HR in kinds and not bears_heart_rate(stretch, sport):
        yield "heart rate cannot steer it: it is short, fast or in water"
    known = context.athlete.threshold_in(sport)
    needs_number = stretch.zone >= HARD_FROM_ZONE and not is_by_feel(stretch)
    if known is None or not needs_number:
        return
    if stretch.uphill and known.measure is ThresholdMeasure.PACE:
        return
    if known.measure.value not in kinds:
        yield f"no {known.measure.value}, though the athlete's threshold is known"


def _unfit(stretch: Stretch, sport: Sport, context: PlanContext) -> Iterator[str]:
    """What a stretch asks for that does not suit its zone."""
    if stretch.zone not in ZONES_BY_INTENT[stretch.intent]:
        yield f"it does not belong to zone {stretch.zone}"
    for target in stretch.targets:
        low, high = _allowed(target, stretch, sport, context)
        if high is None:
            yield f"{target.kind.value} is stated, but none is known of the athlete"
        elif target.high > high or (target.low is not None and target.low < low):
            stated = f"{target.low or 0:g} to {target.high:g}"
            yield f"{target.kind.value} of {stated}; right is {low:.0f} to {high:.0f}"


def _allowed(
    target: Target, stretch: Stretch, sport: Sport, context: PlanContext
) -> tuple[float, float | None]:
    """The least and the greatest number of a target; None where there should be none at all."""
    athlete, zone = context.athlete, stretch.zone
    if target.kind is TargetKind.RPE:
        return 0.0, float(MOST_EFFORT[zone])
    if target.kind is TargetKind.HR:
        bounds = athlete.training_bounds(zone, sport)
        if bounds.bpm_high is None:
            return 0.0, None
        return (bounds.bpm_low or 0) - HR_OFF_BPM, bounds.bpm_high + HR_OFF_BPM
    known = athlete.threshold_in(sport)
    if target.kind is TargetKind.POWER:
        if known is None or sport is not Sport.RIDE:
            return 0.0, None
        low, high = POWER_BY_ZONE[zone]
        return low * known.value - WATTS_OFF, high * known.value + WATTS_OFF
    return _allowed_pace(stretch, sport, context)


def _allowed_pace(
    stretch: Stretch, sport: Sport, context: PlanContext
) -> tuple[float, float | None]:
    """Seconds for a km, or for 100 m swum: of the threshold, and of own easy sessions.

    Where no threshold is known, race effort has the pace that is wanted in the race.
    """
    metres = pace_metres(sport)
    known, own = context.athlete.threshold_in(sport), context.athlete.easy_pace_in(sport)
    slow, fast = SPEED_BY_ZONE[stretch.zone]
    speeds = [] if known is None else [slow * known.value, fast * known.value]
    if known is None and stretch.intent is Intent.RACE:
        speeds = list(_wanted_m_s(sport, context))
    if own is not None and stretch.zone < HARD_FROM_ZONE:
        speeds += [own.slow_m_s, own.fast_m_s]
    if not speeds or sport is Sport.RIDE:
        return 0.0, None
    slowest = min(speeds) * (1 - SHARE_OFF)
    return metres / (max(speeds) * (1 + SHARE_OFF)), metres / slowest if slowest else float("inf")


def _wanted_m_s(sport: Sport, context: PlanContext) -> Iterator[float]:
    """The speed that is wanted in the next A race, where it is of this sport."""
    race = goal_race(context.athlete, context.planned_week)
    if race is None or race.sport not in {None, sport}:
        return
    if race.distance_m is not None and race.target_time_s is not None:
        yield race.distance_m / race.target_time_s


TARGET_RULES = (
    Guardrail(
        id="target.present",
        version=1,
        statement=(
            "Every stretch says how hard it feels, of 10; a hard one is steered by power or pace "
            "where the athlete's threshold is known, and none by heart rate that is short, fast "
            "or in water."
        ),
        threshold=(
            "0 stretches without; power or pace from zone 3 up and 25 s; heart rate from 8 min, "
            "easy stretches left out"
        ),
        source="Heart rate lags in short work; RPE is always there (Foster)",
        grade="practice",
        check=_target_present,
    ),
    Guardrail(
        id="target.fits",
        version=2,
        statement=(
            "Every target lies where the athlete's own zones and thresholds put the zone of its "
            "stretch, and its intent belongs to that zone; without a threshold, race effort has "
            "the pace that the athlete wants in the race."
        ),
        threshold=(
            "power by Coggan's levels, pace by Friel's zones, with some margin; heart rate 3 bpm "
            "off; effort of at most 4, 5, 7, 9 and 10 in zones 1 to 5"
        ),
        source="Coggan's levels of power; Friel's zones of pace; Foster's session RPE",
        grade="practice",
        check=_target_fits,
    ),
)
