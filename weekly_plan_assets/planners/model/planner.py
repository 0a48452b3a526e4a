"""The planner over any model of pydantic-ai: what is said when."""

from collections.abc import Sequence

from weekly_plan_assets.common.http_retries import BUDGET_S
from weekly_plan_assets.planners.base import Answer, PlanningRequest, Rejection
from weekly_plan_assets.planners.model.patient_model import PatientModel
from weekly_plan_assets.planners.model.prompt import (
    read_template,
    render_prompt,
    render_rejection,
    split_prompt,
)

GREETING = 'Answer with {"objective": "ok", "sessions": []} and nothing else.'


class ModelPlanner:
    """Asks a language model, once an attempt."""

    def __init__(
        self, model_id: str, *, timeout_s: float, max_tokens: int, patience_s: float = BUDGET_S
    ) -> None:
        """A planner that asks nothing yet; see `PatientModel` for its arguments."""
        self.model_id = model_id
        self._model = PatientModel(
            model_id, timeout_s=timeout_s, max_tokens=max_tokens, patience_s=patience_s
        )
        self._template = read_template()

    @property
    def prompt_version(self) -> str:
        """The version of the template."""
        return self._template.version

    def render_prompt(self, request: PlanningRequest) -> str:
        """Instructions, rules, envelope and data; the same request gives the same bytes."""
        return render_prompt(self._template, request)

    def propose(
        self,
        request: PlanningRequest,  # noqa: ARG002 - the prompt says all of it
        prompt: str,
        rejections: Sequence[Rejection],
    ) -> Answer:
        """The model's answer. Earlier answers are sent again with what was wrong with them.

        Raises:
            PlannerError: The model cannot be asked, or its provider stays in trouble.
        """
        instructions, question = split_prompt(prompt)
        turns = [
            (earlier.output_raw, render_rejection(self._template, earlier.errors))
            for earlier in rejections
        ]
        return self._model.ask(instructions, question, turns)

    def greet(self) -> Answer:
        """The answer to a short question, to see whether the model is there.

        Raises:
            PlannerError: It is not, or its provider is in trouble.
        """
        return self._model.ask_once(GREETING, "Are you there?")

    def week_cost_usd(self, read: int, written: int) -> tuple[float | None, str]:
        """What so many tokens cost in US dollars, and by which price list.

        The cost is None where the list has no price of the model at its address.
        """
        return self._model.week_cost_usd(read, written)

    def check(self) -> None:
        """Open the model without asking it anything.

        Raises:
            PlannerError: It cannot be opened: library, provider or key are missing.
        """
        self._model.check()
