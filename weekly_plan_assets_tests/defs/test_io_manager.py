from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from dagster import (
    AssetExecutionContext,
    AssetIn,
    AssetsDefinition,
    ExecuteInProcessResult,
    TableMetadataValue,
    asset,
    build_input_context,
)
from pymongo.database import Database

from weekly_plan_assets.defs.io_manager import week_rows_in, with_earlier_weeks
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import MissingWeekError
from weekly_plan_assets.storage.week_rows import RowKind
from weekly_plan_assets_tests.defs.io_runner import (
    FIRST,
    FOURTH,
    SECOND,
    THIRD,
    WEEKS,
    Runner,
    cause_of,
    io_manager_of,
    metadata_of,
)

DAYS = week_rows_in(RowKind("days", key="id", day_field="id"))
TWO_EARLIER_WEEKS = with_earlier_weeks(2)


class Day(Document):
    """A row that knows nothing of the stamps beside it."""

    id: str
    resting_hr: float | None = None
    note: str = ""


def days_asset(make: Callable[[list[str]], Any]) -> AssetsDefinition:
    """The asset `days`, whose rows are made from its partition keys."""

    @asset(name="days", partitions_def=WEEKS, metadata=DAYS)
    def days(context: AssetExecutionContext) -> Any:
        return make(sorted(context.partition_keys))

    return days


def mondays(keys: list[str]) -> list[Day]:
    return [Day(id=key, resting_hr=50.0) for key in keys]


def reader_of(
    annotation: Any, seen: list[Any], metadata: dict[str, int] | None = None
) -> AssetsDefinition:
    """The asset `reader`, which keeps the rows of `days` that it was given as `annotation`."""

    def reader(days: Any) -> None:
        seen.append(days)

    reader.__annotations__["days"] = annotation
    return asset(partitions_def=WEEKS, ins={"days": AssetIn(metadata=metadata)})(reader)


def counts_of(result: ExecuteInProcessResult, week: str = FIRST) -> tuple[int, ...]:
    metadata = metadata_of(result, "days", week)
    return tuple(
        metadata[key] for key in ("rows_inserted", "rows_changed", "rows_unchanged", "rows_removed")
    )


def test_a_frame_is_stored_and_loads_as_a_frame(runner: Runner) -> None:
    frame = pd.DataFrame(
        {"id": ["2024-01-02", "2024-01-01"], "load": [40, 30], "hrv": [float("nan"), 70.5]}
    )
    seen: list[pd.DataFrame] = []
    runner.run([days_asset(lambda _: frame), reader_of(pd.DataFrame, seen)], FIRST)
    (loaded,) = seen
    assert loaded["id"].tolist() == ["2024-01-01", "2024-01-02"]
    assert loaded["load"].tolist() == [30, 40]
    assert loaded["hrv"].isna().tolist() == [False, True]


def test_models_are_stored_and_load_as_models(runner: Runner) -> None:
    rows = [Day(id="2024-01-01"), Day(id="2024-01-02", resting_hr=51.5, note="Läufe 🏃")]
    seen: list[list[Day]] = []
    runner.run([days_asset(lambda _: rows), reader_of(list[Day], seen)], FIRST)
    assert seen == [rows]


def test_a_rest_week_loads_as_no_rows(runner: Runner) -> None:
    seen: list[Any] = []
    runner.run([days_asset(lambda _: []), reader_of(list[Day], seen)], FIRST)
    assert seen == [[]]


def test_stored_rows_load_outside_of_any_run_too(runner: Runner) -> None:
    days = days_asset(mondays)
    runner.run([days], FIRST)
    assert runner.load([days], "days", list[Day], FIRST) == mondays([FIRST])


def test_rows_load_as_dicts_and_without_any_type_as_a_frame(runner: Runner) -> None:
    days = days_asset(mondays)
    runner.run([days], FIRST)
    assert [row["id"] for row in runner.load([days], "days", list[dict[str, Any]], FIRST)] == [
        FIRST
    ]
    assert list(runner.load([days], "days", None, FIRST)["id"]) == [FIRST]


def test_a_load_without_a_week_says_how_to_name_one(runner: Runner) -> None:
    error = cause_of(lambda: runner.load([days_asset(mondays)], "days", list[Day], None))
    assert isinstance(error, ValueError)
    assert "asset days is kept by training week: name the week" in str(error)


