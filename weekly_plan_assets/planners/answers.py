"""From the text of an answer to a plan, or to what is wrong with it; and what is kept of the text.

An answer may be anything. Reading it always ends in an assessment, and what is
kept of it can be stored. Who is asked and how often belongs to `attempts`.
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Self

import orjson
from pydantic import ValidationError

from weekly_plan_assets.domain.guardrails import Verdict, judge_plan, violations
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.planners.base import Answer, PlanningRequest
from weekly_plan_assets.planners.decisions.completion import completed
from weekly_plan_assets.planners.decisions.lenient import (
    UndecidedError,
    json_within,
    read_decisions,
    says_decisions,
)

LONGEST_ANSWER_BYTES = 200_000
"""A plan takes about 5,000 bytes, the longest that the contract allows for a sensible week a tenth
of this. Longer answers are not read. Project convention."""

KEPT_BYTES = 20_000
"""Of an answer that is too long, so much of its beginning is kept."""

MOST_ERRORS = 50
LONGEST_ERROR = 3_000
"""The most of an error that is shown and stored: ten attempts stay far below 16 MB."""

IN_FIGURES = "week"
"""Begins the line that shows a rejected week in figures, and names no rule."""

_FENCE = re.compile(r"\s*```\w*\s(?P<inside>.*)```\s*", re.DOTALL)
_STRING_OR_BLANKS = re.compile(r'("(?:[^"\\]|\\.)*")|\s+')
_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What came of an answer.

    Attributes:
        plan: None if the answer has not the shape of one.
        errors: Why it is not accepted, each beginning with the rule's id.
        verdicts: What the rules say.
        notes: What was read otherwise than it stood there, added or left out.
    """

    plan: WeeklyPlan | None = None
    errors: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    notes: tuple[str, ...] = ()


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


def judged(answer: Answer, kept: KeptText, request: PlanningRequest) -> Assessment:
    """The assessment of an answer, whatever it holds.

    Args:
        answer: As the planner gave it.
        kept: What is kept of its text, which is what is read.
        request: What was asked.
    """
    if unusable := _unusable(answer, kept):
        return Assessment(errors=(unusable,))
    try:
        return assess(kept.text, request)
    except Exception as error:  # no answer may end the asking
        failure = type(error).__name__
        log.warning("an answer could not be read: %s", failure)
        log.debug("where reading it failed", exc_info=True)
        fault = f"answer.unreadable: it could not be read ({failure}); write plain JSON"
        return Assessment(errors=(fault,))


def assess(output_raw: str, request: PlanningRequest, *, limited: bool = True) -> Assessment:
    """Read a raw answer, a whole plan or decisions, and judge it.

    One code fence around a plan is taken off; around decisions any words may stand.

    Args:
        output_raw: The text.
        request: What was asked.
        limited: Whether the limits of answers hold; False for one that was accepted before they
            did.
    """
    fenced = _FENCE.fullmatch(output_raw)
    text = fenced["inside"] if fenced else output_raw
    try:
        document = json_within(text, _unambiguous if limited else dict)
        if says_decisions(document):
            return _of_decisions(document, request)
        plan = WeeklyPlan.answered(text) if limited else WeeklyPlan.model_validate_json(text)
    except ValidationError as error:
        return Assessment(errors=_error_lines(_shape_errors(error)))
    except UndecidedError as error:
        return Assessment(errors=_error_lines(error.lines))
    except AmbiguousAnswerError as error:
        return Assessment(errors=_error_lines([f"shape: answer: {error}"]))
    return _of_plan(plan, request)


def _of_plan(plan: WeeklyPlan, request: PlanningRequest) -> Assessment:
    verdicts = judge_plan(plan, request.context)
    broken = (f"{v.rule_id}: {v.observed} ({v.statement})" for v in violations(verdicts))
    return Assessment(plan, _error_lines(broken), verdicts)


def _of_decisions(document: Mapping[str, Any], request: PlanningRequest) -> Assessment:
    """The plan of decisions; where it breaks a rule, the week in figures is an error more."""
    week = completed(read_decisions(document), request)
    judged_plan = _of_plan(week.plan, request)
    errors = judged_plan.errors
    if errors:
        errors = _error_lines([*errors, f"{IN_FIGURES}: {week.in_figures}"])
    return replace(judged_plan, errors=errors, notes=tuple(map(answer_on_one_line, week.notes)))


def minified(text: str) -> str:
    """JSON without the blanks between its parts, and otherwise to the byte; other text as it is."""
    if _has_no_blanks(text):
        return text
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return _STRING_OR_BLANKS.sub(r"\1", text)


def _has_no_blanks(text: str) -> bool:
    """Whether it is JSON as it is written without them, as our own planner does."""
    try:
        return orjson.dumps(orjson.loads(text)) == text.encode()
    except (ValueError, TypeError):
        return False


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
