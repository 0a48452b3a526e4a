import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from enum import StrEnum
from typing import Any

import pytest

from weekly_plan_assets.domain.athlete.athlete import Absence, AbsenceKind, Athlete, Language
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.envelope.phase_reason import Why
from weekly_plan_assets.domain.metrics.coverage import Coverage
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import SessionKind
from weekly_plan_assets.domain.readiness import Light, Readiness, Signal
from weekly_plan_assets.planners.words import WORDS
from weekly_plan_assets.planners.words.en import ENGLISH
from weekly_plan_assets_tests.support.requests import (
    ATHLETE,
    MON,
    SUN,
    an_athlete,
    an_envelope,
    on,
    plan_for,
    request_for,
    week_for,
)
from weekly_plan_assets_tests.support.week_rows import weeks_of


def race_in(weeks: int) -> Race:
    """The A race on the Sunday so many weeks after the planned week."""
    return Race(date=on(SUN, weeks=weeks), priority=RacePriority.A, name="Spring marathon")


def sick(day: int) -> Absence:
    """Three days of illness, the first so many days after the planned week's Monday."""
    first = on(MON) + timedelta(days=day)
    return Absence(first=first, last=first + timedelta(days=2), kind=AbsenceKind.SICK)


OTHERS = [language for language in Language if language is not Language.ENGLISH]
SPANISH = an_athlete(language=Language.SPANISH)


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"{(\w+)}", text))


def test_every_language_has_its_catalogue() -> None:
    assert set(WORDS) == set(Language)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", [field.name for field in fields(ENGLISH)])
def test_catalogues_say_the_same_with_the_same_names_in_it(language: Language, name: str) -> None:
    own, english = getattr(WORDS[language], name), getattr(ENGLISH, name)
    if isinstance(english, Mapping):
        assert set(own) == set(english)
        # What follows the name of a session may be nothing.
        assert all(own.values()) or name == "on"
    elif isinstance(english, tuple):
        assert len(own) == len(english)
        assert all(own)
    else:
        assert placeholders(own) == placeholders(english)
        assert own


@pytest.mark.parametrize("name", ["objectives", "phases", "goals", "sports", "kinds"])
def test_a_catalogue_has_words_for_every_member(name: str) -> None:
    words: Mapping[StrEnum, str] = getattr(ENGLISH, name)
    kind = type(next(iter(words)))
    assert set(words) == set(kind)


def test_a_spanish_week_has_spanish_words_throughout() -> None:
    english, spanish = week_for(), week_for(SPANISH)
    assert [day.day_name for day in spanish.days][:3] == ["Lunes", "Martes", "Miércoles"]
    assert spanish.next_week.objective != english.next_week.objective
    for own, other in zip(spanish.sessions, english.sessions, strict=True):
        assert own.blocks == other.blocks
        assert own.description != other.description
        assert own.goal != other.goal
    assert not set(spanish.warnings) & set(english.warnings)
    assert not {r.text for r in spanish.justification} & {r.text for r in english.justification}


def test_unknown_zones_are_warned_about_and_left_empty() -> None:
    plan = week_for(ATHLETE.model_copy(update={"zone_upper_bpm": None}))
    assert any("steered by effort alone" in warning for warning in plan.warnings)
    assert all(s.intensity is None or s.intensity.bpm_high is None for s in plan.sessions)


@pytest.mark.parametrize("hrv_ms", [None, 61.0])
def test_unmeasured_hrv_is_warned_about(hrv_ms: float | None) -> None:
    plan = plan_for(request_for(weeks_of(300, 300, hrv_mean_ms=hrv_ms)))
    warned = ENGLISH.hrv_not_measured in plan.warnings
    assert warned == (hrv_ms is None)


def test_sessions_name_the_athletes_own_bounds() -> None:
    long_run = next(s for s in week_for().sessions if s.kind is SessionKind.LONG)
    assert "min easy (up to 147 bpm, effort 2 to 3 of 10)" in long_run.description


def test_a_description_is_read_off_the_steps() -> None:
    vo2 = next(s for s in week_for().sessions if s.kind in {SessionKind.VO2, SessionKind.THRESHOLD})
    warm_up, main, _ = (block.steps[0] for block in vo2.blocks)
    assert f"{main.repeats} x {main.work.duration_s // 60} min " in vo2.description
    assert f"Warm-up: {warm_up.work.duration_s // 60} min easy" in vo2.description


def a_signal(light: Light) -> Signal:
    return Signal(
        name="resting_hr",
        light=light,
        value=53.25,
        baseline=49.0,
        unit="bpm",
        measured=7,
        needed=3,
        text="Resting heart rate is raised.",
        source="practice",
    )


