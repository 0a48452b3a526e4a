"""The sessions of a plan, and a note about its week, as entries of a calendar."""

from collections.abc import Sequence

from weekly_plan_assets.domain.athlete.athlete import Athlete, Language
from weekly_plan_assets.domain.delivery.entries import StepSummary, WantedEntry
from weekly_plan_assets.domain.plan.session_id import week_note_id
from weekly_plan_assets.domain.plan.weekly_plan import NextWeek, PlannedDay
from weekly_plan_assets.domain.recorded.calendar import NOTE_CATEGORY
from weekly_plan_assets.domain.week import language_of_day
from weekly_plan_assets.planners.words import WORDS
from weekly_plan_assets.rendering.intervals_parser import check_text
from weekly_plan_assets.rendering.intervals_text import (
    intervals_target,
    intervals_text,
    text_parts,
)
from weekly_plan_assets.rendering.plain_prose import plain_prose
from weekly_plan_assets.rendering.rendered_session import RenderedSession, rendered_week

NOTE_NAMES = {Language.ENGLISH: "The week", Language.SPANISH: "La semana"}


def session_entries(days: Sequence[PlannedDay], athlete: Athlete | None) -> tuple[WantedEntry, ...]:
    """The sessions of a week as the calendar of Intervals.icu takes them.

    The text of each was read back by our own parser to equal steps.

    Args:
        days: The planned week.
        athlete: Whose thresholds steer the sessions; None if they are not known.

    Raises:
        RenderingError: A session's text would be read as other steps.
    """
    return tuple(_entry(one) for one in rendered_week(days, athlete))


def _entry(rendered: RenderedSession) -> WantedEntry:
    text = intervals_text(rendered)
    check_text(rendered, text)
    return WantedEntry(
        session_id=rendered.session_id,
        day=rendered.day,
        type=rendered.session.sport.value,
        name=rendered.title,
        description=text,
        moving_time_s=rendered.session.duration_s,
        target=intervals_target(rendered),
        has_steps=bool(rendered.parts),
        summary=_summary(rendered),
        is_race=rendered.session.is_race,
    )


def _summary(rendered: RenderedSession) -> StepSummary | None:
    parts = text_parts(rendered)
    if not parts:
        return None
    steps = [step for part in parts for _ in range(part.repeats) for step in part.steps]
    return StepSummary(
        steps=len(steps),
        targets=sum(step.steering is not None for step in steps),
        timed_s=sum(step.duration_s or 0 for step in steps),
    )


def week_note(
    week: NextWeek, reasons: Sequence[str], first_day_name: str, run_id: str, *, is_hard: bool
) -> WantedEntry:
    """A note about the whole week: its objective, why it looks as it does, and its run.

    Args:
        week: The planned week.
        reasons: Why, a text each.
        first_day_name: Its Monday in the plan's language.
        run_id: The run that planned it.
        is_hard: Whether it holds a hard session.
    """
    language = Language(language_of_day(first_day_name))
    label = WORDS[language].phase_label(week.phase, is_hard=is_hard)
    lines = [week.objective, *(f"• {reason}" for reason in reasons)]
    return WantedEntry(
        session_id=week_note_id(week.week_start),
        day=week.week_start,
        category=NOTE_CATEGORY,
        name=f"{NOTE_NAMES[language]}: {label}",
        description="\n".join([*(plain_prose(line) for line in lines), f"runId {run_id}"]),
    )
