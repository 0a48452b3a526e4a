"""The loop that asks a planner, judges each answer, and sends back what was wrong.

How an answer is read, and what is kept of it, belongs to `answers`.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from time import perf_counter

from weekly_plan_assets.domain.attempt import Attempt
from weekly_plan_assets.planners.answers import KeptText, answer_on_one_line, judged
from weekly_plan_assets.planners.base import Planner, PlannerError, PlanningRequest, Rejection

MOST_TOKENS = 10**9
"""A count beyond this is none: whole sets of training data are smaller."""

LONGEST_NAME = 200
"""Of who answered, and of why the answer ended: so much is kept of what a provider says."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Budget:
    """What all attempts together may take; None is no bound. None begins once it is used up."""

    time_s: float | None = None
    tokens: int | None = None

    def overrun(self, attempts: Sequence[Attempt], elapsed_s: float) -> str | None:
        """What is used up, in a sentence; None if nothing is."""
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
    kept = KeptText.of(answer.output_raw)
    came = judged(answer, kept, request)
    return Attempt(
        attempt=len(earlier),
        output_raw=kept.text,
        output_raw_bytes=kept.whole_bytes,
        output_raw_sha256=kept.whole_sha256,
        errors=came.errors,
        verdicts=came.verdicts,
        plan=came.plan,
        notes=came.notes,
        input_tokens=_counted(answer.input_tokens),
        output_tokens=_counted(answer.output_tokens),
        cached_tokens=_counted(answer.cached_tokens),
        cost_usd=_cost(answer.cost_usd),
        continued=answer.continued,
        finish_reason=_named(answer.finish_reason),
        model=_named(answer.model),
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


def _counted(tokens: int | None) -> int | None:
    """A count of tokens as a provider states it; None if it cannot be one."""
    return tokens if tokens is not None and 0 <= tokens <= MOST_TOKENS else None


def _cost(usd: float | None) -> float | None:
    """A cost as a planner states it; None if it cannot be one."""
    return usd if usd is not None and 0 <= usd < inf else None


def _named(text: str | None) -> str | None:
    return None if text is None else answer_on_one_line(text, LONGEST_NAME)
