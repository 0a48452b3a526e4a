"""How long the easy sessions of a week are: they grow in whole steps until the load is right.

Which places there are for them is decided in `slots`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from weekly_plan_assets.domain.envelope.week_capacity import STEP_S
from weekly_plan_assets.domain.guardrails.load import MAX_LONG_RUN_SHARE, RUNS_FOR_LONG_SHARE
from weekly_plan_assets.domain.plan.weekly_plan import SessionKind, Sport
from weekly_plan_assets.domain.readiness.training_signals import MAX_MONOTONY
from weekly_plan_assets.planners.slots import Slot

TOLERANCE = 0.05
"""A load this close to the target has met it. Project convention."""

SHORTFALL = 0.10
"""A week this much shorter than it aims at is still right where its days would else be too alike:
a day of rest more harms nobody. Project convention."""

Faults = tuple[float, bool, bool]


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before easy sessions are added.

    Where the week's time is known, the sessions grow towards it; else towards the load.

    Attributes:
        load_by_day: Load of fixed, hard and strength sessions on each day, Monday first.
        room_s: Seconds left on each day.
        shortest_s: The shortest session of each day.
        run_s: Seconds of each run that stands.
        planned_s: Endurance time that stands, races left out.
        target_s: Endurance time to aim at; None if nothing is usual.
    """

    load_by_day: tuple[int, ...]
    room_s: tuple[int, ...]
    shortest_s: tuple[int, ...]
    run_s: tuple[int, ...]
    target_load: int
    max_load: int
    planned_s: int = 0
    target_s: int | None = None

    @property
    def load(self) -> int:
        """Total load of the fixed, hard and strength sessions."""
        return sum(self.load_by_day)

    @property
    def aim(self) -> float:
        """What easy sessions are to add: seconds where time is aimed at, else load."""
        if self.target_s is not None:
            return self.target_s - self.planned_s
        return self.target_load - self.load

    @property
    def target(self) -> float:
        """What the week aims at: seconds, else load."""
        return self.target_load if self.target_s is None else self.target_s

    def amount(self, slot: Slot, duration_s: int) -> int:
        """What a session of this length adds towards the aim."""
        return slot.load(duration_s) if self.target_s is None else duration_s


def fill(slots: Sequence[Slot], frame: Frame) -> tuple[int, ...]:
    """Seconds of each slot, 0 where it stays empty, so that the load comes closest to the target.

    As many slots are used as hold the target at their usual length; then others, the closest
    number first, where that meets the target, the bound on monotony or the bound on the share of
    the long run, better. No day gets a second session for the sake of these.
    """
    wanted = _slots_wanted(slots, frame)
    most = max(wanted, sum(not slot.is_last_resort for slot in slots))
    best: tuple[int, ...] = ()
    best_faults: Faults | None = None
    for count in sorted(range(most + 1), key=lambda count: (abs(count - wanted), count)):
        durations = _grown(slots[:count], frame)
        faults = _faults(slots, durations, frame)
        if best_faults is None or faults < best_faults:
            best, best_faults = durations, faults
        if not any(best_faults):
            break
    best = _less_alike(slots, best, frame)
    return best + (0,) * (len(slots) - len(best))


def _less_alike(slots: Sequence[Slot], durations: tuple[int, ...], frame: Frame) -> tuple[int, ...]:
    """The same time with longer long and shorter short sessions, until days differ enough.

    As they were where that cannot be had.
    """
    changed = list(durations)
    while _faults(slots, changed, frame)[1]:
        used = [index for index, duration_s in enumerate(changed) if duration_s]
        shorter = [
            index
            for index in used
            if changed[index] - STEP_S >= frame.shortest_s[slots[index].weekday]
        ]
        longer = [index for index in used if _may_grow(slots, changed, index, frame)]
        if not shorter or not longer:
            return durations
        short = min(shorter, key=lambda index: (changed[index], -index))
        long = max(longer, key=lambda index: (changed[index], -index))
        # A step from a longer session to a shorter one would be taken back by the next.
        if short == long or changed[long] < changed[short]:
            return durations
        changed[short] -= STEP_S
        changed[long] += STEP_S
    kept = _faults(slots, changed, frame) <= _faults(slots, durations, frame)
    return tuple(changed) if kept else durations


def _may_grow(slots: Sequence[Slot], durations: Sequence[int], index: int, frame: Frame) -> bool:
    """Whether a session can be one step longer: by its limits and the room of its day."""
    slot = slots[index]
    day_s = sum(
        duration_s
        for other, duration_s in zip(slots, durations, strict=False)
        if other.weekday == slot.weekday
    )
    fits = day_s + STEP_S <= frame.room_s[slot.weekday]
    return fits and durations[index] + STEP_S <= slot.limits.longest_s


def _slots_wanted(slots: Sequence[Slot], frame: Frame) -> int:
    """How many slots hold the target: at their usual length, before a day gets a second session.

    A second session comes only when those before it cannot hold the target at their full length.
    """
    for count, slot in enumerate(slots):
        held = sum(
            frame.amount(
                one, min(_length(one, full=slot.is_last_resort), frame.room_s[one.weekday])
            )
            for one in slots[:count]
        )
        if held >= frame.aim:
            return count
    return len(slots)


