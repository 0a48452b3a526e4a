"""What an athlete should know of their data and of the weeks, beside the plan: a sentence each.

What is missing of the observed week itself stands in the plan's own warnings.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from weekly_plan_assets.domain.athlete.athlete import Language
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Notices:
    """The sentences of one language, filled with `str.format`."""

    under_way: str
    begun: str
    over: str
    end_of_data: str


_NOTICES: Mapping[Language, _Notices] = {
    Language.ENGLISH: _Notices(
        under_way="the observed week {first} to {last} is under way: {known} of its {days} days "
        "are known, and fitness at its end is that of {today}; plan again when it is over",
        begun="{gone} of {days} days of the planned week {first} to {last} have passed; "
        "`weekly-plan run --next` plans the week after it",
        over="the planned week {first} to {last} is over",
        end_of_data="your data end on {last}, {ago} ago, so the plan takes the time since for a "
        "break; if you have trained, export your data again, or plan from the last week with data: "
        "--week {week}",
    ),
    Language.SPANISH: _Notices(
        under_way="la semana observada, del {first} al {last}, no ha terminado: se conocen {known} "
        "de sus {days} días, y la forma del final es la del {today}; vuelve a planificar cuando "
        "termine",
        begun="ya han pasado {gone} de los {days} días de la semana prevista, del {first} al "
        "{last}; `weekly-plan run --next` planifica la semana siguiente",
        over="la semana prevista, del {first} al {last}, ya ha pasado",
        end_of_data="tus datos terminan el {last}, hace {ago}, y el plan toma el tiempo desde "
        "entonces por una pausa; si has entrenado, exporta tus datos otra vez, o planifica desde "
        "la última semana con datos: --week {week}",
    ),
}


def week_notices(
    observed: TrainingWeek, today: date, language: Language = Language.ENGLISH
) -> Iterator[str]:
    """That the observed week is under way, or that the planned one is, or is over.

    Args:
        observed: The week that is planned from.
        today: The athlete's local day.
        language: That of the plan.
    """
    planned, say = observed.next(), _NOTICES[language]
    if observed.start <= today <= observed.end:
        yield say.under_way.format(
            first=observed.start,
            last=observed.end,
            known=(today - observed.start).days + 1,
            days=DAYS_PER_WEEK,
            today=today,
        )
    elif planned.start < today <= planned.end:
        yield say.begun.format(
            gone=(today - planned.start).days,
            days=DAYS_PER_WEEK,
            first=planned.start,
            last=planned.end,
        )
    elif planned.end < today:
        yield say.over.format(first=planned.start, last=planned.end)


def end_of_data(
    source: TrainingSource,
    observed: TrainingWeek,
    today: date,
    language: Language = Language.ENGLISH,
) -> Iterator[str]:
    """That the data ended before the observed week, which then looks like a break.

    Args:
        source: The source in force.
        observed: The week that is planned from.
        today: The athlete's local day.
        language: That of the plan.

    Raises:
        SourceError: The source cannot be read.
    """
    last = source.last_day()
    if last is None or last >= observed.start:
        return
    days = (today - last).days
    ago = counted(days, "day" if language is Language.ENGLISH else "día")
    yield _NOTICES[language].end_of_data.format(
        last=last, ago=ago, week=TrainingWeek.containing(last)
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
