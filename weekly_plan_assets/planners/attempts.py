"""The loop that asks a planner, judges each answer, and tells it what was wrong."""

import json
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

from pydantic import ValidationError

from weekly_plan_assets.domain.attempt import Attempt
from weekly_plan_assets.domain.guardrails import PlanContext, Verdict, judge, violations
from weekly_plan_assets.domain.weekly_plan import WeeklyPlan
from weekly_plan_assets.planners.base import (
    Answer,
    Planner,
    PlannerError,
    PlanningRequest,
    Rejection,
)

_FENCE = re.compile(r"\s*```\w*\s(?P<inside>.*)```\s*", re.DOTALL)
_STRING_OR_BLANKS = re.compile(r'("(?:[^"\\]|\\.)*")|\s+')

log = logging.getLogger(__name__)

Assessment = tuple[WeeklyPlan | None, tuple[str, ...], tuple[Verdict, ...]]


@dataclass(frozen=True, slots=True)
class Budget:
    """What all attempts together may take; None is no bound. None begins once it is used up."""

    time_s: float | None = None
    tokens: int | None = None

    def overrun(self, attempts: Sequence[Attempt], elapsed_s: float) -> str | None:
        """What is used up, in a sentence; None where nothing is."""
        tokens = sum(attempt.tokens for attempt in attempts)
        made = f"the {len(attempts)} attempt{'s' if len(attempts) > 1 else ''} so far took"
        if self.time_s is not None and elapsed_s >= self.time_s:
            return f"budget.time: {made} {elapsed_s:.0f} s of {self.time_s:.0f}"
        if self.tokens is not None and tokens >= self.tokens:
            return f"budget.tokens: {made} {tokens} tokens of {self.tokens}"
        return None


UNBOUNDED = Budget()


def ask(
    planner: Planner,
    request: PlanningRequest,
    prompt: str,
    max_attempts: int,
    *,
    budget: Budget = UNBOUNDED,
    fallback: Planner | None = None,
) -> tuple[Attempt, ...]:
    """Ask until an answer is valid, the attempts run out, the budget does, or the planner breaks.

    Args:
        planner: Who is asked.
        request: What a plan is judged against.
        prompt: What the planner is asked with.
        max_attempts: How often it is asked.
        budget: After how much it is not asked again.
        fallback: Asked once where no answer was valid.

    Returns:
        Every attempt, in order; the last one decides.
    """
    attempts = _ask_until_valid(planner, request, prompt, max_attempts, budget)
    if fallback is not None and attempts[-1].errors:
        log.warning("%s has no valid plan; %s plans instead", planner.model_id, fallback.model_id)
        attempt = _ask_once(fallback, request, prompt, attempts)
        attempts.append(attempt.model_copy(update={"fallback": True}))
    return tuple(attempts)


def _ask_until_valid(
    planner: Planner, request: PlanningRequest, prompt: str, max_attempts: int, budget: Budget
) -> list[Attempt]:
    attempts: list[Attempt] = []
    began_s = perf_counter()
    while len(attempts) < max_attempts:
        started_at, start_s = datetime.now(UTC), perf_counter()
        try:
            attempts.append(_ask_once(planner, request, prompt, attempts))
        except PlannerError as error:
            log.error("%s", error)  # noqa: TRY400 - its sentence says all
            attempts.append(_without_answer(len(attempts), error, started_at, start_s))
            break
        latest = attempts[-1]
        if not latest.errors:
            break
        log.warning("attempt %d was rejected: %s", latest.attempt, "; ".join(latest.errors))
        overrun = budget.overrun(attempts, perf_counter() - began_s)
        if overrun and len(attempts) < max_attempts:
            attempts[-1] = latest.model_copy(update={"errors": (*latest.errors, overrun)})
            break
    return attempts


def _ask_once(
    planner: Planner, request: PlanningRequest, prompt: str, earlier: Sequence[Attempt]
) -> Attempt:
    rejections = [Rejection(attempt.output_raw, attempt.errors) for attempt in earlier]
    started_at, start_s = datetime.now(UTC), perf_counter()
    answer = planner.propose(request, prompt, rejections)
    duration_s = perf_counter() - start_s
    plan, errors, verdicts = _judged(answer, request.context)
    return Attempt(
        attempt=len(earlier),
        output_raw=minified(answer.output_raw),
        errors=errors,
        verdicts=verdicts,
        plan=plan,
        input_tokens=answer.input_tokens,
        output_tokens=answer.output_tokens,
        finish_reason=answer.finish_reason,
        model=answer.model,
        started_at=started_at,
        duration_s=round(duration_s, 6),
    )


def _without_answer(
    number: int, error: PlannerError, started_at: datetime, start_s: float
) -> Attempt:
    return Attempt(
        attempt=number,
        output_raw="",
        errors=(f"planner.failed: {error}",),
        verdicts=(),
        started_at=started_at,
        duration_s=round(perf_counter() - start_s, 6),
    )


def _judged(answer: Answer, context: PlanContext) -> Assessment:
    unusable = _unusable(answer)
    return (None, (unusable,), ()) if unusable else assess(answer.output_raw, context)


def assess(output_raw: str, context: PlanContext) -> Assessment:
    """Read a raw answer and judge it. One code fence around it, a habit of models, is taken off.

    Returns:
        The plan (None where the answer has not its shape), the errors, and the rules' verdicts.
    """
    fenced = _FENCE.fullmatch(output_raw)
    try:
        plan = WeeklyPlan.model_validate_json(fenced["inside"] if fenced else output_raw)
    except ValidationError as error:
        return None, tuple(_shape_errors(error)), ()
    verdicts = judge(plan, context)
    broken = violations(verdicts)
    return plan, tuple(f"{v.rule_id}: {v.observed} ({v.statement})" for v in broken), verdicts


def minified(text: str) -> str:
    """JSON without the blanks between its parts, and otherwise to the byte; other text as it is."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return _STRING_OR_BLANKS.sub(r"\1", text)


def _unusable(answer: Answer) -> str | None:
    """Why an answer cannot be a plan, whatever it says; None where it may be one."""
    if answer.finish_reason == "length":
        return "answer.truncated: it was cut off at the limit of its tokens; be briefer"
    if answer.finish_reason == "content_filter":
        return f"answer.refused: {answer.output_raw or 'the provider held it back'}"
    if not answer.output_raw.strip():
        return "answer.empty: it holds no text"
    return None


def _shape_errors(error: ValidationError) -> Iterator[str]:
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        place = ".".join(str(part) for part in detail["loc"]) or "answer"
        yield f"shape: {place}: {detail['msg']}"
