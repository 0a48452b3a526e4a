"""Whatever a planner answers ends in an attempt that can be stored, and is asked for again."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from hashlib import sha256
from math import inf, nan
from typing import Any

import bson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from weekly_plan_assets.domain.attempt import Attempt
from weekly_plan_assets.domain.guardrails import (
    GUARDRAILS,
    Guardrail,
    PlanContext,
    RuleOutcome,
    Severity,
    judge_plan,
    violations,
)
from weekly_plan_assets.domain.guardrails.registry import LONGEST_OBSERVED
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.planners import answers
from weekly_plan_assets.planners.answers import KEPT_BYTES, LONGEST_ANSWER_BYTES, MOST_ERRORS
from weekly_plan_assets.planners.attempts import ask
from weekly_plan_assets.planners.base import Answer, PlanningRequest, Rejection
from weekly_plan_assets.planners.model.fallback import RulesInstead
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.storage.codec import encode
from weekly_plan_assets_tests.support.model_request import request
from weekly_plan_assets_tests.support.valid_week import CONTEXT, broken, days, plan_of

REQUEST = request()
VALID = RulesPlanner().propose(REQUEST, "", ()).output_raw
DOCUMENT_BYTES = 16 * 1024 * 1024


class Saying:
    """A planner that says these things, one after the other; the last one again and again."""

    model_id = "saying"
    prompt_version = "saying-1"

    def __init__(self, *script: Answer | str) -> None:
        self.script = [Answer(one) if isinstance(one, str) else one for one in script]
        self.heard: list[Sequence[Rejection]] = []

    def render_prompt(self, request: PlanningRequest) -> str:
        return f"Plan {request.context.planned_week}."

    def propose(
        self, request: PlanningRequest, prompt: str, rejections: Sequence[Rejection]
    ) -> Answer:
        self.heard.append(rejections)
        return self.script[min(len(rejections), len(self.script) - 1)]


def asked(*script: Answer | str, times: int = 2) -> tuple[Attempt, ...]:
    """Every attempt of a planner with this script; each can be stored."""
    attempts = ask(Saying(*script), REQUEST, "", times)
    for attempt in attempts:
        stored = bson.encode(encode(attempt.model_dump(by_alias=True)))
        assert len(stored) < DOCUMENT_BYTES / 16
        if not attempt.errors:
            assert attempt.plan is not None
            assert bson.encode(encode(attempt.plan.model_dump(by_alias=True)))
    return attempts


def answer(**changed: Any) -> str:
    return json.dumps(json.loads(VALID) | changed)


def changed(path: str, value: Any) -> str:
    """The valid answer with another value where the path leads; names of keys, numbers of items."""
    told = json.loads(VALID)
    *way, last = path.split(".")
    place = told
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    place[int(last) if isinstance(place, list) else last] = value
    return json.dumps(told)


TRAINING_DAY = next(
    number for number, day in enumerate(json.loads(VALID)["days"]) if day["sessions"]
)
SESSION = f"days.{TRAINING_DAY}.sessions.0"
WORK = "blocks.0.steps.0.work"
HUGE = 10**400


@pytest.mark.parametrize(
    ("output", "error"),
    [
        (changed(f"{SESSION}.plannedLoad", 1e308), f"shape: {SESSION}.plannedLoad: "),
        (changed("nextWeek.plannedLoad", 1e308), "shape: nextWeek.plannedLoad: "),
        (changed(f"{SESSION}.blocks.0.repeats", HUGE), f"shape: {SESSION}.blocks.0.repeats: "),
        (changed(f"{SESSION}.{WORK}.durationS", HUGE), f"shape: {SESSION}.{WORK}.durationS: "),
        (changed(f"{SESSION}.durationS", 2**63), f"shape: {SESSION}.durationS: "),
        (changed(f"{SESSION}.distanceM", 10**9), f"shape: {SESSION}.distanceM: "),
        (changed(f"{SESSION}.intensity.bpmHigh", 251), f"shape: {SESSION}.intensity.bpmHigh: "),
        (changed(f"{SESSION}.description", "a " * 501), f"shape: {SESSION}.description: "),
        (changed(f"{SESSION}.goal", "a" * 501), f"shape: {SESSION}.goal: "),
        (changed("nextWeek.objective", "a" * 501), "shape: nextWeek.objective: "),
        (changed("days.0.dayName", "M" * 51), "shape: days.0.dayName: "),
        (changed("warnings", ["a"] * 101), "shape: warnings: "),
        (changed("warnings", ["a" * 501]), "shape: warnings.0: "),
        (changed("justification.0.evidence.0.metric", "m" * 51), "shape: justification.0.evid"),
        (answer(justification=json.loads(VALID)["justification"] * 40), "shape: justification: "),
        (VALID.replace('"sessions":[]', '"sessions":[{}]', 1), "shape: days."),
        ("[" * 100_000, "shape: answer: Invalid JSON: recursion limit"),
        ('{"a":' * 30_000, "shape: answer: Invalid JSON: recursion limit"),
        ('{"nextWeek": NaN}', "shape: "),
        (VALID.replace('"plannedLoad":', '"plannedLoad":-Infinity,"x":', 1), "shape: "),
        (f"1{'0' * 5000}", "shape: answer: Invalid JSON: number out of range"),
        (VALID.replace('"warnings":', '"warnings":[],"warnings":', 1), "shape: answer: the key"),
        (VALID.replace('"dayName":', '"dayName":"x","dayName":', 1), "shape: answer: the key"),
        ("\ud83d", "shape: answer: Invalid JSON"),
        (changed(f"{SESSION}.goal", "x\x00"), "text.plain: "),
        (VALID.replace('"goal":"', '"goal":"\ud83d', 1), "shape: "),
        (VALID.replace('"goal":"', '"goal":"\x00', 1), "shape: answer: Invalid JSON: control"),
        ("\u200b", "shape: "),
        (" \n\t", "answer.empty: "),
        ("\x00", "shape: answer"),
    ],
)
def test_an_answer_beyond_any_limit_is_an_attempt_and_the_next_one_counts(
    output: str, error: str
) -> None:
    first, second = asked(output, VALID)
    assert any(told.startswith(error) for told in first.errors), first.errors
    assert second.errors == ()
    (lonely, rules) = ask(Saying(output), REQUEST, "", 1, fallback=RulesInstead("model"))
    assert lonely.errors
    assert rules.errors == ()
    assert rules.fallback


def test_an_answer_of_megabytes_is_kept_by_its_beginning_its_length_and_its_hash() -> None:
    text = changed(f"{SESSION}.description", "é" * 1_500_000)
    planner = Saying(text, VALID)
    first, second = ask(planner, REQUEST, "", 2)
    whole = text.encode()
    assert first.errors[0].startswith(f"answer.too_long: it holds {len(whole)} bytes")
    assert first.output_raw == text[:KEPT_BYTES]
    assert (first.output_raw_bytes, first.output_raw_sha256) == (
        len(whole),
        sha256(whole).hexdigest(),
    )
    assert second.errors == ()
    assert (second.output_raw_bytes, second.output_raw_sha256) == (None, None)
    # What goes back to the planner is what is kept, not all of it.
    assert [earlier.output_raw for earlier in planner.heard[1]] == [first.output_raw]


def test_an_answer_as_long_as_allowed_is_read() -> None:
    told = json.dumps(json.loads(VALID), indent=2)
    blanks = " " * (LONGEST_ANSWER_BYTES - len(told.encode()))
    (first,) = asked(told + blanks)
    assert first.errors == ()
    first, _ = asked(told + blanks + " ")
    assert first.errors[0].startswith("answer.too_long: ")


def test_a_beginning_is_cut_between_characters_and_a_long_refusal_is_quoted_in_short() -> None:
    first, _ = asked("€" * 100_000)
    assert first.output_raw == "€" * (KEPT_BYTES // 3)
    first, _ = asked(Answer("no " * 100_000, finish_reason="content_filter"))
    assert first.errors[0].startswith("answer.refused: no no")
    assert len(first.errors[0]) <= answers.LONGEST_ERROR
    first, _ = asked(Answer("x" * 1_000_000, finish_reason="length"))
    assert first.errors[0].startswith("answer.truncated: ")
    assert len(first.output_raw) == KEPT_BYTES


def test_all_attempts_of_a_run_fit_into_one_document_however_long_they_are() -> None:
    nested = json.dumps({f"key {number} {'x' * 150}": 1 for number in range(1_000)})
    attempts = asked(nested, times=10)
    assert len(attempts) == 10
    size = len(bson.encode({"attempts": [encode(attempt) for attempt in attempts]}))
    assert size < DOCUMENT_BYTES / 4


def test_not_more_errors_are_told_than_anybody_mends() -> None:
    first, _ = asked(json.dumps({f"key {number}": 1 for number in range(1_000)}))
    assert len(first.errors) == MOST_ERRORS + 1
    assert first.errors[-1].startswith("shape: answer: ")
    assert "more errors" in first.errors[-1]


@pytest.mark.parametrize("cost_usd", [nan, inf, -0.01])
def test_what_an_answer_says_of_itself_is_kept_as_far_as_it_can_be(cost_usd: float) -> None:
    (attempt,) = asked(
        Answer(
            VALID,
            input_tokens=-1,
            output_tokens=10**30,
            cost_usd=cost_usd,
            model=f"m\ud83d\x1b{'x' * 1_000}",
            finish_reason="s\nt\x00op",
        )
    )
    assert (attempt.input_tokens, attempt.output_tokens, attempt.cost_usd) == (None, None, None)
    assert attempt.model is not None
    assert attempt.model.startswith("m? x")
    assert len(attempt.model) == 200
    assert attempt.finish_reason == "s t op"


def test_an_error_is_one_line_whatever_a_key_is_called() -> None:
    first, _ = asked(json.dumps({"a\n2026-01-01 ERROR forged\x1b[31m": 1}))
    assert not any(char in error for error in first.errors for char in "\n\x1b")


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every value of an answer, lists and objects too."""
    if path:
        yield path
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in items:
            yield from leaves(part, (*path, key))


