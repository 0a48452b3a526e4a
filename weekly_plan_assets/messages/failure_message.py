"""The message of a week that could not be planned: why, and what to do."""

from collections.abc import Sequence
from datetime import date

from weekly_plan_assets.common.plain_text import plain
from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.messages.message import Line, Message
from weekly_plan_assets.messages.message_words import MESSAGE_WORDS

MOST_ERRORS = 10
LONGEST_ERROR = 500


def failure_message(
    run_id: str,
    errors: Sequence[str],
    week_start: date,
    week_end: date,
    *,
    observed: date | None,
    language: Language = Language.ENGLISH,
    option: str = "",
) -> Message:
    """Why a week was not planned, and the way out.

    Args:
        run_id: The run that failed.
        errors: Why, a sentence each.
        week_start: The planned week's Monday.
        week_end: Its Sunday.
        observed: The week that it was to be planned from; None in events of before it was kept.
        language: The athlete's, where it is known.
        option: What commands need to be about the athlete, with a blank before it.
    """
    own = MESSAGE_WORDS[language]
    said = [plain(error)[:LONGEST_ERROR] for error in errors[:MOST_ERRORS]]
    more = len(errors) - MOST_ERRORS
    made_from = observed or week_start
    return Message(
        title=own.failed.format(first=week_start, last=week_end),
        lines=(
            *(Line(error) for error in said),
            *([Line(f"+ {more}")] if more > 0 else []),
            Line(),
            *(
                Line(one.format(observed=made_from, week=made_from, athlete=option))
                for one in own.way_out
            ),
            Line(f"runId {run_id}"),
        ),
        is_failure=True,
    )
