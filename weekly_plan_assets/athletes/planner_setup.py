"""A planner with what it may take: how often it is asked, within which budget, who stands in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Self

from weekly_plan_assets.domain.attempt import Attempt
from weekly_plan_assets.planners.attempts import UNBOUNDED, Budget, ask
from weekly_plan_assets.planners.base import Planner, PlanningRequest


@dataclass(frozen=True, slots=True)
class PlannerSetup:
    """Who plans, and what it may take.

    Attributes:
        planner: Who is asked.
        max_attempts: How often.
        recorded: Its settings as they are stored with what it plans; there is no secret among them.
        budget: After how much it is not asked again.
        fallback: Asked once where it has no valid plan, or None.
        at_once: For how many athletes it is asked at the same time: one who waits for a server can
            be asked for several.
        reopen: Makes another planner of the kind, for another thread.
    """

    planner: Planner
    max_attempts: int
    recorded: Mapping[str, bool | int | float | str | None]
    budget: Budget = UNBOUNDED
    fallback: Planner | None = None
    at_once: int = 1
    reopen: Callable[[], Planner] | None = None

    def reopened(self) -> Self:
        """The same for another thread: a planner keeps a connection, and what was said on it."""
        return self if self.reopen is None else replace(self, planner=self.reopen())

    def ask(self, request: PlanningRequest, prompt: str) -> tuple[Attempt, ...]:
        """Every attempt at a plan; the last one decides.

        Args:
            request: What is asked.
            prompt: The same as the planner rendered it.
        """
        return ask(
            self.planner,
            request,
            prompt,
            self.max_attempts,
            budget=self.budget,
            fallback=self.fallback,
        )
