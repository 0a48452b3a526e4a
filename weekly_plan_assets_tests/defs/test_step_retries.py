"""Which errors are worth another try, on both sides of the line."""

from collections.abc import Callable
from datetime import date
from time import monotonic
from typing import Any

import pytest
from dagster import DagsterEventType, ExecuteInProcessResult
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    CursorNotFound,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    ServerSelectionTimeoutError,
)

from weekly_plan_assets.common.http_retries import GivenUpError
from weekly_plan_assets.defs import step_retries as retries
from weekly_plan_assets.defs.step_retries import MONGO_WAITS_S, SOURCE_WAITS_S, waits_s
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.planners.base import PlannerError
from weekly_plan_assets.runs.tags import COMMAND_LINE, COMMAND_LINE_TAG
from weekly_plan_assets.settings import SettingsError, SourceName
from weekly_plan_assets.sources.base import SourceError, TrainingSource
from weekly_plan_assets.storage.embedded import EmbeddedServerError
from weekly_plan_assets.storage.errors import (
    InterruptedWriteError,
    MissingWeekError,
    MongoUrlError,
    UpsertError,
)
from weekly_plan_assets_tests.support.graph import ChosenSource, Graph, activity, write_export
from weekly_plan_assets_tests.support.intervals_server import IntervalsServer

WEEK = "2024-01-08"


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


GIVEN_UP = caused(SourceError("no answer"), GivenUpError("five attempts"))


def bulk_error(*codes: int, unconfirmed: tuple[int, ...] = ()) -> BulkWriteError:
    return BulkWriteError(
        {
            "writeErrors": [{"code": code} for code in codes],
            "writeConcernErrors": [{"code": code} for code in unconfirmed],
        }
    )


@pytest.mark.parametrize(
    "error",
    [
        AutoReconnect(),
        NetworkTimeout(),
        NotPrimaryError(),
        ServerSelectionTimeoutError(),
        CursorNotFound(""),
        InterruptedWriteError("run_artifacts"),
        OperationFailure("operation was interrupted", 11602),
        OperationFailure("labelled", 1, {"errorLabels": ["RetryableWriteError"]}),
        bulk_error(11602, 189),
        bulk_error(unconfirmed=(91,)),
    ],
)
def test_a_database_in_trouble_is_asked_again_twice_by_whoever_runs(error: Exception) -> None:
    assert waits_s(error, attended=True) == waits_s(error, attended=False) == MONGO_WAITS_S
    assert len(MONGO_WAITS_S) == 2


def test_a_source_in_trouble_is_asked_once_more_where_nobody_waits() -> None:
    assert waits_s(GIVEN_UP, attended=False) == SOURCE_WAITS_S
    assert len(SOURCE_WAITS_S) == 1
    assert waits_s(GIVEN_UP, attended=True) == ()


@pytest.mark.parametrize(
    "error",
    [
        SourceError("401"),
        caused(SourceError("not JSON"), ValueError("line 1")),
        SettingsError("WEEKLY_PLAN_SOURCE"),
        MongoUrlError("MONGO_URL"),
        OperationFailure("authentication failed", 18),
        OperationFailure("operation was interrupted", 11601),
        bulk_error(11602, 121),
        bulk_error(11000),
        UpsertError("refused"),
        MissingWeekError("no week"),
        EmbeddedServerError("disk full"),
        PlannerError("no key"),
        ValueError("a defect"),
        ConnectionError("not the database's"),
    ],
)
def test_what_would_fail_again_is_not_tried_again(error: Exception) -> None:
    assert waits_s(error, attended=False) == ()


class ShakySource(ChosenSource):
    """A folder whose first answers are those of a server in trouble."""

    troubles: int

    @property
    def source(self) -> TrainingSource:
        return _Shaky(super().source, self.troubles)


class _Shaky:
    asked = 0

    def __init__(self, sound: TrainingSource, troubles: int) -> None:
        self._sound = sound
        self._troubles = troubles

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sound, name)

    def activities(self, first: date, last: date) -> list[Activity]:
        type(self).asked += 1
        if self.asked <= self._troubles:
            raise GIVEN_UP
        return self._sound.activities(first, last)


@pytest.fixture
def shaky(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Graph]:
    write_export(graph.export_dir, [activity("1", "2024-01-09T07:00:00")], [])
    monkeypatch.setattr(retries, "SOURCE_WAITS_S", (0.0,))
    monkeypatch.setattr(_Shaky, "asked", 0)

    def with_troubles(troubles: int) -> Graph:
        source = ShakySource(
            name=SourceName.FOLDER,
            timezone="UTC",
            export_dir=str(graph.export_dir),
            troubles=troubles,
        )
        graph.resources = {"source": source}
        return graph

    return with_troubles


def retried_steps(result: ExecuteInProcessResult) -> list[str]:
    retried = DagsterEventType.STEP_UP_FOR_RETRY
    return [str(event.step_key) for event in result.all_events if event.event_type is retried]


def test_trouble_that_passes_costs_a_retry_and_the_week_is_planned(
    shaky: Callable[[int], Graph],
) -> None:
    graph = shaky(1)
    result = graph.plan(WEEK)
    assert result.success
    assert retried_steps(result) == ["activities"]
    assert len(graph.documents("plan_snapshots")) == 1


def test_trouble_that_stays_fails_the_step_with_its_own_sentence(
    shaky: Callable[[int], Graph],
) -> None:
    graph = shaky(9)
    graph.plan_and_record(WEEK)
    (event,) = graph.documents("run_events")
    assert (event["status"], event["errors"]) == ("failure", ["activities: no answer"])
    assert _Shaky.asked == 2


def test_a_run_of_the_command_line_does_not_wait_for_a_source(
    shaky: Callable[[int], Graph],
) -> None:
    graph = shaky(1)
    result = (
        graph.definitions()
        .resolve_job_def("weekly_plan")
        .execute_in_process(
            instance=graph.instance,
            partition_key=WEEK,
            tags={COMMAND_LINE_TAG: COMMAND_LINE},
            raise_on_error=False,
        )
    )
    assert not result.success
    assert retried_steps(result) == []


def test_a_wrong_key_fails_within_five_seconds_without_another_try(
    graph: Graph, intervals: IntervalsServer
) -> None:
    graph.resources = {
        "source": ChosenSource(
            name=SourceName.INTERVALS,
            timezone="UTC",
            intervals_api_key="wrong",
            intervals_base_url=intervals.base_url,
        )
    }
    began_s = monotonic()
    result = graph.plan(WEEK)
    assert monotonic() - began_s < 5
    assert not result.success
    assert retried_steps(result) == []
