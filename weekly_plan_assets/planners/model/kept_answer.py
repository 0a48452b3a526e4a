"""Answers that a provider keeps, so that the next request needs to say only what was wrong.

OpenAI keeps what went through its Responses protocol for thirty days, unless an organization does
not let it. Servers that speak the same protocol may keep nothing, and some do not even say so.
"""

from dataclasses import dataclass
from typing import NamedTuple, Self

from pydantic_ai.messages import ModelResponse
from pydantic_ai.models import Model


class Asked(NamedTuple):
    """What a model is asked.

    Attributes:
        instructions: What it is to do.
        question: The first message.
        turns: Its answers so far, each with what was said to it.
    """

    instructions: str
    question: str
    turns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer that can be continued.

    Attributes:
        response_id: How the provider names it.
        asked: What it was the answer to.
        text: What is kept of it here.
        input_tokens: What the model had read.
    """

    response_id: str
    asked: Asked
    text: str
    input_tokens: int

    @classmethod
    def of(cls, response: ModelResponse, asked: Asked, text: str) -> Self | None:
        """The answer, if it ended well, has a name, and its tokens were counted; else None."""
        counted = response.usage.input_tokens
        if response.finish_reason != "stop" or not response.provider_response_id or not counted:
            return None
        return cls(response.provider_response_id, asked, text, counted)

    def leads_to(self, asked: Asked) -> bool:
        """Whether `asked` is the next turn after it."""
        if not asked.turns:
            return False
        *before, (answer, _) = asked.turns
        return answer == self.text and asked._replace(turns=tuple(before)) == self.asked

    def was_read_for(self, response: ModelResponse) -> bool:
        """Whether the model had all of it before it when it answered the next turn.

        The tokens of what is kept count as read. A server that passes over the id of an answer has
        read the last message alone.
        """
        return response.usage.input_tokens > self.input_tokens


def keeps_answers(model: Model) -> bool:
    """Whether the protocol of the model has answers that are kept."""
    try:
        # Models of other providers do without its library.
        from pydantic_ai.models.openai import OpenAIResponsesModel  # noqa: PLC0415
    except ImportError:
        return False
    is_one = isinstance(model, OpenAIResponsesModel)
    return is_one and not model.profile.get("openai_responses_requires_store_false")
