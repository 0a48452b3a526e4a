"""The workout text of Intervals.icu: what is written is what is read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.plan.session_parts import (
    Intent,
    Step,
    Target,
    TargetKind,
    block,
)
from weekly_plan_assets.domain.plan.weekly_plan import (
    Sport,
)
from weekly_plan_assets.rendering.calendar_entries import session_entries
from weekly_plan_assets.rendering.intervals_parser import check_text, steps_of_text
from weekly_plan_assets.rendering.intervals_text import (
    LONGEST_PROSE,
    TextPart,
    TextStep,
    intervals_target,
    intervals_text,
    text_parts,
)
from weekly_plan_assets.rendering.plain_prose import plain_cue, plain_prose
from weekly_plan_assets.rendering.rendered_session import (
    LONGEST_TITLE,
    RenderingError,
    StepKind,
    rendered_week,
)
from weekly_plan_assets_tests.support.calendar_server.workout_text import flat_steps, parse_workout
from weekly_plan_assets_tests.support.planned_sessions import (
    MONDAY,
    SESSIONS,
    library_sessions,
    rendered,
    session,
    stretch,
    week_of,
)

HOSTILE = (
    "3x",
    "Main set 3x",
    "- 10m Z4",
    "6x 400m in Z4 at 80% and 250w",
    "Main",
    "Warmup",
    "best 60s\n\n- 5m Z5 HR\n\nCooldown",
    "intensity=rest",
    "ramp 10m 60-80% LTHR",
    "• 5 min • - 3m",
    "4:30/km Pace 5km",
)


@pytest.mark.parametrize("name", SESSIONS)
def test_a_session_is_read_back_as_it_is_meant(name: str) -> None:
    one = rendered(SESSIONS[name])
    text = intervals_text(one)
    check_text(one, text)
    assert steps_of_text(text) == text_parts(one)
    server = parse_workout(text, one.session.sport)  # a second opinion, written apart
    timed = [step for part in one.parts for step in part.steps]
    if all(step.distance_m is None for step in timed):
        assert sum(step["duration"] for step in flat_steps(server)) == sum(
            part.repeats * step.duration_s for part in one.parts for step in part.steps
        )
    assert bool(server["steps"]) == bool(one.parts)


def test_every_workout_of_the_library_is_read_back_as_it_is_meant() -> None:
    seen = 0
    for one in library_sessions():
        check_text(one, intervals_text(one))
        seen += 1
    assert seen > 300


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_a_planner_do_not_become_steps(words: str) -> None:
    planned = SESSIONS["repeats"].model_copy(
        update={"name": words[:50], "goal": words, "where": words, "description": words}
    )
    one = rendered(planned)
    assert steps_of_text(intervals_text(one)) == text_parts(rendered(SESSIONS["repeats"]))
    plain = intervals_text(rendered(SESSIONS["repeats"]))
    assert list(flat_steps(parse_workout(intervals_text(one), "Run"))) == list(
        flat_steps(parse_workout(plain, "Run"))
    )


texts = st.text(alphabet=st.sampled_from("-x Zz4mskw%:/=\n\t#*35intensity LTHR"), min_size=1)


@given(goal=texts, where=texts, name=texts)
def test_no_text_at_all_changes_the_steps(goal: str, where: str, name: str) -> None:
    planned = SESSIONS["repeats"].model_copy(
        update={"goal": goal, "where": where, "name": name[:50]}
    )
    one = rendered(planned)
    assert steps_of_text(intervals_text(one)) == text_parts(one)
    assert len(one.title) <= LONGEST_TITLE
    assert "\n" not in one.title


@given(texts)
def test_prose_is_no_step_alone_and_a_cue_holds_no_number(text: str) -> None:
    assert steps_of_text(plain_prose(text)) == ()
    assert not any(one.isdigit() for one in plain_cue(text))


def test_a_text_that_would_be_read_otherwise_is_refused_by_name() -> None:
    one = rendered(SESSIONS["repeats"])
    wrong = intervals_text(one).replace("\n\nMain set 3x", "\nMain set 3x")
    with pytest.raises(RenderingError, match="would be read as"):
        check_text(one, wrong)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("- Easy", ()),
        ("- Easy 0s", ()),
        ("Easy 10m", ()),
        ("- Easy 10m", (TextStep(600, None, None, None),)),
        ("- 1h5m30s", (TextStep(3930, None, None, None),)),
        ("- 400mtr", (TextStep(None, 400, None, None),)),
        ("- 10m 150-160bpm", (TextStep(600, None, None, None),)),
        ("- 10m Z2", (TextStep(600, None, "Z2", None),)),
        ("- 10m Z2-Z3 HR", (TextStep(600, None, "Z2-Z3 HR", None),)),
        ("- wake-up for Z4 10m", (TextStep(600, None, "Z4", None),)),
        ("- 10m 80-90% LTHR", (TextStep(600, None, "80-90% LTHR", None),)),
        ("- 10m 200-220w intensity=rest", (TextStep(600, None, "200-220w", StepKind.REST),)),
        ("- 10m 4:50-5:10/km Pace", (TextStep(600, None, "4:50-5:10/km Pace", None),)),
        ("- 10m 4:50/km", (TextStep(600, None, None, None),)),
    ],
)
def test_a_line_is_read_as_the_syntax_says(text: str, read: tuple[TextStep, ...]) -> None:
    assert steps_of_text(text) == ((TextPart(1, read),) if read else ())


def test_a_header_without_a_blank_line_before_it_repeats_nothing() -> None:
    assert [one.repeats for one in steps_of_text("3x\n- 1m")] == [3]
    assert [one.repeats for one in steps_of_text("- 5m\n\n3x\n- 1m\n\n- 2m")] == [1, 3, 1]
    assert [one.repeats for one in steps_of_text("- 5m\n3x\n- 1m")] == [1, 1]
    assert [one.repeats for one in steps_of_text("- 3x\n- 1m")] == [1]


def test_the_note_of_a_session_fits_on_a_watch() -> None:
    long = SESSIONS["repeats"].model_copy(update={"where": "w" * 450, "stop_when": "s" * 450})
    prose = intervals_text(rendered(long)).split("\n\n")[0]
    assert len(prose) <= LONGEST_PROSE
    assert "w" * 450 in prose
    assert "sss" not in prose


def hr(low: float | None, high: float) -> Target:
    return Target(kind=TargetKind.HR, low=low, high=high)


@pytest.mark.parametrize(
    ("athlete", "sport", "target", "written"),
    [
        ({"threshold_hr_bpm": 170}, Sport.RUN, hr(140, 150), "83-88% LTHR"),
        ({"threshold_hr_bpm": 170}, Sport.RUN, hr(None, 144), "42-84% LTHR"),
        ({"threshold_hr_bpm": 170}, Sport.RUN, hr(150, 150), "88% LTHR"),
        ({"max_hr_bpm": 190}, Sport.RUN, hr(140, 150), "74-78% HR"),
        ({}, Sport.RUN, hr(140, 150), "Z2 HR"),
        ({}, Sport.RIDE, Target(kind=TargetKind.POWER, low=180, high=200), "180-200w"),
        ({}, Sport.RUN, Target(kind=TargetKind.PACE, low=290, high=310), "4:50-5:10/km Pace"),
        ({}, Sport.SWIM, Target(kind=TargetKind.PACE, low=110, high=118), "1:50-1:58/100m Pace"),
        ({}, Sport.RIDE, Target(kind=TargetKind.PACE, low=100, high=110), None),
        ({}, Sport.RUN, Target(kind=TargetKind.RPE, low=2, high=3), None),
    ],
)
def test_targets_are_translated_and_rounded_inwards(
    athlete: dict[str, Any], sport: Sport, target: Target, written: str | None
) -> None:
    blocks = (block(stretch(Intent.EASY, 600, target)),)
    one = rendered(session(sport, blocks), Athlete(athlete_id="i1", **athlete))
    ((step,),) = [part.steps for part in text_parts(one)]
    assert step.steering == written


def test_the_fifth_zone_is_the_last_three_of_the_calendar() -> None:
    blocks = (block(stretch(Intent.VO2, 600, hr(170, 190))),)
    assert "Z5-Z7 HR" in intervals_text(rendered(session(Sport.RUN, blocks)))


@pytest.mark.parametrize(("work_s", "steered"), [(60, False), (479, False), (480, True)])
def test_heart_rate_steers_no_recovery_from_short_work(work_s: int, *, steered: bool) -> None:
    easy = stretch(Intent.RECOVERY, 90, hr(None, 130))
    step = Step(repeats=4, work=stretch(Intent.TEMPO, work_s, hr(150, 160)), recovery=easy)
    one = rendered(session(Sport.RUN, (block(step),)), Athlete(athlete_id="i1", max_hr_bpm=190))
    ((work, recovery),) = [part.steps for part in text_parts(one)]
    assert work.steering is not None
    assert (recovery.steering is not None) is steered


def test_a_plan_of_an_older_contract_is_steered_by_the_athletes_thresholds() -> None:
    blocks = (block(stretch(Intent.EASY, 1800)),)
    athlete = Athlete(athlete_id="i1", max_hr_bpm=190, resting_hr_bpm=48, threshold_hr_bpm=168)
    ((step,),) = [part.steps for part in text_parts(rendered(session(Sport.RUN, blocks), athlete))]
    assert str(step.steering).endswith("% LTHR")
    ((plain,),) = [part.steps for part in text_parts(rendered(session(Sport.RUN, blocks)))]
    assert plain.steering is None


def test_what_steers_a_session_is_said_where_all_steps_agree() -> None:
    assert intervals_target(rendered(SESSIONS["power"])) == "POWER"
    assert intervals_target(rendered(SESSIONS["strides"])) == "HR"  # the rest goes by effort
    assert intervals_target(rendered(SESSIONS["repeats"])) == "AUTO"
    assert intervals_target(rendered(SESSIONS["strength"])) == "AUTO"
    by_hr = session(Sport.RUN, (block(stretch(Intent.EASY, 600, hr(None, 144))),))
    assert intervals_target(rendered(by_hr)) == "HR"


def test_repeats_within_repeats_are_written_out() -> None:
    one = rendered(SESSIONS["nested repeats"])
    assert [part.repeats for part in text_parts(one)] == [1, 8, 1, 8, 1, 8, 1]


def test_a_race_and_strength_are_prose_with_their_time() -> None:
    for name in ("race", "strength"):
        (entry,) = session_entries(week_of(SESSIONS[name]), None)
        assert not entry.has_steps
        assert entry.moving_time_s == SESSIONS[name].duration_s
        assert SESSIONS[name].goal in entry.description
        assert steps_of_text(entry.description) == ()
        assert entry.is_race == (name == "race")


def test_ids_count_the_sessions_of_a_day_and_do_not_change_with_the_plan() -> None:
    days = week_of(SESSIONS["repeats"], SESSIONS["strength"])
    ids = [one.session_id for one in rendered_week(days, None)]
    assert ids == [f"weekly-plan:{MONDAY}:{MONDAY}:1", f"weekly-plan:{MONDAY}:{MONDAY}:2"]
    swapped = week_of(SESSIONS["strength"], SESSIONS["repeats"])
    assert [one.session_id for one in rendered_week(swapped, None)] == ids
