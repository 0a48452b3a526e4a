"""What plans say of themselves is what is so: counts, kinds of session, what comes first."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets_tests.support.recorded_weeks import OBSERVED, Row, asked_after, weekly

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
    assert SMALL[language] in reasons(unseen)
    seen = planned(rows(icu_hr_zone_times=EASY_ZONES), races=races, language=language)
    assert reasons(seen).count(FIRST[language]) == 1
    done = planned(rows(icu_hr_zone_times=HARD_ZONES), races=races, language=language)
    assert FIRST[language] not in reasons(done)


@pytest.mark.parametrize("days", range(30, 120, 4))
def test_the_weeks_to_a_race_are_counted_once(days: int) -> None:
    request = asked_after(rows(), races=[race(days)])
    said = re.findall(r"(?:is|in) (\d+) weeks", reasons(RulesPlanner().plan(request)))
    counted = re.findall(r"There are (\d+) weeks", " ".join(request.context.envelope.reasons))
    assert said
    assert counted
    assert len({*said, *counted}) == 1
