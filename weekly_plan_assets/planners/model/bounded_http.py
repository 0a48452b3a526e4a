"""The HTTP client of a model: whatever its server answers, no more of it is read than can be one.

How long an answer may take is set with each request, in `chat`.
"""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
from pydantic_ai.models import Model, infer_model
from pydantic_ai.providers import Provider, infer_provider_class

from weekly_plan_assets.common.unpacking import Unpacker

LARGEST_ANSWER_BYTES = 8 * 1024**2
"""The largest plan is about 100 kB; a long thought in front of it ten times that."""

BOUNDED = frozenset({"openai", "openai-chat", "openai-responses", "anthropic", "google", "ollama"})
"""Providers that take a client of ours; those of others are bounded in time alone."""


def infer_bounded_model(name: str) -> Model:
    """The model of a pydantic-ai model string, of whose answers no more is read than is allowed.

    Raises:
        UserError: There is no such provider, or it lacks its key.
        ImportError: The provider lacks its library.
    """
    if name.partition(":")[0] in BOUNDED:
        return infer_model(name, _bounded_provider)
    return infer_model(name)


def _bounded_provider(name: str) -> Provider[Any]:
    provider: Any = infer_provider_class(name)
    bounded: Provider[Any] = provider(http_client=_client())
    return bounded


def _client() -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        # Each request brings its own.
        timeout=None,
        headers={"Accept-Encoding": "gzip"},
        event_hooks={"response": [_bound]},
    )


async def _bound(response: httpx2.Response) -> None:
    """Let the body of an answer whose head has come be read through an `Unpacker`."""
    encodings = response.headers.get_list("Content-Encoding", split_commas=True)
    unpacker = Unpacker(encodings, LARGEST_ANSWER_BYTES)
    assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101 - the client is async
    response.stream = _Bounded(response.stream, unpacker)
    # It is unpacked when the library sees it.
    response.headers.pop("Content-Encoding", None)


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, unpacker: Unpacker) -> None:
        self._stream = stream
        self._unpacker = unpacker

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield self._unpacker.add(part)
        self._unpacker.end()

    async def aclose(self) -> None:
        await self._stream.aclose()
