"""The page in a real browser: on a phone, on a desk, in the dark, on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from weekly_plan_assets_tests.support.planned_page import HOSTILE, html, run
from weekly_plan_assets_tests.ui.conftest import chromium

pytestmark = pytest.mark.slow

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page_file(tmp_path: Path) -> Path:
    """The page of a week whose race and athlete have hostile names."""
    race = {"date": "2025-05-04", "priority": "A", "distance_km": 21.1, "name": HOSTILE[:60]}
    snapshot, inputs = run(races=[race])
    snapshot = snapshot.model_copy(update={"athlete_id": f"{HOSTILE}{'long' * 40}"})
    path = tmp_path / "week.html"
    path.write_text(html(snapshot, inputs))
    return path


def opened(browser: Browser, path: Path, size: dict[str, int], **how: str) -> Page:
    page = browser.new_page(
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme="dark" if how.get("scheme") == "dark" else "light",
    )
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_nothing_is_wider_than_the_screen(
    browser: Browser, page_file: Path, size: dict[str, int]
) -> None:
    page = opened(browser, page_file, size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.get_by_role("img").first.is_visible()
    page.close()


def test_it_asks_for_nothing_and_says_nothing_to_the_console(
    browser: Browser, page_file: Path
) -> None:
    asked: list[str] = []
    said: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(page_file.as_uri())
    assert asked == [page_file.as_uri()]
    assert said == []
    page.close()


def test_in_the_dark_the_paper_is_dark_and_the_words_are_light(
    browser: Browser, page_file: Path
) -> None:
    def brightness(page: Page, of: str) -> float:
        colour = page.evaluate(f"getComputedStyle(document.body).{of}")
        return sum(int(part) for part in colour.strip("rgb()").split(",")) / 3

    dark = opened(browser, page_file, DESK, scheme="dark")
    assert brightness(dark, "backgroundColor") < 60
    assert brightness(dark, "color") > 200
    light = opened(browser, page_file, DESK)
    assert brightness(light, "color") < 60
    assert brightness(light, "backgroundColor") > 200
    dark.close()
    light.close()


def test_what_is_folded_on_the_screen_is_open_on_paper(browser: Browser, page_file: Path) -> None:
    page = opened(browser, page_file, DESK)
    folded = page.locator("details p").first
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
    page.locator("summary").first.wait_for(state="hidden")
    page.emulate_media(media="screen")
    page.locator("summary").first.click()
    assert folded.is_visible()
    page.close()
