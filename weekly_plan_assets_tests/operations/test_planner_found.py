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
from weekly_plan_assets_tests.support.price_list import loopback_prices


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
    assert "A week reads about 3,300 tokens and writes about 500" in text
    assert "what that costs is not known (genai-prices " in text


def test_what_a_week_costs_is_told_as_an_estimate_with_the_date_of_the_prices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with openai_server(Reply("ok")) as server, loopback_prices():
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        text = planner_found(settings(MODEL_ID))
    assert "that costs an estimated $0.0116 (genai-prices " in text
    assert ", newest price 20" in text


def test_a_refused_key_is_a_sentence_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with openai_server() as server:
        for name, value in (server.environment | {"OPENAI_API_KEY": "sk-other"}).items():
            monkeypatch.setenv(name, value)
        with pytest.raises(PlannerError, match="its key is refused; check OPENAI_API_KEY"):
            planner_found(settings(MODEL_ID))
