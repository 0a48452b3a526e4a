"""The page of a week: what it says, in which language, and that nothing on it is obeyed."""

from datetime import UTC, datetime
from html import unescape

import pytest

from weekly_plan_assets.domain.adherence import week_adherence
from weekly_plan_assets.domain.recorded.counted_sessions import count_sessions
from weekly_plan_assets.lineage.records.records import (
    PlanAdherence,
)
from weekly_plan_assets.week_page.content import PageLink, week_on_page
from weekly_plan_assets.week_page.week_html import week_html
from weekly_plan_assets_tests.support.planned_page import HOSTILE, html, run
from weekly_plan_assets_tests.support.read_page import ReadPage
from weekly_plan_assets_tests.support.recorded_weeks import OBSERVED


def test_the_page_is_whole_and_fetches_nothing_and_runs_nothing() -> None:
    read = ReadPage(html(*run()))
    assert read.open == []
    assert read.addresses == []
    assert not {"script", "img", "iframe", "link", "object", "form"} & set(read.seen)


def test_every_session_reason_and_warning_is_on_the_page() -> None:
    snapshot, inputs = run()
    page = unescape(html(snapshot, inputs))
    for day in snapshot.activity_plan.days:
        for session in day.sessions:
            assert session.title in page
            assert session.description in page
            for alternative in session.alternatives:
                assert alternative.description in page
    for reason in snapshot.justification:
        assert reason.text in page
    for warning in snapshot.activity_plan.warnings:
        assert warning in page
    assert snapshot.run_id in page


def test_the_bars_of_a_session_are_as_wide_as_its_stretches_are_long() -> None:
    snapshot, inputs = run()
    page = week_on_page(snapshot, inputs, is_simulated=False)
    (tempo,) = [one for day in page.days for one in day.sessions if one.is_hard]
    session = next(
        one for day in snapshot.activity_plan.days for one in day.sessions if one.is_hard
    )
    widths = [bar.width for bar in tempo.bars]
    assert sum(widths) == pytest.approx(600, abs=0.5)
    first_s = session.blocks[0].duration_s
    assert widths[0] == pytest.approx(600 * first_s / session.duration_s, abs=0.1)
    assert max(tempo.bars, key=lambda bar: bar.height).intent in {"tempo", "threshold", "vo2"}


def test_what_strangers_wrote_is_text() -> None:
    race = {"date": "2025-05-04", "priority": "A", "distance_km": 21.1, "name": "Spring"}
    snapshot, inputs = run(races=[race])
    days = tuple(
        day.model_copy(
            update={
                "day_name": day.day_name,
                "sessions": tuple(
                    one.model_copy(update={"name": HOSTILE, "description": HOSTILE})
                    for one in day.sessions
                ),
            }
        )
        for day in snapshot.activity_plan.days
    )
    week = snapshot.activity_plan.next_week.model_copy(update={"objective": HOSTILE})
    plan = snapshot.activity_plan.model_copy(
        update={"days": days, "next_week": week, "warnings": (HOSTILE,)}
    )
    hostile = snapshot.model_copy(update={"activity_plan": plan, "athlete_id": HOSTILE})
    page = html(hostile, inputs)
    read = ReadPage(page)
    assert "script" not in read.seen
    assert "{{ 7*7 }}" in page
    assert "\u202e" not in page
    assert "\x07" not in page


@pytest.mark.parametrize(("language", "words"), [("en", "Rest"), ("es", "Descanso")])
def test_the_page_speaks_the_athletes_language(language: str, words: str) -> None:
    page = html(*run(language=language))
    assert f'<html lang="{language}">' in page
    assert words in page
    assert ("Why this week" in page) == (language == "en")


def test_a_plan_whose_inputs_are_gone_has_a_page_without_charts() -> None:
    snapshot, _ = run()
    page = html(snapshot)
    assert "<polyline" not in page
    assert snapshot.activity_plan.next_week.objective in unescape(page)


def test_a_week_whose_load_is_not_known_says_so_and_has_no_bar_of_nought() -> None:
    snapshot, inputs = run()
    unknown = inputs.metrics.model_copy(update={"training_load": None})
    page = week_on_page(
        snapshot, inputs.model_copy(update={"metrics": unknown}), is_simulated=False
    )
    assert [bar.load for bar in page.loads][-2] is None
    assert "not known" in week_html(page)


def test_last_week_is_shown_as_planned_and_as_done() -> None:
    snapshot, inputs = run()
    week = snapshot.activity_plan
    done = week_adherence(
        [
            day.model_copy(update={"date": OBSERVED.days[number]})
            for number, day in enumerate(week.days)
        ],
        count_sessions(inputs.activities),
        inputs.metrics,
        None,
    )
    adherence = PlanAdherence(
        **inputs.identity,
        **dict(done),
        plan_created_at=datetime(2025, 3, 30, tzinfo=UTC),
        in_time=True,
    )
    page = week_on_page(
        snapshot, inputs.model_copy(update={"adherence": adherence}), is_simulated=False
    )
    assert len(page.last_week) == len(done.sessions)
    assert any(one.is_missed for one in page.last_week) or all(one.done for one in page.last_week)
    assert "Last week, planned and done" in week_html(page)


def test_links_to_the_run_stand_at_the_end() -> None:
    link = PageLink("Dagster", "http://127.0.0.1:3000/runs/r1")
    read = ReadPage(html(*run(), links=(link,)))
    assert read.addresses == [link.url]


def test_an_athlete_of_a_roster_has_a_name_in_the_title_and_on_the_page() -> None:
    snapshot, inputs = run()
    page = html(snapshot, inputs, name="Núria <Vidal>")
    assert page.count(f"Núria &lt;Vidal&gt; ({snapshot.athlete_id})") == 2
    assert f", {snapshot.athlete_id}</title>" in html(snapshot, inputs)


def test_the_same_plan_gives_the_same_bytes() -> None:
    snapshot, inputs = run()
    assert html(snapshot, inputs) == html(snapshot, inputs)


@pytest.mark.parametrize(("language", "beats"), [("en", "bpm"), ("es", "ppm")])
def test_lines_begin_in_upper_case_and_beats_are_those_of_the_language(
    language: str, beats: str
) -> None:
    snapshot, inputs = run(language=language, resting_hr_bpm=50, max_hr_bpm=190)
    page = week_on_page(snapshot, inputs, is_simulated=False)
    assert page.signals
    assert not [one.name for one in page.signals if one.name[:1].islower()]
    zones = [one.zone for day in page.days for one in day.sessions if "-" in one.zone]
    assert zones
    assert all(zone.endswith(beats) for zone in zones)