def _length(slot: Slot, *, full: bool) -> int:
    return slot.limits.longest_s if full else int(slot.limits.usual_s)


def _grown(slots: Sequence[Slot], frame: Frame) -> tuple[int, ...]:
    """The slots at the shortest length that fits, grown step by step towards the target.

    The one that is furthest below its usual length grows first.
    """
    room_s = list(frame.room_s)
    durations: list[int] = []
    load, added = frame.load, 0
    for slot in slots:
        shortest_s = _first_s(slot, frame, room_s[slot.weekday], load)
        fits = shortest_s <= room_s[slot.weekday]
        fits = fits and load + slot.load(shortest_s) <= frame.max_load
        # Without its long session a week has no easy one: the first would be the long one.
        fits = fits and not (durations and slots[0].kind is SessionKind.LONG and not durations[0])
        durations.append(shortest_s if fits else 0)
        room_s[slot.weekday] -= durations[-1]
        load += slot.load(durations[-1])
        added += frame.amount(slot, durations[-1])
    for index, duration_s in _growth(slots, durations):
        slot = slots[index]
        if room_s[slot.weekday] < STEP_S or durations[index] != duration_s - STEP_S:
            continue
        if _outgrows_long(slots, durations, index, duration_s):
            continue
        grown = load - slot.load(durations[index]) + slot.load(duration_s)
        more = added - frame.amount(slot, durations[index]) + frame.amount(slot, duration_s)
        # Five minutes may bring no load, where they become warm-up; only what is enough ends it.
        helps = more < frame.aim or abs(more - frame.aim) < abs(added - frame.aim)
        if grown > frame.max_load or not helps:
            break
        room_s[slot.weekday] -= STEP_S
        durations[index], load, added = duration_s, grown, more
    return tuple(durations)


def _outgrows_long(
    slots: Sequence[Slot], durations: Sequence[int], index: int, duration_s: int
) -> bool:
    """Whether an easy session would be longer than the long one of its sport."""
    long = slots[0]
    is_beside = index > 0 and long.kind is SessionKind.LONG and slots[index].sport is long.sport
    return is_beside and duration_s > durations[0]


def _first_s(slot: Slot, frame: Frame, room_s: int, load: float) -> int:
    """The length from which a session grows: the long one from its own, where there is room."""
    least_s = min(slot.least_s, slot.limits.longest_s, room_s // STEP_S * STEP_S)
    shortest_s = min(frame.shortest_s[slot.weekday], slot.limits.longest_s)
    while least_s > shortest_s and load + slot.load(least_s) > frame.max_load:
        least_s -= STEP_S
    return max(least_s, shortest_s)


def _growth(slots: Sequence[Slot], durations: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Every step that any slot can grow: the slot's index and its new length, in order."""
    steps = [
        ((duration_s - STEP_S) / slot.limits.usual_s, index, duration_s)
        for index, (slot, shortest_s) in enumerate(zip(slots, durations, strict=True))
        if shortest_s
        for duration_s in range(shortest_s + STEP_S, slot.limits.longest_s + 1, STEP_S)
    ]
    return ((index, duration_s) for _, index, duration_s in sorted(steps))


def _faults(slots: Sequence[Slot], durations: Sequence[int], frame: Frame) -> Faults:
    """What is not as it should be, the worst first; all of it 0 or False in a good week."""
    by_day = list(frame.load_by_day)
    for slot, duration_s in zip(slots, durations, strict=False):
        by_day[slot.weekday] += slot.load(duration_s)
    added = sum(
        frame.amount(slot, duration_s) for slot, duration_s in zip(slots, durations, strict=False)
    )
    miss = abs(added - frame.aim)
    is_short = frame.target_s is not None and added < frame.aim
    allowed = (SHORTFALL if is_short else TOLERANCE) * frame.target
    return (
        miss if miss > allowed else 0,
        pstdev(by_day) * MAX_MONOTONY < fmean(by_day),
        _long_run_share(slots, durations, frame) > MAX_LONG_RUN_SHARE,
    )


def _long_run_share(slots: Sequence[Slot], durations: Sequence[int], frame: Frame) -> float:
    """The part of the long run in the time of all runs; 0 where there are too few to say.

    0 too where its length is given: then the others follow from it.
    """
    if any(slot.least_s for slot in slots):
        return 0.0
    runs = [
        (duration_s, slot.kind is SessionKind.LONG)
        for slot, duration_s in zip(slots, durations, strict=False)
        if slot.sport is Sport.RUN and duration_s
    ]
    if len(runs) + len(frame.run_s) < RUNS_FOR_LONG_SHARE:
        return 0.0
    whole_s = sum(frame.run_s) + sum(duration_s for duration_s, _ in runs)
    return max((duration_s for duration_s, long in runs if long), default=0) / whole_s
