"""The same decisions through the protocols of four providers, from servers on loopback."""

import json

import pytest

from weekly_plan_assets.planners.attempts import ask
from weekly_plan_assets.planners.model.planner import ModelPlanner
from weekly_plan_assets_tests.support.decisions import SLOPPY, STRONG, week_to_decide
from weekly_plan_assets_tests.support.protocol_server import (
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    protocol_server,
)

PROVIDERS = {
    "openai-chat:coach": ("OPENAI", "/v1", "/chat/completions"),
    "openai-responses:coach": ("OPENAI", "/v1", "/responses"),
    "anthropic:coach": ("ANTHROPIC", "", "/messages"),
    "google:coach": ("GOOGLE_GEMINI", "", ":generateContent"),
}
KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY")


@pytest.mark.parametrize("text", [json.dumps(STRONG), SLOPPY], ids=["strong", "sloppy"])
@pytest.mark.parametrize("model_id", PROVIDERS)
def test_a_week_is_planned_at_the_first_attempt_through_every_protocol(
    model_id: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix, path, ending = PROVIDERS[model_id]
    for key in KEYS:
        monkeypatch.setenv(key, "key-of-the-athlete")
    with protocol_server(text) as (address, asked):
        monkeypatch.setenv(f"{prefix}_BASE_URL", address + path)
        planner = ModelPlanner(model_id, timeout_s=20, max_tokens=2000)
        week = week_to_decide()
        (attempt,) = ask(planner, week, planner.render_prompt(week), 3)
    assert attempt.errors == ()
    assert attempt.plan is not None
    assert attempt.output_raw.strip() in {text.strip(), json.dumps(STRONG, separators=(",", ":"))}
    assert (attempt.input_tokens, attempt.output_tokens) == (INPUT_TOKENS, OUTPUT_TOKENS)
    assert len(asked) == 1
    assert asked[0].endswith(ending)
