"""A model's server that stalls, drips, never ends or packs a bomb ends in one sentence."""

import gzip
import json
from time import monotonic

import pytest

from weekly_plan_assets.planners.base import PlannerError
from weekly_plan_assets.planners.model.planner import ModelPlanner
from weekly_plan_assets_tests.support.model_request import request
from weekly_plan_assets_tests.support.openai_server import MODEL_ID, Reply, openai_server

REQUEST = request()
TIMEOUT_S, PATIENCE_S, SLACK_S = 1.0, 1.0, 1.5


def refusal(monkeypatch: pytest.MonkeyPatch, reply: Reply) -> tuple[str, float, int]:
    """What is said, after how many seconds and requests."""
    with openai_server(reply) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        planner = ModelPlanner(
            MODEL_ID, timeout_s=TIMEOUT_S, max_tokens=16_000, patience_s=PATIENCE_S
        )
        prompt = planner.render_prompt(REQUEST)
        planner.check()
        began_s = monotonic()
        with pytest.raises(PlannerError) as failure:
            planner.propose(REQUEST, prompt, ())
        took_s = monotonic() - began_s
        asked = len(server.requests)
    sentence = str(failure.value)
    assert "\n" not in sentence
    assert len(sentence) < 500
    return sentence, took_s, asked


@pytest.mark.slow
@pytest.mark.parametrize(
    "reply",
    [
        Reply("{}", delay_s=30),
        Reply("{}", byte_every_s=0.05),
        Reply("{}", byte_every_s=0.05, status=500),
        Reply("{}", byte_every_s=0.05, headers={"Content-Encoding": "gzip"}),
    ],
    ids=["silent", "drips", "drips an error", "drips what is no archive"],
)
def test_a_server_that_stalls_is_given_up_in_time(
    monkeypatch: pytest.MonkeyPatch, reply: Reply
) -> None:
    sentence, took_s, _ = refusal(monkeypatch, reply)
    assert took_s < TIMEOUT_S + PATIENCE_S + SLACK_S
    assert "the model openai-chat:coach-1 at 127.0.0.1" in sentence


@pytest.mark.slow
def test_a_dripping_answer_is_cut_off_although_every_byte_is_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sentence, _, asked = refusal(monkeypatch, Reply("{}", byte_every_s=0.05))
    assert "does not answer within" in sentence
    assert f"given up after {asked} attempts in 2 s" in sentence


BOMB = gzip.compress(bytes(256 * 1024**2))


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(body=b'{"id": "x"}, ' * 10_000, repeats_body=True), "answers with more than 8 MiB"),
        (
            Reply(body=b" " * 100_000, repeats_body=True, status=500),
            "answers with more than 8 MiB",
        ),
        (Reply(body=BOMB, headers={"Content-Encoding": "gzip"}), "answers with more than 8 MiB"),
        (
            Reply(body=gzip.compress(BOMB), headers={"Content-Encoding": "gzip, gzip"}),
            "answers with Content-Encoding gzip, gzip, which was not asked for",
        ),
        (
            Reply(body=b"x", headers={"Content-Encoding": "br"}),
            "answers with Content-Encoding br, which was not asked for",
        ),
        (
            Reply(body=gzip.compress(b"{}")[:-4], headers={"Content-Encoding": "gzip"}),
            "sends an answer that breaks off after 2 bytes",
        ),
    ],
    ids=["endless", "an endless error", "a bomb", "two layers", "another encoding", "cut"],
)
def test_an_answer_that_cannot_be_one_is_refused_at_once(
    monkeypatch: pytest.MonkeyPatch, reply: Reply, said: str
) -> None:
    sentence, took_s, asked = refusal(monkeypatch, reply)
    assert "coach-1 at 127.0.0.1" in sentence
    assert said in sentence
    assert "check WEEKLY_PLAN_MODEL and the address of its provider" in sentence
    assert asked == 1
    assert took_s < TIMEOUT_S + SLACK_S


def test_an_answer_in_gzip_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    body = {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "coach-1",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "hello"},
                "finish_reason": "stop",
            }
        ],
    }
    packed = gzip.compress(json.dumps(body).encode())
    reply = Reply(body=packed, headers={"Content-Encoding": "gzip"})
    with openai_server(reply) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        planner = ModelPlanner(MODEL_ID, timeout_s=5.0, max_tokens=16_000)
        answer = planner.propose(REQUEST, planner.render_prompt(REQUEST), ())
    assert answer.output_raw == "hello"
