"""Pictures as SVG: well-formed, to scale, and without anything that an athlete wrote as markup."""

from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from math import exp
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import example, given, settings
from hypothesis import strategies as st

from weekly_plan_assets.domain.metrics.fitness import FitnessState
from weekly_plan_assets.domain.readiness import readiness_of
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.ui.drawing import Panel, Sheet, in_markdown, ticks
from weekly_plan_assets.ui.hrv_picture import hrv_picture
from weekly_plan_assets.ui.load_picture import load_picture
from weekly_plan_assets_tests.support.requests import an_envelope
from weekly_plan_assets_tests.support.week_rows import OBSERVED_MONDAY, any_weeks, week, weeks_of

SVG = "{http://www.w3.org/2000/svg}"
WEEK = TrainingWeek(OBSERVED_MONDAY)


def parts(svg: str, name: str) -> Iterator[Element]:
    yield from fromstring(svg).iter(f"{SVG}{name}")


def words(svg: str) -> list[str]:
    return [part.text or "" for part in parts(svg, "text")]


def test_a_panel_puts_values_between_its_bottom_and_its_top() -> None:
    panel = Panel(left=50, top=20, width=300, height=100, slots=3, low=-10, high=30)
    assert (panel.y(-10), panel.y(30), panel.y(10)) == (120, 20, 70)
    assert [panel.x(slot) for slot in range(3)] == [100, 200, 300]


@given(low=st.floats(-500, 500), span=st.floats(0.01, 5000))
@example(low=1.0, span=801.0)
def test_ticks_are_few_and_round_and_lie_inside(low: float, span: float) -> None:
    found = ticks(low, low + span)
    assert 2 <= len(found) <= 6
    assert all(low - 1e-9 <= value <= low + span + 1e-9 for value in found)


def test_text_on_a_sheet_is_never_markup() -> None:
    sheet = Sheet(10, 10)
    sheet.text((0, 0), "<script>&")
    assert words(sheet.svg()) == ["<script>&"]


def test_a_picture_in_markdown_is_one_image_that_needs_no_file() -> None:
    told = in_markdown(Sheet(10, 10).svg(), "nothing")
    begin, _, data = told.removesuffix(")").partition("base64,")
    assert begin == "![nothing](data:image/svg+xml;"
    assert b64decode(data).startswith(b"<svg")


def test_the_load_of_every_known_week_is_a_bar_with_its_figure_and_the_plan_one_more() -> None:
    svg = load_picture(weeks_of(310, None, 250), 280, an_envelope(), None)
    said = words(svg)
    assert {"310", "250", "280", "not known", "planned"} <= set(said)
    bars = [part for part in parts(svg, "rect") if part.get("fill") != "#fff"]
    heights = [float(bar.get("height", "0")) for bar in bars]
    assert len(heights) == 3
    assert heights[0] / heights[1] == pytest.approx(310 / 250, rel=0.01)


def test_a_week_that_is_not_stored_leaves_its_place_empty() -> None:
    first, _, last = weeks_of(310, 320, 250)
    svg = load_picture((first, last), 280, an_envelope(), None)
    days = [
        f"{day.day} {day:%b}" for day in (first.week_start + timedelta(7 * n) for n in range(4))
    ]
    assert [text for text in words(svg) if text in days] == days
    assert "320" not in words(svg)


def test_fitness_ends_in_a_dashed_line_where_it_is_predicted() -> None:
    predicted = FitnessState(ctl=41.0, atl=38.0, tsb=3.0)
    svg = load_picture(
        weeks_of(300, 310, ctl_end=40.0, atl_end=45.0), 280, an_envelope(), predicted
    )
    assert sum("stroke-dasharray" in line.attrib for line in parts(svg, "polyline")) == 3
    without = load_picture(weeks_of(300, ctl_end=None, atl_end=None), 280, an_envelope(), None)
    assert "fitness is not known" in words(without)


@settings(max_examples=50, deadline=None)
@given(weeks=any_weeks())
def test_whatever_was_measured_the_picture_of_a_plan_is_well_formed(weeks: Any) -> None:
    assert fromstring(load_picture(weeks, 0, an_envelope(), None)).tag == f"{SVG}svg"


def nights(ms: float | None) -> list[WellnessDay]:
    days = [WEEK.start + timedelta(days=back) for back in range(-28, 7)]
    values = [None if ms is None else ms * exp(0.02 * (n % 5)) for n in range(35)]
    return [
        WellnessDay.model_validate({"id": day.isoformat(), "hrv": value})
        for day, value in zip(days, values, strict=True)
    ]


def hrv_of(rows: list[WellnessDay]) -> str | None:
    signal = readiness_of(week(), (), (), rows).signal("hrv")
    assert signal is not None
    return hrv_picture(WEEK, rows, signal)


def test_each_night_is_a_dot_and_the_band_lies_behind_them() -> None:
    svg = hrv_of(nights(60))
    assert svg is not None
    assert len(list(parts(svg, "circle"))) == 35
    assert [part.get("fill") for part in parts(svg, "rect")][1:] == ["#d1fae5"]


def test_without_a_single_night_there_is_no_picture_of_hrv() -> None:
    assert hrv_of(nights(None)) is None