@pytest.mark.parametrize("light", list(Light))
def test_a_signal_that_asks_for_care_is_a_reason_with_its_numbers(light: Light) -> None:
    envelope = an_envelope(readiness=Readiness(signals=(a_signal(light),)))
    request = request_for(weeks_of(300, 300, rest_hr_mean_bpm=53.25), ATHLETE, envelope)
    found = [r for r in plan_for(request).justification if "resting heart rate was" in r.text]
    assert bool(found) == (light in {Light.AMBER, Light.RED})
    for reason in found:
        assert "higher than usual last week, 53 bpm instead of 49 bpm" in reason.text
        assert ("So this week is shorter" in reason.text) == (light is Light.RED)
        assert [(e.metric, e.value) for e in reason.evidence] == [("restHrMean", 53.25)]


def test_the_races_ahead_are_reasons_and_those_past_or_far_are_not() -> None:
    races = tuple(
        Race(date=on(SUN, weeks=weeks), priority=RacePriority.A, name=f"Race {weeks}")
        for weeks in (-1, 0, 6, 60)
    )
    reasons = [r.text for r in week_for(an_athlete(races=races)).justification]
    named = [text.split(" (")[0] for text in reasons if text.startswith("Race ")]
    assert named == ["Race 0", "Race 6"]


@pytest.mark.parametrize("athlete", [ATHLETE, SPANISH], ids=["en", "es"])
@pytest.mark.parametrize(
    ("weeks", "changed", "why"),
    [
        (weeks_of(300, 300, 0, 0), {}, Why.BREAK),
        (weeks_of(300, 310, 320), {}, Why.CYCLE),
        (weeks_of(300, 300), {}, Why.LITTLE_KNOWN),
        (weeks_of(320, 200, 300), {}, Why.NO_RACE),
        (weeks_of(320, 200, 300), {"races": (race_in(0),)}, Why.RACE_WEEK),
        (weeks_of(320, 200, 300), {"races": (race_in(1),)}, Why.TAPER),
        (weeks_of(320, 200, 300), {"races": (race_in(-1),)}, Why.AFTER_RACE),
        (weeks_of(320, 200, 300), {"races": (race_in(14),)}, Why.PERIOD),
        (weeks_of(320, 200, 300), {"absences": (sick(-4),)}, Why.SICK_OBSERVED),
        (weeks_of(320, 200, 300), {"absences": (sick(1),)}, Why.SICK_PLANNED),
    ],
    ids=lambda value: str(value) if isinstance(value, Why) else "",
)
def test_what_decided_the_phase_is_the_second_reason_in_the_athletes_language(
    athlete: Athlete, weeks: list[WeeklyMetrics], changed: dict[str, Any], why: Why
) -> None:
    words = WORDS[athlete.language]
    plan = plan_for(request_for(weeks, athlete.model_copy(update=changed)))
    _, second, *_ = (reason.text for reason in plan.justification)
    said = words.phase_reasons[why]
    assert max(re.split(r"{\w+}", said), key=len) in second
    assert "{" not in second


def test_a_reason_cites_only_what_it_rests_on() -> None:
    plan = week_for(an_athlete(races=(race_in(3),)))
    cited = {reason.text: {one.metric for one in reason.evidence} for reason in plan.justification}
    assert next(metrics for text, metrics in cited.items() if text.startswith("Spring")) == set()
    assert not any(
        "restHrMean" in metrics for text, metrics in cited.items() if text.startswith("Hard")
    )


def test_a_week_without_any_record_and_one_under_way_are_warned_about() -> None:
    def warned(observed: WeeklyMetrics) -> list[str]:
        empty, under_way = ENGLISH.nothing_recorded, ENGLISH.under_way.split("{")[0]
        plan = plan_for(request_for([*weeks_of(300, 300)[:1], observed]))
        return [w for w in plan.warnings if w == empty or w.startswith(under_way)]

    (observed,) = weeks_of(300)
    assert warned(observed) == []
    nothing = dict.fromkeys(
        ("rest_hr_mean_bpm", "steps_mean", "sleep_score_mean", "hrv_mean_ms"), None
    )
    (empty,) = weeks_of(0, **nothing)
    assert warned(empty) == [ENGLISH.nothing_recorded]
    coverage = Coverage(
        days=4, wellness_last_day=None, metrics={}, twins=(), stubs=0, implausible=()
    )
    assert warned(observed.model_copy(update={"coverage": coverage})) == [
        ENGLISH.under_way.format(days="4 days")
    ]
