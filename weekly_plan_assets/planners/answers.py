"""From the text of an answer to a plan, or to what is wrong with it; and what is kept of the text.

An answer may be anything. Reading it always ends in an assessment, and what is
kept of it can be stored. Who is asked and how often belongs to `attempts`.
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self, TypeAlias

from pydantic import ValidationError

from weekly_plan_assets.domain.guardrails import PlanContext, Verdict, judge_plan, violations
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.planners.base import Answer

LONGEST_ANSWER_BYTES = 200_000
"""A plan takes about 5,000 bytes, the longest that the contract allows for a sensible week a tenth
of this. Longer answers are not read. Project convention."""

KEPT_BYTES = 20_000
"""Of an answer that is too long, so much of its beginning is kept."""

MOST_ERRORS = 50
LONGEST_ERROR = 3_000
"""The most of an error that is shown and stored: ten attempts stay far below 16 MB."""

_FENCE = re.compile(r"\s*```\w*\s(?P<inside>.*)```\s*", re.DOTALL)
_STRING_OR_BLANKS = re.compile(r'("(?:[^"\\]|\\.)*")|\s+')
_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

log = logging.getLogger(__name__)

Assessment: TypeAlias = tuple[WeeklyPlan | None, tuple[str, ...], tuple[Verdict, ...]]


class AmbiguousAnswerError(WeeklyPlanError, ValueError):
    """A key occurs twice in one object, so that two readers could read two plans."""


@dataclass(frozen=True, slots=True)
class KeptText:
    """What is kept of the text of an answer.

    Attributes:
        text: JSON without its blanks, other text as it came; of a text that is too long its
            beginning. A character that is no character, a lone surrogate, is written as its escape.
        whole_bytes: Length of the whole text in UTF-8, where only its beginning is kept.
        whole_sha256: SHA-256 of the whole text, likewise.
    """

    text: str
    whole_bytes: int | None = None
    whole_sha256: str | None = None

    @classmethod
    def of(cls, output_raw: str) -> Self:
        """What is kept of this text."""
        whole = output_raw.encode("utf-8", "backslashreplace")
        if len(whole) <= LONGEST_ANSWER_BYTES:
            return cls(minified(whole.decode()))
        beginning = whole[:KEPT_BYTES].decode("utf-8", "ignore")
        return cls(beginning, len(whole), sha256(whole).hexdigest())


def judged(answer: Answer, kept: KeptText, context: PlanContext) -> Assessment:
    """The assessment of an answer, whatever it holds.

    Args:
        answer: As the planner gave it.
        kept: What is kept of its text, which is what is read.
        context: What a plan is judged against.
    """
    if unusable := _unusable(answer, kept):
        return None, (unusable,), ()
    try:
        return assess(kept.text, context)
    except Exception as error:  # no answer may end the asking
        failure = type(error).__name__
        log.warning("an answer could not be read: %s", failure)
        log.debug("where reading it failed", exc_info=True)
        return None, (f"answer.unreadable: it could not be read ({failure}); write plain JSON",), ()


def assess(output_raw: str, context: PlanContext, *, limited: bool = True) -> Assessment:
    """Read a raw answer and judge it. One code fence around it, a habit of models, is taken off.

    Args:
        output_raw: The text.
        context: What a plan is judged against.
        limited: Whether the limits of answers hold; False for one that was accepted before they
            did.

    Returns:
        The plan (None if the answer has not its shape), the errors, and the rules' verdicts.
    """
    fenced = _FENCE.fullmatch(output_raw)
    text = fenced["inside"] if fenced else output_raw
    try:
        plan = WeeklyPlan.answered(text) if limited else WeeklyPlan.model_validate_json(text)
        if limited:
            _read_once(text)
    except ValidationError as error:
        return None, _error_lines(_shape_errors(error)), ()
    except AmbiguousAnswerError as error:
        return None, _error_lines([f"shape: answer: {error}"]), ()
    verdicts = judge_plan(plan, context)
    broken = violations(verdicts)
    return (
        plan,
        _error_lines(f"{v.rule_id}: {v.observed} ({v.statement})" for v in broken),
        verdicts,
    )


def minified(text: str) -> str:
    """JSON without the blanks between its parts, and otherwise to the byte; other text as it is."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return _STRING_OR_BLANKS.sub(r"\1", text)


def answer_on_one_line(text: str, longest: int = LONGEST_ERROR) -> str:
    """Foreign text as one line of characters that can be stored and shown, cut where it is long."""
    shown = _NOT_SHOWN.sub(" ", text).encode("utf-8", "replace").decode()
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def _unusable(answer: Answer, kept: KeptText) -> str | None:
    """Why an answer cannot be a plan, whatever it says; None if it may be one."""
    if answer.finish_reason == "length":
        return "answer.truncated: it was cut off at the limit of its tokens; be briefer"
    if answer.finish_reason == "content_filter":
        return answer_on_one_line(f"answer.refused: {kept.text or 'the provider held it back'}")
    if kept.whole_bytes is not None:
        return (
            f"answer.too_long: it holds {kept.whole_bytes} bytes, of which the first {KEPT_BYTES} "
            f"are kept; at most {LONGEST_ANSWER_BYTES} are read, and a plan takes about 5000"
        )
    if not kept.text.strip():
        return "answer.empty: it holds no text"
    return None


def _read_once(text: str) -> None:
    """Raise AmbiguousAnswerError where an object has a key twice."""
    json.loads(text, object_pairs_hook=_unambiguous)


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise AmbiguousAnswerError(f"the key {twice!r} occurs twice in one object; keep one")
    return found


def _error_lines(errors: Iterable[str]) -> tuple[str, ...]:
    """The errors as they are stored: each a line, and not more of them than anybody mends."""
    lines = [answer_on_one_line(error) for error in errors]
    if len(lines) <= MOST_ERRORS:
        return tuple(lines)
    more = len(lines) - MOST_ERRORS
    return (*lines[:MOST_ERRORS], f"shape: answer: {more} more errors of this kind")


def _shape_errors(error: ValidationError) -> Iterator[str]:
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        place = ".".join(str(part) for part in detail["loc"]) or "answer"
        yield f"shape: {answer_on_one_line(place, 200)}: {detail['msg']}"
