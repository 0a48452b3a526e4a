"""Where the coming week stands in the cycle of building and easing, judged from past weeks.

Only the decision and its thresholds; what a phase means for load belongs to `envelope`.
"""

from collections.abc import Sequence
from datetime import timedelta

from weekly_plan_assets.domain.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.weekly_plan import Phase

BREAK_WEEKS = 2
"""Weeks without training after which an athlete returns instead of going on. Project convention."""

NEARLY_EMPTY_SHARE = 0.1
"""A week below this share of the busiest known week counts as a week without training.

Project convention: one jog or a strength session does not end a break.
"""

BUILDING_WEEKS = 3
"""Building weeks before a recovery week: the 3:1 cycle (coaching practice)."""

EASIER_SHARE = 0.75
"""A week at or below this share of the week before was an easier one.

Recovery weeks hold 60-70 % of load (coaching practice); a little more, because nobody hits a
planned load exactly.
"""

FATIGUED_FORM = -30.0
"""Form (CTL - ATL) below which fatigue is flagged (Intervals.icu form zones; practice)."""

BUILD_NEEDS_WEEKS = 3
"""Weeks with training that must be known before load is built up. Project convention."""


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


def season_phase(metrics: WeeklyMetrics, history: Sequence[WeeklyMetrics]) -> tuple[Phase, str]:
    """The phase of the week after `metrics`, and why.

    A break comes first, then fatigue, then the 3:1 cycle. A week that is not known ends both a
    break and a block, because nothing says what happened in it.

    Args:
        metrics: The observed week.
        history: Earlier weeks, oldest first.
    """
    weeks = [*history, metrics]
    trained = trained_weeks(weeks)
    recent = _unbroken(weeks)
    empty = _leading([week not in trained for week in recent])
    if empty >= BREAK_WEEKS:
        return Phase.RETURN, f"The last {empty} weeks held no training worth the name."
    observed_form = form(metrics)
    if observed_form is not None and observed_form < FATIGUED_FORM:
        return Phase.RECOVERY, (
            f"Form was {observed_form:.0f} at the end of the observed week, "
            f"below {FATIGUED_FORM:.0f}."
        )
    building = _leading([week in trained and not easier for week, easier in _compared(recent)])
    if building >= BUILDING_WEEKS:
        return Phase.RECOVERY, f"The last {building} weeks held load without an easier one."
    if len(trained) < BUILD_NEEDS_WEEKS:
        return Phase.BASE, (
            f"Known weeks with training: {len(trained)}; load is built up from {BUILD_NEEDS_WEEKS}."
        )
    return (
        Phase.BUILD,
        f"Building weeks since the last easier one: {building}, of {BUILDING_WEEKS} in a cycle.",
    )


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
    """Each week with whether it ended a block: easier than the week before, or of unknown load."""
    pairs = []
    for week, before in zip(newest_first, [*newest_first[1:], None], strict=True):
        load = weekly_load(week)
        load_before = None if before is None else weekly_load(before)
        easier = load is None or (load_before is not None and load <= EASIER_SHARE * load_before)
        pairs.append((week, easier))
    return pairs


def _leading(flags: Sequence[bool]) -> int:
    """How many flags are set before the first that is not."""
    return flags.index(False) if False in flags else len(flags)
