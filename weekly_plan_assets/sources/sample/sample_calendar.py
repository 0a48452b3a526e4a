"""How the simulated athlete's life goes: races, training blocks, illness, holidays, gaps.

Decided by the date alone, year by year. Illness, holidays and gaps are kept for the past: from
`ORDINARY_FROM` on there are none, so that the newest week, which is shown first, is worth a look.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from weekly_plan_assets.sources.sample.draw import generator

FIRST_DAY = date(2024, 1, 1)
"""A Monday; the simulation starts here."""

ORDINARY_FROM = date(2026, 9, 1)
"""From this day on the athlete trains, races, and nothing comes between."""

_RACES = ((4, 28), (10, 6))
"""Month and day on or after whose week's Sunday an A race is run each year."""

_HALF_MARATHON_M = 21_097.5
_B_RACE_WEEKS_BEFORE = 4
_BUILD_WEEKS = 10
_TAPER_WEEKS = 2
_CYCLE_WEEKS = 4


class SeasonBlock(StrEnum):
    """What kind of week it is."""

    BASE = "base"
    BUILD = "build"
    TAPER = "taper"
    RACE = "race"
    AFTER_RACE = "after_race"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class SampleDay:
    """What the calendar says of one day."""

    date: date
    block: SeasonBlock
    is_race: bool
    is_ill: bool
    is_easy_week: bool
    watch_is_lost: bool


def day_of(day: date) -> SampleDay:
    """What the calendar says of `day`."""
    monday = day - timedelta(days=day.weekday())
    block = _block(monday)
    week_number = (monday - FIRST_DAY).days // 7
    return SampleDay(
        date=day,
        block=block,
        is_race=block is SeasonBlock.RACE and day.weekday() == 6,  # noqa: PLR2004 - Sunday
        is_ill=_within(day, _illnesses(day.year)),
        is_easy_week=(
            block in (SeasonBlock.BASE, SeasonBlock.BUILD)
            and week_number % _CYCLE_WEEKS == _CYCLE_WEEKS - 1
        ),
        watch_is_lost=_within(day, _lost_watch(day.year)),
    )


def events_between(first: date, last: date) -> list[dict[str, Any]]:
    """The entries of the athlete's calendar that begin on the days `first` to `last`, by start.

    Races are entered years ahead. The B race, a 10 km, is run as a hard session of a training week.
    """
    entries = [
        entry
        for year in range(first.year, last.year + 1)
        for entry in (*_race_entries(year), *_absence_entries(year))
        if first.isoformat() <= entry["start_date_local"][:10] <= last.isoformat()
    ]
    return sorted(entries, key=lambda entry: (entry["start_date_local"], entry["id"]))


def _race_entries(year: int) -> Iterator[dict[str, Any]]:
    for number, season in enumerate(("Spring", "Autumn")):
        sunday = _race_monday(year, number) + timedelta(days=6)
        race = {"type": "Run", "moving_time": 92 * 60, "distance": _HALF_MARATHON_M}
        yield _entry("RACE_A", f"{season} half marathon", sunday, sunday) | race
        before = sunday - timedelta(weeks=_B_RACE_WEEKS_BEFORE)
        yield _entry("RACE_B", f"{season} 10 km", before, before) | {
            "type": "Run",
            "moving_time": 41 * 60,
            "distance": 10_000,
        }


def _absence_entries(year: int) -> Iterator[dict[str, Any]]:
    for name, span in zip(("Flu", "Cold"), _illnesses(year), strict=False):
        yield _entry("SICK", name, *span)
    for name, span in zip(("Summer holiday", "Christmas"), _holidays(year), strict=False):
        yield _entry("HOLIDAY", name, *_whole_weeks(*span))


def _whole_weeks(first: date, last: date) -> tuple[date, date]:
    """First and last day of the weeks whose Monday is inside a span; these are without training."""
    monday = first + timedelta(days=-first.weekday() % 7)
    last_monday = last - timedelta(days=last.weekday())
    return monday, last_monday + timedelta(days=6)


def _entry(category: str, name: str, first: date, last: date) -> dict[str, Any]:
    return {
        "id": f"e{first:%Y%m%d}{category}",
        "category": category,
        "name": name,
        "start_date_local": f"{first}T00:00:00",
        "end_date_local": f"{last + timedelta(days=1)}T00:00:00",
    }


def _block(monday: date) -> SeasonBlock:
    if _within(monday, _holidays(monday.year)):
        return SeasonBlock.HOLIDAY
    races = [_race_monday(year, n) for year in (monday.year, monday.year + 1) for n in (0, 1)]
    if monday - timedelta(weeks=1) in races:
        return SeasonBlock.AFTER_RACE
    weeks_to_race = min((race - monday).days // 7 for race in races if race >= monday)
    if weeks_to_race == 0:
        return SeasonBlock.RACE
    if weeks_to_race <= _TAPER_WEEKS:
        return SeasonBlock.TAPER
    return SeasonBlock.BUILD if weeks_to_race <= _BUILD_WEEKS else SeasonBlock.BASE


@cache
def _race_monday(year: int, number: int) -> date:
    day = date(year, *_RACES[number])
    return day - timedelta(days=day.weekday())


@cache
def _illnesses(year: int) -> list[tuple[date, date]]:
    """A week of flu in late winter and a cold in November."""
    chance = generator("illness", year)
    flu = date(year, 2, 1) + timedelta(days=chance.randrange(0, 30))
    cold = date(year, 11, 1) + timedelta(days=chance.randrange(0, 20))
    return _in_the_past(
        (flu, flu + timedelta(days=chance.randrange(6, 10))),
        (cold, cold + timedelta(days=chance.randrange(2, 5))),
    )


@cache
def _holidays(year: int) -> list[tuple[date, date]]:
    """Weeks without any training: two in August, one at the turn of the year."""
    august = date(year, 8, 5) + timedelta(days=generator("holiday", year).randrange(0, 8))
    return _in_the_past(
        (august - timedelta(days=6), august + timedelta(days=7)),
        (date(year, 12, 22), date(year, 12, 28)),
    )


@cache
def _lost_watch(year: int) -> list[tuple[date, date]]:
    """Eighteen days without a watch at night, in early summer."""
    lost = date(year, 6, 1) + timedelta(days=generator("watch", year).randrange(0, 25))
    return _in_the_past((lost, lost + timedelta(days=17)))


def _in_the_past(*spans: tuple[date, date]) -> list[tuple[date, date]]:
    return [span for span in spans if span[0] < ORDINARY_FROM]


def _within(day: date, spans: list[tuple[date, date]]) -> bool:
    return any(first <= day <= last for first, last in spans)
