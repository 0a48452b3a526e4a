"""Which heart-rate zones a planned session holds, and which of them is its main one.

The load that follows from them belongs to `session_load`; recorded sessions to `session_kind`.
"""

from collections.abc import Iterable, Iterator, Mapping

from weekly_plan_assets.domain.plan.session_parts import Block, Stretch
from weekly_plan_assets.domain.plan.weekly_plan import (
    HARD_FROM_ZONE,
    HARD_KINDS,
    PlannedSession,
)
from weekly_plan_assets.domain.recorded.session_kind import (
    TEMPO_Z3_MIN_S,
    TEMPO_Z4_MIN_S,
    VO2_MIN_S,
)
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE

RECOVERY_ZONE, EASY_ZONE, TEMPO_ZONE, THRESHOLD_ZONE, VO2_ZONE = 1, 2, 3, 4, 5
"""What each of the five zones is for."""

HARD_AMOUNT_S = {3: TEMPO_Z3_MIN_S, 4: TEMPO_Z4_MIN_S, 5: VO2_MIN_S}
"""So much time in a zone and above makes a session hard, the same as for recorded sessions."""

STRIDE_S = 30
"""Fast stretches of up to half a minute leave an easy session easy (coaching practice)."""

FINISH_S = 20 * SECONDS_PER_MINUTE
"""A long session may end with so much steady work, far from the 30 min of a hard day (practice)."""


def needs_steps(session: PlannedSession) -> bool:
    """Whether a session is described in blocks of steps: all but strength and races."""
    return not (session.is_strength or session.is_race)


def stretches(blocks: Iterable[Block]) -> Iterator[tuple[int, Stretch]]:
    """Every stretch of a session with how often it is done, in the order of the blocks."""
    for block in blocks:
        for step in block.steps:
            for stretch in step.stretches:
                yield block.repeats * step.repeats, stretch


def as_done(blocks: Iterable[Block]) -> Iterator[Stretch]:
    """Every stretch as often and in the order in which it is done."""
    for block in blocks:
        for _ in range(block.repeats):
            for step in block.steps:
                for _ in range(step.repeats):
                    yield from step.stretches


def zone_times_s(blocks: Iterable[Block]) -> dict[int, int]:
    """Seconds in each zone that the blocks hold, by zone; zones without time are left out."""
    times_s: dict[int, int] = {}
    for times, stretch in stretches(blocks):
        times_s[stretch.zone] = times_s.get(stretch.zone, 0) + times * stretch.duration_s
    return dict(sorted(times_s.items()))


def hard_s(times_s: Mapping[int, int]) -> int:
    """Seconds in zone 3 and above."""
    return from_zone_s(times_s, HARD_FROM_ZONE)


def main_zone(session: PlannedSession) -> int | None:
    """The zone of the part that the session is done for, None if it has no such part.

    A session is hard where its kind says so, or where its steps hold the time that makes a hard
    day (30 min from zone 3 up, 10 min from zone 4 up, 5 min in zone 5; training practice). The
    main zone of a hard session is the one with the most time from zone 3 up; that of any other
    session is the one with the most time. Of two equally long ones it is the harder.
    """
    times_s: Mapping[int, int] = zone_times_s(session.blocks)
    if makes_hard(times_s) or session.kind in HARD_KINDS:
        times_s = {zone: time_s for zone, time_s in times_s.items() if zone >= HARD_FROM_ZONE}
    return longest_zone(times_s)


def makes_hard(times_s: Mapping[int, int]) -> bool:
    """Whether these seconds in each zone are enough for a hard session."""
    return any(from_zone_s(times_s, zone) >= least for zone, least in HARD_AMOUNT_S.items())


def longest_zone(times_s: Mapping[int, int]) -> int | None:
    """The zone with most time, the harder of two equal ones; None of nothing."""
    return max(times_s, key=lambda zone: (times_s[zone], zone), default=None)


def hard_zone(blocks: Iterable[Block]) -> int | None:
    """The zone from 3 up with most time, the harder of two equal ones; None if there is none."""
    hard = {zone: time_s for zone, time_s in zone_times_s(blocks).items() if zone >= HARD_FROM_ZONE}
    return longest_zone(hard)


def from_zone_s(times_s: Mapping[int, int], lowest: int) -> int:
    """Seconds in a zone and those above it."""
    return sum(time_s for zone, time_s in times_s.items() if zone >= lowest)
