"""What an athlete should know of their data and of the weeks, beside the plan: a sentence each.

What is missing of the observed week itself stands in the plan's own warnings.
"""

from collections.abc import Iterator
from datetime import date

from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.domain.week import DAYS_PER_WEEK, TrainingWeek
from weekly_plan_assets.sources.base import TrainingSource

_NO_FILE = "WEEKLY_PLAN_ATHLETE names no file"
_NO_LOAD = "load, CTL and ATL of recordings stay unknown"
_MISSED = {
    "resting_hr_bpm": _NO_LOAD,
    "max_hr_bpm": _NO_LOAD,
    "id": "files of somebody else are noticed only by their sessions",
}


def week_notices(observed: TrainingWeek, today: date) -> Iterator[str]:
    """That the observed week is under way, or that the planned one is, or is over.

    Args:
        observed: The week that is planned from.
        today: The athlete's local day.
    """
    planned = observed.next()
    if observed.start <= today <= observed.end:
        known = (today - observed.start).days + 1
        yield (
            f"the observed week {observed.start} to {observed.end} is under way: {known} of its "
            f"{DAYS_PER_WEEK} days are known, and fitness at its end is that of {today}; plan "
            "again when it is over"
        )
    elif planned.start < today <= planned.end:
        gone = (today - planned.start).days
        yield (
            f"{gone} of {DAYS_PER_WEEK} days of the planned week {planned.start} to {planned.end} "
            "have passed; `weekly-plan run --next` plans the week after it"
        )
    elif planned.end < today:
        yield f"the planned week {planned.start} to {planned.end} is over"


def end_of_data(source: TrainingSource, observed: TrainingWeek, today: date) -> Iterator[str]:
    """That the data ended before the observed week, which then looks like a break.

    Raises:
        SourceError: The source cannot be read.
    """
    last = source.last_day()
    if last is None or last >= observed.start:
        return
    days = (today - last).days
    week = TrainingWeek.containing(last)
    yield (
        f"your data end on {last}, {counted(days, 'day')} ago, so the plan takes the time since "
        "for a break; "
        f"if you have trained, export your data again, or plan from the last week with data: "
        f"--week {week}"
    )


def absent_keys(source: TrainingSource, *, athlete_file: str | None) -> Iterator[str]:
    """Which keys the athlete's own file lacks, and what is unknown without them.

    Args:
        source: The source in force.
        athlete_file: The file; None if none is set.

    Raises:
        SourceError: The source cannot be read.
    """
    by_consequence: dict[str, list[str]] = {}
    for key in source.absent_keys:
        by_consequence.setdefault(_MISSED[key], []).append(key)
    if by_consequence:
        has = f"{athlete_file} has" if athlete_file else f"{_NO_FILE}, so there is"
        missing = (
            f"no {' and no '.join(keys)} ({missed})" for missed, keys in by_consequence.items()
        )
        yield f"{has} {', and '.join(missing)}"
