"""The planner over any model of pydantic-ai: what is said when, and how patiently.

The library is imported when the model is first asked: inputs are frozen, and doctor answers,
without it.
"""

import logging
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from weekly_plan_assets.common.http_retries import (
    BUDGET_S,
    GivenUpError,
    Patience,
    TemporaryError,
)
from weekly_plan_assets.planners.base import Answer, PlannerError, PlanningRequest, Rejection
from weekly_plan_assets.planners.model.prompt import (
    read_template,
    render_prompt,
    render_rejection,
    split_prompt,
)

if TYPE_CHECKING:
    from weekly_plan_assets.planners.model.chat import Chat

GREETING = 'Answer with {"objective": "ok", "sessions": []} and nothing else.'

INSTALL = "pip install 'weekly-plan-assets[model]', or make install EXTRAS=model in a checkout"


log = logging.getLogger(__name__)


class ModelPlanner:
    """Asks a language model, once an attempt."""

    def __init__(
        self, model_id: str, *, timeout_s: float, max_tokens: int, patience_s: float = BUDGET_S
    ) -> None:
        """A planner that asks nothing yet.

        Args:
            model_id: The pydantic-ai model string.
            timeout_s: How long one request may take.
            max_tokens: The most that one answer may hold, thinking included.
            patience_s: How long beyond the time-out of one request a provider in trouble is asked
                again.
        """
        self.model_id = model_id
        self._timeout_s = timeout_s
        self._max_tokens = max_tokens
        self._patience_s = patience_s
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
        chat = self._chat
        instructions, question = split_prompt(prompt)
        turns = [
            (earlier.output_raw, render_rejection(self._template, earlier.errors))
            for earlier in rejections
        ]
        try:
            return Patience(self._timeout_s + self._patience_s).ask(
                lambda within_s: chat.ask(instructions, question, turns, within_s=within_s),
                longest_s=self._timeout_s,
            )
        except GivenUpError as error:
            raise PlannerError(str(error)) from error
        except PlannerError:
            raise
        except Exception as error:  # a library that breaks on what a server sends
            log.debug("the response of %s could not be read", self.model_id, exc_info=True)
            raise PlannerError(
                f"the model {self.model_id} sent a response that cannot be read "
                f"({type(error).__name__}); check WEEKLY_PLAN_MODEL and the address of its provider"
            ) from error

    def greet(self) -> Answer:
        """The answer to a short question, to see whether the model is there.

        Raises:
            PlannerError: It is not, or its provider is in trouble.
        """
        try:
            return self._chat.ask(GREETING, "Are you there?", (), within_s=self._timeout_s)
        except TemporaryError as error:
            raise PlannerError(str(error)) from error

    def week_cost_usd(self, read: int, written: int) -> tuple[float | None, str]:
        """What so many tokens cost in US dollars, and by which price list.

        The cost is None where the list has no price of the model at its address.
        """
        return self._chat.week_cost_usd(read, written)

    def check(self) -> None:
        """Open the model without asking it anything.

        Raises:
            PlannerError: It cannot be opened: library, provider or key are missing.
        """
        _ = self._chat

    @cached_property
    def _chat(self) -> "Chat":
        try:
            from weekly_plan_assets.planners.model.chat import Chat
        except ImportError as error:
            raise PlannerError(
                f"WEEKLY_PLAN_MODEL is {self.model_id!r}, but the libraries of models are not "
                f"installed ({error.name} is missing); {INSTALL}"
            ) from error
        return Chat(self.model_id, max_tokens=self._max_tokens)
