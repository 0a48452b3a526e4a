"""What an athlete is sent: the week, a day, a failure; in both languages and in any length."""

from datetime import UTC, date, datetime, timedelta

import markdown as markdown_reader
import pytest
from icalendar import Calendar

from weekly_plan_assets.domain.adherence import PlannedAndDone, SessionOutcome
from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.plan.weekly_plan import SessionKind, Sport
from weekly_plan_assets.messages.failure_message import failure_message
from weekly_plan_assets.messages.message import Line, Message, MessageForm
from weekly_plan_assets.messages.named_athlete import NamedAthlete
from weekly_plan_assets.messages.week_message import (
    calendar_attachment,
    day_message,
    week_message,
)
from weekly_plan_assets_tests.support.deliveries import a_plan, replanned
from weekly_plan_assets_tests.support.planned_page import HOSTILE

ANNA = NamedAthlete("i101", "Anna Keller")
PLAN, SNAPSHOT, INPUTS = a_plan()
_, SPANISH, SPANISH_INPUTS = a_plan(language="es")
MONDAY = SNAPSHOT.week_start
TUESDAY = MONDAY + timedelta(days=1)


def test_the_week_says_what_it_is_for_and_every_day() -> None:
    message = week_message(SNAPSHOT, INPUTS)
    assert message.title == "Your training week, 7 to 13 April: 3.9 h"
    lines = message.text.splitlines()
    assert lines[0] == SNAPSHOT.activity_plan.next_week.objective
    days = lines[2:9]
    assert days[0] == "Monday 7: rest"
    assert days[1] == "Tuesday 8: Continuous tempo run 40 min"
    assert [line.split(" ")[0] for line in days][-1] == "Sunday"
    assert "Key session: Tuesday, Continuous tempo run. Warm-up: 15 min easy" in message.text
    assert lines[-1] == f"runId {SNAPSHOT.run_id}"
    assert "Changed since" not in message.text


def test_the_same_in_spanish() -> None:
    message = week_message(SPANISH, SPANISH_INPUTS)
    assert message.title.startswith("Tu semana de entrenamiento, del 7 al 13 de abril")
    assert "lunes 7: descanso" in message.text.lower()
    assert "Sesión clave:" in message.text
    assert "Key" not in message.text


def test_a_new_plan_of_the_week_says_what_it_changes() -> None:
    days = [
        day.model_copy(
            update={
                "sessions": tuple(
                    one.model_copy(update={"name": "Hills"}) if day.date == TUESDAY else one
                    for one in day.sessions
                    if day.date != MONDAY + timedelta(days=5)
                )
            }
        )
        for day in SNAPSHOT.activity_plan.days
    ]
    new = replanned(SNAPSHOT, INPUTS, days, "r2:2025-03-31").snapshot
    text = week_message(new, INPUTS, SNAPSHOT).text
    assert "Tuesday: Hills 40 min instead of Continuous tempo run 40 min" in text
    assert "Saturday: no Easy run 50 min" in text
    assert "Thursday:" not in text.split("Changed since")[1]
    assert "Changed since" not in week_message(SNAPSHOT, INPUTS, SNAPSHOT).text


@pytest.mark.parametrize(
    ("outcome", "done"),
    [
        (SessionOutcome.DONE, 1),
        (SessionOutcome.CHANGED, 1),
        (SessionOutcome.MOVED, 1),
        (SessionOutcome.MISSED, 0),
    ],
)
def test_last_week_is_counted_where_it_was_followed(outcome: SessionOutcome, done: int) -> None:
    from weekly_plan_assets.lineage.records.records import PlanAdherence  # noqa: PLC0415

    session = PlannedAndDone(
        day=MONDAY,
        sport=Sport.RUN,
        kind=SessionKind.EASY,
        planned_duration_s=3600,
        planned_load=50,
        outcome=outcome,
    )
    adherence = PlanAdherence(
        **SNAPSHOT.identity,
        sessions=(session,),
        added=(),
        load_planned=50,
        load_done=None,
        unknown_load_count=0,
        predicted=None,
        actual=None,
        plan_created_at=datetime(2025, 3, 30, tzinfo=UTC),
        in_time=True,
    )
    inputs = INPUTS.model_copy(update={"adherence": adherence})
    assert f"Last week: {done} of 1 sessions done." in week_message(SNAPSHOT, inputs).text
    assert "Last week" not in week_message(SNAPSHOT, None).text


