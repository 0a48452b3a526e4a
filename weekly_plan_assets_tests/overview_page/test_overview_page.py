"""The page of an overview: what it says, where it leads, and that nothing on it is obeyed."""

from datetime import timedelta
from html import unescape

from weekly_plan_assets.athletes.overview import AthleteWeek
from weekly_plan_assets.overview_page.overview_content import Served, overview_on_page
from weekly_plan_assets.overview_page.overview_html import overview_html
from weekly_plan_assets_tests.support.overview_rows import CALM, FAILED, MONDAY, ROWS, WATCHED
from weekly_plan_assets_tests.support.read_page import ReadPage


def html(*rows: AthleteWeek, served: Served | None = None, simulated: bool = False) -> str:
    return overview_html(overview_on_page(rows, is_simulated=simulated, served=served))


def test_the_page_is_whole_and_fetches_nothing_and_runs_nothing() -> None:
    read = ReadPage(html(*ROWS))
    assert read.open == []
    assert read.addresses == []
    assert not {"script", "img", "iframe", "link", "object", "form"} & set(read.seen)


def test_those_that_need_a_look_stand_before_the_others_with_their_reasons() -> None:
    page = overview_on_page(ROWS, is_simulated=False)
    assert [one.athlete_id or one.name for one in page.look] == ["i101", "i102"]
    assert [one.name for one in page.others] == ["i103"]
    text = unescape(html(*ROWS))
    for reason in WATCHED.with_look().look:
        assert reason in text
    assert "1 of 4, 26% of the time" in text
    assert dict(page.counts) == {
        "Athletes": 3,
        "Planned": 2,
        "Failed": 1,
        "Not planned": 0,
        "To look at": 2,
    }


def test_what_strangers_wrote_is_text() -> None:
    page = html(*ROWS, served=Served())
    assert "script" not in ReadPage(page).seen
    assert "{{ 7*7 }}" in page
    assert "\u202e" not in page
    assert "\x07" not in page


def test_a_served_page_leads_to_each_plan_and_to_the_weeks_before_and_after() -> None:
    hostile = CALM.model_copy(update={"run_id": 'r"/../<x>'})
    addresses = ReadPage(html(FAILED, WATCHED, hostile, served=Served())).addresses
    assert addresses == [
        "overview?week=2026-11-16",
        "overview?week=2026-11-30",
        "week-page/r1%3Ai102%3A2026-11-16",
        "week-page/r%22%2F..%2F%3Cx%3E",
    ]


def test_athletes_in_different_weeks_have_their_week_named() -> None:
    ahead = CALM.model_copy(update={"week_start": MONDAY + timedelta(days=7)})
    page = html(WATCHED, ahead)
    assert "Overview of 23 November to 6 December 2026" in page
    assert "week of 30 November" in page
    assert "week of" not in html(WATCHED, CALM)


def test_simulated_athletes_are_called_so_and_an_empty_roster_is_no_error() -> None:
    assert "not real persons" in unescape(html(CALM, simulated=True))
    assert "not real persons" not in unescape(html(CALM))
    assert "no athletes yet" in html()


def test_the_same_rows_give_the_same_bytes() -> None:
    assert html(*ROWS) == html(*ROWS)
