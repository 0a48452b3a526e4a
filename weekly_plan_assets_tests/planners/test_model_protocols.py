"""The same decisions through the protocols of four providers, from servers on loopback."""

import json
from typing import Any

import pytest

from weekly_plan_assets.planners.attempts import ask
from weekly_plan_assets.planners.model.planner import ModelPlanner
from weekly_plan_assets.planners.model.prompt import split_prompt
from weekly_plan_assets_tests.support.decisions import SLOPPY, STRONG, week_to_decide
from weekly_plan_assets_tests.support.model_providers import PROVIDERS, attempts_of, provider
from weekly_plan_assets_tests.support.protocol_server import (
    CACHED_TOKENS,
    OUTPUT_TOKENS,
    Memory,
)

TOO_HARD = json.dumps(
    {
        "objective": "Hard every day.",
        "sessions": [
            {"day": day, "sport": "run", "do": "40 min threshold"} for day in ("tue", "wed", "thu")
        ],
    }
)
"""Decisions that break rules."""


def prompt() -> tuple[str, str]:
    planner = ModelPlanner("openai:coach", timeout_s=20, max_tokens=2000)
    return split_prompt(planner.render_prompt(week_to_decide()))


@pytest.mark.parametrize("text", [json.dumps(STRONG), SLOPPY], ids=["strong", "sloppy"])
@pytest.mark.parametrize("model_id", PROVIDERS)
def test_a_week_is_planned_at_the_first_attempt_through_every_protocol(
    model_id: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with provider(model_id, monkeypatch, text) as server:
        (attempt,) = attempts_of(model_id)
    assert attempt.errors == ()
    assert attempt.plan is not None
    assert attempt.output_raw.strip() in {text.strip(), json.dumps(STRONG, separators=(",", ":"))}
    (request,) = server.requests
    assert request.path.endswith(PROVIDERS[model_id][2])
    assert (attempt.input_tokens, attempt.output_tokens) == (request.input_tokens, OUTPUT_TOKENS)
    assert attempt.cached_tokens == CACHED_TOKENS
    assert attempt.cost_usd is None  # nobody knows the price of a server on loopback


@pytest.mark.parametrize("model_id", PROVIDERS)
def test_a_second_attempt_that_sends_all_again_begins_with_the_same_bytes(
    model_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    behaviour = {"memory": Memory.FORGETS}
    with provider(model_id, monkeypatch, TOO_HARD, json.dumps(STRONG), **behaviour) as server:
        rejected, valid = attempts_of(model_id)
    assert rejected.errors
    assert valid.errors == ()
    assert not valid.continued
    first, *_, last = (messages_of(request.body) for request in server.requests)
    assert last[: len(first)] == first
    assert len(last) == len(first) + 2
    assert rejected.errors[0] in last[-1]


def messages_of(body: dict[str, Any]) -> list[str]:
    """The messages of a request in whatever protocol, without what it says of caching."""
    system = [body[key] for key in ("system", "systemInstruction") if key in body]
    turns = next(body[key] for key in ("messages", "input", "contents") if key in body)
    texts = [
        one.get("content") or one.get("parts") or one for one in [*map(_plain, system), *turns]
    ]
    return [json.dumps(_uncached(text)) for text in texts]


def _plain(system: Any) -> dict[str, Any]:
    return system if isinstance(system, dict) else {"content": system}


def _uncached(part: Any) -> Any:
    if isinstance(part, list):
        return [_uncached(one) for one in part]
    if isinstance(part, dict):
        return {key: _uncached(value) for key, value in part.items() if key != "cache_control"}
    return part


def test_openai_is_told_which_prompts_begin_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    for model_id in ("openai-chat:coach", "openai-responses:coach"):
        with provider(model_id, monkeypatch, json.dumps(STRONG)) as server:
            attempts_of(model_id)
        assert server.requests[0].body["prompt_cache_key"] == "weekly-plan-assets"


def test_the_latest_models_of_openai_are_told_to_cache_the_conversation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with provider("openai:gpt-5.6", monkeypatch, json.dumps(STRONG)) as server:
        attempts_of("openai:gpt-5.6")
    assert server.requests[0].body["prompt_cache_options"]["mode"] == "implicit"


def test_anthropic_is_told_to_cache_the_fixed_part_and_the_conversation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with provider("anthropic:coach", monkeypatch, json.dumps(STRONG)) as server:
        attempts_of("anthropic:coach")
    body, (instructions, question) = server.requests[0].body, prompt()
    (fixed,) = body["system"]
    assert fixed["cache_control"] == {"type": "ephemeral", "ttl": "5m"}
    assert fixed["text"] == instructions
    assert body["cache_control"] == {"type": "ephemeral", "ttl": "5m"}
    assert body["messages"][0]["content"][0]["text"] == question


@pytest.mark.parametrize("model_id", ["openai-chat:coach", "anthropic:coach"])
def test_a_server_that_refuses_to_hear_of_caching_is_asked_without(
    model_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with provider(model_id, monkeypatch, json.dumps(STRONG), knows_caching=False) as server:
        (attempt,) = attempts_of(model_id)
    assert attempt.errors == ()
    refused, taken = (request.body for request in server.requests)
    assert "cache" in json.dumps(refused)
    assert "cache" not in json.dumps(taken)
    # The schema is still sent where it was.
    assert refused.get("response_format") == taken.get("response_format")


def test_where_answers_are_kept_a_second_attempt_sends_what_was_wrong_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = (TOO_HARD, "no JSON", json.dumps(STRONG))
    with provider("openai-responses:coach", monkeypatch, *texts) as server:
        attempts = attempts_of("openai-responses:coach")
    assert [bool(one.errors) for one in attempts] == [True, True, False]
    assert [one.continued for one in attempts] == [False, True, True]
    first, second, third = (request.body for request in server.requests)
    assert (second["previous_response_id"], third["previous_response_id"]) == ("resp_1", "resp_2")
    assert [message["role"] for message in first["input"]] == ["system", "user"]
    for body, wrong in ((second, attempts[0]), (third, attempts[1])):
        (message,) = body["input"]
        assert wrong.errors[0] in json.dumps(message, ensure_ascii=False)
        assert "instructions" not in body
    assert len(json.dumps(second["input"])) < len(json.dumps(first["input"])) / 4
    # They were read all the same.
    assert attempts[1].input_tokens == server.requests[1].input_tokens > attempts[0].tokens


@pytest.mark.parametrize("memory", [Memory.FORGETS, Memory.PASSES_OVER])
def test_a_server_that_no_longer_knows_the_answer_is_sent_all_again(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    between = ["What was wrong?"] if memory is Memory.PASSES_OVER else []
    texts = (TOO_HARD, *between, json.dumps(STRONG))
    with provider("openai-responses:coach", monkeypatch, *texts, memory=memory) as server:
        rejected, valid = attempts_of("openai-responses:coach")
    assert valid.errors == ()
    assert not valid.continued
    _, tried, whole = server.requests
    assert tried.body["previous_response_id"] == "resp_1"
    assert "previous_response_id" not in whole.body
    assert [one["role"] for one in whole.body["input"]] == ["system", "user", "assistant", "user"]
    read = whole.input_tokens + (tried.input_tokens if memory is Memory.PASSES_OVER else 0)
    assert valid.input_tokens == read
    assert rejected.errors


def test_after_one_answer_that_was_not_kept_all_is_sent_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = (TOO_HARD, TOO_HARD, json.dumps(STRONG))
    with provider("openai-responses:coach", monkeypatch, *texts, memory=Memory.FORGETS) as server:
        attempts_of("openai-responses:coach")
    ids = [request.body.get("previous_response_id") for request in server.requests]
    assert ids == [None, "resp_1", None, None]


def test_another_week_through_the_same_planner_continues_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with provider("openai-responses:coach", monkeypatch, json.dumps(STRONG)) as server:
        planner = ModelPlanner("openai-responses:coach", timeout_s=20, max_tokens=2000)
        for earlier in (0, 1):
            week = week_to_decide(earlier=earlier)
            ask(planner, week, planner.render_prompt(week), 1)
    assert all("previous_response_id" not in request.body for request in server.requests)
