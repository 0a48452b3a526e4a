"""What the page of an overview holds: who needs a look, then the others, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from weekly_plan_assets.athletes.overview import (
    AthleteWeek,
    LastWeek,
    WeekStatus,
    signals_in_words,
)
from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.planners.wording import date_in_words, first_day_in_words
from weekly_plan_assets.planners.words import WORDS

_WORDS = WORDS[Language.ENGLISH]


@dataclass(frozen=True, slots=True)
class Served:
    """Addresses of a served page's neighbours, relative to it.

    Attributes:
        week_pages: Followed by the runId.
        overview: The page itself, without a week.
    """

    week_pages: str = "week-page/"
    overview: str = "overview"


@dataclass(frozen=True, slots=True)
class AthleteOnPage:
    """A row of the page; a text is empty where there is nothing to say.

    Attributes:
        link: Address of the page of the week; None where there is none.
        week: The week, where the athletes are in different ones.
        lights: Word of CSS and text of each light that is not green.
    """

    name: str
    athlete_id: str
    link: str | None
    status: str
    week: str
    phase: str
    hours: str
    load: str
    sessions: str
    races: tuple[str, ...]
    lights: tuple[tuple[str, str], ...]
    last_week: str
    look: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OverviewOnPage:
    """The page.

    Attributes:
        is_simulated: Whether the athletes are not real persons.
        counts: What is counted, and how many.
        look: The athletes that need a look.
        others: The other athletes.
        weeks: Title and address of the pages of the weeks before and after.
    """

    title: str
    is_simulated: bool
    counts: tuple[tuple[str, int], ...]
    look: tuple[AthleteOnPage, ...]
    others: tuple[AthleteOnPage, ...]
    weeks: tuple[tuple[str, str], ...]


def overview_on_page(
    rows: Sequence[AthleteWeek], *, is_simulated: bool, served: Served | None = None
) -> OverviewOnPage:
    """The page of an overview.

    Args:
        rows: The athletes, the most urgent first.
        is_simulated: Whether they are not real persons.
        served: Where the pages beside it are; None for a file, which leads nowhere.
    """
    weeks = sorted({TrainingWeek(one.week_start) for one in rows})
    mixed = len(weeks) > 1
    statuses = [one.status for one in rows]
    return OverviewOnPage(
        title=_title(weeks),
        is_simulated=is_simulated,
        counts=(
            ("Athletes", len(rows)),
            *((f"{one.value}".capitalize(), statuses.count(one)) for one in WeekStatus),
            ("To look at", sum(bool(one.look) for one in rows)),
        ),
        look=tuple(_row(one, served, mixed=mixed) for one in rows if one.look),
        others=tuple(_row(one, served, mixed=mixed) for one in rows if not one.look),
        weeks=() if served is None or not weeks else _neighbours(weeks, served),
    )


def done_in_words(done: LastWeek) -> str:
    """Sessions done of those planned, and the share of their time."""
    share = "" if done.time_share is None else f", {done.time_share:.0%} of the time"
    return f"{done.sessions_done} of {done.sessions_planned}{share}"


def _title(weeks: Sequence[TrainingWeek]) -> str:
    if not weeks:
        return "Overview"
    first, last = weeks[0].start, weeks[-1].end
    span = f"{first_day_in_words(first, last, _WORDS)} to {date_in_words(last, _WORDS)}"
    return f"Overview of {span} {last.year}"


def _neighbours(weeks: Sequence[TrainingWeek], served: Served) -> tuple[tuple[str, str], ...]:
    return (
        ("Week before", f"{served.overview}?week={weeks[0].shift(-1)}"),
        ("Week after", f"{served.overview}?week={weeks[-1].next()}"),
    )


def _row(row: AthleteWeek, served: Served | None, *, mixed: bool) -> AthleteOnPage:
    has_page = row.status is WeekStatus.PLANNED and row.run_id is not None
    link = served and has_page and f"{served.week_pages}{quote(row.run_id or '', safe='')}"
    lights = (("red", row.red), ("amber", row.amber))
    return AthleteOnPage(
        name=row.called,
        athlete_id="" if row.name is None else row.athlete_id,
        link=link or None,
        status=row.status.value,
        week=f"week of {date_in_words(row.week_start, _WORDS)}" if mixed else "",
        phase="" if row.phase is None else _WORDS.phases[row.phase],
        hours="" if row.hours is None else f"{row.hours:.1f}",
        load="" if row.load is None else f"{row.load:g}",
        sessions="" if row.sessions is None else str(row.sessions),
        races=row.races,
        lights=tuple((light, signals_in_words([name])) for light, of in lights for name in of),
        last_week="" if row.last_week is None else done_in_words(row.last_week),
        look=row.look,
    )
