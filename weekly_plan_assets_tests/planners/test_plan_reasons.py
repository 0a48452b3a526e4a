"""What plans say of themselves is what is so: counts, kinds of session, what comes first."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.plan.session_parts import BlockPart
from weekly_plan_assets.domain.plan.weekly_plan import Phase, SessionKind, WeeklyPlan
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.planners.words import WORDS
from weekly_plan_assets_tests.support.recorded_weeks import (
    OBSERVED,
    Row,
    asked_after,
    nights,
    weekly,
)

DAYS = {1: 60, 3: 60, 4: 50, 6: 100}
GROWING = [1.0, 0.7, 1.0, 1.0]
EASY_ZONES, HARD_ZONES = [2400, 1200, 0, 0, 0], [1200, 600, 1200, 600, 0]
FIRST = {"en": "the first of this kind", "es": "la primera sesión de este tipo"}
SMALL = {"en": "smallest set", "es": "serie más pequeña"}


def rows(sport: str = "Run", **more: Any) -> list[Row]:
    return [row | more for row in weekly(sport, DAYS, GROWING)]


def planned(recorded: Sequence[Row], **file: Any) -> WeeklyPlan:
    return RulesPlanner().plan(asked_after(recorded, **file))


def reasons(plan: WeeklyPlan) -> str:
    return " ".join(reason.text for reason in plan.justification)


def race(days: int, **of: Any) -> dict[str, Any]:
    day = OBSERVED.next().start + timedelta(days=days)
    return {"date": str(day), "priority": "A", "distance_km": 21.1, "name": "Spring"} | of


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_first_session_is_named_once_and_only_where_recordings_could_show_others(
    language: str,
) -> None:
    races = [race(90)]
    unseen = planned(rows(), races=races, language=language)
    assert FIRST[language] not in reasons(unseen)
    assert reasons(unseen).count(SMALL[language]) == 1
    seen = planned(rows(icu_hr_zone_times=EASY_ZONES), races=races, language=language)
    assert reasons(seen).count(FIRST[language]) == 1
    done = planned(rows(icu_hr_zone_times=HARD_ZONES), races=races, language=language)
    assert FIRST[language] not in reasons(done)


@pytest.mark.parametrize("days", range(30, 120, 4))
def test_the_weeks_to_a_race_are_counted_once(days: int) -> None:
    request = asked_after(rows(), races=[race(days)])
    said = re.findall(r"(?:is|in) (\d+) weeks", reasons(RulesPlanner().plan(request)))
    counted = re.findall(r"It is (\d+) weeks", " ".join(request.context.envelope.reasons))
    assert said
    assert counted
    assert len({*said, *counted}) == 1


RUNNERS_WORDS = re.compile(r"stride|shake|\bruns?\b|rectas|a pie", re.IGNORECASE)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("days", [6, 13, 40, 90])
def test_nothing_is_said_of_a_rider_in_words_for_runners(days: int, language: str) -> None:
    races = [race(days, sport="ride", distance_km=40)]
    request = asked_after(rows("Ride"), races=races, ftp_w=240, language=language)
    plan = RulesPlanner().plan(request)
    said = [*plan.warnings, reasons(plan), *request.context.envelope.reasons]
    said += [text or "" for one in plan.sessions for text in (one.name, one.goal, one.description)]
    assert [text for text in said if RUNNERS_WORDS.search(text)] == []


@pytest.mark.parametrize(
    ("language", "plus", "label"),
    [("en", "race comes on top", "easy training"), ("es", "carrera va aparte", "suave")],
)
def test_the_hours_of_a_week_name_the_race_beside_them(
    language: str, plus: str, label: str
) -> None:
    raced = planned(rows(), races=[race(6)], language=language)
    assert plus in raced.justification[0].text
    assert plus not in planned(rows(), races=[race(20)], language=language).justification[0].text
    words = WORDS[Language(language)]
    for phase in Phase:
        assert words.phase_label(phase, is_hard=True) == words.phases[phase]
    assert label in words.phase_label(Phase.BUILD, is_hard=False)
    assert words.phase_label(Phase.TAPER, is_hard=False) == words.phases[Phase.TAPER]


def test_a_week_without_a_key_session_says_nothing_of_key_sessions() -> None:
    low = [62.0 + (number % 5) for number in range(100)] + [40.0] * 10
    eased = planned(rows(), wellness=nights(low), races=[race(90)])
    assert not any(one.is_hard for one in eased.sessions)
    assert eased.next_week.phase in {Phase.BUILD, Phase.BASE}
    assert "key session" not in reasons(eased)
    assert "for building fitness" not in reasons(eased)
    assert "Do not squeeze in" in reasons(eased)


def test_long_rides_with_climbs_begin_and_end_very_easily() -> None:
    plans = [
        planned(list(weekly("Ride", {1: 60, 3: 60, 5: 60, 6: 150}, shares)), ftp_w=240)
        for shares in ([1.0, 0.7, 1.0], [1.0, 0.7, 1.0, 1.0], [1.0, 0.7, 1.0, 1.0, 1.0])
    ]
    long = [one for plan in plans for one in plan.sessions if one.kind is SessionKind.LONG]
    with_work = [one for one in long if one.workout is not None]
    assert with_work
    for one in with_work:
        assert one.blocks[0].part is BlockPart.WARM_UP
        assert one.blocks[-1].part is BlockPart.COOL_DOWN


@pytest.mark.parametrize(("target", "is_practised"), [("2:30:00", True), ("4:00:00", False)])
def test_the_effort_of_the_race_is_spoken_of_only_where_it_is_practised(
    target: str, *, is_practised: bool
) -> None:
    ride = {"sport": "ride", "distance_km": None, "target": target}
    plan = planned(rows("Ride"), ftp_w=240, races=[race(40, **ride)])
    assert plan.next_week.phase is Phase.SPECIFIC
    said = f"{plan.next_week.objective} {plan.justification[-2].text}"
    assert ("effort of the" in said) is is_practised
