"""What a newcomer, an operator and a coach do in the Dagster UI, clicked in Chromium.

With UI_SCREENSHOTS set to a folder, the pictures of the README are made anew there.
"""

import json
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.support.dagster_ui import DagsterUi, wait_for
from weekly_plan_assets_tests.support.graph import UPSTREAM
from weekly_plan_assets_tests.support.openai_server import MODEL_ID, Reply, openai_server
from weekly_plan_assets_tests.support.terminal import Terminal
from weekly_plan_assets_tests.ui.conftest import WAIT_MS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ENDED = {"SUCCESS", "FAILURE", "CANCELED"}
GROUPS = ("ingest", "metrics", "planning")
PICTURE_IS_DRAWN = """
() => [...document.querySelectorAll("img[src^='data:image/svg']")].some(one => one.naturalWidth > 0)
"""

expect.set_options(timeout=WAIT_MS)


def keep(page: Page, name: str, clip: FloatRect | None = None) -> None:
    """A screenshot for the README, where somebody asked for it."""
    if folder := os.environ.get("UI_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / name, clip=clip, animations="disabled")


def around(parts: Locator) -> FloatRect:
    """The rectangle that holds all of them, with a margin."""
    boxes = [box for part in parts.all() if (box := part.bounding_box())]
    left, top = (min(box[side] for box in boxes) - 10 for side in ("x", "y"))
    right = max(box["x"] + box["width"] for box in boxes) + 10
    bottom = max(box["y"] + box["height"] for box in boxes) + 10
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def clicked_through(*targets: Locator) -> int:
    for target in targets:
        target.click()
    return len(targets)


def test_last_weeks_plan_its_picture_and_why_are_three_clicks_away(
    page: Page, athlete: Terminal
) -> None:
    assert athlete.run("run", "--week", "2026-11-09").returncode == 0
    clicks = clicked_through(
        page.get_by_role("link", name="Catalog"),
        page.locator("a[href^='/assets/plan']").filter(has_text="plan").first,
    )
    expect(page.get_by_text("this week is planned at")).to_be_visible()
    expect(page.get_by_role("cell", name="Sun 22 Nov", exact=True)).to_be_visible()
    clicks += clicked_through(page.get_by_text("[Show Markdown]").first)
    page.wait_for_function(PICTURE_IS_DRAWN)
    expect(page.get_by_text("this week is planned at")).to_be_attached()
    assert clicks == 3
    keep(page, "ui-plan.png")


def test_the_page_of_a_week_is_a_click_away_from_its_plan(page: Page, athlete: Terminal) -> None:
    assert athlete.run("run", "--week", "2026-11-09").returncode == 0
    page.get_by_role("link", name="Catalog").click()
    page.locator("a[href^='/assets/plan']").filter(has_text="plan").first.click()
    with page.expect_popup() as opened:
        page.locator("a[href*='week-page']").first.click()
    week = opened.value
    expect(week.get_by_role("heading", name="Training week of 16 to 22 November")).to_be_visible()
    week.close()


def test_the_lineage_shows_every_asset_once_its_groups_are_opened(page: Page) -> None:
    page.set_viewport_size({"width": 2000, "height": 900})
    page.get_by_role("link", name="Lineage").click()
    for group in GROUPS:
        page.locator("foreignObject").get_by_text(group, exact=True).first.click()
        page.wait_for_url(f"**{group}**")
    page.goto(page.url)  # which brings all of it into view
    for asset in UPSTREAM:
        expect(page.locator("foreignObject").get_by_text(asset, exact=True).first).to_be_visible()
    keep(page, "ui-lineage.png", around(page.locator("foreignObject")))


def ends_of_new_runs(dagster: DagsterUi, known: set[str]) -> list[str]:
    """How the runs ended that were launched since; waits until all of them have."""

    def ends() -> list[str]:
        runs = {id_: status for id_, status in dagster.runs().items() if id_ not in known}
        return list(runs.values()) if runs and set(runs.values()) <= ENDED else []

    found: list[str] = wait_for(ends, "the end of the run")
    return found


def choose_partitions(page: Page, weeks: str) -> None:
    page.get_by_role("button", name="Materialize").first.click()
    page.get_by_role("button", name="Latest", exact=True).click()
    page.get_by_text("Show all partitions").click()
    chosen = page.locator("input[placeholder^='ex: ']")
    chosen.fill(weeks)
    chosen.press("Enter")


def launch(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Launch")).last.click()


def test_a_week_materialized_by_clicking_shows_its_plan_on_the_page_of_the_partition(
    page: Page, dagster: DagsterUi
) -> None:
    known = set(dagster.runs())
    page.get_by_role("link", name="Jobs").click()
    page.locator("a[href$='/jobs/weekly_plan']").click()
    choose_partitions(page, "2026-10-26")
    launch(page)
    assert ends_of_new_runs(dagster, known) == ["SUCCESS"]
    page.goto(f"{dagster.url}/assets/plan?view=partitions&partition=2026-10-26")
    expect(page.get_by_text("planned_load").first).to_be_visible()
    page.get_by_text("[Show Markdown]").first.click()
    page.wait_for_function(PICTURE_IS_DRAWN)
    page.goto(f"{dagster.url}/assets/plan")
    expect(page.get_by_text("Passing").first).to_be_visible()  # its freshness, says the daemon


def test_a_range_of_metrics_is_backfilled_in_one_run_by_clicking(
    page: Page, dagster: DagsterUi
) -> None:
    known = set(dagster.runs())
    page.goto(f"{dagster.url}/assets/weekly_metrics")
    choose_partitions(page, "[2026-09-07...2026-10-05]")
    launch(page)
    wait_for(lambda: "COMPLETED_SUCCESS" in dagster.backfills().values(), "the backfill's end")
    assert ends_of_new_runs(dagster, known) == ["SUCCESS"]


def test_a_run_whose_plan_broke_rules_names_them_in_its_check(
    page: Page, dagster: DagsterUi, athlete: Terminal, mongo_url: str
) -> None:
    with open_client(mongo_url) as client:
        database = client[athlete.environment["MONGO_DATABASE"]]
        artifacts = database["run_artifacts"].find_one({"observedWeekStart": "2026-11-09"})
    assert artifacts is not None
    answer = json.loads(artifacts["outputRaw"])
    answer["nextWeek"]["plannedLoad"] += 5
    with openai_server(Reply(json.dumps(answer))) as model:
        refused = athlete.run(
            *("run", "--week", "2026-11-09"),
            **model.environment,
            WEEKLY_PLAN_MODEL=MODEL_ID,
            WEEKLY_PLAN_MAX_ATTEMPTS="1",
        )
    assert refused.returncode == 1, refused.stderr
    rule = refused.stderr.partition("no attempt was valid: ")[2].partition(":")[0]
    page.goto(f"{dagster.url}/assets/artifacts?view=checks&checkDetail=plan_is_valid")
    expect(page.get_by_text("Failed").first).to_be_visible()
    expect(page.get_by_text(f"no attempt was valid: {rule}").first).to_be_visible()
    page.goto(f"{dagster.url}/assets/artifacts?view=partitions&partition=2026-11-09")
    expect(page.get_by_role("cell", name=rule).first).to_be_visible()
