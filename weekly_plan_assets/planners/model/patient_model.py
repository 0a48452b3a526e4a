"""A language model that is asked again while its provider is in trouble.

The library is imported when the model is first asked: inputs are frozen, and doctor answers,
without it. What is said to a model belongs to who asks it.
"""

import logging
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from weekly_plan_assets.common.http_retries import BUDGET_S, GivenUpError, Patience, TemporaryError
from weekly_plan_assets.planners.base import Answer, PlannerError

if TYPE_CHECKING:
    from weekly_plan_assets.planners.model.chat import Chat

INSTALL = "pip install 'weekly-plan-assets[model]', or make install EXTRAS=model in a checkout"

log = logging.getLogger(__name__)


class PatientModel:
    """A model by name, which is asked nothing yet."""

    def __init__(
        self,
        model_id: str,
        *,
        timeout_s: float,
        max_tokens: int,
        patience_s: float = BUDGET_S,
        decides_weeks: bool = True,
    ) -> None:
        """A model that is not opened yet.

        Args:
            model_id: The pydantic-ai model string.
            timeout_s: How long one request may take.
            max_tokens: The most that one answer may hold, thinking included.
            patience_s: How long beyond the time-out of one request a provider in trouble is asked
                again.
            decides_weeks: Whether its answers follow the schema of a week; else they are any text.
        """
        self.model_id = model_id
        self._timeout_s = timeout_s
        self._max_tokens = max_tokens
        self._patience_s = patience_s
        self._decides_weeks = decides_weeks

    def ask(
        self, instructions: str, question: str, turns: Sequence[tuple[str, str]] = ()
    ) -> Answer:
        """The model's answer; see `Chat.ask`.

        Raises:
            PlannerError: The model cannot be asked, or its provider stays in trouble.
        """
        chat = self._chat
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

    def ask_once(self, instructions: str, question: str) -> Answer:
        """The answer to one question, asked without patience.

        Raises:
            PlannerError: The model cannot be asked, or its provider is in trouble.
        """
        try:
            return self._chat.ask(instructions, question, (), within_s=self._timeout_s)
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
        return Chat(self.model_id, max_tokens=self._max_tokens, decides_weeks=self._decides_weeks)
