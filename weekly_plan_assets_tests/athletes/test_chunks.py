"""Athletes who are taken together: what goes wrong for one stays theirs."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from weekly_plan_assets.athletes import chunk_planning
from weekly_plan_assets.athletes.chunk_planning import CohortPlanning
from weekly_plan_assets.athletes.chunks import CHUNK
from weekly_plan_assets.athletes.cohort_metrics import summarised_for
from weekly_plan_assets.athletes.cohort_planning import planned_for
from weekly_plan_assets.athletes.cohorts import cohorts_of
from weekly_plan_assets.athletes.each_athlete import OpenedRoster, Outcomes
from weekly_plan_assets.athletes.planner_setup import PlannerSetup
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.provenance import RunOrigin
from weekly_plan_assets.planners.base import Answer, PlanningRequest
from weekly_plan_assets.planners.model.planner import ModelPlanner
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets.settings.roster import RosterAthlete
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.cohort_documents import note_athletes
from weekly_plan_assets.storage.run_documents import MOST_BYTES
from weekly_plan_assets.storage.week_rows import ACTIVITIES, WELLNESS
from weekly_plan_assets_tests.support.openai_server import MODEL_ID, OpenAIServer, Reply

OBSERVED = TrainingWeek.parse("2026-03-02")
WEEKS = [OBSERVED.shift(-back) for back in range(7, -1, -1)]
RUN_ID = "one-run"


@pytest.fixture
def roster(roster_path: Path, database: Database[BsonDocument]) -> OpenedRoster:
    """Four simulated athletes, whose weeks are stored."""
    roster_path.write_text(
        "athletes:\n"
        + "".join(f"- {{id: simulated-00{n}, source: simulated}}\n" for n in range(1, 5))
    )
    opened = OpenedRoster(load_settings(), database)
    athletes = athletes_of(opened)
    assert opened.settings.roster is not None
    cohorts_of(database, opened.settings, opened.settings.roster)
    read = opened.for_each(
        athletes, lambda steps: (steps.read(ACTIVITIES, WEEKS), steps.read(WELLNESS, WEEKS))
    )
    assert read.errors == summarised_for(athletes, opened, WEEKS).errors == {}
    return opened


def athletes_of(roster: OpenedRoster) -> tuple[RosterAthlete, ...]:
    assert roster.settings.roster is not None
    return tuple(roster.settings.roster.athletes)


class WatchedPlanner(RulesPlanner):
    """The rules, and a look at each request before it is answered."""

    def __init__(self, look: Callable[[PlanningRequest], None]) -> None:
        super().__init__()
        self._look = look

    def propose(self, request: PlanningRequest, prompt: str, earlier: object = ()) -> Answer:
        """The answer of the rules."""
        self._look(request)
        return super().propose(request, prompt, [])


def plan(roster: OpenedRoster, planner: RulesPlanner | PlannerSetup) -> Outcomes[object]:
    """Plan for all of them in one chunk."""
    athletes = athletes_of(roster)
    assert len(athletes) < CHUNK
    note_athletes(roster.database, RUN_ID, OBSERVED, [one.id for one in athletes])
    origin = RunOrigin(
        dagster_run_id=RUN_ID, root_run_id=RUN_ID, retry_number=0, partition=OBSERVED.key
    )
    setup = planner if isinstance(planner, PlannerSetup) else PlannerSetup(planner, 1, {})
    planning = CohortPlanning(OBSERVED, setup, origin)
    planned = planned_for(athletes, roster, planning, "planning")
    return Outcomes(dict(planned.done), planned.errors)


def statuses(database: Database[BsonDocument]) -> dict[str, str]:
    return {one["athleteId"]: one["status"] for one in database["run_artifacts"].find()}


def test_all_inputs_are_stored_before_anybody_is_asked_for(
    roster: OpenedRoster, database: Database[BsonDocument]
) -> None:
    seen: list[dict[str, str]] = []
    outcomes = plan(roster, WatchedPlanner(lambda _: seen.append(statuses(database))))
    ids = {one.id for one in athletes_of(roster)}
    assert seen == [dict.fromkeys(ids, "started")] * len(ids)
    assert set(outcomes.done) == ids
    assert statuses(database) == dict.fromkeys(ids, "success")


def test_answers_that_take_long_are_stored_while_others_are_waited_for(
    roster: OpenedRoster, database: Database[BsonDocument], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunk_planning, "_KEPT_BACK_S", 0.0)
    published: list[int] = []
    look = WatchedPlanner(
        lambda _: published.append(database["plan_snapshots"].count_documents({}))
    )
    assert plan(roster, look).errors == {}
    assert published == [0, 1, 2, 3]


def test_a_planner_that_breaks_for_one_athlete_plans_for_the_others(
    roster: OpenedRoster, database: Database[BsonDocument]
) -> None:
    broken = athletes_of(roster)[1].id

    def look(request: PlanningRequest) -> None:
        if request.context.athlete.athlete_id == broken:
            raise RuntimeError("no idea")

    outcomes = plan(roster, WatchedPlanner(look))
    assert outcomes.errors == {broken: "RuntimeError: no idea"}
    assert statuses(database)[broken] == "started"
    assert broken not in database["plan_snapshots"].distinct("athleteId")
    assert len(outcomes.done) == len(athletes_of(roster)) - 1


class LongWinded(RulesPlanner):
    """Its prompt for one athlete is more than a document takes."""

    def __init__(self, athlete_id: str) -> None:
        super().__init__()
        self._athlete_id = athlete_id

    def render_prompt(self, request: PlanningRequest) -> str:
        """The prompt of the rules, or a very long one."""
        if request.context.athlete.athlete_id == self._athlete_id:
            return "x" * MOST_BYTES
        return super().render_prompt(request)


def test_what_the_store_cannot_keep_of_one_athlete_keeps_no_other_from_a_plan(
    roster: OpenedRoster, database: Database[BsonDocument]
) -> None:
    huge = athletes_of(roster)[2].id
    outcomes = plan(roster, LongWinded(huge))
    assert set(outcomes.errors) == {huge}
    assert "most of them in prompt" in outcomes.errors[huge]
    assert set(statuses(database)) == set(outcomes.done)
    assert len(outcomes.done) == len(athletes_of(roster)) - 1


def test_a_stored_value_that_cannot_be_counted_is_one_athletes_fault(
    roster: OpenedRoster, database: Database[BsonDocument]
) -> None:
    strange = athletes_of(roster)[0].id
    database["activities"].update_many(
        {"athleteId": strange}, {"$set": {"average_speed": "very fast"}}
    )
    outcomes = plan(roster, RulesPlanner())
    assert set(outcomes.errors) == {strange}
    assert "very fast" in outcomes.errors[strange]
    assert len(outcomes.done) == len(athletes_of(roster)) - 1


def test_a_week_that_was_never_stored_is_named_to_the_athlete_who_lacks_it(
    roster: OpenedRoster, database: Database[BsonDocument]
) -> None:
    lacking = athletes_of(roster)[3].id
    database["stored_weeks"].delete_many(
        {"athleteId": lacking, "collection": "wellness", "weekStart": OBSERVED.key}
    )
    database["wellness"].delete_many({"athleteId": lacking, "weekStart": OBSERVED.key})
    outcomes = plan(roster, RulesPlanner())
    assert set(outcomes.errors) == {lacking}
    assert f"wellness has no week {OBSERVED} of athlete {lacking}" in outcomes.errors[lacking]


def test_a_chunk_is_planned_as_each_of_it_alone(
    roster: OpenedRoster, database: Database[BsonDocument]
) -> None:
    plan(roster, RulesPlanner())
    hidden = {"_id": 0, "createdAt": 0, "updatedAt": 0, "provenance": 0, "attempts": 0}
    together = {one["athleteId"]: one for one in database["run_artifacts"].find({}, hidden)}
    database["run_artifacts"].delete_many({})
    database["plan_snapshots"].delete_many({})
    origin = RunOrigin(
        dagster_run_id=RUN_ID, root_run_id=RUN_ID, retry_number=0, partition=OBSERVED.key
    )
    planning = CohortPlanning(OBSERVED, PlannerSetup(RulesPlanner(), 1, {}), origin)
    for athlete in athletes_of(roster):
        planned_for([athlete], replace(roster), planning, "planning")
    alone = {one["athleteId"]: one for one in database["run_artifacts"].find({}, hidden)}
    assert together == alone


def test_metrics_of_a_chunk_are_those_of_each_alone_and_strange_values_one_athletes_fault(
    roster: OpenedRoster, database: Database[BsonDocument]
) -> None:
    athletes = athletes_of(roster)
    strange = athletes[2].id
    together = list(database["weekly_metrics"].find({"athleteId": {"$ne": strange}}))
    database["weekly_metrics"].delete_many({})
    database["stored_weeks"].delete_many({"collection": "weekly_metrics"})
    database["activities"].update_many({"athleteId": strange}, {"$set": {"max_speed": "fast"}})
    outcomes = summarised_for(athletes, roster, WEEKS)
    assert set(outcomes.errors) == {strange}
    alone = list(database["weekly_metrics"].find({}))

    def rows(found: list[BsonDocument]) -> list[tuple[str, str, str]]:
        return sorted((one["athleteId"], one["weekStart"], one["contentHash"]) for one in found)

    assert rows(alone) == rows(together)
    assert len(alone) == len(WEEKS) * (len(athletes) - 1)


class AllTogether(OpenAIServer):
    """A model that answers when as many have asked as may at once."""

    waiting = threading.Barrier(4)

    def answer(self, request: Mapping[str, Any]) -> tuple[Reply, Any]:
        self.waiting.wait(30)  # broken, and no answer, unless as many wait at one time
        return super().answer(request)


def test_a_language_model_is_asked_for_several_athletes_at_once(
    roster: OpenedRoster, database: Database[BsonDocument], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = AllTogether((Reply("no plan"),))
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)

    def opened() -> ModelPlanner:
        return ModelPlanner(MODEL_ID, timeout_s=60, max_tokens=1000)

    outcomes = plan(roster, PlannerSetup(opened(), 1, {}, at_once=4, reopen=opened))
    server.close()
    ids = {one.id for one in athletes_of(roster)}
    assert set(outcomes.errors) == ids
    assert all("shape" in error for error in outcomes.errors.values()), outcomes.errors
    assert statuses(database) == dict.fromkeys(ids, "failure")


def test_answers_that_came_before_a_run_is_terminated_are_stored(
    roster: OpenedRoster, database: Database[BsonDocument]
) -> None:
    asked: list[str] = []

    def look(request: PlanningRequest) -> None:
        asked.append(request.context.athlete.athlete_id)
        if len(asked) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        plan(roster, WatchedPlanner(look))
    assert set(database["plan_snapshots"].distinct("athleteId")) == set(asked[:2])
    assert sorted(statuses(database).values()) == ["started", "started", "success", "success"]