def test_a_day_says_what_to_do_and_what_else_there_is() -> None:
    message = day_message(SNAPSHOT, TUESDAY)
    assert message is not None
    assert message.title == "Today: Continuous tempo run, 40 min"
    assert "Main set: 12 min at tempo" in message.text
    assert "If you are tired: 20 min easy." in message.text


def test_no_day_is_taken_from_another_week_and_rest_is_silent() -> None:
    assert day_message(SNAPSHOT, MONDAY) is None
    for weeks in (-1, 1):
        assert day_message(SNAPSHOT, TUESDAY + timedelta(weeks=weeks)) is None


def test_a_failure_says_why_and_what_to_do() -> None:
    for language, way_out in (
        (Language.ENGLISH, "Try again with: weekly-plan run --week 2026-11-09"),
        (Language.SPANISH, "Para probar otra vez: weekly-plan run --week 2026-11-09"),
    ):
        message = failure_message(
            "r:1",
            ["the source is down"] * 12,
            date(2026, 11, 16),
            date(2026, 11, 22),
            observed=date(2026, 11, 9),
            language=language,
        )
        lines = message.text.splitlines()
        assert message.is_failure
        assert lines.count("the source is down") == 10
        assert "+ 2" in lines
        assert way_out in lines


@pytest.mark.parametrize("language", Language)
def test_commands_are_those_of_the_athlete_where_there_are_several(language: Language) -> None:
    monday, sunday = date(2026, 11, 16), date(2026, 11, 22)
    failed = failure_message(
        "r:1", ["no"], monday, sunday, observed=monday, language=language, option=ANNA.option
    )
    assert "weekly-plan run --athlete i101 --week 2026-11-16" in failed.text
    assert "weekly-plan explain 2026-11-16 --athlete i101" in failed.text
    snapshot = SNAPSHOT if language is Language.ENGLISH else SPANISH
    week = week_message(snapshot, None, option=ANNA.option).text
    assert f"weekly-plan explain {snapshot.observed_week_start} --athlete i101" in week


def test_a_title_begins_with_the_athlete_where_there_are_several() -> None:
    message = day_message(SNAPSHOT, TUESDAY)
    assert message is not None
    title = "Anna Keller: Today: Continuous tempo run, 40 min"
    assert ANNA.titled(message).title == title


@pytest.mark.parametrize("form", MessageForm)
@pytest.mark.parametrize("most", [40, 160, 500, 800])
def test_a_message_is_cut_between_lines(form: MessageForm, most: int) -> None:
    message = week_message(SNAPSHOT, INPUTS)
    whole, body = message.body(form), message.body(form, most)
    assert len(body) <= most
    assert len(whole) > 800
    lines = body.splitlines()
    assert lines[-1] == "..." or len(lines) == 1
    assert whole.startswith("\n".join(lines[:-1]))
    assert message.body(form, len(whole)) == whole


def test_what_anybody_wrote_stays_text_in_every_form() -> None:
    hostile = f"{HOSTILE} **bold** [link](http://x) _it_ `code` <b>x</b> # head"
    message = Message("t", (Line(hostile, hostile),))
    html = message.body(MessageForm.HTML)
    assert "<script>" not in html
    assert html.count("<b>") == 1
    read = markdown_reader.markdown(message.body(MessageForm.MARKDOWN))
    assert read.count("<strong>") == 1
    for tag in ("<script>", "<a ", "<em>", "<code>", "<h1>", "<b>"):
        assert tag not in read
    for form in MessageForm:
        assert "\x07" not in message.body(form)
        assert "\u202e" not in message.body(form)


def test_the_week_goes_along_as_a_calendar() -> None:
    attached = calendar_attachment(SNAPSHOT, INPUTS, datetime(2025, 4, 6, tzinfo=UTC))
    assert attached.name == f"week-{MONDAY}.ics"
    events = Calendar.from_ical(attached.content).walk("VEVENT")
    assert len(events) == len(SNAPSHOT.activity_plan.days[1:]) - 2
