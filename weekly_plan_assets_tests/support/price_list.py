"""A price list that knows what the model on loopback costs, beside all that it knew before."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

from genai_prices.data_snapshot import DataSnapshot, get_snapshot, set_custom_snapshot
from genai_prices.types import ClauseStartsWith, ModelInfo, ModelPrice

USD_A_MILLION_READ, USD_A_MILLION_CACHED, USD_A_MILLION_WRITTEN = 2, 1, 10


@contextmanager
def loopback_prices() -> Iterator[None]:
    """For as long as the block lasts, models called coach cost something on 127.0.0.1."""
    known = get_snapshot().providers
    openai = next(provider for provider in known if provider.id == "openai")
    price = ModelPrice(
        input_mtok=Decimal(USD_A_MILLION_READ),
        cache_read_mtok=Decimal(USD_A_MILLION_CACHED),
        output_mtok=Decimal(USD_A_MILLION_WRITTEN),
    )
    coach = ModelInfo(id="coach", match=ClauseStartsWith("coach"), prices=price)
    loopback = replace(
        openai, id="loopback", name="Loopback", api_pattern=r"http://127\.0\.0\.1", models=[coach]
    )
    set_custom_snapshot(DataSnapshot(providers=[*known, loopback], from_auto_update=False))
    try:
        yield
    finally:
        set_custom_snapshot(None)
