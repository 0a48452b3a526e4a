"""What steers a stretch of a session: watts, pace, heart rate or effort, by what an athlete has.

Effort of 10 always; power ridden, pace run and swum where a threshold is known; heart rate where
it has time to settle, and never in water. Where a threshold comes from belongs to `thresholds`.
"""

from collections.abc import Iterator
from math import ceil, floor

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.race import Race
from weekly_plan_assets.domain.athlete.race_intensity import (
    middling_race_s,
    race_shares,
    zone_of_race,
)
from weekly_plan_assets.domain.athlete.race_time import expected_time_s
from weekly_plan_assets.domain.athlete.thresholds import (
    Threshold,
    ThresholdMeasure,
    pace_metres,
)
from weekly_plan_assets.domain.plan.session_parts import (
    INTENT_BY_ZONE,
    Block,
    Intent,
    Step,
    Stretch,
    Target,
    TargetKind,
)
from weekly_plan_assets.domain.plan.session_zones import EASY_ZONE
from weekly_plan_assets.domain.plan.speeds import SPEED_M_S, fastest_m_s
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE

Shares = dict[Intent, tuple[float | None, float]]

HR_SETTLES_S = 8 * SECONDS_PER_MINUTE
"""Heart rate takes minutes to follow: shorter hard work is not steered by it (practice)."""

BY_FEEL_S = 25
"""Nobody reads a number in so short a stretch (coaching practice)."""

POWER_SHARES: Shares = {
    Intent.RECOVERY: (None, 0.55),
    Intent.EASY: (0.56, 0.75),
    Intent.STEADY: (0.76, 0.83),
    Intent.TEMPO: (0.83, 0.90),
    Intent.THRESHOLD: (0.94, 1.02),
    Intent.VO2: (1.06, 1.20),
}
"""Of FTP (Coggan's levels 1 to 5; steady and tempo are the halves of level 3)."""

SHORT_S = 45
SHORT_POWER = (1.12, 1.25)
"""Of FTP, in hard stretches of up to so many seconds with rests as short: they are ridden above the
power of long ones, or oxygen uptake stays low (Ronnestad 2015, 10.1111/sms.12165: as hard as can be
held to the end; the numbers are coaching practice)."""

PACE_SHARES: Shares = {
    Intent.RECOVERY: (None, 0.77),
    Intent.EASY: (0.77, 0.87),
    Intent.STEADY: (0.87, 0.91),
    Intent.TEMPO: (0.90, 0.95),
    Intent.THRESHOLD: (0.97, 1.01),
    Intent.VO2: (1.04, 1.11),
}
"""Of the speed at threshold (Friel's zones of running pace: 2 ends at 114 % of the pace at
threshold, 3 at 106 %, 4 at 99 %, 5b at 90 %)."""

SWIM_SHARES: Shares = {
    Intent.RECOVERY: (None, 0.87),
    Intent.EASY: (0.85, 0.92),
    Intent.STEADY: (0.92, 0.96),
    Intent.TEMPO: (0.95, 0.98),
    Intent.THRESHOLD: (0.98, 1.01),
    Intent.VO2: (1.03, 1.08),
}
"""Of the speed at CSS (coaching practice)."""

POOL_M = 50
"""Swims are planned in lengths of 50 m, or two of 25 m."""

LEAST_SWIM_S = 2 * SECONDS_PER_MINUTE
"""A shorter stretch that states no metres is a rest. Project convention."""

SPEED_BY_ZONE = {1: (0.0, 0.82), 2: (0.5, 0.92), 3: (0.80, 0.99), 4: (0.90, 1.06), 5: (0.99, 1.4)}
"""Shares of the speed at threshold that a pace in a zone lies between: Friel's zones, and a little
around them."""

MIDDLING_M_S = {Sport.RUN: 3.0, Sport.RIDE: 7.5, Sport.SWIM: 0.85}
"""Of athletes whose speed at threshold is not known: about 5:33 for a km, 27 km/h, 1:58 for 100 m
(practice)."""

