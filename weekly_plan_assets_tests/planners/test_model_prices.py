"""What answers cost, by the price list that is installed."""

import json
from datetime import UTC, datetime

import pytest
from pydantic_ai.messages import ModelResponse
from pydantic_ai.usage import RequestUsage

from weekly_plan_assets.planners.model.prices import (
    price_list,
    response_cost_usd,
    tokens_cost_usd,
)
from weekly_plan_assets_tests.support.decisions import STRONG
from weekly_plan_assets_tests.support.model_providers import attempts_of, provider
from weekly_plan_assets_tests.support.price_list import (
    USD_A_MILLION_CACHED,
    USD_A_MILLION_READ,
    USD_A_MILLION_WRITTEN,
    loopback_prices,
)
from weekly_plan_assets_tests.support.protocol_server import CACHED_TOKENS, OUTPUT_TOKENS

OPENAI, MODEL = "https://api.openai.com/v1/", "gpt-4o"


def answered(**changed: object) -> ModelResponse:
    usage = RequestUsage(input_tokens=3000, output_tokens=500)
    response = {"usage": usage, "model_name": MODEL, "provider_url": OPENAI} | changed
    return ModelResponse(parts=[], timestamp=datetime(2026, 11, 1, tzinfo=UTC), **response)  # type: ignore[arg-type]


def test_a_known_model_costs_what_the_list_says() -> None:
    # 2.50 and 10 dollars a million.
    assert tokens_cost_usd(3000, 500, MODEL, OPENAI) == pytest.approx(0.0075 + 0.005)
    assert response_cost_usd(answered()) == pytest.approx(0.0125)


def test_tokens_from_the_cache_cost_less() -> None:
    cached = RequestUsage(input_tokens=3000, cache_read_tokens=2000, output_tokens=500)
    assert response_cost_usd(answered(usage=cached)) == pytest.approx(0.0125 - 2000 * 1.25e-6)


@pytest.mark.parametrize(
    "changed",
    [
        {"model_name": "coach-1"},
        {"model_name": None},
        {"provider_url": "http://127.0.0.1:8000/v1"},
        {"provider_url": None},
        {"usage": RequestUsage()},
        {"usage": RequestUsage(unmeasured_requests=1)},
        {"usage": RequestUsage(input_tokens=10, cache_read_tokens=20)},
    ],
    ids=["model", "no model", "own server", "no address", "no tokens", "not counted", "odd count"],
)
def test_what_is_not_known_is_none_and_never_0(changed: dict[str, object]) -> None:
    assert response_cost_usd(answered(**changed)) is None


def test_the_list_is_named_with_the_day_of_its_newest_price() -> None:
    name, newest = price_list().split(", newest price ")
    assert name.startswith("genai-prices ")
    assert datetime.fromisoformat(newest).date() <= datetime.now(UTC).date()


@pytest.mark.parametrize("model_id", ["openai-chat:coach", "openai-responses:coach"])
def test_an_attempt_costs_what_its_tokens_do(
    model_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with loopback_prices(), provider(model_id, monkeypatch, json.dumps(STRONG)) as server:
        (attempt,) = attempts_of(model_id)
    (request,) = server.requests
    usd_a_million = (
        (request.input_tokens - CACHED_TOKENS) * USD_A_MILLION_READ
        + CACHED_TOKENS * USD_A_MILLION_CACHED
        + OUTPUT_TOKENS * USD_A_MILLION_WRITTEN
    )
    assert attempt.cost_usd == pytest.approx(usd_a_million / 1e6)
