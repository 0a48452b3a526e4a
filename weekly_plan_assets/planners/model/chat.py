"""Requests to a model by pydantic-ai, and what their failures mean.

The answer is asked for as text that follows the JSON Schema of the plan, in the richest form that
the server takes, see `request_forms`. Tools as a way to structured output were left aside: many
small models and servers lack them. pydantic-ai neither validates nor asks again, its agents are not
used: the text is what the model wrote, and the loop that judges it is ours.
"""

import logging
import os
import re
import warnings
from collections.abc import Sequence
from dataclasses import replace
from time import monotonic
from typing import Any, cast
from urllib.parse import urlsplit

from pydantic_ai.direct import model_request_sync
from pydantic_ai.exceptions import (
    AgentRunError,
    ContentFilterError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelContextWindowExceededError,
    ModelHTTPError,
    ModelNotFoundError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestRejectedError,
    ModelRequestTimeout,
    ModelServerError,
    ModelTimeoutError,
    ModelUnavailableError,
    UnsupportedSettingWarning,
    UserError,
)
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    SystemPromptPart,
    TextPart,
    UserPromptPart,
)
from pydantic_ai.models import Model
from pydantic_ai.settings import ModelSettings

from weekly_plan_assets.common.http_retries import TemporaryError
from weekly_plan_assets.common.unpacking import UnusableAnswerError
from weekly_plan_assets.planners.answers import KeptText
from weekly_plan_assets.planners.base import Answer, PlannerError
from weekly_plan_assets.planners.model.bounded_http import infer_bounded_model
from weekly_plan_assets.planners.model.kept_answer import Asked, KeptAnswer, keeps_answers
from weekly_plan_assets.planners.model.prices import price_list, response_cost_usd, tokens_cost_usd
from weekly_plan_assets.planners.model.request_forms import RequestForm, request_forms

KEY_VARIABLES = {
    "openai": "OPENAI_API_KEY",
    "openai-chat": "OPENAI_API_KEY",
    "openai-responses": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google": "GOOGLE_API_KEY",
    "ollama": "OLLAMA_API_KEY",
}
"""Where the key of a provider is; others have a variable of their own."""

TEMPORARY = (ModelRateLimitError, ModelUnavailableError, ModelServerError)

NOT_FOR_ITS_FORM = (
    ModelAuthenticationError,
    ModelNotFoundError,
    ModelContextWindowExceededError,
)
"""Why a request is refused that would be refused in any form."""

KNOWN_PROVIDERS = (
    "openai:NAME, openai-chat:NAME, anthropic:NAME, google:NAME, ollama:NAME and the other "
    "providers of pydantic-ai"
)

LONGEST_QUOTE = 300
"""So much of what a provider says of an error is passed on."""

_CHECK = "check WEEKLY_PLAN_MODEL and the address of its provider"
_LEAST_S = 0.1
_WANTED_VARIABLE = re.compile(r"Set the `(\w+)` environment variable")
_SECRET_VARIABLE = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD)$")

log = logging.getLogger(__name__)


def open_model(name: str) -> Model:
    """The model of a pydantic-ai model string; nothing is asked of it yet.

    What its server answers is bounded, see `bounded_http`.

    Raises:
        PlannerError: There is no such provider, or it lacks its key or its library.
    """
    try:
        return infer_bounded_model(name)
    except UserError as error:
        wanted = _WANTED_VARIABLE.search(error.message)
        if wanted:
            way_out = f"needs {wanted[1]}; set it in the environment or in .env"
        elif error.message.startswith("Unknown model"):
            way_out = f"names no provider that is known; allowed are {KNOWN_PROVIDERS}"
        else:
            way_out = f"cannot be opened: {_quote(error.message)}"
    except ImportError:
        provider = name.partition(":")[0]
        way_out = f"needs the library of its provider; pip install 'pydantic-ai-slim[{provider}]'"
    raise PlannerError(f"WEEKLY_PLAN_MODEL is {name!r}, which {way_out}") from None