EFFORTS: dict[Intent, tuple[int, int]] = {
    Intent.RECOVERY: (1, 2),
    Intent.EASY: (2, 3),
    Intent.STEADY: (4, 5),
    Intent.TEMPO: (5, 6),
    Intent.THRESHOLD: (7, 8),
    Intent.VO2: (8, 9),
    Intent.SPRINT: (7, 8),
}
"""On the scale of ten (Foster's session RPE; the ranges are coaching practice)."""

RACE_EFFORTS = {2: (4, 5), 3: (5, 7), 4: (7, 8), 5: (9, 10)}
"""The same of a race by its zone: as other work there, and a little more towards the end."""

RACE_PACE_OFF = 0.01
"""Even pacing: a hundredth slower or faster on flat ground (coaching practice)."""

PACED = frozenset({Sport.RUN, Sport.SWIM})
"""Sports whose races have a pace; that of rides follows from their course."""

NEARLY = 0.98
"""Of the fastest that anybody is: rounding must not lead above it."""

EASY_INTENTS = frozenset({Intent.RECOVERY, Intent.EASY})
WATTS_STEP, PACE_STEP_S, EASY_PACE_STEP_S = 5, 1, 5
"""Targets are rounded to what can be read off a watch while moving."""

NO_MORE = 1e-6
"""What floating point may be off by."""


def with_targets(
    blocks: tuple[Block, ...], athlete: Athlete, sport: Sport, race: Race | None = None
) -> tuple[Block, ...]:
    """The blocks, each stretch with the targets of this athlete; those it has already stay.

    Args:
        blocks: Those of one session.
        athlete: Whose thresholds and zones count.
        sport: That of the session.
        race: The one that stretches at race effort prepare for.
    """
    return tuple(
        block.model_copy(
            update={
                "steps": tuple(
                    _step_with_targets(step, athlete, sport, race) for step in block.steps
                )
            }
        )
        for block in blocks
    )


def _step_with_targets(step: Step, athlete: Athlete, sport: Sport, race: Race | None) -> Step:
    def steered(stretch: Stretch) -> Stretch:
        if stretch.targets:
            return stretch
        if sport is Sport.SWIM:
            stretch = _in_metres(stretch, athlete)
        return stretch.model_copy(update={"targets": targets_of(stretch, athlete, sport, race)})

    recovery = None if step.recovery is None else steered(step.recovery)
    return step.model_copy(update={"work": steered(step.work), "recovery": recovery})


def _in_metres(stretch: Stretch, athlete: Athlete) -> Stretch:
    """A swim with the metres that its time is likely to hold; rests at the wall have none."""
    if stretch.distance_m is not None or stretch.duration_s < LEAST_SWIM_S:
        return stretch
    speed_m_s = likely_speed_m_s(threshold_m_s(athlete, Sport.SWIM), Sport.SWIM, stretch.intent)
    metres = stretch.duration_s * speed_m_s
    whole = max(1, round(metres / POOL_M)) * POOL_M
    return stretch.model_copy(update={"distance_m": whole})


def targets_of(
    stretch: Stretch, athlete: Athlete, sport: Sport, race: Race | None = None
) -> tuple[Target, ...]:
    """What steers a stretch, the first one first, effort last; `race` as in `with_targets`."""
    easy = stretch.intent in EASY_INTENTS
    by_heart = tuple(_heart_rate(stretch, athlete, sport))
    by_race = tuple(_of_race(stretch, athlete, sport, race))
    by_threshold = by_race or tuple(_of_threshold(stretch, athlete, sport, race))
    # An easy run has a ceiling first of all; power says at once what heart rate says late.
    first = by_heart + by_threshold if easy and sport is Sport.RUN else by_threshold + by_heart
    low, high = effort(stretch)
    return (*first, Target(kind=TargetKind.RPE, low=low, high=high))


def race_targets(race: Race, zone: int, duration_s: int, athlete: Athlete) -> tuple[Target, ...]:
    """What steers a race: the pace that is wanted, else what a threshold holds so long; effort."""
    sport = race.sport or Sport.RUN
    stretch = Stretch(intent=Intent.RACE, zone=zone, duration_s=duration_s)
    # A pace that nobody holds so long is no target, whatever is wanted.
    by_pace = tuple(
        target
        for target in _race_pace(race, sport)
        if _fastest_of(target, sport) <= fastest_m_s(sport, zone)
    )
    by_threshold = () if by_pace else tuple(_of_threshold(stretch, athlete, sport, race))
    by_heart = () if by_pace or by_threshold else tuple(_heart_rate(stretch, athlete, sport))
    low, high = effort(stretch)
    return (*by_pace, *by_threshold, *by_heart, Target(kind=TargetKind.RPE, low=low, high=high))