def test_a_load_outside_of_any_run_names_the_asset_in_its_errors(runner: Runner) -> None:
    days = days_asset(mondays)
    runner.run([days], FIRST)
    error = cause_of(lambda: runner.load([days], "days", str, FIRST))
    assert "asset days is annotated str" in str(error)


def test_an_asset_that_does_not_say_where_it_is_kept_is_told_how(runner: Runner) -> None:
    @asset(name="gear", partitions_def=WEEKS)
    def gear() -> pd.DataFrame:
        return pd.DataFrame({"id": ["shoes"]})

    error = cause_of(lambda: runner.run([gear], FIRST))
    assert isinstance(error, TypeError)
    assert "asset gear does not say where it is kept: give it metadata=week_rows_in" in str(error)


def test_a_second_materialization_of_the_same_rows_changes_nothing(runner: Runner) -> None:
    days = days_asset(mondays)
    assert counts_of(runner.run([days], FIRST)) == (1, 0, 0, 0)
    before = list(runner.database["days"].find())
    assert counts_of(runner.run([days], FIRST)) == (0, 0, 1, 0)
    assert list(runner.database["days"].find()) == before


def test_a_range_of_weeks_is_stored_and_loaded_in_one_run(runner: Runner) -> None:
    seen: list[list[Day]] = []
    assets = [days_asset(mondays), reader_of(list[Day], seen)]
    result = runner.run_range(assets, FIRST, THIRD)
    for week in (FIRST, SECOND, THIRD):
        assert counts_of(result, week) == (1, 0, 0, 0)
    assert [[day.id for day in rows] for rows in seen] == [[FIRST, SECOND, THIRD]]


def test_a_week_of_a_range_that_has_no_rows_any_more_is_emptied(runner: Runner) -> None:
    runner.run_range([days_asset(mondays)], FIRST, THIRD)
    result = runner.run_range([days_asset(lambda keys: mondays(keys[:1]))], SECOND, THIRD)
    assert counts_of(result, SECOND) == (0, 0, 1, 0)
    assert counts_of(result, THIRD) == (0, 0, 0, 1)
    assert {row["id"] for row in runner.database["days"].find()} == {FIRST, SECOND}


@pytest.mark.parametrize(
    ("week", "expected"),
    [(FIRST, [FIRST]), (SECOND, [FIRST, SECOND]), (FOURTH, [SECOND, THIRD, FOURTH])],
)
def test_earlier_weeks_load_with_the_own_one_as_far_as_there_are_any(
    runner: Runner, week: str, expected: list[str]
) -> None:
    seen: list[list[Day]] = []
    assets = [days_asset(mondays), reader_of(list[Day], seen, TWO_EARLIER_WEEKS)]
    runner.run_range(assets, FIRST, FOURTH, only=["days"])
    runner.run(assets, week, only=["reader"])
    assert [[day.id for day in rows] for rows in seen] == [expected]


def test_an_earlier_week_may_be_missing_but_the_own_one_may_not(runner: Runner) -> None:
    seen: list[list[Day]] = []
    assets = [days_asset(mondays), reader_of(list[Day], seen, TWO_EARLIER_WEEKS)]
    runner.run(assets, THIRD, only=["days"])
    runner.run(assets, THIRD, only=["reader"])
    assert [[day.id for day in rows] for rows in seen] == [[THIRD]]
    error = cause_of(lambda: runner.run(assets, FOURTH, only=["reader"]))
    assert isinstance(error, MissingWeekError)
    assert f"days has no week {FOURTH}" in str(error)


def test_a_range_loads_the_weeks_before_its_first_one(runner: Runner) -> None:
    seen: list[list[Day]] = []
    assets = [days_asset(mondays), reader_of(list[Day], seen, TWO_EARLIER_WEEKS)]
    runner.run_range(assets, FIRST, FOURTH, only=["days"])
    runner.run_range(assets, THIRD, FOURTH, only=["reader"])
    assert [[day.id for day in rows] for rows in seen] == [[FIRST, SECOND, THIRD, FOURTH]]


