"""A model asked over a real socket: what it says, and all the ways in which it does not."""

import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from weekly_plan_assets.domain.attempt import Attempt
from weekly_plan_assets.planners.attempts import UNBOUNDED, Budget, ask
from weekly_plan_assets.planners.base import Planner, PlannerError
from weekly_plan_assets.planners.model.fallback import RulesInstead
from weekly_plan_assets.planners.model.planner import ModelPlanner
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets_tests.support.model_request import request
from weekly_plan_assets_tests.support.openai_server import (
    ANSWERING_MODEL,
    API_KEY,
    MODEL_ID,
    OpenAIServer,
    Reply,
    openai_server,
)

REQUEST = request()
VALID = RulesPlanner().propose(REQUEST, "", ()).output_raw


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    """A model of the athlete's own, whose key is in the environment."""
    with openai_server() as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


def planner(model_id: str = MODEL_ID, **changed: Any) -> ModelPlanner:
    limits = {"timeout_s": 5.0, "max_tokens": 16_000, "patience_s": 5.0} | changed
    return ModelPlanner(model_id, **limits)


def asked(
    whom: ModelPlanner | None = None,
    *,
    max_attempts: int = 3,
    budget: Budget = UNBOUNDED,
    fallback: Planner | None = None,
) -> tuple[Attempt, ...]:
    whom = whom or planner()
    prompt = whom.render_prompt(REQUEST)
    return ask(whom, REQUEST, prompt, max_attempts, budget=budget, fallback=fallback)


def failure_of(whom: ModelPlanner) -> str:
    with pytest.raises(PlannerError) as failure:
        whom.propose(REQUEST, whom.render_prompt(REQUEST), ())
    assert API_KEY not in str(failure.value)
    return str(failure.value)


def test_a_valid_answer_is_kept_with_its_tokens_and_who_gave_it(server: OpenAIServer) -> None:
    server.script = [Reply(VALID)]
    (attempt,) = asked()
    assert attempt.errors == ()
    assert attempt.output_raw == VALID
    assert (attempt.input_tokens, attempt.output_tokens) == (1000, 200)
    assert (attempt.finish_reason, attempt.model) == ("stop", ANSWERING_MODEL)


def test_the_prompt_goes_out_to_the_byte_in_two_messages_with_the_schema(
    server: OpenAIServer,
) -> None:
    asked(max_attempts=1)
    (sent,) = server.requests
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]
    contents = [message["content"] for message in sent["messages"]]
    assert "".join(contents) == planner().render_prompt(REQUEST)
    assert sent["response_format"]["type"] == "json_schema"
    assert sent["max_completion_tokens"] == 16_000


def test_a_rejected_answer_goes_back_with_its_violations(server: OpenAIServer) -> None:
    server.script = [Reply("Here is your plan!"), Reply(VALID)]
    first, second = asked()
    assert first.errors[0].startswith("shape: answer: Invalid JSON")
    assert second.errors == ()
    answer, rejection = server.requests[1]["messages"][2:]
    assert (answer["role"], answer["content"]) == ("assistant", "Here is your plan!")
    assert rejection["role"] == "user"
    assert first.errors[0] in rejection["content"]


def test_a_server_without_structured_output_is_asked_for_text(server: OpenAIServer) -> None:
    server.takes_schemas = False
    server.script = [Reply("{}"), Reply(VALID)]
    assert [bool(attempt.errors) for attempt in asked()] == [True, False]
    assert "response_format" not in server.requests[1]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(VALID[:500], finish_reason="length"), "answer.truncated"),
        (Reply(""), "answer.empty"),
        (Reply(None), "answer.empty"),
        (Reply(refusal="I plan nothing."), "answer.refused: I plan nothing."),
        (Reply(None, finish_reason="content_filter"), "answer.refused"),
        (Reply("[1, 2]"), "shape: answer"),
        (Reply('{"schema_version": "3.0"}'), "shape: nextWeek"),
    ],
)
def test_an_unusable_answer_is_an_attempt_and_the_model_is_asked_again(
    server: OpenAIServer, reply: Reply, error: str
) -> None:
    server.script = [reply, Reply(VALID)]
    first, second = asked()
    assert first.errors[0].startswith(error)
    assert first.output_tokens == 200
    assert second.errors == ()
    assert error in server.requests[1]["messages"][-1]["content"]


