"""Sessions as FIT, ZWO, ERG and iCalendar, read back by programs that others wrote."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import fitdecode
import pytest
from defusedxml.ElementTree import fromstring
from icalendar import Calendar

from weekly_plan_assets.domain.plan.session_parts import Target, TargetKind
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.rendering.calendar_file import CancelledSession, week_calendar
from weekly_plan_assets.rendering.fit_workout import (
    MOST_STEPS_ON_A_WATCH,
    SPORTS,
    fit_workout,
)
from weekly_plan_assets.rendering.rendered_session import RenderedSession, RenderedStep
from weekly_plan_assets.rendering.session_files import session_files
from weekly_plan_assets.rendering.trainer_files import can_go_to_a_trainer, erg, zwo
from weekly_plan_assets_tests.support.planned_sessions import (
    MONDAY,
    SESSIONS,
    library_sessions,
    rendered,
)

WITH_STEPS = [name for name, one in SESSIONS.items() if one.blocks]
STAMP = datetime(2026, 3, 1, 20, tzinfo=UTC)
FTP_W = 250


def messages(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """The messages of a FIT file by their name; a wrong checksum is an error."""
    found: dict[str, list[dict[str, Any]]] = {}
    with fitdecode.FitReader(io.BytesIO(content), check_crc=fitdecode.CrcCheck.RAISE) as reader:
        for frame in reader:
            if frame.frame_type == fitdecode.FIT_FRAME_DATA:
                found.setdefault(frame.name, []).append({f.name: f.value for f in frame.fields})
    return found


def as_done(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps in the order in which a watch goes through them."""
    done: list[dict[str, Any]] = []
    for step in steps:
        if step["duration_type"] == "repeat_until_steps_cmplt":
            block = [one for one in steps if one["message_index"] >= step["duration_step"]]
            block = [one for one in block if one["message_index"] < step["message_index"]]
            done += block * (step["repeat_steps"] - 1)
        else:
            done.append(step)
    return done


def meant(session: RenderedSession) -> list[RenderedStep]:
    return [step for part in session.parts for _ in range(part.repeats) for step in part.steps]


def assert_equal(read: dict[str, Any], step: RenderedStep, sport: Sport) -> None:
    if step.distance_m is None:
        assert (read["duration_type"], read["duration_time"]) == ("time", step.duration_s)
    else:
        assert (read["duration_type"], read["duration_distance"]) == ("distance", step.distance_m)
    assert read["intensity"] == step.kind.value
    if step.steering is None:
        assert read["target_type"] == "open"
        return
    target = step.steering.target
    low = target.high / 2 if target.low is None else target.low
    match target.kind:
        case TargetKind.HR:
            ends = (read["custom_target_heart_rate_low"], read["custom_target_heart_rate_high"])
            assert ends == (100 + round(low), 100 + target.high)
        case TargetKind.POWER:
            ends = (read["custom_target_power_low"], read["custom_target_power_high"])
            assert ends == (1000 + round(low), 1000 + target.high)
        case _:
            metres = 100 if sport is Sport.SWIM else 1000
            slow, fast = read["custom_target_speed_low"], read["custom_target_speed_high"]
            assert metres / slow == pytest.approx(target.high, rel=0.001)
            assert metres / fast == pytest.approx(target.low, rel=0.001)


def assert_read_equal(session: RenderedSession) -> None:
    read = messages(fit_workout(session))
    (workout,) = read["workout"]
    assert workout["num_valid_steps"] == len(read["workout_step"])
    assert len(read["workout_step"]) <= MOST_STEPS_ON_A_WATCH
    assert [one["message_index"] for one in read["workout_step"]] == [
        *range(len(read["workout_step"]))
    ]
    done, wanted = as_done(read["workout_step"]), meant(session)
    assert len(done) == len(wanted)
    for one, step in zip(sorted_as_done(done, read), wanted, strict=True):
        assert_equal(one, step, session.session.sport)