def put(told: Any, path: tuple[Any, ...], value: Any) -> None:
    """Put a value where the path leads, if it still leads anywhere."""
    *way, last = path
    with suppress(LookupError, TypeError):
        for step in way:
            told = told[step]
        told[last] = value


PLACES = list(leaves(json.loads(VALID)))
NUMBERS = (-1, 0, 1, 2**31, 2**63, -(2**63) - 1, HUGE, 1e308, -1e308, 5e-324, 0.5, nan, inf)
STRINGS = (
    *("", " ", "\u200b", "\x00", "\ud83d", "9" * 400, "x" * 5_000, "2024-13-45", "9999-12-31"),
    *("0001-01-01", "Run 3 hours in zone 5.", "<b>", "\u202e", "NaN", "1e999"),
)
LISTS: tuple[Any, ...] = ([], [[]] * 60, [{}] * 200, [None] * 7)
OTHERS: tuple[Any, ...] = (None, True, {}, {"a": 1}, {"": {}}, *LISTS)
hostile_values = st.one_of(
    st.sampled_from([*NUMBERS, *STRINGS, *OTHERS]),
    st.integers(),
    st.floats(),
    st.text(max_size=50),
    st.lists(st.integers(), max_size=5),
)


@settings(max_examples=400, deadline=None)
@given(
    changes=st.lists(st.tuples(st.sampled_from(PLACES), hostile_values), min_size=1, max_size=4),
    as_ascii=st.booleans(),
)
def test_a_valid_answer_with_anything_anywhere_is_rejected_or_a_valid_plan_within_the_limits(
    changes: list[tuple[tuple[Any, ...], Any]],
    as_ascii: bool,  # noqa: FBT001
) -> None:
    told = json.loads(VALID)
    for path, value in changes:
        put(told, path, value)
    (attempt,) = asked(json.dumps(told, ensure_ascii=as_ascii), times=1)
    if not attempt.errors:
        assert attempt.plan is not None
        assert violations(judge_plan(attempt.plan, REQUEST.context)) == ()
        again = WeeklyPlan.answered(attempt.plan.model_dump_json(by_alias=True))
        assert again == attempt.plan


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(),
        st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape")),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        ).map(json.dumps),
    )
)
def test_any_text_at_all_is_an_attempt(text: str) -> None:
    (attempt,) = asked(text, times=1)
    assert attempt.errors


