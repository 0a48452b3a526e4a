import pytest
from dagster import DagsterEvent, DagsterEventType
from dagster._core.events import JobFailureData, RunFailureReason

from weekly_plan_assets.runs.facts import was_interrupted


@pytest.mark.parametrize("reason", list(RunFailureReason))
def test_a_run_that_ended_unexpectedly_in_this_process_was_interrupted(
    reason: RunFailureReason,
) -> None:
    event = DagsterEvent(
        event_type_value=DagsterEventType.RUN_FAILURE.value,
        job_name="weekly_plan",
        event_specific_data=JobFailureData(error=None, failure_reason=reason),
    )
    assert was_interrupted(event) == (reason is RunFailureReason.UNEXPECTED_TERMINATION)


def test_a_run_that_succeeded_was_not() -> None:
    event = DagsterEvent(
        event_type_value=DagsterEventType.RUN_SUCCESS.value, job_name="weekly_plan"
    )
    assert not was_interrupted(event)
