"""The training week: Monday to Sunday, and the arithmetic of weeks.

Which week is "now" depends on the athlete's time zone; callers pass the local day in. Dagster's
partitions are built on top of this in `weekly_plan_assets.defs.partitions`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

DAYS_PER_WEEK = 7
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years that may be typed or stored: beyond them, weeks cannot be calculated with. Convention."""

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY_NAMES_BY_LANGUAGE: Mapping[str, tuple[str, ...]] = {
    "en": DAY_NAMES,
    "es": ("Lunes", "Martes", "Miércoles", "Jueves", "Viernes", "Sábado", "Domingo"),
}
"""Monday first, by language code, spelt as a plan shows them."""


def language_of_day(name: str) -> str:
    """The language of a weekday's name, by its code; English for a name of none."""
    known = (code for code, names in DAY_NAMES_BY_LANGUAGE.items() if name in names)
    return next(known, "en")


@dataclass(frozen=True, order=True, slots=True)
class TrainingWeek:
    """A week of training, named by its Monday.

    Attributes:
        start: The Monday, a local calendar day of the athlete.

    Raises:
        ValueError: `start` is not a Monday; the message names the Monday of that week.
    """

    start: date

    def __post_init__(self) -> None:
        if self.start.weekday() != 0:
            monday = self.start - timedelta(days=self.start.weekday())
            raise ValueError(
                f"a training week starts on a Monday, but {self.start} is a "
                f"{DAY_NAMES[self.start.weekday()]}; the Monday of that week is {monday}"
            )

    @classmethod
    def containing(cls, day: date) -> Self:
        """The week in which `day` lies."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def parse(cls, key: str) -> Self:
        """The week of a partition key, `YYYY-MM-DD`.

        Raises:
            ValueError: `key` is not such a date, is of another century, or not a Monday.
        """
        try:
            day = date.fromisoformat(key)
        except ValueError as error:
            raise ValueError(
                f"a week is named by its Monday as YYYY-MM-DD, but {key!r} is not a date"
            ) from error
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError(
                f"a training week lies between the years {FIRST_YEAR} and {LAST_YEAR}, but {key} "
                "does not"
            )
        return cls(day)

    @classmethod
    def latest_whole(cls, today: date) -> Self:
        """The last week whose Sunday lies before `today`."""
        return cls.containing(today).shift(-1)

    @property
    def end(self) -> date:
        """The Sunday, inclusive."""
        return self.start + timedelta(days=DAYS_PER_WEEK - 1)

    @property
    def key(self) -> str:
        """The partition key: the Monday as `YYYY-MM-DD`."""
        return self.start.isoformat()

    @property
    def days(self) -> tuple[date, ...]:
        """The seven days, Monday first."""
        return tuple(self.start + timedelta(days=offset) for offset in range(DAYS_PER_WEEK))

    def shift(self, weeks: int) -> Self:
        """The week `weeks` later, earlier where negative."""
        return type(self)(self.start + timedelta(weeks=weeks))

    def next(self) -> Self:
        """The week after this one: the week that a plan made from this one is for."""
        return self.shift(1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return self.key


def weeks_between(first: TrainingWeek, last: TrainingWeek) -> Iterator[TrainingWeek]:
    """Every week from `first` to `last`, both included; nothing where `last` is earlier."""
    week = first
    while week <= last:
        yield week
        week = week.next()


def week_ranges(
    weeks: Iterable[TrainingWeek], longest: int
) -> Iterator[tuple[TrainingWeek, TrainingWeek]]:
    """First and last of weeks that follow one another, none longer than `longest` weeks."""
    first = last = None
    for week in sorted(weeks):
        if first is None or last is None:
            first = last = week
        elif week == last.next() and week < first.shift(longest):
            last = week
        else:
            yield first, last
            first = last = week
    if first is not None and last is not None:
        yield first, last
