"""What the texts of a plan may say, and what they may not, wherever in the plan it stands."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.guardrails import PlanContext
from weekly_plan_assets.domain.plan.weekly_plan import (
    PlannedSession,
    SessionKind,
    Sport,
    WeeklyPlan,
)
from weekly_plan_assets.domain.week import DAY_NAMES_BY_LANGUAGE
from weekly_plan_assets_tests.support.valid_week import (
    ATHLETE,
    CONTEXT,
    EASY,
    HARD,
    RACE,
    REASON,
    SAT,
    STRENGTH,
    WEEK,
    broken,
    days,
    observed,
    of_athlete,
    of_zones_of,
    plan_of,
    steady,
    with_days,
    with_saturday,
    with_week,
)


def described(session: PlannedSession, text: str) -> WeeklyPlan:
    """The valid plan with this session on Saturday, described by this text."""
    return with_days(Saturday=[session.model_copy(update={"description": text})])


def warning(text: str) -> WeeklyPlan:
    return plan_of(days()).model_copy(update={"warnings": (text,)})


def reason(text: str) -> WeeklyPlan:
    return plan_of(days(), justification=(REASON.model_copy(update={"text": text}),))


PLACES: Mapping[str, Callable[[str], WeeklyPlan]] = {
    "description": lambda text: described(EASY, text),
    "goal": lambda text: with_saturday(goal=text),
    "objective": lambda text: with_week(objective=text),
    "warning": warning,
    "reason": reason,
}
"""The texts of a plan, each in an otherwise valid one whose longest session is an hour."""

HOSTILE = {
    "Run 3 hours all out at maximum heart rate. Stop your heart pills. https://evil.example": (
        "text.plain",
        "text.safe",
        "text.matches",
    ),
    "Take 800 mg ibuprofen, ignore chest pain.": ("text.safe",),
    "On Sunday run 120 min in zone 5.": ("text.matches",),
    "<img onerror=alert(1)> Go.": ("text.plain",),
    "Go on.\x00": ("text.plain",),
    "Easy.\nrunId 1\nPlan for 2026-11-23": ("text.plain",),
    "\u200b \u2060": ("text.plain",),
    "Du solltest am Sonntag drei Stunden laufen gehen.": ("text.language",),
    "Run for as long as you can.": ("text.safe",),
    "You should go for three hours.": ("text.matches",),
    "Run 42 km on Sunday.": ("text.matches",),
    "Complete 5 x 40 min.": ("text.matches",),
}


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_would_harm_is_refused_wherever_it_stands(text: str, where: str) -> None:
    assert broken(PLACES[where](text)) == list(HOSTILE[text])


def test_a_refusal_names_the_place_and_what_was_found() -> None:
    told = observed("text.matches", described(EASY, "Run 3 hours in zone 5."))
    assert told == (
        "2024-05-18 Run easy description names '3 hours', but the session takes 3600 s; "
        "2024-05-18 Run easy description names 'zone 5', but the session holds no zone above 2; "
        "2024-05-18 Run easy description names 10800 s in all, but the session takes 3600 s"
    )
    told = observed("text.plain", warning("See evil.com"))
    assert told == "warning 1 holds an address, 'evil.com'"


@pytest.mark.parametrize(
    "text",
    [
        "60 min easy in zone 2; keep it below 134 bpm.",
        "Run 60 minutes easy on flat ground. You should be able to talk throughout.",
        "Easy aerobic run, 1 h in Z2 (120-134 bpm). Finish feeling that you could go on.",
        "10 min very easy, 45 min in zone 2, 5 min walking to cool down.",
        "Easy run of about 10 km by feel; the time counts, not the distance.",
        "Keep the effort at RPE 3-4. If your legs feel heavy, slow down.",
        "Steady hour; the last 15 min a touch quicker, but still in zone 2.",
        "Easy 60 min run + 4 x 20 s strides with full recovery.",
        "60 min easy. Drink 500 ml of water afterwards.",
        "Run at an easy pace (about 6:00/km), never above 80 % of your maximum heart rate.",
        "An hour at zone 2, load 46.",
    ],
)
def test_an_easy_hour_may_be_described_in_many_words(text: str) -> None:
    assert broken(described(EASY, text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "68 min easy",
        "120 minutes",
        "60 min, then 60 min more, and 20 min on top",
        "Keep to zone 3",
        "zones 2 to 4",
        "Hold 155 bpm",
        "95 % of max HR",
        "RPE 8",
        "load 90",
        "20 km",
        "10 x 2000 m",
        "at 3:00/km",
        "Ride for an hour",
        "Swim with the club",
    ],
)
def test_what_a_description_names_beyond_its_session_is_refused(text: str) -> None:
    assert broken(described(EASY, text)) == ["text.matches"]


@pytest.mark.parametrize(
    "text",
    [
        "15 min easy in zone 2. Then 5 x 3 min in zone 5 with 2 min of easy jogging after each.",
        "VO2 intervals: 5 repeats of 3 min at about your 5 km pace, 2 min jog between.",
        "Five times three minutes in zone 5, two minutes easy between them.",
        "5 x 3' Z5 / 2' Z1, 15' + 20' Z2 around it.",
        "Hard but controlled (RPE 9), never all out.",
    ],
)
def test_intervals_may_be_described_in_many_words(text: str) -> None:
    hard = HARD.model_copy(update={"description": text})
    assert broken(with_days(Tuesday=[hard, STRENGTH])) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 sets of 10 squats, lunges and calf raises, 90 s rest between sets.", []),
        ("10 min on the bike, then squats 3 x 8; carry 20 kg for 4 x 40 m.", []),
        ("Lift for 2 hours", ["text.matches"]),
        ("Run 5 km first", ["text.matches"]),
        ("10 min in zone 4", ["text.matches"]),
    ],
)
def test_strength_may_warm_up_and_carry_but_not_become_endurance(
    text: str, expected: list[str]
) -> None:
    strength = STRENGTH.model_copy(update={"description": text})
    assert broken(with_days(Tuesday=[HARD, strength])) == expected


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("goal", "Improves the pace that you can hold for two hours."),
        ("goal", "Prepare for the half marathon on 6 October."),
        ("objective", "Build week 2 of 3: one hard session and an hour on Sunday, the rest easy."),
        ("warning", "HRV was measured on only 3 of 7 days, so readiness is uncertain."),
        (
            "warning",
            "If you sleep less than 6.5 h, skip the intervals and run 40 min easy instead.",
        ),
        ("warning", "Leave at least 48 h between hard sessions."),
        ("warning", "Your longest run of the last 30 days took 82 min."),
        ("warning", "Stop if you feel dizzy or have chest pain, and see a doctor."),
        ("reason", "Your load was 250 last week, a little below your mean of 258."),
        ("reason", "You ran 4 h 30 min last week, one run of 95 min, and 35 min of it in zone 4."),
        ("reason", "Resting heart rate is at 48.6 bpm, close to its mean of 47."),
        ("reason", "You were ill two weeks ago and have held two easy weeks since."),
        ("reason", "The longest run takes 60 min; past runs allow 120 min."),
    ],
)
def test_what_was_and_what_it_is_for_may_be_told_with_any_number(where: str, text: str) -> None:
    assert broken(PLACES[where](text)) == []


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("goal", "Spend time in zone 5."),
        ("goal", "Do 3 hours."),
        ("objective", "Spend your week in zone 6."),
        ("warning", "Go to 195 bpm where you can."),
        ("reason", "It is time, so run 100 min on Sunday."),
        ("reason", "You are fit: ride for 5 h."),
        ("reason", "So hold 200 bpm."),
    ],
)
def test_what_other_texts_tell_to_do_is_held_to_the_sessions(where: str, text: str) -> None:
    assert broken(PLACES[where](text)) == ["text.matches"]


SPANISH = of_athlete(language=Language.SPANISH)


def in_spanish(text: str) -> WeeklyPlan:
    """A valid Spanish plan with this description on Saturday."""
    sessions = {
        weekday: [
            one.model_copy(update={"description": "Con calma.", "goal": "Mejorar la forma."})
            for one in listed
        ]
        for weekday, listed in days().items()
    }
    sessions[SAT] = [EASY.model_copy(update={"description": text, "goal": "Ganar resistencia."})]
    plan = plan_of(
        sessions,
        DAY_NAMES_BY_LANGUAGE["es"],
        (REASON.model_copy(update={"text": "La carga fue de 250 la semana pasada."}),),
    )
    week = plan.next_week.model_copy(update={"objective": "Subir la carga poco a poco."})
    return plan.model_copy(update={"next_week": week})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rodaje suave de 60 min en zona 2, a ritmo de conversación.", []),
        ("Una hora suave; los últimos 15 min algo más vivos, sin pasar de zona 2.", []),
        ("1 h en Z2 (120-134 ppm). Si sientes dolor, para.", []),
        ("Rodaje de unos 10 km por sensaciones, con esfuerzo 3 de 10.", []),
        ("Corre tres horas.", ["text.matches"]),
        ("Rodaje de hora y media.", ["text.matches"]),
        ("60 min en zona cinco.", ["text.matches"]),
        ("Veinticinco kilómetros suaves.", ["text.matches"]),
        ("Una hora a tope.", ["text.safe"]),
        ("Corre aunque te duela el pecho.", ["text.safe"]),
        ("Toma 400 mg de ibuprofeno antes.", ["text.safe"]),
        ("Run for an hour and keep it in zone 2.", ["text.language"]),
    ],
)
def test_spanish_texts_are_held_to_the_same(text: str, expected: list[str]) -> None:
    assert broken(in_spanish(text), SPANISH) == expected


def racing(name: str | None, **changed: object) -> PlanContext:
    race = Race(date=WEEK.days[SAT], priority=RacePriority.C, name=name, sport=Sport.RUN)
    return of_athlete(races=(race.model_copy(update=changed),))


@pytest.mark.parametrize(
    ("name", "distance_m", "text"),
    [
        ("Half marathon of the city", 21_097.5, "Race: Half marathon of the city, 21.1 km."),
        ("50 km of Gredos", None, "Race: 50 km of Gredos. Start slowly."),
        ("東京マラソン", None, "Race: 東京マラソン. Start slowly."),
    ],
)
def test_a_race_may_be_called_by_its_name(name: str, distance_m: float | None, text: str) -> None:
    context = racing(name, distance_m=distance_m, target_time_s=3600)
    race = RACE.model_copy(update={"description": text, "distance_m": distance_m and 21_097})
    assert broken(with_days(Saturday=[race]), context) == []


@pytest.mark.parametrize(
    "name", ["Run 3 hours in zone 5", "Ignore the pain", "https://evil.example"]
)
def test_the_name_of_a_race_excuses_no_instruction(name: str) -> None:
    context = racing(name, date=WEEK.next().end)
    assert broken(described(EASY, f"{name}."), context) != []


def test_a_distance_in_the_name_of_a_race_excuses_no_training() -> None:
    context = racing("42 km of the city", date=WEEK.next().end)
    assert broken(described(EASY, "Do 42 km."), context) == ["text.matches"]


LONG_RIDE = steady(SessionKind.EASY, 2, 60, Sport.RIDE)
FORMS: Mapping[str, Callable[[int], str]] = {
    "min": lambda minutes: f"{minutes} min",
    "minutes": lambda minutes: f"{minutes} minutes",
    "prime": lambda minutes: f"{minutes}'",
    "seconds": lambda minutes: f"{60 * minutes} s",
    "clock": lambda minutes: f"{minutes // 60}:{minutes % 60:02}:00",
    "h and min": lambda minutes: f"{minutes // 60} h {minutes % 60} min",
    "short": lambda minutes: f"{minutes // 60}h{minutes % 60:02}",
    "decimal": lambda minutes: f"{minutes / 60:.2f} hours",
    "Spanish": lambda minutes: f"{minutes // 60} horas y {minutes % 60} minutos",
    "repeated": lambda minutes: f"{minutes} x 1 min",
    "sets": lambda minutes: f"2 sets of {minutes / 2:g} min",
}
SENTENCES = (
    "Do {time}",
    "Run {time} easy.",
    "After a warm-up, hold it for {time}, relaxed.",
    "Easy ({time}), on soft ground",
    "Today: {time}.",
)


@settings(max_examples=300, deadline=None)
@given(
    minutes=st.integers(1, 2_000).filter(lambda minutes: minutes != 67),  # just at the limit
    form=st.sampled_from(sorted(FORMS)),
    sentence=st.sampled_from(SENTENCES),
)
def test_a_time_beyond_the_session_is_refused_in_every_form_and_one_within_it_in_none(
    minutes: int, form: str, sentence: str
) -> None:
    text = sentence.format(time=FORMS[form](minutes))
    expected = [] if minutes <= 67 else ["text.matches"]
    assert broken(described(EASY, text)) == expected


def test_bounds_of_zones_that_are_not_known_hold_no_text_to_them() -> None:
    unknown = ATHLETE.model_copy(update={"max_hr_bpm": None})
    context = replace(CONTEXT, athlete=unknown)
    sessions = {
        weekday: [of_zones_of(one, unknown) for one in listed] for weekday, listed in days().items()
    }
    sessions[SAT][0] = sessions[SAT][0].model_copy(update={"description": "Stay below 150 bpm."})
    assert broken(plan_of(sessions), context) == []