def _fastest_of(pace: Target, sport: Sport) -> float:
    """The fastest speed of a pace, in m/s."""
    metres = pace_metres(sport)
    return metres / (pace.low or pace.high)


def _race_pace(race: Race, sport: Sport) -> Iterator[Target]:
    """The pace of the wanted time, a hundredth slower and faster; rides go by their course."""
    if race.target_time_s is None or race.distance_m is None or sport not in PACED:
        return
    metres = pace_metres(sport)
    slowest_m_s, fastest_m_s = SPEED_M_S[sport]
    if not slowest_m_s <= race.distance_m / race.target_time_s <= fastest_m_s:  # nobody's pace
        return
    pace_s = race.target_time_s / race.distance_m * metres
    low, high = (
        _rounded(pace_s * (1 + off), PACE_STEP_S) for off in (-RACE_PACE_OFF, RACE_PACE_OFF)
    )
    yield Target(kind=TargetKind.PACE, low=low, high=high)


def threshold_m_s(athlete: Athlete, sport: Sport) -> float:
    """The athlete's speed at threshold, else that of somebody middling."""
    threshold = athlete.threshold_in(sport)
    if threshold is None or threshold.measure is not ThresholdMeasure.PACE:
        return MIDDLING_M_S[sport]
    return threshold.value


def likely_speed_m_s(threshold_m_s: float, sport: Sport, intent: Intent) -> float:
    """How fast somebody with this threshold is likely to run or swim, where metres decide."""
    shares = SWIM_SHARES if sport is Sport.SWIM else PACE_SHARES
    slow, fast = shares.get(intent, shares[Intent.THRESHOLD])
    return threshold_m_s * ((fast if slow is None else slow) + fast) / 2


def own_target(threshold: Threshold) -> Target:
    """A threshold itself as a target: its watts, or its pace."""
    if threshold.measure is ThresholdMeasure.POWER:
        watts = round(threshold.value)
        return Target(kind=TargetKind.POWER, low=watts, high=watts)
    metres = pace_metres(threshold.sport)
    pace_s = _rounded(metres / threshold.value, PACE_STEP_S)
    return Target(kind=TargetKind.PACE, low=pace_s, high=pace_s)


def effort(stretch: Stretch) -> tuple[int, int]:
    """How a stretch should feel, of 10."""
    return RACE_EFFORTS[stretch.zone] if stretch.intent is Intent.RACE else EFFORTS[stretch.intent]


def is_by_feel(stretch: Stretch) -> bool:
    """Whether a stretch is too short, or too fast, for any number but effort."""
    return stretch.intent is Intent.SPRINT or stretch.duration_s <= BY_FEEL_S


def bears_heart_rate(stretch: Stretch, sport: Sport) -> bool:
    """Whether heart rate can steer a stretch: it has time to settle, or sets an upper limit."""
    if sport is Sport.SWIM or is_by_feel(stretch):
        return False
    easy = stretch.intent in EASY_INTENTS
    return easy or (stretch.duration_s >= HR_SETTLES_S and stretch.intent is not Intent.VO2)


def _heart_rate(stretch: Stretch, athlete: Athlete, sport: Sport) -> Iterator[Target]:
    if not bears_heart_rate(stretch, sport):
        return
    bounds = athlete.training_bounds(stretch.zone, sport)
    if bounds.bpm_high is None:
        return
    low, high = bounds.bpm_low if stretch.zone > EASY_ZONE else None, bounds.bpm_high
    if stretch.intent is Intent.STEADY and low is not None:
        high = (low + high) // 2  # the half that tempo begins above
    yield Target(kind=TargetKind.HR, low=low, high=high)


