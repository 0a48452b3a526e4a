"""What answers cost, by the price list that comes with pydantic-ai; nothing is downloaded for it.

A price is known for a provider's own address alone: what stands behind another one may be anybody's
server, whatever its model is called. What is not known is None.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from genai_prices import Usage, __version__, calc_price
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import AbstractUsage, PriceContext, StartDateConstraint
from pydantic_ai.messages import ModelResponse

DECIMALS = 8
"""Of a dollar: a single token of a cheap model costs 0.00000005."""


def response_cost_usd(response: ModelResponse) -> float | None:
    """What an answer costs in US dollars; None where the price, or the tokens, are not known."""
    if response.usage.unmeasured_requests or not response.model_name:
        return None
    return _cost_usd(
        response.usage,
        response.model_name,
        response.provider_url,
        response.timestamp,
        response.provider_details,
    )


def tokens_cost_usd(read: int, written: int, model: str, address: str | None) -> float | None:
    """What so many tokens cost today in US dollars; None where the price is not known.

    Args:
        read: Tokens in.
        written: Tokens out.
        model: Name of the model, without its provider.
        address: Where it is asked.
    """
    usage = Usage(input_tokens=read, output_tokens=written)
    return _cost_usd(usage, model, address, datetime.now(UTC))


def price_list() -> str:
    """Which price list is in use, and of which day its newest price is."""
    newest = max((day for day in _first_days() if day <= datetime.now(UTC).date()), default=None)
    return f"genai-prices {__version__}" + ("" if newest is None else f", newest price {newest}")


def _cost_usd(
    usage: AbstractUsage,
    model: str,
    address: str | None,
    moment: datetime,
    details: PriceContext | None = None,
) -> float | None:
    if not address:
        return None
    try:
        price = calc_price(
            usage,
            model,
            provider_api_url=address,
            genai_request_timestamp=moment,
            price_context=details,
        ).total_price
    except (LookupError, ValueError):
        return None
    # Where the list has no price of tokens, it says 0.
    return round(float(price), DECIMALS) or None


def _first_days() -> Iterator[date]:
    """The days from which prices of the list hold, as far as it says."""
    for provider in get_snapshot().providers:
        for model in provider.models:
            for one in model.prices if isinstance(model.prices, list) else ():
                if isinstance(one.constraint, StartDateConstraint):
                    yield one.constraint.start_date
