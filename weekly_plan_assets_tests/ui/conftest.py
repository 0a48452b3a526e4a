"""`weekly-plan dev` over three months of the sample athlete, and Chromium in front of it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from weekly_plan_assets_tests.conftest import missing_part, sample_athlete
from weekly_plan_assets_tests.support.dagster_ui import DagsterUi, weekly_plan_dev
from weekly_plan_assets_tests.support.terminal import Terminal

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
WAIT_MS = 60_000
"""Two busy cores take long to draw a page for the first time."""


@pytest.fixture(scope="module")
def athlete(mongo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """The sample athlete, whose last weeks are planned."""
    state = tmp_path_factory.mktemp("ui") / "state"
    with sample_athlete(mongo_url, state) as terminal:
        for week in ("2026-11-02", "2026-11-09"):
            done = terminal.run("run", "--week", week)
            assert done.returncode == 0, done.stderr
        yield terminal


@pytest.fixture(scope="module")
def dagster(athlete: Terminal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DagsterUi]:
    with weekly_plan_dev(athlete.environment, tmp_path_factory.mktemp("dev") / "log") as ui:
        yield ui


@contextmanager
def chromium(*arguments: str) -> Iterator[Browser]:
    """A browser of its own, started with some arguments."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        missing_part(f"no browser was found; install one of {', '.join(CHROMIUM)}")
    with sync_playwright() as playwright:
        # A sandbox cannot be had as root, and only our own pages are opened.
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", *arguments]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for a module: while it is open, no other can be, and nothing else that is async."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, dagster: DagsterUi) -> Iterator[Page]:
    """The first page of the UI."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(WAIT_MS)
    page.goto(dagster.url)
    yield page
    page.close()