def _of_threshold(
    stretch: Stretch, athlete: Athlete, sport: Sport, race: Race | None
) -> Iterator[Target]:
    threshold = athlete.threshold_in(sport)
    if threshold is None or is_by_feel(stretch):
        return
    if stretch.uphill and threshold.measure is ThresholdMeasure.PACE:
        return
    shares = _shares(stretch, athlete, sport, race)
    if shares is None:
        return
    if threshold.measure is ThresholdMeasure.POWER:
        yield _power(*shares, threshold.value)
        return
    slow, fast = shares
    own = athlete.easy_pace_in(sport)
    slow_m_s = None if slow is None else slow * threshold.value
    fast_m_s = fast * threshold.value
    if own is not None and stretch.intent is Intent.EASY:
        slow_m_s, fast_m_s = own.slow_m_s, own.fast_m_s
    if slow_m_s is None:  # as slow as one likes: the ceiling is what matters
        return
    if sport is Sport.RUN:
        fast_m_s = min(fast_m_s, NEARLY * fastest_m_s(sport, stretch.zone))
        slow_m_s = min(slow_m_s, fast_m_s)
    metres = pace_metres(sport)
    step_s = EASY_PACE_STEP_S if stretch.intent is Intent.EASY else PACE_STEP_S
    yield Target(
        kind=TargetKind.PACE,
        low=_rounded(metres / fast_m_s, step_s),
        high=_rounded(metres / slow_m_s, step_s),
    )


def _shares(
    stretch: Stretch, athlete: Athlete, sport: Sport, race: Race | None
) -> tuple[float | None, float] | None:
    """The shares of the threshold that a stretch is done at; None where it goes by effort.

    Race effort follows from how long the race takes; in water from its zone.
    """
    is_race = stretch.intent is Intent.RACE
    if sport is Sport.SWIM:
        return SWIM_SHARES[INTENT_BY_ZONE[stretch.zone] if is_race else stretch.intent]
    if is_race:
        return race_shares(sport, _raced_s(stretch.zone, athlete, sport, race))
    if sport is Sport.RUN:
        return PACE_SHARES[stretch.intent]
    is_short = stretch.intent is Intent.VO2 and stretch.duration_s <= SHORT_S
    return SHORT_POWER if is_short else POWER_SHARES[stretch.intent]


def _raced_s(zone: int, athlete: Athlete, sport: Sport, race: Race | None) -> float:
    """Seconds of the race that a stretch in a zone prepares for: one of that zone."""
    if race is not None and race.sport in {None, sport}:
        expected_s = expected_time_s(race, sport, athlete)
        if zone_of_race(sport, expected_s) == zone:
            return expected_s
    return middling_race_s(zone)


def _of_race(
    stretch: Stretch, athlete: Athlete, sport: Sport, race: Race | None
) -> Iterator[Target]:
    """The pace that is wanted in the race, where it belongs to the zone of the stretch."""
    threshold = athlete.threshold_in(sport)
    if stretch.intent is not Intent.RACE or race is None or race.sport not in {None, sport}:
        return
    metres = pace_metres(sport)
    slow, fast = SPEED_BY_ZONE[stretch.zone]
    most_m_s = NEARLY * fastest_m_s(sport, stretch.zone)
    for target in _race_pace(race, sport):
        slowest_m_s, quickest_m_s = metres / target.high, metres / (target.low or target.high)
        # Without a threshold nobody knows whether it is within reach: it is what the athlete wants.
        fits = threshold is None or (
            slow * threshold.value <= slowest_m_s and quickest_m_s <= fast * threshold.value
        )
        if quickest_m_s <= most_m_s and fits:
            yield target


def _power(low: float | None, high: float, ftp_w: float) -> Target:
    """Shares of FTP as watts, inside of the range: no number belongs to two intents."""
    most = WATTS_STEP * max(1, floor(high * ftp_w / WATTS_STEP + NO_MORE))
    if low is None:
        return Target(kind=TargetKind.POWER, high=most)
    least = WATTS_STEP * ceil(low * ftp_w / WATTS_STEP - NO_MORE)
    if least >= most:  # of an FTP that leaves no room for steps
        least, most = (max(1, round(share * ftp_w)) for share in (low, high))
    return Target(kind=TargetKind.POWER, low=least, high=most)


def _rounded(value: float, step: int) -> int:
    return step * round(value / step)
