"""The loop that asks a planner, judges each answer, and tells it what was wrong."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from time import perf_counter

from pydantic import ValidationError

from weekly_plan_assets.domain.attempt import Attempt
from weekly_plan_assets.domain.guardrails import PlanContext, Verdict, judge, violations
from weekly_plan_assets.domain.weekly_plan import WeeklyPlan
from weekly_plan_assets.planners.base import Planner, PlanningRequest, Rejection


def ask(
    planner: Planner, request: PlanningRequest, prompt: str, max_attempts: int
) -> tuple[Attempt, ...]:
    """Ask until an answer is valid or the attempts run out; every answer is returned, in order."""
    attempts: list[Attempt] = []
    for number in range(max_attempts):
        rejections = [Rejection(earlier.output_raw, earlier.errors) for earlier in attempts]
        attempts.append(_ask_once(planner, request, prompt, number, rejections))
        if not attempts[-1].errors:
            break
    return tuple(attempts)


def _ask_once(
    planner: Planner,
    request: PlanningRequest,
    prompt: str,
    number: int,
    rejections: Sequence[Rejection],
) -> Attempt:
    started_at, start_s = datetime.now(UTC), perf_counter()
    output_raw = planner.propose(request, prompt, rejections)
    duration_s = perf_counter() - start_s
    plan, errors, verdicts = assess(output_raw, request.context)
    return Attempt(
        attempt=number,
        output_raw=output_raw,
        errors=errors,
        verdicts=verdicts,
        plan=plan,
        started_at=started_at,
        duration_s=round(duration_s, 6),
    )


def assess(
    output_raw: str, context: PlanContext
) -> tuple[WeeklyPlan | None, tuple[str, ...], tuple[Verdict, ...]]:
    """Read a raw answer and judge it.

    Returns:
        The plan (None where the answer has not its shape), the errors, and the rules' verdicts.
    """
    try:
        plan = WeeklyPlan.model_validate_json(output_raw)
    except ValidationError as error:
        return None, tuple(_shape_errors(error)), ()
    verdicts = judge(plan, context)
    broken = violations(verdicts)
    return plan, tuple(f"{v.rule_id}: {v.observed} ({v.statement})" for v in broken), verdicts


def _shape_errors(error: ValidationError) -> Iterator[str]:
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        place = ".".join(str(part) for part in detail["loc"]) or "answer"
        yield f"shape: {place}: {detail['msg']}"
