from datetime import UTC, date, datetime

from weekly_plan_assets.domain.attempt import Attempt
from weekly_plan_assets.domain.guardrails import RuleOutcome, Severity, Verdict
from weekly_plan_assets.lineage.records.records import PlanningOutcome, PlanSnapshot, Status
from weekly_plan_assets_tests.support.valid_week import days, plan_of


def verdict(severity: Severity, outcome: RuleOutcome) -> Verdict:
    return Verdict(
        rule_id="own.rule",
        version=1,
        severity=severity,
        threshold="2",
        outcome=outcome,
        observed="it is 3",
        statement="It is at most 2.",
    )


def outcome_with(*verdicts: Verdict) -> PlanningOutcome:
    plan = plan_of(days())
    attempt = Attempt(
        attempt=0,
        output_raw="{}",
        errors=(),
        verdicts=verdicts,
        started_at=datetime(2024, 5, 12, tzinfo=UTC),
        duration_s=0.1,
    )
    return PlanningOutcome(
        run_id="r:2024-05-06",
        athlete_id="i1",
        observed_week_start=date(2024, 5, 6),
        week_start=plan.next_week.week_start,
        week_end=plan.next_week.week_end,
        status=Status.SUCCESS,
        model_id="rules",
        attempt=0,
        attempts=(attempt,),
        output_raw="{}",
        output_validated=plan.model_copy(update={"warnings": ("Mind the heat.",)}),
        errors=(),
        error_count=0,
    )


def test_the_sentences_of_rules_are_no_words_for_the_athlete() -> None:
    outcome = outcome_with(
        verdict(Severity.WARNING, RuleOutcome.FAIL), verdict(Severity.WARNING, RuleOutcome.PASS)
    )
    assert PlanSnapshot.of(outcome).activity_plan.warnings == ("Mind the heat.",)


def test_without_such_a_rule_the_warnings_are_the_planners() -> None:
    outcome = outcome_with(verdict(Severity.ERROR, RuleOutcome.NOT_EVALUATED))
    assert PlanSnapshot.of(outcome).activity_plan.warnings == ("Mind the heat.",)
