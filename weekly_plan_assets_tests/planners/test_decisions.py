"""Decisions of models become plans: what is filled in, left out, and refused."""

import json
from typing import Any

import pytest

from weekly_plan_assets.domain.plan.session_zones import hard_s, zone_times_s
from weekly_plan_assets.domain.plan.weekly_plan import SessionKind, Sport, WeeklyPlan
from weekly_plan_assets.planners.answers import Assessment, assess
from weekly_plan_assets.planners.decisions.contract import answer_schema
from weekly_plan_assets_tests.support.decisions import SLOPPY, SMALL, STRONG, week_to_decide
from weekly_plan_assets_tests.support.recorded_weeks import OBSERVED


def came_of(answer: Any, **file: Any) -> Assessment:
    return assess(answer if isinstance(answer, str) else json.dumps(answer), week_to_decide(**file))


def valid(answer: Any, **file: Any) -> tuple[WeeklyPlan, tuple[str, ...]]:
    came = came_of(answer, **file)
    assert came.errors == ()
    assert came.plan is not None
    return came.plan, came.notes


def with_session(**changed: Any) -> dict[str, Any]:
    """The strong answer with Thursday's session changed."""
    sessions = [one | changed if one["day"] == "thu" else one for one in STRONG["sessions"]]  # type: ignore[operator,index]
    return STRONG | {"sessions": sessions}


@pytest.mark.parametrize("answer", [STRONG, SLOPPY, SMALL], ids=["strong", "sloppy", "small"])
def test_sound_decisions_become_a_valid_plan_at_the_first_attempt(answer: Any) -> None:
    plan, _ = valid(answer)
    assert plan.schema_version == "3.0"
    assert plan.days[0].sessions == ()
    assert sum(day.planned_load for day in plan.days) == plan.next_week.planned_load
    for session in plan.sessions:
        assert session.duration_s == sum(block.duration_s for block in session.blocks)
    (long,) = (one for one in plan.sessions if one.kind is SessionKind.LONG)
    assert long.sport is Sport.RUN


def test_code_fills_names_targets_and_what_to_do_and_keeps_the_notes() -> None:
    plan, notes = valid(STRONG)
    tempo, threshold = (one for one in plan.sessions if one.is_hard)
    assert (tempo.name, tempo.workout) == ("Continuous tempo run", "run-tempo-continuous/1")
    assert tempo.goal == "Start calmly."
    assert tempo.where
    assert tempo.alternatives
    assert "4 x 4 min at threshold" in threshold.description
    assert threshold.kind is SessionKind.THRESHOLD
    assert hard_s(zone_times_s(threshold.blocks)) == 960
    first, _ = plan.justification
    assert [one.metric for one in first.evidence] == ["trainingLoad"]
    assert notes == ("easy sessions: +23 min in all, towards what the week aims at",)


def test_what_a_sloppy_answer_adds_is_left_out_with_a_note() -> None:
    plan, notes = valid(SLOPPY)
    told = " ".join(notes)
    assert "distancem, week_load not asked for" in told
    assert "no metric is called form" in told
    assert plan.next_week.planned_load != 392
    assert plan.justification[0].text == "You trained as usual last week."


def test_easy_sessions_stretch_by_a_tenth_at_most_towards_the_time_of_the_week() -> None:
    shorter = with_session(do="40 min easy")
    plan, notes = valid(shorter)
    (note,) = (one for one in notes if one.startswith("easy sessions: +"))
    asked_min = {"fri": 45, "sun": 100, "sat": 110, "thu": 40}
    for day, session in zip(("thu", "fri", "sat", "sun"), plan.sessions[1:], strict=True):
        assert asked_min[day] <= session.duration_s / 60 <= 1.1 * asked_min[day], note


def test_a_race_and_a_fixed_session_are_added_by_code_and_not_twice() -> None:
    race = {"date": OBSERVED.next().end, "priority": "B", "sport": "run", "distance_km": 10}
    plan, notes = valid(
        STRONG
        | {
            "sessions": [
                {"day": "tue", "sport": "run", "do": "40 min easy"},
                {"day": "thu", "sport": "run", "do": "40 min easy"},
                {"day": "sun", "sport": "run", "do": "60 min race"},
            ]
        },
        races=[race],
    )
    (raced,) = (one for one in plan.sessions if one.is_race)
    assert raced in plan.days[6].sessions
    assert len(plan.days[6].sessions) == 1
    assert "sun run: it is fixed there already, and was left out" in notes


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"do": "run-hils/3"}, "thu run: there is no workout 'run-hils' of this sport, perhaps"),
        ({"do": "run-hills/30"}, "thu run: run-hills has the levels 1 to 6, but not 30"),
        ({"do": "as you like"}, "thu run: 'as you like' cannot be read; write a workout id"),
        ({"do": "2000 min easy"}, "thu run"),
        ({"sport": "chess"}, "thu chess, sport: 'chess' cannot be used; a sport is one of run"),
        ({"day": "someday"}, "a day is one of mon, tue"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_day_and_cause(
    changed: dict[str, Any], told: str
) -> None:
    came = came_of(with_session(**changed))
    assert came.plan is None
    assert any(told in error for error in came.errors), came.errors


def test_unsound_decisions_are_refused_with_the_week_in_figures() -> None:
    came = came_of(with_session(day="wed"))
    assert any(error.startswith("hard.spacing: ") for error in came.errors)
    (figures,) = (error for error in came.errors if error.startswith("week: "))
    assert "tue run tempo 40 min (run-tempo-continuous/1), load" in figures
    assert "mon rest" in figures
    assert "(179 to 395 is right)" in figures


@pytest.mark.parametrize(
    ("note", "rule"),
    [
        ("Run 3 hours and enjoy it.", "text.matches"),
        ("See www.example.org for more.", "text.plain"),
        ("Your knee injury needs care.", "text.invented"),
        ("Corre suave y disfruta del paisaje con calma durante toda la sesión.", "text.language"),
        ("Take ibuprofen before it.", "text.safe"),
    ],
)
def test_a_text_that_is_not_fit_is_left_out_and_the_week_published_without_it(
    note: str, rule: str
) -> None:
    for answer in (
        with_session(note=note),
        STRONG | {"objective": note},
        STRONG | {"warnings": [note]},
        STRONG | {"reasons": [{"text": note}, *STRONG["reasons"]]},
    ):
        plan, notes = valid(answer)
        assert note not in plan.model_dump_json()
        assert any(rule in one for one in notes), notes


def test_an_injury_that_is_recorded_may_be_spoken_of() -> None:
    ended = OBSERVED.shift(-12).end
    absence = {"first": ended, "last": ended, "kind": "injured", "what": "knee"}
    plan, _ = valid(with_session(note="Your knee injury needs care."), absences=[absence])
    assert "Your knee injury needs care." in {one.goal for one in plan.sessions}


def test_the_schema_of_an_answer_says_what_is_needed_and_little_else() -> None:
    schema = answer_schema()
    assert set(schema["properties"]) == {
        "objective",
        "sessions",
        "warnings",
        "reasons",
        "deviations",
    }
    assert len(json.dumps(schema, separators=(",", ":"))) < 1_800
