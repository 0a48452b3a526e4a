"""The IO manager's run documents; its rows of weeks are in `test_io_manager`."""

import os
from collections.abc import Sequence
from time import sleep
from typing import Any

import pytest
from dagster import (
    AssetExecutionContext,
    AssetsDefinition,
    Definitions,
    JobDefinition,
    ReexecutionOptions,
    asset,
    define_asset_job,
    execute_job,
    in_process_executor,
    reconstructable,
)
from pymongo.database import Database

from weekly_plan_assets.defs.io_manager import run_document_in
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.run_id import mint_run_id
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import MissingWeekError
from weekly_plan_assets.storage.run_documents import RunDocuments
from weekly_plan_assets_tests.defs.io_runner import (
    FIRST,
    SECOND,
    WEEKS,
    Runner,
    cause_of,
    io_manager_of,
    metadata_of,
)


class Thought(Document):
    """The first half of a run document."""

    run_id: str
    athlete_id: str
    observed_week_start: str
    prompt: str


class Answer(Document):
    """The second half of a run document."""

    run_id: str
    athlete_id: str
    observed_week_start: str
    answer: str


def thoughts_asset() -> AssetsDefinition:
    @asset(name="thought", partitions_def=WEEKS, metadata=run_document_in("thoughts"))
    def thought(context: AssetExecutionContext) -> Thought:
        week = TrainingWeek.parse(context.partition_key)
        return Thought(
            run_id=mint_run_id(context.run.run_id, week),
            athlete_id="i1",
            observed_week_start=week.key,
            prompt=f"prompt of {context.run.run_id}",
        )

    return thought


def answer_asset(*, after: Sequence[AssetsDefinition] = ()) -> AssetsDefinition:
    @asset(
        name="answer", partitions_def=WEEKS, metadata=run_document_in("thoughts"), deps=list(after)
    )
    def answer(thought: Thought) -> Answer:
        return Answer(
            **thought.model_dump(include={"run_id", "athlete_id", "observed_week_start"}),
            answer=f"answer to the {thought.prompt}",
        )

    return answer


def answer_reader(seen: list[Any], annotation: Any = Answer) -> AssetsDefinition:
    def reader(answer: Any) -> None:
        seen.append(answer)

    reader.__annotations__["answer"] = annotation
    return asset(partitions_def=WEEKS)(reader)


def test_two_assets_write_the_halves_of_one_run_document(runner: Runner) -> None:
    seen: list[Answer] = []
    result = runner.run([thoughts_asset(), answer_asset(), answer_reader(seen)], FIRST)
    run_id = f"{result.run_id}:{FIRST}"
    (document,) = runner.database["thoughts"].find()
    assert document["runId"] == run_id
    assert document["prompt"] == f"prompt of {result.run_id}"
    assert [answer.answer for answer in seen] == [f"answer to the prompt of {result.run_id}"]
    first, second = metadata_of(result, "thought"), metadata_of(result, "answer")
    table = f"{runner.database.name}.thoughts"
    assert (first["dagster/table_name"], first["run_id"]) == (table, run_id)
    assert (first["documents_inserted"], first["documents_updated"]) == (1, 0)
    assert (second["documents_inserted"], second["documents_updated"]) == (0, 1)


def store_newer_document(database: Database[BsonDocument], week: str) -> None:
    """What another run that planned from the same week leaves behind, later than all others."""
    sleep(0.002)  # BSON times have milliseconds
    RunDocuments(database, "thoughts").merge(
        {
            "runId": "another run",
            "athleteId": "i1",
            "observedWeekStart": week,
            "prompt": "the other's prompt",
            "answer": "the other's answer",
        }
    )


def answers_by_run(database: Database[BsonDocument]) -> dict[str, str]:
    return {document["runId"]: document["answer"] for document in database["thoughts"].find()}


def test_a_run_loads_its_own_document_rather_than_a_newer_one(runner: Runner) -> None:
    @asset(partitions_def=WEEKS, deps=["thought"])
    def meanwhile(context: AssetExecutionContext) -> None:
        store_newer_document(runner.database, context.partition_key)

    result = runner.run([thoughts_asset(), meanwhile, answer_asset(after=[meanwhile])], FIRST)
    assert answers_by_run(runner.database) == {
        "another run": "the other's answer",
        f"{result.run_id}:{FIRST}": f"answer to the prompt of {result.run_id}",
    }


