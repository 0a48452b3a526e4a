"""Doctor's look at the planner: rules are there, a model is asked one short question."""

import pytest

from weekly_plan_assets.operations.planner_found import planner_found
from weekly_plan_assets.planners.base import PlannerError
from weekly_plan_assets.settings import Settings
from weekly_plan_assets_tests.support.openai_server import (
    ANSWERING_MODEL,
    MODEL_ID,
    Reply,
    openai_server,
)


def settings(model: str) -> Settings:
    return Settings.model_validate({"WEEKLY_PLAN_MODEL": model})


def test_the_rules_are_there_without_a_question() -> None:
    assert planner_found(settings("rules")) == "rules, up to 3 attempts"


def test_a_model_is_asked_once_and_what_a_week_takes_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with openai_server(Reply("ok")) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        text = planner_found(settings(MODEL_ID))
    assert len(server.requests) == 1
    assert len(str(server.requests[0]["messages"])) < 300
    assert f"a short question was answered by {ANSWERING_MODEL}" in text
    assert "A week reads about 3,000 tokens and writes about 500" in text


def test_a_refused_key_is_a_sentence_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with openai_server() as server:
        for name, value in (server.environment | {"OPENAI_API_KEY": "sk-other"}).items():
            monkeypatch.setenv(name, value)
        with pytest.raises(PlannerError, match="its key is refused; check OPENAI_API_KEY"):
            planner_found(settings(MODEL_ID))
