"""How plans look in a terminal."""

import re
from datetime import UTC, datetime

import pytest
from pymongo.database import Database

from weekly_plan_assets.cli.pages.markdown import page_as_markdown
from weekly_plan_assets.cli.pages.page import Bullets, PageTable, text_of
from weekly_plan_assets.cli.pages.render import render_plan
from weekly_plan_assets.cli.pages.render_evidence import attempt_parts
from weekly_plan_assets.cli.pages.render_explanation import explanation_page
from weekly_plan_assets.cli.pages.render_page import render_page
from weekly_plan_assets.common.figures_in_words import change, dollars, figure
from weekly_plan_assets.domain.week import DAY_NAMES_BY_LANGUAGE
from weekly_plan_assets.lineage.audit.explaining import explain
from weekly_plan_assets.lineage.audit.explanation import ExplainedAttempt
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.lineage.records.records import PlanSnapshot
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.terminal.console import out
from weekly_plan_assets_tests.lineage.version_1_run import store_run
from weekly_plan_assets_tests.support.graph import StubbornPlanner
from weekly_plan_assets_tests.support.kept_runs import FIRST, keep_runs, store_weeks, weeks_from


@pytest.fixture
def snapshot(database: Database[BsonDocument]) -> PlanSnapshot:
    weeks = weeks_from(FIRST, 2)
    store_weeks(database, weeks)
    (run_id,) = keep_runs(database, weeks[-1:])
    found = Lineage(database).snapshot(run_id)
    assert isinstance(found, PlanSnapshot)
    return found


def shown(snapshot: PlanSnapshot) -> str:
    with out.capture() as captured:
        render_plan(snapshot, simulated=False)
    return captured.get()


def test_a_day_off_is_called_in_the_language_of_the_plan(snapshot: PlanSnapshot) -> None:
    assert " rest\n" in shown(snapshot)
    plan = snapshot.activity_plan
    names = DAY_NAMES_BY_LANGUAGE["es"]
    days = [
        day.model_copy(update={"day_name": name})
        for day, name in zip(plan.days, names, strict=True)
    ]
    spanish = snapshot.model_copy(
        update={"activity_plan": plan.model_copy(update={"days": tuple(days)})}
    )
    text = shown(spanish)
    assert " descanso\n" in text
    assert "Plan del 2024-01-15 al 2024-01-21" in text
    assert ", planificado a partir de la semana del 2024-01-08" in text
    assert "Lun 15 ene" in text
    assert " ppm" in text
    of_the_terminal = ("Plan for", "planned from", " rest\n", "  load ", "At its end", "Jan ")
    assert [english for english in of_the_terminal if english in text] == []
    heads = [line for line in text.splitlines() if "  carga " in line]
    assert not any(" bpm" in head for head in heads)


def test_a_text_is_wrapped_where_another_program_reads_it_too(
    snapshot: PlanSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(type(out), "is_terminal", False)
    text = shown(snapshot)
    assert max(map(len, text.splitlines())) <= 100


def test_predicted_fitness_is_told_in_one_line_where_it_is_known(snapshot: PlanSnapshot) -> None:
    assert snapshot.predicted is not None
    line = f"At its end, if all is done: CTL {snapshot.predicted.ctl:.1f}, ATL "
    assert line in shown(snapshot)
    assert "CTL" not in shown(snapshot.model_copy(update={"predicted": None, "justification": ()}))


def test_a_rejected_run_is_a_page_with_every_attempt_and_no_plan(
    database: Database[BsonDocument],
) -> None:
    weeks = weeks_from(FIRST, 2)
    store_weeks(database, weeks)
    (run_id,) = keep_runs(database, weeks[-1:], planner=StubbornPlanner())
    page = page_as_markdown(explanation_page(explain(Lineage(database).stored_run(run_id))))
    assert "What was planned" not in page
    assert "| 0 | rejected |" in page
    assert r"- attempt 1: load.week\_sum" in page
    assert re.search(r"\| load.week\\_sum v\d+ \| fail \(error\) \|", page)
    assert "- plan: No attempt was valid, so nothing was published." in page


def test_what_version_1_does_not_hold_is_said_on_its_page(
    database: Database[BsonDocument],
) -> None:
    store_run(database, "7", "2024-01-15", "2024-01-14T20:00:00Z")
    database["plan_snapshots"].drop()
    database["run_artifacts"].drop()
    page = page_as_markdown(explanation_page(explain(Lineage(database).stored_run("7"))))
    assert "| plan\\_snapshots | not found |" in page
    assert "- plan: plan\\_snapshots does not hold this run" in page
    assert "- metrics: run\\_artifacts does not hold this run" in page


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "m", "-"),
        (14000, "m", "14.0"),
        (3900, "s", "1:05"),
        (3599, "s", "1:00"),
        (0, "sessions", "0"),
        (2.25, "sessions", "2.2"),
        (0.5, "sessions", "0.50"),
        (9889.6, "steps a day", "9890"),
        (4.184, "ln ms", "4.18"),
        (-11.88, "load a day", "-11.9"),
    ],
)
def test_a_figure_is_shown_in_the_unit_that_a_person_reads(
    value: float | None, unit: str, text: str
) -> None:
    assert figure(value, unit) == text