def test_every_own_week_of_a_range_must_be_there(runner: Runner) -> None:
    assets = [days_asset(mondays), reader_of(list[Day], [], TWO_EARLIER_WEEKS)]
    runner.run(assets, FOURTH, only=["days"])
    error = cause_of(lambda: runner.run_range(assets, THIRD, FOURTH, only=["reader"]))
    assert isinstance(error, MissingWeekError)
    assert f"days has no week {THIRD}" in str(error)


def test_a_missing_week_is_an_error_that_names_collection_and_week(runner: Runner) -> None:
    assets = [days_asset(mondays), reader_of(list[Day], [])]
    error = cause_of(lambda: runner.run(assets, SECOND, only=["reader"]))
    assert isinstance(error, MissingWeekError)
    assert f"days has no week {SECOND}" in str(error)


@pytest.mark.parametrize("wrong", ["text", {"id": FIRST}, 5], ids=repr)
def test_an_asset_that_returns_no_rows_is_refused_by_type(runner: Runner, wrong: object) -> None:
    error = cause_of(lambda: runner.run([days_asset(lambda _: wrong)], FIRST))
    assert isinstance(error, TypeError)
    assert f"not {type(wrong).__name__}" in str(error)
    assert runner.database["days"].count_documents({}) == 0


@pytest.mark.parametrize("annotation", [str, list, list[int], list[Any], dict], ids=repr)
def test_rows_do_not_load_as_a_type_that_they_cannot_become(
    runner: Runner, annotation: Any
) -> None:
    assets = [days_asset(mondays), reader_of(annotation, [])]
    error = cause_of(lambda: runner.run(assets, FIRST))
    assert isinstance(error, TypeError)
    assert "input days is annotated" in str(error)


def test_an_input_that_comes_from_no_asset_is_refused_by_name(
    mongo_url: str, database: Database[BsonDocument]
) -> None:
    io_manager = io_manager_of(mongo_url, database.name)
    with pytest.raises(TypeError, match="input heart_rate comes from no asset"):
        io_manager.load_input(build_input_context(name="heart_rate"))


def test_the_materialization_says_where_the_rows_are_and_shows_some(runner: Runner) -> None:
    rows = [Day(id=f"2024-01-0{day}", resting_hr=50 + day) for day in range(1, 8)]
    metadata = metadata_of(runner.run([days_asset(lambda _: rows)], FIRST), "days")
    table = f"{runner.database.name}.days"
    assert metadata["dagster/row_count"] == metadata["dagster/partition_row_count"] == 7
    assert metadata["dagster/table_name"] == table
    assert metadata["dagster/uri"].startswith("mongodb://")
    assert metadata["dagster/uri"].endswith(f"/{table}")
    assert shown_rows(metadata["preview"]) == [
        {"id": f"2024-01-0{day}", "restingHr": str(50.0 + day), "note": ""} for day in range(1, 6)
    ]


def shown_rows(preview: object) -> list[dict[str, Any]]:
    assert isinstance(preview, TableMetadataValue)
    return [dict(record.data) for record in preview.records]


def test_a_rest_week_says_that_it_has_no_rows(runner: Runner) -> None:
    metadata = metadata_of(runner.run([days_asset(lambda _: [])], FIRST), "days")
    assert metadata["dagster/row_count"] == 0
    assert metadata["preview"] == "no rows"


def test_each_week_of_a_range_counts_and_previews_its_own_rows(runner: Runner) -> None:
    result = runner.run_range([days_asset(lambda keys: mondays(keys[:2]))], FIRST, THIRD)
    for week, rows in ((FIRST, 1), (SECOND, 1), (THIRD, 0)):
        metadata = metadata_of(result, "days", week)
        assert metadata["dagster/row_count"] == rows
        shown = shown_rows(metadata["preview"]) if rows else []
        assert [row["id"] for row in shown] == [week] * rows


def test_text_of_rows_is_shown_as_it_is_and_is_no_markdown(runner: Runner) -> None:
    row = {"id": FIRST, "a|b": "<img src=x> | [link](javascript:x)\n\n# https://x.example\x1b[31m"}
    metadata = metadata_of(runner.run([days_asset(lambda _: [row])], FIRST), "days")
    text = "<img src=x> | [link](javascript:x) # https://x.example[31m"
    assert shown_rows(metadata["preview"]) == [{"id": FIRST, "a|b": text}]
