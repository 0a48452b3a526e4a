"""The planner that a setting, an option or a stored document names."""

from weekly_plan_assets.domain.extensions import (
    ExtensionError,
    Seam,
    added_names,
    described,
    make_part,
)
from weekly_plan_assets.planners.base import Planner
from weekly_plan_assets.planners.model.planner import ModelPlanner
from weekly_plan_assets.planners.rules import RulesPlanner


def planner_named(model: str, *, timeout_s: float, max_tokens: int) -> Planner:
    """The rules planner, that of another package, or a language model, which is not asked yet.

    Args:
        model: `rules`, a planner that an installed package adds, or a model as provider:name.
        timeout_s: How long a model may take for an answer.
        max_tokens: How long the answer of a model may be.

    Raises:
        ExtensionError: The planner of another package cannot be loaded.
    """
    if is_language_model(model):
        return ModelPlanner(model, timeout_s=timeout_s, max_tokens=max_tokens)
    return _added(model) if is_added(model) else RulesPlanner()


def is_added(model: str) -> bool:
    """Whether the name stands for a planner that an installed package adds."""
    return model in added_names(Seam.PLANNER)


def is_language_model(model: str) -> bool:
    """Whether the name stands for a language model, which needs a key and a network."""
    return model != RulesPlanner.model_id and not is_added(model)


def _added(name: str) -> Planner:
    planner: Planner = make_part(Seam.PLANNER, name, Planner)
    if planner.model_id != name:
        raise ExtensionError(
            f"the {described(Seam.PLANNER, name)} calls itself {planner.model_id!r} in model_id, "
            "so that its runs could not be replayed; make them the same"
        )
    return planner
