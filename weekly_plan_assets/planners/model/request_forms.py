"""How much of a provider's own protocol a request uses: structured output and prompt caching.

A server that speaks a provider's protocol may not know all of it, and refuses the request as wrong;
the next form asks for less of it. Nothing is sent here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition

from weekly_plan_assets.planners.decisions.contract import answer_schema

CACHE_KEY = "weekly-plan-assets"
"""OpenAI sends requests with the same key to the same cache. The prompts of all weeks
and athletes begin alike, so all have the same key, which says nothing of the athlete."""

TAKE_A_KEY = frozenset({"openai", "openai-chat", "openai-responses"})
"""Providers of pydantic-ai whose protocol has such a key."""


@dataclass(frozen=True, slots=True)
class RequestForm:
    """A form of a request; by default plain text, without caching.

    Attributes:
        parameters: Whether the answer is asked for by its JSON Schema, or as text.
        caching: Settings of pydantic-ai by which the provider caches the prompt. They ask for no
            longer retention than is usual: attempts follow each other within minutes, and weeks lie
            further apart than the longest.
    """

    parameters: ModelRequestParameters = field(default_factory=ModelRequestParameters)
    caching: Mapping[str, Any] = field(default_factory=dict)


def request_forms(name: str, model: Model) -> tuple[RequestForm, ...]:
    """The forms in which a model can be asked, the richest first; the last one is plain text.

    Args:
        name: Its pydantic-ai model string.
        model: The same, opened.
    """
    forms = [RequestForm()]
    if model.profile.get("supports_json_schema_output"):
        forms.insert(0, RequestForm(_by_schema()))
    if caching := _caching(name, model):
        forms.insert(0, RequestForm(forms[0].parameters, caching))
    return tuple(forms)


def _by_schema() -> ModelRequestParameters:
    return ModelRequestParameters(
        output_mode="native",
        output_object=OutputObjectDefinition(json_schema=answer_schema(), name="week"),
        prompted_output_template=False,
    )


def _caching(name: str, model: Model) -> dict[str, Any]:
    """The settings that make a difference; other providers cache by themselves, or not at all."""
    caching: dict[str, Any] = {}
    if model.profile.get("supports_cache"):
        caching["cache"] = True
    if name.partition(":")[0] in TAKE_A_KEY:
        caching["openai_prompt_cache_key"] = CACHE_KEY
    return caching
