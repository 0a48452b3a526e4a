"""What the rules about single sessions and reasons allow, and where they stop."""

from dataclasses import replace

import pytest

from weekly_plan_assets.domain.guardrails import RuleOutcome
from weekly_plan_assets.domain.guardrails.reasons import NUMBER_OF_METRIC
from weekly_plan_assets.domain.plan.weekly_plan import Evidence, Reason, SessionKind
from weekly_plan_assets_tests.support.valid_week import (
    CONTEXT,
    EASY,
    RACE,
    REPEATS,
    STRENGTH,
    broken,
    days,
    judged,
    observed,
    part,
    plan_of,
    repeats,
    session,
    with_days,
    with_saturday,
)


def citing(metric: str, value: float | None, baseline: float | None = None) -> list[str]:
    """The rules that a plan breaks whose only reason cites this."""
    evidence = Evidence(metric=metric, value=value, baseline=baseline)
    reasons = (Reason(text="So.", evidence=(evidence,)), Reason(text="And so."))
    return broken(plan_of(days(), justification=reasons))


def test_an_endurance_session_without_steps_is_told() -> None:
    plan = with_saturday(blocks=())
    assert broken(plan) == ["steps.sum"]
    assert observed("steps.sum", plan) == "2024-05-18 Run easy has no steps"


def test_strength_in_steps_is_told() -> None:
    in_steps = STRENGTH.model_copy(update={"blocks": EASY.blocks})
    assert broken(with_days(Thursday=[in_steps])) == ["steps.sum"]


def test_strides_and_a_steady_finish_do_not_make_a_session_hard() -> None:
    strides = repeats(6, 20, 60, 5)
    easy = session(SessionKind.EASY, part(52, 2), strides, zone=2)
    finish = session(SessionKind.LONG, part(60, 2), part(20, 3), zone=2)
    assert broken(with_days(Saturday=[easy], Sunday=[finish])) == []


def test_an_easy_session_that_hides_hard_work_is_told() -> None:
    hidden = session(SessionKind.EASY, part(45, 2), part(15, 4), zone=2)
    plan = with_days(Saturday=[hidden])
    assert broken(plan) == ["steps.zone", "easy.ceiling"]
    assert observed("steps.zone", plan) == (
        "2024-05-18 Run easy states zone 2, its main part is in zone 4"
    )


def test_a_hard_kind_without_a_hard_part_is_told() -> None:
    named_only = session(SessionKind.TEMPO, part(60, 2), zone=2)
    plan = with_days(Saturday=[named_only])
    assert broken(plan) == ["steps.zone"]
    assert observed("steps.zone", plan) == (
        "2024-05-18 Run tempo states zone 2, its steps hold no hard part"
    )


def test_the_load_of_a_session_may_be_a_tenth_off() -> None:
    held = 46.24
    assert broken(with_saturday(planned_load=1.09 * held)) == []
    assert broken(with_saturday(planned_load=1.11 * held)) == ["steps.load"]


def test_the_load_of_a_short_session_may_be_three_off() -> None:
    short = session(SessionKind.EASY, part(20, 2), zone=2)
    held = 15.41
    for off_by, expected in ((2.9, []), (3.1, ["steps.load"])):
        stated = short.model_copy(update={"planned_load": held + off_by})
        assert broken(with_days(Saturday=[stated])) == expected


def test_the_load_of_a_race_and_of_strength_is_not_that_of_steps() -> None:
    told = observed("steps.load", with_days(Thursday=[RACE]))
    assert told == "the loads stated are 0.2 off the steps' at most"


def test_a_hard_session_is_known_by_its_hardest_long_part() -> None:
    mixed = session(SessionKind.VO2, part(15, 2), REPEATS, part(14, 3), part(6, 2), zone=5)
    assert broken(with_days(Saturday=[mixed])) == []


@pytest.mark.parametrize(
    "value", [48.5714285714, 48.571428571, 48.5714, 48.571, 48.57, 48.6, 48.57142857140001]
)
def test_a_cited_number_may_be_rounded_to_three_digits(value: float) -> None:
    assert citing("restHrMean", value) == []


@pytest.mark.parametrize("value", [49, 48, 48.5, 48.56, 48.58, 48.5715, -48.6, None])
def test_a_cited_number_that_is_no_rounding_of_the_stored_one_is_told(value: float | None) -> None:
    assert citing("restHrMean", value) == ["reason.unverified"]


@pytest.mark.parametrize(("baseline", "right"), [(257.5, True), (258, True), (257, False)])
def test_a_baseline_is_the_mean_of_the_history(baseline: float, right: bool) -> None:  # noqa: FBT001
    assert citing("trainingLoad", 250, baseline) == ([] if right else ["reason.unverified"])


def test_a_baseline_is_over_the_weeks_in_which_the_metric_was_measured() -> None:
    assert citing("restHrMean", 48.6, 47.0) == []


def test_a_baseline_that_nobody_measured_is_told() -> None:
    plan = plan_of(
        days(),
        justification=(
            Reason(text="So.", evidence=(Evidence(metric="ctlEnd", value=40, baseline=38),)),
        ),
    )
    assert observed("reason.unverified", plan) == (
        "the baseline of ctlEnd is cited as 38, the mean of the history is null, not measured"
    )


@pytest.mark.parametrize(
    "metric", ["rest_hr_mean_bpm", "restHR", "weekStart", "coverage", "athleteId", "form"]
)
def test_what_is_no_number_of_weekly_metrics_cannot_be_cited(metric: str) -> None:
    plan = plan_of(
        days(), justification=(Reason(text="So.", evidence=(Evidence(metric=metric, value=1),)),)
    )
    assert broken(plan) == ["reason.unverified"]
    assert observed("reason.unverified", plan) == f"{metric} is no number of weekly_metrics"


def test_a_missing_number_may_be_cited_as_missing_beside_another() -> None:
    missing = Evidence(metric="hrvMean", value=None)
    known = Evidence(metric="ctlEnd", value=40.0)
    both = (Reason(text="So.", evidence=(missing, known)),)
    assert broken(plan_of(days(), justification=both)) == []
    assert citing("hrvMean", None) == ["reason.unverified"]


def test_reasons_without_any_number_are_told() -> None:
    plan = plan_of(days(), justification=(Reason(text="Zone 2 and 41 ms say so."),))
    assert observed("reason.unverified", plan) == "no reason cites a number; at least one must"


def test_a_count_of_zero_can_be_cited() -> None:
    assert citing("vo2Sessions", 0) == []


def test_reasons_are_not_judged_where_nobody_knows_the_observed_week() -> None:
    verdicts = judged(plan_of(days()), replace(CONTEXT, metrics=None, history=()))
    outcomes = {verdict.rule_id: verdict.outcome for verdict in verdicts}
    assert outcomes["reason.unverified"] is RuleOutcome.NOT_EVALUATED


def test_the_numbers_that_can_be_cited_are_those_of_the_stored_document() -> None:
    assert CONTEXT.metrics is not None
    stored = CONTEXT.metrics.model_dump(by_alias=True)
    assert set(stored) - set(NUMBER_OF_METRIC) == {"athleteId", "weekStart", "weekEnd", "coverage"}
    assert set(NUMBER_OF_METRIC) <= set(stored)