class Chat:
    """A model to which one prompt is put, with its earlier answers and what was wrong with them.

    Where the provider keeps its answers, only what was wrong with the last one is sent.
    """

    def __init__(self, name: str, *, max_tokens: int, decides_weeks: bool = True) -> None:
        """A chat that asks nothing yet.

        Args:
            name: The pydantic-ai model string.
            max_tokens: The most that one answer may hold, thinking included.
            decides_weeks: Whether its answers follow the schema of a week; else they are any text.

        Raises:
            PlannerError: The model cannot be opened.
        """
        self._name = name
        self._model = open_model(name)
        self._max_tokens = max_tokens
        self._forms = request_forms(name, self._model) if decides_weeks else (RequestForm(),)
        self._keeps = keeps_answers(self._model)
        self._kept: KeptAnswer | None = None

    def ask(
        self,
        instructions: str,
        question: str,
        turns: Sequence[tuple[str, str]],
        *,
        within_s: float,
    ) -> Answer:
        """One answer, as the model gave it.

        Args:
            instructions: What the model is to do.
            question: The first message.
            turns: Its answers so far, each with what was said to it.
            within_s: How long it may take, from the first byte to the last.

        Raises:
            TemporaryError: It is worth another request.
            PlannerError: It is not.
        """
        asked, until_s = Asked(instructions, question, tuple(turns)), monotonic() + within_s
        try:
            return self._continued(asked, until_s) or self._from_the_beginning(asked, until_s)
        except ContentFilterError as error:
            return Answer(_quote(error.message), finish_reason="content_filter")
        except (AgentRunError, UserError, UnusableAnswerError) as error:
            raise self._failure(error, within_s) from None

    def week_cost_usd(self, read: int, written: int) -> tuple[float | None, str]:
        """What so many tokens cost in US dollars, None if not known; and by which price list."""
        model = self._model
        return tokens_cost_usd(read, written, model.model_name, model.base_url), price_list()

    def _continued(self, asked: Asked, until_s: float) -> Answer | None:
        """The answer to the last turn alone; None where the provider does not keep those before.

        It is then not tried again.
        """
        kept = self._kept
        if kept is None or not kept.leads_to(asked):
            return None
        wasted = None
        try:
            response = self._send(
                [ModelRequest([UserPromptPart(asked.turns[-1][1])])],
                until_s,
                openai_previous_response_id=kept.response_id,
            )
        except ModelRequestRejectedError as error:
            if isinstance(error, ModelAuthenticationError | ModelContextWindowExceededError):
                raise
        else:
            if kept.was_read_for(response):
                self._keep(response, asked)
                return replace(_answer(response), continued=True)
            wasted = _answer(response)
        log.info("%s does not keep its answers, and is sent all again", self._name)
        self._keeps, self._kept = False, None
        return wasted and _with_tokens_of(wasted, self._from_the_beginning(asked, until_s))

    def _from_the_beginning(self, asked: Asked, until_s: float) -> Answer:
        """The answer to all that was said; the richest form that the server takes is kept to."""
        while True:
            try:
                response = self._send(_messages(asked), until_s)
            except ModelRequestRejectedError as error:
                if isinstance(error, NOT_FOR_ITS_FORM) or len(self._forms) == 1:
                    raise
                log.info("%s refuses a request, and is asked in a plainer form", self._name)
                self._forms = self._forms[1:]
            else:
                self._keep(response, asked)
                return _answer(response)

    def _keep(self, response: ModelResponse, asked: Asked) -> None:
        kept = KeptText.of(_text(response))
        is_whole = self._keeps and kept.whole_bytes is None
        self._kept = KeptAnswer.of(response, asked, kept.text) if is_whole else None

    def _send(self, messages: Sequence[ModelMessage], until_s: float, **more: Any) -> ModelResponse:
        form, within_s = self._forms[0], max(until_s - monotonic(), _LEAST_S)
        settings = {
            "max_tokens": self._max_tokens,
            "timeout": within_s,
            "request_timeout": within_s,
            "max_retries": 0,
            **form.caching,
            **more,
        }
        with warnings.catch_warnings():
            # Not every library lets its own retries be switched off; the time-out bounds them too.
            warnings.simplefilter("ignore", UnsupportedSettingWarning)
            return model_request_sync(
                self._model,
                messages,
                model_settings=cast(ModelSettings, settings),
                model_request_parameters=form.parameters,
            )

    def _failure(
        self, error: AgentRunError | UserError | UnusableAnswerError, within_s: float
    ) -> TemporaryError | PlannerError:
        """What a failed request means, in a sentence that holds no key."""
        if (unusable := _unusable(error)) is not None:
            where = f"the model {self._name}{self._where()}"
            return PlannerError(f"{where} {unusable}; {_CHECK}")
        assert not isinstance(error, UnusableAnswerError)  # noqa: S101 - for the type checker
        status = error.status_code if isinstance(error, ModelHTTPError) else None
        says = f"the model {self._name}{self._where()}" + (f" answers {status}" if status else "")
        if isinstance(error, ModelRequestTimeout | ModelTimeoutError):
            return TemporaryError(f"{says} does not answer within {within_s:.3g} s")
        if isinstance(error, ModelConnectionError):
            return TemporaryError(f"{says} cannot be reached")
        if isinstance(error, TEMPORARY):
            return TemporaryError(says, error.retry_after)
        return PlannerError(f"{says}: {self._way_out(error)}")

    def _way_out(self, error: AgentRunError | UserError) -> str:
        """What to do about a failure that another request would not change."""
        if isinstance(error, ModelAuthenticationError):
            provider = self._name.partition(":")[0]
            variable = KEY_VARIABLES.get(provider, "the variable that holds it")
            return f"its key is refused; check {variable}"
        if isinstance(error, ModelNotFoundError):
            return "there is no such model, or no such address; check WEEKLY_PLAN_MODEL"
        if isinstance(error, ModelQuotaExceededError):
            return "the quota of the account is used up; check its billing"
        return f"{_quote(_message(error))}; {_CHECK}"

    def _where(self) -> str:
        """Where the model is, without user and query, which may be secrets."""
        parts = urlsplit(self._model.base_url or "")
        port = f":{parts.port}" if parts.port else ""
        return f" at {parts.hostname}{port}" if parts.hostname else ""