def repeatable_job() -> JobDefinition:
    """The two assets as a job that Dagster can rebuild, which it needs to execute a run again."""
    name = "thinking"
    definitions = Definitions(
        assets=[thoughts_asset(), answer_asset()],
        jobs=[define_asset_job(name, executor_def=in_process_executor)],
        resources={
            "io_manager": io_manager_of(os.environ["MONGO_URL"], os.environ["MONGO_DATABASE"])
        },
    )
    return definitions.resolve_job_def(name)


def test_a_re_executed_step_loads_the_document_of_the_run_that_it_repeats(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONGO_URL", runner.mongo_url)
    monkeypatch.setenv("MONGO_DATABASE", runner.database.name)
    job = reconstructable(repeatable_job)
    week = {"dagster/partition": FIRST}
    with execute_job(job, runner.instance, tags=week) as first:
        assert first.success
    runner.database["thoughts"].update_one({}, {"$set": {"answer": "forgotten"}})
    store_newer_document(runner.database, FIRST)
    repeat = ReexecutionOptions(parent_run_id=first.run_id, step_selection=["answer"])
    with execute_job(job, runner.instance, tags=week, reexecution_options=repeat) as second:
        assert second.success
    assert answers_by_run(runner.database) == {
        "another run": "the other's answer",
        f"{first.run_id}:{FIRST}": f"answer to the prompt of {first.run_id}",
    }


def test_an_asset_that_runs_alone_loads_the_latest_complete_document(runner: Runner) -> None:
    seen: list[Answer] = []
    assets = [thoughts_asset(), answer_asset(), answer_reader(seen)]
    runner.run(assets, FIRST, only=["thought", "answer"])
    complete = runner.run(assets, FIRST, only=["thought", "answer"])
    runner.run(assets, FIRST, only=["thought"])
    runner.run(assets, SECOND, only=["thought", "answer"])
    runner.run(assets, FIRST, only=["reader"])
    assert [answer.run_id for answer in seen] == [f"{complete.run_id}:{FIRST}"]


def test_a_run_document_loads_outside_of_any_run_too(runner: Runner) -> None:
    assets = [thoughts_asset(), answer_asset()]
    runner.run(assets, FIRST)
    latest = runner.run(assets, FIRST)
    answer = runner.load(assets, "answer", Answer, FIRST)
    assert answer.run_id == f"{latest.run_id}:{FIRST}"


def test_a_week_that_has_no_complete_document_is_an_error_that_names_it(runner: Runner) -> None:
    assets = [thoughts_asset(), answer_asset(), answer_reader([])]
    runner.run(assets, FIRST, only=["thought"])
    error = cause_of(lambda: runner.run(assets, FIRST, only=["reader"]))
    assert isinstance(error, MissingWeekError)
    assert f"thoughts has no finished document made from the week {FIRST}" in str(error)


def test_a_run_document_loads_without_a_type_as_what_its_asset_returns(runner: Runner) -> None:
    assets = [thoughts_asset(), answer_asset()]
    runner.run(assets, FIRST)
    assert isinstance(runner.load(assets, "answer", None, FIRST), Answer)


@pytest.mark.parametrize("annotation", [str, list[Answer]], ids=repr)
def test_a_run_document_does_not_load_as_what_is_no_model(runner: Runner, annotation: Any) -> None:
    assets = [thoughts_asset(), answer_asset(), answer_reader([], annotation)]
    error = cause_of(lambda: runner.run(assets, FIRST))
    assert isinstance(error, TypeError)
    assert "input answer is kept as one document a run" in str(error)


def test_an_asset_of_run_documents_that_returns_no_model_is_refused_by_name(
    runner: Runner,
) -> None:
    @asset(partitions_def=WEEKS, metadata=run_document_in("thoughts"))
    def careless() -> str:
        return "just text"

    error = cause_of(lambda: runner.run([careless], FIRST))
    assert isinstance(error, TypeError)
    assert "asset careless is kept as one document a run" in str(error)
    assert "not str" in str(error)
