"""What every planner is: something that answers a planning request with text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from weekly_plan_assets.domain.guardrails import PlanContext
from weekly_plan_assets.domain.weekly_metrics import WeeklyMetrics


@dataclass(frozen=True, slots=True)
class PlanningRequest:
    """Everything a planner may look at.

    Attributes:
        context: The week asked for, the athlete, and the load envelope.
        metrics: The observed week.
        history: Earlier weeks, oldest first.
    """

    context: PlanContext
    metrics: WeeklyMetrics
    history: tuple[WeeklyMetrics, ...]


@dataclass(frozen=True, slots=True)
class Rejection:
    """An earlier answer and why it was not accepted."""

    output_raw: str
    errors: tuple[str, ...]


class Planner(Protocol):
    """Answers with the JSON text of a `WeeklyPlan`; whether it is valid is judged later."""

    @property
    def model_id(self) -> str:
        """Who answers; stored with the run as `modelId`."""
        ...

    @property
    def prompt_version(self) -> str:
        """Which wording they are asked with; stored with the run as `promptVersion`."""
        ...

    def render_prompt(self, request: PlanningRequest) -> str:
        """The text that the planner is asked with; stored with the run before it is asked."""
        ...

    def propose(
        self, request: PlanningRequest, prompt: str, rejections: Sequence[Rejection]
    ) -> str:
        """The planner's raw answer to `prompt`, given the earlier answers that were rejected."""
        ...
