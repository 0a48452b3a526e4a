"""Models of four providers, whose servers are on loopback, and a week that they are asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from weekly_plan_assets.domain.attempt import Attempt
from weekly_plan_assets.planners.attempts import ask
from weekly_plan_assets.planners.model.planner import ModelPlanner
from weekly_plan_assets_tests.support.decisions import week_to_decide
from weekly_plan_assets_tests.support.protocol_server import ProtocolServer, protocol_server

PROVIDERS = {
    "openai-chat:coach": ("OPENAI", "/v1", "/chat/completions"),
    "openai-responses:coach": ("OPENAI", "/v1", "/responses"),
    "anthropic:coach": ("ANTHROPIC", "", "/messages"),
    "google:coach": ("GOOGLE_GEMINI", "", ":generateContent"),
}
KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY")


@contextmanager
def provider(
    model_id: str, monkeypatch: pytest.MonkeyPatch, *texts: str, **behaviour: Any
) -> Iterator[ProtocolServer]:
    prefix, path, _ = PROVIDERS.get(model_id, PROVIDERS["openai-responses:coach"])
    for key in KEYS:
        monkeypatch.setenv(key, "key-of-the-athlete")
    with protocol_server(*texts, **behaviour) as server:
        monkeypatch.setenv(f"{prefix}_BASE_URL", server.address + path)
        yield server


def attempts_of(model_id: str, max_attempts: int = 3) -> tuple[Attempt, ...]:
    planner = ModelPlanner(model_id, timeout_s=20, max_tokens=2000)
    week = week_to_decide()
    return ask(planner, week, planner.render_prompt(week), max_attempts)
