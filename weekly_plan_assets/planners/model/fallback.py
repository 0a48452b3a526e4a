"""The rules planner in place of a model that produces no valid plan; its plan's warnings say so."""

from collections.abc import Sequence

from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.domain.texts.names import shown_name
from weekly_plan_assets.planners.base import Answer, PlanningRequest, Rejection
from weekly_plan_assets.planners.rules import RulesPlanner

WARNINGS = {
    Language.ENGLISH: "{model_id} gave no valid plan, so this week was planned by fixed rules.",
    Language.SPANISH: "{model_id} no dio ningún plan válido, así que esta semana se planificó con "
    "reglas fijas.",
}
UNNAMED = {Language.ENGLISH: "The model", Language.SPANISH: "El modelo"}
"""Stands for a model whose name is no plain one, as one that is an address."""


class RulesInstead(RulesPlanner):
    """The rules planner in the place of a model; its plan says so."""

    def __init__(self, instead_of: str) -> None:
        """A planner that stands in.

        Args:
            instead_of: The model that was asked.
        """
        self._instead_of = instead_of

    def propose(
        self, request: PlanningRequest, prompt: str, rejections: Sequence[Rejection]
    ) -> Answer:
        """The plan of the rules with one more warning, the first."""
        plan = WeeklyPlan.model_validate_json(
            super().propose(request, prompt, rejections).output_raw
        )
        language = request.context.athlete.language
        warning = WARNINGS[language].format(model_id=_named(self._instead_of, language))
        warned = plan.model_copy(update={"warnings": (warning, *plan.warnings)})
        return Answer(warned.model_dump_json(by_alias=True))


def _named(model_id: str, language: Language) -> str:
    """The model as a plan's text may name it."""
    is_plain = model_id.isascii() and " " not in model_id and shown_name(model_id) == model_id
    return model_id if is_plain else UNNAMED[language]
