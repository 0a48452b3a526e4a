"""The project's pages beside Dagster's own, asked over real sockets."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from pymongo.database import Database

from weekly_plan_assets.lineage.records.records import PlanningInputs, PlanSnapshot
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.storage.codec import BsonDocument, encode
from weekly_plan_assets.webserver.week_pages import OVERVIEW, PATH, WeekPages
from weekly_plan_assets_tests.support.planned_page import HOSTILE, run
from weekly_plan_assets_tests.support.planned_roster import BROKEN, PlannedRoster
from weekly_plan_assets_tests.support.read_page import ReadPage
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


@pytest.fixture
def of_roster(planned_roster: PlannedRoster) -> Iterator[str]:
    """The address of a webserver of a roster."""
    with served(WeekPages(GuardedServer(0), planned_roster.settings(), "/s3cret")) as port:
        yield f"http://127.0.0.1:{port}/s3cret"


def test_the_overview_of_a_roster_leads_to_each_week_and_every_week_back(
    of_roster: str, planned_roster: PlannedRoster
) -> None:
    answer = httpx.get(f"{of_roster}{OVERVIEW}")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert BROKEN in answer.text
    assert "<b>Anna" not in answer.text
    links = [one for one in ReadPage(answer.text).addresses if one.startswith("week-page/")]
    assert len(links) == 3
    for link in links:
        week = httpx.get(f"{of_roster}/{link}")
        assert week.status_code == 200
        assert f'href="/s3cret/overview?week={planned_roster.week}"' in week.text


def test_the_overview_of_a_named_week_is_of_that_week(
    of_roster: str, planned_roster: PlannedRoster
) -> None:
    ahead = planned_roster.week.next()
    answer = httpx.get(f"{of_roster}{OVERVIEW}", params={"week": ahead.key})
    assert answer.text.count("No plan for this week.") == 4
    for wrong in ("2026-13-01", "<b>", "2026-11-24"):
        refused = httpx.get(f"{of_roster}{OVERVIEW}", params={"week": wrong})
        assert refused.status_code == 400
        assert refused.headers["Content-Type"].startswith("text/plain")


def test_a_roster_that_was_broken_since_is_named_in_a_sentence(
    planned_roster: PlannedRoster, tmp_path: Path
) -> None:
    path = tmp_path / "roster.yaml"
    path.write_text("athletes: 7")
    settings = planned_roster.settings().model_copy(update={"roster_file": path})
    run_id = planned_roster.database["plan_snapshots"].distinct("runId")[0]
    with served(WeekPages(GuardedServer(0), settings, "")) as port:
        for page in (OVERVIEW, f"{PATH}{run_id}"):
            answer = httpx.get(f"http://127.0.0.1:{port}{page}")
            assert answer.status_code == 500
            assert "roster.yaml" in answer.text


def test_without_a_roster_the_overview_has_one_row_and_week_pages_do_not_lead_to_it(
    base: str, database: Database[BsonDocument]
) -> None:
    keep(database, SNAPSHOT, INPUTS)
    assert OVERVIEW not in httpx.get(f"{base}{PATH}{SNAPSHOT.run_id}").text
    answer = httpx.get(f"{base}{OVERVIEW}")
    assert answer.status_code == 200
    assert ReadPage(answer.text).seen.count("tr") == 2


def test_everything_else_is_passed_on(base: str) -> None:
    for path in ("/", "/assets/plan", "/week-pages", "/overviews", "/overview/x", "/graphql"):
        assert httpx.get(f"{base}{path}").text == "through"
    for path in (f"{PATH}x", OVERVIEW):
        assert httpx.post(f"{base}{path}", json={}).text == "through"
