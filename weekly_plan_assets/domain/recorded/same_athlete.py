"""Whether two sets of recorded training can be the same person's.

Files of a watch name nobody, so what a folder holds is compared with what is stored: the same
person exports the same sessions again. Serial numbers of devices are not looked at, because people
change their watches and share their bike computers.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.week import TrainingWeek

SAME_SHARE = 0.5
"""Part of the sessions in common from which two sets of training are one person's.

Project convention: a person's exports agree nearly wholly, those of two people hardly ever; half
leaves room for files that were deleted or corrected.
"""

SAME_START_S = 60
"""Two programs may write the start of one session so far apart (practice)."""

MEASURED = ("restingHR", "hrv", "sleepSecs", "sleepScore", "steps", "weight")
"""Wellness values that are measured; fitness may be calculated here, and changes with its model."""


def last_recorded(
    activities: Iterable[Activity], wellness: Iterable[WellnessDay], today: date
) -> date | None:
    """The last day up to `today` with a session or a measured value; None without any."""
    days = [row.day for row in activities]
    days += [day for day, _ in _measured(wellness)]
    return max((day for day in days if day <= today), default=None)


@dataclass(frozen=True, slots=True)
class Training:
    """What was recorded of one athlete, as far as it distinguishes people."""

    activities: Sequence[Activity]
    wellness: Sequence[WellnessDay]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was recorded."""
        return not self.activities and not self.wellness


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two sets of training agree.

    Attributes:
        what: What was compared: sessions, or wellness values where one of them has no sessions.
        shared: How many could agree: those in the weeks that both cover, of the smaller set.
        common: How many do.
    """

    what: str
    shared: int
    common: int

    @property
    def contradicts(self) -> bool:
        """Whether the two cannot belong to the same person."""
        return self.common < SAME_SHARE * self.shared


def agreement(stored: Training, offered: Training) -> Agreement:
    """Compare what is stored of an athlete with what a source offers."""
    if stored.activities and offered.activities:
        return _of_sessions(stored.activities, offered.activities)
    return _of_wellness(stored.wellness, offered.wellness)


def _of_sessions(stored: Sequence[Activity], offered: Sequence[Activity]) -> Agreement:
    first = max(_first_week(stored), _first_week(offered))
    last = min(_last_week(stored), _last_week(offered))
    of_stored, of_offered = (
        [row for row in rows if first.start <= row.day <= last.end] for rows in (stored, offered)
    )
    starts = {start for row in of_offered for start in _starts(row)}
    common = sum(_is_among(row, starts) for row in of_stored)
    shared = min(len(of_stored), len(of_offered))
    return Agreement("sessions in the weeks that both cover", shared, min(common, shared))


def _first_week(rows: Sequence[Activity]) -> TrainingWeek:
    return TrainingWeek.containing(min(row.day for row in rows))


def _last_week(rows: Sequence[Activity]) -> TrainingWeek:
    return TrainingWeek.containing(max(row.day for row in rows))


def _starts(row: Activity) -> Iterator[tuple[str, int]]:
    """The start in UTC, where it is known, and on the athlete's clock, in steps of tolerance."""
    sent = (row.model_extra or {}).get("start_date")
    if isinstance(sent, str) and (moment := _moment(sent)) is not None:
        yield "utc", int(moment.timestamp()) // SAME_START_S
    local = row.start_date_local.replace(tzinfo=UTC)
    yield "local", int(local.timestamp()) // SAME_START_S


def _is_among(row: Activity, starts: Collection[tuple[str, int]]) -> bool:
    near = ((clock, step + by) for clock, step in _starts(row) for by in (-1, 0, 1))
    return any(start in starts for start in near)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _of_wellness(stored: Sequence[WellnessDay], offered: Sequence[WellnessDay]) -> Agreement:
    before, after = _measured(stored), _measured(offered)
    both = before.keys() & after.keys()
    common = sum(before[key] == after[key] for key in both)
    return Agreement("wellness values of the same days", len(both), common)


def _measured(days: Iterable[WellnessDay]) -> Mapping[tuple[date, str], float]:
    values: dict[tuple[date, str], float] = {}
    for day in days:
        sent = day.model_dump(by_alias=True)
        for key in MEASURED:
            if sent.get(key) is not None:
                values[day.day, key] = float(sent[key])
    return values
