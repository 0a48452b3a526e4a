"""Which week the partitions begin with: that of the setting, else the one in which the data begin.

Dagster asks for its partitions before any source is opened, so each command that opens the source
remembers here, beside Dagster's history, when the data of its athlete begin. The next process that
loads the code location reads it.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import AfterValidator

from weekly_plan_assets.common.whole_file import write_whole
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.settings.refused_settings import NotAllowedError

SAMPLE_FIRST_WEEK = date(2024, 1, 1)
"""The simulated athlete's."""

UNKNOWN_FIRST_WEEK = date(2015, 1, 5)
"""Of real data before the first run. Project convention: most athletes' devices are younger."""

_OLDEST = date(1990, 1, 1)
"""The first heart-rate monitors with a memory."""

_FILE = "first_days.json"


def _known_past(day: date) -> date:
    if not _OLDEST <= day <= datetime.now(UTC).date():
        raise NotAllowedError(f"allowed is a day from {_OLDEST} to today, as YYYY-MM-DD")
    return day


FirstDay: TypeAlias = Annotated[date, AfterValidator(_known_past)]
"""A day with which partitions may begin."""


def first_week(setting: date | None, folder: Path, *, is_sample: bool) -> date:
    """The Monday of the first partition.

    Args:
        setting: A day of that week, if somebody set one.
        folder: Dagster's state, where earlier runs noted when the data begin.
        is_sample: Whether the data is the simulated athlete's.
    """
    if setting is not None:
        return TrainingWeek.containing(setting).start
    days = _read(folder / _FILE).values()
    if days:
        return TrainingWeek.containing(min(days)).start
    return SAMPLE_FIRST_WEEK if is_sample else UNKNOWN_FIRST_WEEK


def remember_first_day(folder: Path, athlete_id: str, first_day: date) -> None:
    """Note that the data of an athlete begin on a day.

    Raises:
        OSError: The file cannot be written.
    """
    path = folder / _FILE
    known = _read(path)
    if known.get(athlete_id) == first_day:
        return
    _write(path, {**known, athlete_id: first_day})


def forget_first_day(folder: Path, athlete_id: str) -> None:
    """Note nothing of an athlete any more.

    Raises:
        OSError: The file cannot be written.
    """
    path = folder / _FILE
    known = _read(path)
    if known.pop(athlete_id, None) is not None:
        _write(path, known)


def _write(path: Path, days: Mapping[str, date]) -> None:
    text = json.dumps({athlete: str(day) for athlete, day in sorted(days.items())}, indent=2)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, text)


def _read(path: Path) -> dict[str, date]:
    """The first day of each athlete; what cannot be read is noted again by the next run."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        return {str(athlete): date.fromisoformat(day) for athlete, day in known.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
