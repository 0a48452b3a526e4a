"""What the event of an execution says of how it ended."""

from datetime import UTC, datetime
from typing import Any

import pytest

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.execution_end import ExecutionEnd
from weekly_plan_assets.lineage.records.provenance import RunOrigin
from weekly_plan_assets.lineage.records.records import RunEvent, Status

WEEK = TrainingWeek.parse("2026-03-02")
BROKE = "the process of this run is gone"


def event(*errors: str, published: bool = False, **inputs: Any) -> RunEvent:
    """The event of a run that said `errors`, whose artifacts hold `inputs`."""
    end = ExecutionEnd(
        origin=RunOrigin(dagster_run_id="r1", root_run_id="r1", retry_number=0, partition=WEEK.key),
        root_run_id="r1",
        dagster_status="FAILURE",
        job_name="weekly_plan",
        will_retry=False,
        errors=errors,
        started_at=None,
        ended_at=datetime(2026, 3, 8, 21, tzinfo=UTC),
    )
    return end.event("r1:i1:2026-03-02", WEEK, "i1", inputs, published=published)


def test_an_error_that_closed_the_artifacts_before_is_said_once() -> None:
    first = event(BROKE)
    again = event(BROKE, errors=list(first.errors), inputHashes={})
    assert again.errors == first.errors == (BROKE,)
    assert again.error_count == 1


def test_errors_of_the_run_and_of_the_last_attempt_are_both_said_in_order() -> None:
    found = event(BROKE, "the daemon saw it", errors=["plan.days: six days"], inputHashes={})
    assert found.errors == (BROKE, "the daemon saw it", "plan.days: six days")


def test_a_published_plan_has_no_errors_however_its_run_ended() -> None:
    found = event(BROKE, published=True, inputHashes={})
    assert (found.status, found.errors, found.error_count) == (Status.SUCCESS, (), 0)


@pytest.mark.parametrize(
    ("attempts", "tokens"),
    [
        ([], None),
        ([{"inputTokens": None}], None),
        ([{"inputTokens": 10, "outputTokens": 2}, {"inputTokens": 5}], 17),
    ],
)
def test_tokens_are_summed_over_the_attempts_that_count_them(
    attempts: list[dict[str, Any]], tokens: int | None
) -> None:
    assert event(attempts=attempts, inputHashes={}).tokens == tokens
