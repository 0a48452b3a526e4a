"""From the overview of a roster to the week of an athlete and back, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from weekly_plan_assets.webserver.week_pages import OVERVIEW, WeekPages
from weekly_plan_assets_tests.support.planned_roster import BROKEN, NAMES, PlannedRoster
from weekly_plan_assets_tests.ui.conftest import chromium
from weekly_plan_assets_tests.webserver.serving import GuardedServer, served

pytestmark = pytest.mark.slow

PLANNED = (NAMES["simulated-1"], "Ben", "simulated-4")


@pytest.fixture
def overview(planned_roster: PlannedRoster) -> Iterator[Page]:
    """The overview under a secret link, as `weekly-plan dev` serves it."""
    pages = WeekPages(GuardedServer(0), planned_roster.settings(), "/s3cret")
    with served(pages) as port, chromium() as browser:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/s3cret{OVERVIEW}")
        yield page


def test_each_athlete_leads_to_their_week_and_the_week_back_to_all(
    overview: Page, planned_roster: PlannedRoster
) -> None:
    title = overview.get_by_role("heading", level=1).inner_text()
    assert title.startswith("Overview of ")
    expect(overview.get_by_role("link", name=NAMES[BROKEN])).to_have_count(0)
    for name in PLANNED:
        overview.get_by_role("link", name=name, exact=True).click()
        assert "/s3cret/week-page/" in overview.url
        expect(overview.get_by_role("heading", level=1)).not_to_have_text(title)
        overview.get_by_role("link", name="All athletes").click()
        assert overview.url.endswith(f"/s3cret{OVERVIEW}?week={planned_roster.week}")
        expect(overview.get_by_role("heading", level=1)).to_have_text(title)
