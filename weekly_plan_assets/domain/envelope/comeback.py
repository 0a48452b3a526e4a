"""The way back after illness, injury or a gap: over how many weeks, how much, and how to run.

By the days that were lost, and for an injury by what was hurt; the load says nothing of it. What a
race leaves behind belongs to `aftermath`, which phase a week is to `phase`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from pydantic import Field

from weekly_plan_assets.domain.athlete.athlete import Absence, AbsenceKind, Athlete
from weekly_plan_assets.domain.athlete.habit import HABIT_WEEKS
from weekly_plan_assets.domain.athlete.injury import Tissue
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.envelope.season import ILLNESS, is_minor
from weekly_plan_assets.domain.week import DAYS_PER_WEEK, TrainingWeek

SHARES = {1: (0.5,), 2: (0.5, 0.7), 3: (0.5, 0.65, 0.8), 4: (0.5, 0.6, 0.7, 0.85)}
"""Of the usual time, week by week, by how many weeks the way back takes (coaching practice: as many
days as were lost; George 2024 finds no dated schedule proven)."""

MOST_WEEKS = max(SHARES)

SLOW_TISSUES = frozenset({Tissue.BONE, Tissue.TENDON})
"""What takes four weeks from a week's loss on, runs every other day and begins with walks between
(George 2024: pain-free walking, then walk and run; the weeks are coaching practice)."""

RUN_STRETCHES_S = (2 * 60, 4 * 60, 8 * 60)
"""Seconds of running between walks in the first weeks after bone or tendon; then without walks."""

LONGEST_RUNS_S = (30 * 60, 35 * 60, 40 * 60, 45 * 60)
"""The longest run of each of these weeks. Project convention."""

BREAK_WEEKS = 2
"""Weeks without training after which an athlete returns instead of going on. Project convention."""

LONG_RETURN_WEEKS = 3
"""After a way back of so many weeks the first full week grows from the last one. Convention."""

LONG_GAP_WEEKS = 4
"""From so many empty weeks on the way back takes longer. Project convention."""


class Comeback(Document):
    """A planned week on the way back.

    Attributes:
        week: Which week of it, from 1.
        weeks: How many it has.
        share: What the week aims at, as a share of the usual time.
        hurt: What an injury hurt; None after illness and gaps.
        run_every_days: Days from one run to the next, at least.
        run_stretch_s: Seconds to run between walks; None for running throughout.
        longest_run_s: No run is longer; None where past runs decide.
    """

    week: int = Field(ge=1)
    weeks: int = Field(ge=1)
    share: float = Field(gt=0, le=1)
    hurt: Tissue | None = None
    run_every_days: int = Field(default=1, ge=1)
    run_stretch_s: int | None = Field(default=None, gt=0)
    longest_run_s: int | None = Field(default=None, gt=0)


@dataclass(frozen=True, slots=True)
class WaysBack:
    """The way back that the planned week is on, and the one that the observed week was on."""

    now: Comeback | None = None
    before: Comeback | None = None

    @property
    def most_hard_sessions(self) -> int | None:
        """The most in the first week after a way back: none after an injury; None in others."""
        return None if self._ended is None else int(self._ended.hurt is None)

    @property
    def ended_a_long_one(self) -> bool:
        """Whether the planned week is the first after a long way back."""
        return self._ended is not None and self._ended.weeks >= LONG_RETURN_WEEKS

    @property
    def _ended(self) -> Comeback | None:
        return self.before if self.now is None else None


@dataclass(frozen=True, slots=True)
class _Loss:
    """Days without training: how many, the last of them, and why."""

    days: int
    last: date
    kind: AbsenceKind | None
    hurt: Tissue | None = None

    @property
    def is_slow(self) -> bool:
        return self.hurt in SLOW_TISSUES and self.days >= DAYS_PER_WEEK

    @property
    def weeks(self) -> int:
        """Weeks that the way back takes."""
        if self.is_slow:
            return MOST_WEEKS
        weeks = max(1, ceil(self.days / DAYS_PER_WEEK))
        if self.kind is None:
            weeks = 2 if self.days < LONG_GAP_WEEKS * DAYS_PER_WEEK else MOST_WEEKS
        return min(weeks, MOST_WEEKS)


def comeback(
    athlete: Athlete, observed: TrainingWeek, times_s: Mapping[date, float]
) -> Comeback | None:
    """The way back that the week after `observed` is on; None if it is on none.

    Of several the one that leaves least decides. An illness or injury that goes on through the
    planned week counts as its first week.

    Args:
        athlete: With their absences.
        observed: The observed week; nothing after it is looked at.
        times_s: Seconds of endurance of each week by its Monday.
    """
    losses = [
        _Loss((one.last - one.first).days + 1, one.last, one.kind, _hurt(one))
        for one in athlete.absences
        if one.kind in ILLNESS
        and one.first <= observed.next().end
        and not is_minor(one, observed.next())
    ]
    gap = _gap(observed, times_s)
    found = [_week_of(loss, observed.next()) for loss in (*losses, *([gap] if gap else []))]
    return min((one for one in found if one is not None), key=lambda one: one.share, default=None)


def _hurt(absence: Absence) -> Tissue | None:
    if absence.kind is not AbsenceKind.INJURED:
        return None
    return absence.hurt or Tissue.OTHER


def _gap(observed: TrainingWeek, times_s: Mapping[date, float]) -> _Loss | None:
    """The latest run of empty weeks of the last ones, with training before it; None without one."""
    weeks = [observed.shift(-back) for back in range(HABIT_WEEKS)]
    empty = [not times_s.get(week.start) for week in weeks]
    first = next((index for index, one in enumerate(empty) if one), None)
    if first is None:
        return None
    last = next((index for index in range(first, len(weeks)) if not empty[index]), None)
    if last is None or last - first < BREAK_WEEKS:
        return None
    return _Loss((last - first) * DAYS_PER_WEEK, weeks[first].end, None)


def _week_of(loss: _Loss, planned: TrainingWeek) -> Comeback | None:
    """Which week of the way back the planned one is."""
    first = TrainingWeek.containing(loss.last + timedelta(days=1))
    index = max(0, (planned.start - first.start).days // DAYS_PER_WEEK)
    if index >= loss.weeks:
        return None
    shares = SHARES[loss.weeks]
    return Comeback(
        week=index + 1,
        weeks=loss.weeks,
        share=shares[index],
        hurt=loss.hurt,
        run_every_days=2 if loss.hurt is not None else 1,
        run_stretch_s=RUN_STRETCHES_S[index]
        if loss.is_slow and index < len(RUN_STRETCHES_S)
        else None,
        longest_run_s=LONGEST_RUNS_S[index] if loss.is_slow else None,
    )