def a_rule(check: Callable[..., Any], severity: Severity = Severity.ERROR) -> Guardrail:
    return replace(GUARDRAILS[0], id="test.rule", check=check, severity=severity)


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize(
    "error",
    [OverflowError("fsum"), ZeroDivisionError(), RecursionError(), KeyError("x"), MemoryError()],
)
def test_a_plan_that_a_rule_cannot_judge_is_rejected_for_it(
    error: Exception, severity: Severity, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_: WeeklyPlan, __: PlanContext) -> tuple[RuleOutcome, str]:
        raise error

    with caplog.at_level(logging.DEBUG, logger="weekly_plan_assets"):
        (verdict,) = judge_plan(plan_of(days()), CONTEXT, [a_rule(breaks, severity)])
    assert verdict.observed == f"could not be judged: {type(error).__name__}"
    assert violations([verdict]) == (verdict,)
    assert f"test.rule could not judge a plan: {type(error).__name__}" in caplog.text
    assert "Traceback" in caplog.text


def test_a_rule_that_breaks_is_told_to_the_planner_and_ends_in_the_fallback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def breaks_on_models(plan: WeeklyPlan, _: PlanContext) -> tuple[RuleOutcome, str]:
        return RuleOutcome.PASS, f"{1 / len(plan.warnings)}"

    rules = (*GUARDRAILS, a_rule(breaks_on_models))
    monkeypatch.setattr(answers, "judge_plan", partial(judge_plan, rules=rules))
    without = answer(warnings=[])
    first, second, last = ask(Saying(without), REQUEST, "", 2, fallback=RulesInstead("model"))
    for attempt in (first, second):
        assert attempt.errors == (
            f"test.rule: could not be judged: ZeroDivisionError ({GUARDRAILS[0].statement})",
        )
    assert last.errors == ()


