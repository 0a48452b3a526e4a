"""Whether the planner of the settings can plan; a language model is asked a short question."""

from weekly_plan_assets.common.figures_in_words import dollars
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.planners.model.planner import ModelPlanner
from weekly_plan_assets.planners.named import planner_named
from weekly_plan_assets.settings import Fallback, Settings

TOKENS_READ, TOKENS_WRITTEN = 3300, 500
"""Of a week of the sample, the schema of the answer included, by the tokenizer of o200k: at most so
many (measured)."""


def planner_found(settings: Settings) -> str:
    """What is found, in a sentence.

    Raises:
        PlannerError: A model cannot be opened, or does not answer.
        ExtensionError: The planner of another package cannot be loaded.
    """
    text = f"{settings.model}, up to {counted(settings.max_attempts, 'attempt')}"
    planner = planner_named(
        settings.model, timeout_s=settings.model_timeout_s, max_tokens=settings.model_max_tokens
    )
    if not isinstance(planner, ModelPlanner):
        return text
    answer = planner.greet()
    instead = ", then the rules" if settings.fallback is Fallback.RULES else ""
    by = "" if answer.model is None else f" by {answer.model}"
    return (
        f"{text}{instead}; a short question was answered{by}. A week reads about {TOKENS_READ:,} "
        f"tokens and writes about {TOKENS_WRITTEN:,}, thinking apart; {_price(planner)}"
    )


def _price(planner: ModelPlanner) -> str:
    cost_usd, prices = planner.week_cost_usd(TOKENS_READ, TOKENS_WRITTEN)
    if cost_usd is None:
        return f"what that costs is not known ({prices} has no price for it)"
    return f"that costs an estimated {dollars(cost_usd)} ({prices})"
