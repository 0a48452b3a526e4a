"""The planner that a setting, an option or a stored document names."""

from weekly_plan_assets.planners.base import Planner
from weekly_plan_assets.planners.model.planner import ModelPlanner
from weekly_plan_assets.planners.rules import RulesPlanner


def planner_named(model: str, *, timeout_s: float, max_tokens: int) -> Planner:
    """The rules planner, or that of a language model, which is not asked yet.

    Args:
        model: `rules`, or a language model as LiteLLM names it.
        timeout_s: How long a model may take for an answer.
        max_tokens: How long the answer of a model may be.
    """
    if model == RulesPlanner.model_id:
        return RulesPlanner()
    return ModelPlanner(model, timeout_s=timeout_s, max_tokens=max_tokens)