@pytest.mark.parametrize(("value", "text"), [(None, ""), (0, ""), (-540, "-0:09"), (5400, "+1:30")])
def test_a_change_has_its_sign(value: float | None, text: str) -> None:
    assert change(value, "s") == text


@pytest.mark.parametrize("columns", [30, 60, 80])
def test_a_narrow_page_fits_and_loses_no_letter(
    database: Database[BsonDocument], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    weeks = weeks_from(FIRST, 2)
    store_weeks(database, weeks)
    (run_id,) = keep_runs(database, weeks[-1:])
    page = explanation_page(explain(Lineage(database).stored_run(run_id)))

    def lines_at(width: int | None) -> list[str]:
        if width is None:
            monkeypatch.delenv("COLUMNS", raising=False)
        else:
            monkeypatch.setenv("COLUMNS", str(width))
            monkeypatch.setattr(out, "_width", width)
        with out.capture() as captured:
            render_page(page)
        return captured.get().splitlines()

    def letters(lines: list[str]) -> list[str]:
        return sorted("".join(lines).replace(" ", "").replace("\u2500", ""))

    piped, narrow = lines_at(None), lines_at(columns)
    assert max(map(len, piped)) > 100, "nothing is wrapped where another program reads"
    assert letters(narrow) == letters(piped)
    # The title and the runId are to be copied whole.
    assert [line for line in narrow[2:] if len(line) > columns] == []
    assert not [line for line in (*piped, *narrow) if line.endswith(" ")]
    if columns >= 60:
        assert any(line.startswith("unknownLoadCount ") for line in narrow)


def test_what_a_provider_had_already_is_told_beside_what_an_attempt_took() -> None:
    attempt = ExplainedAttempt(
        attempt=1,
        errors=(),
        model="coach",
        fallback=False,
        input_tokens=3000,
        output_tokens=400,
        cached_tokens=2048,
        cost_usd=0.0078,
        continued=True,
        duration_s=12.3,
        finish_reason="stop",
        started_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    table, bullets = attempt_parts([attempt])
    assert isinstance(table, PageTable)
    assert [text_of(cell) for cell in table.rows[0]][3:6] == ["3000", "400", "0.0078"]
    assert isinstance(bullets, Bullets)
    assert [text_of(cell) for cell in bullets.items] == [
        "attempt 1: the provider still held the conversation, and was sent only what was wrong",
        "attempt 1: 2048 of the tokens read came from the provider's cache",
    ]


@pytest.mark.parametrize(
    ("usd", "words"),
    [(12.345, "$12.35"), (0.0078, "$0.0078"), (0.00001, "less than $0.0001")],
)
def test_dollars_are_said_to_the_hundredth_of_a_cent(usd: float, words: str) -> None:
    assert dollars(usd) == words
