"""The overview in a real browser: on a phone, on a desk, in the dark, on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from weekly_plan_assets.overview_page.overview_content import Served, overview_on_page
from weekly_plan_assets.overview_page.overview_html import overview_html
from weekly_plan_assets_tests.support.overview_rows import ROWS
from weekly_plan_assets_tests.ui.conftest import chromium

pytestmark = pytest.mark.slow

PHONE, DESK = (390, 844), (1280, 900)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page_file(tmp_path: Path) -> Path:
    path = tmp_path / "overview.html"
    page = overview_on_page(ROWS, is_simulated=True, served=Served())
    path.write_text(overview_html(page))
    return path


def opened(browser: Browser, path: Path, size: tuple[int, int], *, dark: bool = False) -> Page:
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light"
    )
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_nothing_is_wider_than_the_screen_and_nothing_lies_upon_another(
    browser: Browser, page_file: Path, size: tuple[int, int]
) -> None:
    page = opened(browser, page_file, size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    spilled = "[...document.querySelectorAll('td')].filter(e => e.scrollWidth > e.clientWidth + 1)"
    assert page.evaluate(f"{spilled}.length") == 0
    page.close()


def test_on_a_phone_each_figure_has_its_name_and_empty_ones_are_gone(
    browser: Browser, page_file: Path
) -> None:
    page = opened(browser, page_file, PHONE)
    assert not page.locator("thead").first.is_visible()
    failed, watched = page.locator("tbody tr").nth(0), page.locator("tbody tr").nth(1)
    assert watched.locator("td[data-label=Hours]").is_visible()
    assert not failed.locator("td[data-label=Hours]").is_visible()
    label = "getComputedStyle(document.querySelectorAll('td.number')[3], '::before').content"
    assert "Hours" in page.evaluate(label)
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


def test_in_the_dark_the_paper_is_dark_and_on_paper_it_is_white_without_links(
    browser: Browser, page_file: Path
) -> None:
    page = opened(browser, page_file, DESK, dark=True)
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == "rgb(17, 21, 27)"
    page.emulate_media(media="print")
    assert page.evaluate(background) == "rgb(255, 255, 255)"
    assert not page.locator("nav").is_visible()
    page.close()