def sorted_as_done(
    done: list[dict[str, Any]], read: dict[str, list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Repeats follow their steps in the file, and stand where those are done."""
    order: list[dict[str, Any]] = []
    for step in read["workout_step"]:
        if step["duration_type"] == "repeat_until_steps_cmplt":
            size = step["message_index"] - step["duration_step"]
            order += order[-size:] * (step["repeat_steps"] - 1)
        else:
            order.append(step)
    assert len(order) == len(done)
    return order


@pytest.mark.parametrize("name", WITH_STEPS)
def test_a_fit_file_is_read_equal_step_by_step(name: str) -> None:
    session = rendered(SESSIONS[name])
    assert_read_equal(session)
    read = messages(fit_workout(session))
    (identity,), (workout,) = read["file_id"], read["workout"]
    assert identity["type"] == "workout"
    assert identity["time_created"].date() == MONDAY
    names = {Sport.RUN: "running", Sport.RIDE: "cycling", Sport.SWIM: "swimming"}
    assert workout["sport"] == names[session.session.sport]
    assert workout["wkt_name"] == session.title


def test_every_workout_of_the_library_makes_a_fit_file_that_is_read_equal() -> None:
    for session in library_sessions()[::3]:
        assert_read_equal(session)


def test_the_same_session_makes_the_same_bytes_and_another_one_another_serial_number() -> None:
    one, other = rendered(SESSIONS["repeats"]), rendered(SESSIONS["strides"])
    assert fit_workout(one) == fit_workout(rendered(SESSIONS["repeats"]))
    serials = {messages(fit_workout(x))["file_id"][0]["serial_number"] for x in (one, other)}
    assert len(serials) == 2


@pytest.mark.parametrize("name", ["é" * 60, "日本語" * 20, "x", "\u202e\x07 A <b>&"])
def test_any_name_fits_into_a_fit_file(name: str) -> None:
    planned = SESSIONS["repeats"].model_copy(update={"name": name})
    (workout,) = messages(fit_workout(rendered(planned)))["workout"]
    assert len(workout["wkt_name"].encode()) < 50
    assert workout["wkt_name"]


def test_what_has_no_steps_makes_no_file() -> None:
    for name in ("race", "strength"):
        assert session_files(rendered(SESSIONS[name]), FTP_W) == {}
        with pytest.raises(ValueError, match="no steps"):
            fit_workout(rendered(SESSIONS[name]))


def test_only_rides_by_power_go_to_a_trainer() -> None:
    able = {name for name in SESSIONS if can_go_to_a_trainer(rendered(SESSIONS[name]))}
    assert able == {"nested repeats", "power"}
    assert [*session_files(rendered(SESSIONS["power"]), None)] == [f"{MONDAY}-1-a-vo2-session.fit"]
    assert [*session_files(rendered(SESSIONS["power"]), FTP_W)] == [
        f"{MONDAY}-1-a-vo2-session.{end}" for end in ("fit", "zwo", "erg")
    ]


def zwo_steps(text: str) -> list[tuple[int, float]]:
    """Seconds and share of FTP of each step, in order."""
    workout = fromstring(text).find("workout")
    assert workout is not None
    steps = []
    for one in workout:
        assert isinstance(one, ET.Element)
        if one.tag == "IntervalsT":
            pair = [
                (int(one.attrib["OnDuration"]), float(one.attrib["OnPower"])),
                (int(one.attrib["OffDuration"]), float(one.attrib["OffPower"])),
            ]
            steps += pair * int(one.attrib["Repeat"])
        else:
            steps.append((int(one.attrib["Duration"]), float(one.attrib["Power"])))
    return steps


def watts_of(target: Target | None) -> float:
    if target is None or target.kind is not TargetKind.POWER:
        return FTP_W / 2
    assert target.low is not None
    return (target.low + target.high) / 2


@pytest.mark.parametrize("name", ["power", "nested repeats"])
def test_trainer_files_hold_the_same_steps(name: str) -> None:
    session = rendered(SESSIONS[name])
    wanted = [
        (step.duration_s, watts_of(step.steering.target if step.steering else None))
        for step in meant(session)
    ]
    read = [(seconds, share * FTP_W) for seconds, share in zwo_steps(zwo(session, FTP_W))]
    assert [seconds for seconds, _ in read] == [seconds for seconds, _ in wanted]
    assert [watts for _, watts in read] == pytest.approx([w for _, w in wanted], abs=0.2)
    lines = erg(session, FTP_W).split("[COURSE DATA]\r\n")[1].split("\r\n[END")[0].split("\r\n")
    points = [(float(minutes), float(watts)) for minutes, watts in map(str.split, lines)]
    spans = [(round(60 * (b[0] - a[0])), a[1]) for a, b in pairwise(points)][::2]
    assert [seconds for seconds, _ in spans] == pytest.approx([s for s, _ in wanted], abs=1)
    assert [watts for _, watts in spans] == pytest.approx([w for _, w in wanted], abs=0.5)


def test_hostile_words_stay_text_in_a_trainer_file() -> None:
    hostile = '<script>&"\x07]]>'
    planned = SESSIONS["power"].model_copy(update={"name": hostile, "description": hostile})
    root = fromstring(zwo(rendered(planned), FTP_W))
    assert "<script>" in str(root.findtext("name"))


def events(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def feed(
    *names: str,
    sequences: Mapping[str, int] | None = None,
    cancelled: Sequence[CancelledSession] = (),
) -> bytes:
    return week_calendar(
        [rendered(SESSIONS[name]) for name in names],
        owner="i1",
        stamp=STAMP,
        sequences=sequences or {},
        cancelled=cancelled,
    )


@pytest.mark.parametrize("name", SESSIONS)
def test_a_session_is_an_all_day_event_that_keeps_its_id(name: str) -> None:
    (event,) = events(feed(name))
    assert event["UID"] == f"weekly-plan:{MONDAY}:{MONDAY}:1@i1.weekly-plan-assets"
    assert event["DTSTART"].dt == MONDAY
    assert not isinstance(event["DTSTART"].dt, datetime)
    assert event["DTEND"].dt == MONDAY + timedelta(days=1)
    assert (event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == ("CONFIRMED", "TRANSPARENT", 0)
    assert event["SUMMARY"] == rendered(SESSIONS[name]).title
    assert "Get better at it." in event["DESCRIPTION"]


def test_what_changed_has_a_greater_sequence_and_what_went_stays_as_cancelled() -> None:
    id_ = f"weekly-plan:{MONDAY}:{MONDAY}:1"
    gone = CancelledSession(f"weekly-plan:{MONDAY}:{MONDAY}:2", date(2026, 3, 3), "Old; one, two")
    content = feed("repeats", sequences={id_: 3, gone.session_id: 1}, cancelled=(gone,))
    planned, cancelled = events(content)
    assert planned["SEQUENCE"] == 3
    assert (cancelled["STATUS"], cancelled["SEQUENCE"]) == ("CANCELLED", 1)
    assert cancelled["SUMMARY"] == "Old; one, two"
    assert content == feed("repeats", sequences={id_: 3, gone.session_id: 1}, cancelled=(gone,))


def test_lines_are_folded_and_end_as_the_standard_says() -> None:
    long = SESSIONS["repeats"].model_copy(update={"description": "é, ;\\ " * 100})
    content = week_calendar([rendered(long)], owner="i1", stamp=STAMP, sequences={})
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    (event,) = events(content)
    assert event["DESCRIPTION"].startswith("é, ;\\ é, ;\\")


def test_every_sport_of_a_plan_is_a_sport_of_fit() -> None:
    assert set(SPORTS) == set(Sport)