@pytest.mark.parametrize("fenced", [f"```json\n{VALID}\n```\n", f"\n```\n{VALID}```"])
def test_one_code_fence_is_taken_off_but_kept_in_the_raw_answer(
    server: OpenAIServer, fenced: str
) -> None:
    server.script = [Reply(fenced)]
    (attempt,) = asked()
    assert attempt.errors == ()
    assert attempt.output_raw == fenced


def test_json_is_kept_without_its_blanks_and_otherwise_to_the_byte(server: OpenAIServer) -> None:
    server.script = [Reply('{ "a  b" :\n [1.0, "\\" c ", 1e2 ] }')]
    (attempt,) = asked(max_attempts=1)
    assert attempt.output_raw == '{"a  b":[1.0,"\\" c ",1e2]}'


@pytest.mark.parametrize(
    "trouble",
    [
        Reply(status=429, headers={"Retry-After": "1"}),
        Reply(status=500),
        Reply(status=503),
        Reply(VALID, delay_s=1.5),
    ],
)
def test_a_provider_in_trouble_is_asked_again_and_the_wait_is_logged(
    server: OpenAIServer, trouble: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    server.script = [trouble, Reply(VALID)]
    with caplog.at_level(logging.WARNING, logger="weekly_plan_assets"):
        (attempt,) = asked(planner(timeout_s=1.0))
    assert attempt.errors == ()
    assert len(server.requests) == 2
    assert "asking again in" in caplog.text


def test_a_wait_longer_than_the_patience_is_not_waited(server: OpenAIServer) -> None:
    server.script = [Reply(status=429, headers={"Retry-After": "600"})]
    sentence = failure_of(planner())
    assert "answers 429" in sentence
    assert "asks to wait 600 s" in sentence
    assert len(server.requests) == 1


def test_a_provider_that_stays_in_trouble_ends_the_attempts(server: OpenAIServer) -> None:
    server.script = [Reply(status=500)]
    (attempt,) = asked(planner(timeout_s=0.5, patience_s=0.0))
    assert attempt.output_raw == ""
    assert attempt.errors[0].startswith(
        "planner.failed: the model openai-chat:coach-1 at 127.0.0.1"
    )
    assert "answers 500; given up" in attempt.errors[0]


def test_a_model_that_is_too_slow_says_so(server: OpenAIServer) -> None:
    server.script = [Reply(VALID, delay_s=2.0)]
    assert "does not answer within 0.2 s" in failure_of(planner(timeout_s=0.2, patience_s=0.0))


def test_a_wrong_key_ends_at_once_without_the_key(
    server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-one")
    sentence = failure_of(planner())
    assert "answers 401: its key is refused; check OPENAI_API_KEY" in sentence
    assert "sk-wrong-one" not in sentence


def test_an_unknown_model_ends_at_once(server: OpenAIServer) -> None:
    sentence = failure_of(planner("openai-chat:coach-9"))
    assert "answers 404: there is no such model" in sentence
    assert "WEEKLY_PLAN_MODEL" in sentence


def test_a_refused_request_quotes_the_provider_without_any_secret(server: OpenAIServer) -> None:
    body = f'{{"error": {{"message": "no quota for {API_KEY}", "code": null}}}}'.encode()
    server.script = [Reply(status=400, body=body)]
    assert "no quota for ***" in failure_of(planner())


def test_an_answer_that_is_no_completion_ends_at_once(server: OpenAIServer) -> None:
    server.script = [Reply(body=b"<html>a proxy</html>")]
    assert "check WEEKLY_PLAN_MODEL and the address" in failure_of(planner())


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":' * 100_000,
        b"[" * 50_000 + b"]" * 50_000,
        b'{"created":1' + b"0" * 5_000 + b"}",
        b'{"id": "1", "choices": [], "created": 1, "model": "m", "object": "chat.completion"}',
    ],
)
def test_a_response_on_which_a_library_breaks_ends_the_attempts_and_the_rules_plan(
    server: OpenAIServer, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    server.script = [Reply(body=body)]
    with caplog.at_level(logging.WARNING, logger="weekly_plan_assets"):
        broken, last = asked(fallback=RulesInstead(MODEL_ID))
    assert broken.errors[0].startswith(f"planner.failed: the model {MODEL_ID} ")
    assert "check WEEKLY_PLAN_MODEL and the address of its provider" in broken.errors[0]
    assert last.errors == ()


def test_a_server_that_is_not_there_is_given_up(
    server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert "at 127.0.0.1:9 cannot be reached; given up" in failure_of(
        planner(timeout_s=0.5, patience_s=0.0)
    )


@pytest.mark.parametrize(
    ("model_id", "way_out"),
    [
        ("openai:gpt-5", "needs OPENAI_API_KEY; set it"),
        ("anthropic:claude", "needs ANTHROPIC_API_KEY; set it"),
        ("google:gemini", "needs GOOGLE_API_KEY; set it"),
        ("nobody:gpt-5", "names no provider that is known"),
        ("groq:llama", "pip install 'pydantic-ai-slim[groq]'"),
    ],
)
def test_what_is_missing_to_ask_a_model_is_named(
    monkeypatch: pytest.MonkeyPatch, model_id: str, way_out: str
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("GOOGLE_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    sentence = failure_of(planner(model_id))
    assert sentence.startswith(f"WEEKLY_PLAN_MODEL is '{model_id}', which ")
    assert way_out in sentence


def test_without_the_libraries_the_command_that_installs_them_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "weekly_plan_assets.planners.model.chat", raising=False)
    monkeypatch.setitem(sys.modules, "pydantic_ai.direct", None)
    sentence = failure_of(planner())
    assert "pydantic_ai.direct is missing" in sentence
    assert "make install EXTRAS=model" in sentence


def test_a_used_up_budget_of_tokens_ends_the_attempts_and_says_so(server: OpenAIServer) -> None:
    server.script = [Reply("no")]
    attempts = asked(max_attempts=10, budget=Budget(tokens=2000))
    assert len(attempts) == 2
    assert attempts[-1].errors[-1].startswith("budget.tokens: the 2 attempts so far took 2400")


def test_a_used_up_budget_of_time_ends_the_attempts_and_says_so(server: OpenAIServer) -> None:
    server.script = [Reply("no")]
    (attempt,) = asked(max_attempts=10, budget=Budget(time_s=0.001))
    assert attempt.errors[-1].startswith("budget.time: the 1 attempt so far took")


@pytest.mark.parametrize("reply", [Reply("no"), Reply(status=404)])
def test_the_rules_plan_where_the_model_does_not_and_say_so(
    server: OpenAIServer, reply: Reply
) -> None:
    server.script = [reply]
    *answers, last = asked(max_attempts=2, fallback=RulesInstead(MODEL_ID))
    assert answers
    assert all(attempt.errors and not attempt.fallback for attempt in answers)
    assert last.fallback
    assert last.errors == ()
    assert last.plan is not None
    assert last.plan.warnings[0].startswith(f"{MODEL_ID} gave no valid plan")


def test_a_valid_answer_needs_no_fallback(server: OpenAIServer) -> None:
    server.script = [Reply(VALID)]
    (attempt,) = asked(fallback=RulesInstead(MODEL_ID))
    assert not attempt.fallback