def _messages(asked: Asked) -> list[ModelMessage]:
    """The whole conversation. Its beginning is the same for every week, so that it can be cached.

    The instructions are a message among the others, which a provider keeps with them.
    """
    messages: list[ModelMessage] = [
        ModelRequest([SystemPromptPart(asked.instructions), UserPromptPart(asked.question)])
    ]
    for answer, reply in asked.turns:
        # Not every provider takes a message without text.
        messages.append(ModelResponse([TextPart(answer or "-")]))
        messages.append(ModelRequest([UserPromptPart(reply)]))
    return messages


def _text(response: ModelResponse) -> str:
    text = "".join(part.content for part in response.parts if isinstance(part, TextPart))
    refusal = (response.provider_details or {}).get("refusal")
    return text or (str(refusal) if refusal else "")


def _answer(response: ModelResponse) -> Answer:
    usage = response.usage
    return Answer(
        _text(response),
        input_tokens=usage.input_tokens or None,
        output_tokens=usage.output_tokens or None,
        cached_tokens=usage.cache_read_tokens or None,
        cost_usd=response_cost_usd(response),
        finish_reason=response.finish_reason,
        model=response.model_name,
    )


def _with_tokens_of(wasted: Answer, answer: Answer) -> Answer:
    """The answer, with what another one took before it."""
    return replace(
        answer,
        input_tokens=(wasted.input_tokens or 0) + (answer.input_tokens or 0) or None,
        output_tokens=(wasted.output_tokens or 0) + (answer.output_tokens or 0) or None,
        cost_usd=(wasted.cost_usd or 0) + (answer.cost_usd or 0) or None,
    )


def _unusable(error: BaseException | None) -> UnusableAnswerError | None:
    """The answer that was refused, where that is why a request failed."""
    while error is not None and not isinstance(error, UnusableAnswerError):
        error = error.__cause__ or error.__context__
    return error


def _message(error: AgentRunError | UserError) -> str:
    """The provider's own words, where it says any."""
    body = error.body if isinstance(error, ModelHTTPError) else None
    message = body.get("message") if isinstance(body, dict) else body
    return str(message) if message else error.message


def _quote(text: str) -> str:
    """One line of foreign text, without any secret of the environment that it may repeat."""
    for variable, value in os.environ.items():
        if value and _SECRET_VARIABLE.search(variable):
            text = text.replace(value, "***")
    return " ".join(text.split())[:LONGEST_QUOTE]
