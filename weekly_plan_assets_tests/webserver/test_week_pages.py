"""The pages of planned weeks beside Dagster's own, asked over real sockets."""

from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from pymongo.database import Database

from weekly_plan_assets.lineage.records.records import PlanningInputs, PlanSnapshot
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.storage.codec import BsonDocument, encode
from weekly_plan_assets.webserver.week_pages import PATH, WeekPages
from weekly_plan_assets_tests.support.planned_page import HOSTILE, run
from weekly_plan_assets_tests.webserver.serving import GuardedServer, served

SNAPSHOT, INPUTS = run()


def keep(database: Database[BsonDocument], snapshot: PlanSnapshot, inputs: PlanningInputs) -> None:
    database["plan_snapshots"].insert_one(encode(snapshot))
    database["run_artifacts"].insert_one(encode(inputs))


@pytest.fixture(params=["", "/s3cret"])
def base(
    request: pytest.FixtureRequest, database: Database[BsonDocument], mongo_url: str
) -> Iterator[str]:
    """The address of a webserver with the pages in front of it."""
    settings = Settings(mongo_url=mongo_url, mongo_database=database.name)
    behind = GuardedServer(0)
    with served(WeekPages(behind, settings, request.param)) as port:
        yield f"http://127.0.0.1:{port}{request.param}"


def test_the_page_of_a_run_is_served_whole_and_fetches_nothing(
    base: str, database: Database[BsonDocument]
) -> None:
    keep(database, SNAPSHOT, INPUTS)
    answer = httpx.get(f"{base}{PATH}{SNAPSHOT.run_id}")
    assert answer.status_code == 200
    assert answer.text.startswith("<!doctype html>")
    assert SNAPSHOT.activity_plan.next_week.objective in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "/assets/plan" in answer.text


def test_a_run_without_a_plan_has_no_page(base: str) -> None:
    for run_id in ("nothing", "..%2F..%2Fetc", quote(HOSTILE)):
        assert httpx.get(f"{base}{PATH}{run_id}").status_code == 404


def test_everything_else_is_passed_on(base: str) -> None:
    for path in ("/", "/assets/plan", "/week-pages", "/graphql"):
        assert httpx.get(f"{base}{path}").text == "through"
    assert httpx.post(f"{base}{PATH}x", json={}).text == "through"