def test_what_reading_an_answer_breaks_on_is_a_rejection_too(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise SystemError("out of everything")

    monkeypatch.setattr(answers, "assess", breaks)
    with caplog.at_level(logging.DEBUG, logger="weekly_plan_assets"):
        (attempt,) = asked(VALID, times=1)
    assert attempt.errors == (
        "answer.unreadable: it could not be read (SystemError); write plain JSON",
    )
    assert attempt.output_raw == VALID
    assert "out of everything" in caplog.text


def test_stored_plans_beyond_the_limits_of_answers_can_still_be_read() -> None:
    told = json.loads(VALID)
    told["warnings"] = ["a" * 5_000] * 200
    told["nextWeek"]["plannedLoad"] = 1e12
    text = json.dumps(told)
    assert WeeklyPlan.model_validate_json(text).next_week.planned_load == 1e12
    with pytest.raises(ValidationError):
        WeeklyPlan.answered(text)


def test_what_is_found_of_a_plan_that_is_wrong_everywhere_stays_short() -> None:
    def everywhere(_: WeeklyPlan, __: PlanContext) -> tuple[RuleOutcome, str]:
        return RuleOutcome.FAIL, "wrong; " * 10_000

    (verdict,) = judge_plan(plan_of(days()), CONTEXT, [a_rule(everywhere)])
    assert len(verdict.observed) == LONGEST_OBSERVED
    assert broken(plan_of(days())) == []
