from datetime import date, timedelta
from itertools import pairwise

import pytest

from weekly_plan_assets.domain.athlete.athlete import Absence, AbsenceKind, Athlete
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.envelope.season import (
    goal_race,
    illness_in,
    last_day_of_illness,
    period,
    races_in,
    season_blocks,
    taper_weeks,
    weeks_to,
)
from weekly_plan_assets.domain.plan.weekly_plan import Phase
from weekly_plan_assets.domain.week import TrainingWeek

WEEK = TrainingWeek(date(2024, 5, 13))


def a_race(weeks: int = 0, weekday: int = 6, priority: RacePriority = RacePriority.A) -> Race:
    return Race(date=WEEK.start + timedelta(weeks=weeks, days=weekday), priority=priority)


def away(first: int, last: int, kind: AbsenceKind) -> Absence:
    return Absence(
        first=WEEK.start + timedelta(days=first), last=WEEK.start + timedelta(days=last), kind=kind
    )


@pytest.mark.parametrize(
    ("weeks", "phase"),
    [
        (0, Phase.RACE_WEEK),
        (1, Phase.TAPER),
        (2, Phase.SPECIFIC),
        (7, Phase.SPECIFIC),
        (8, Phase.BUILD),
        (15, Phase.BUILD),
        (16, Phase.BASE),
        (40, Phase.BASE),
    ],
)
def test_the_period_follows_from_the_weeks_to_a_race_on_a_sunday(weeks: int, phase: Phase) -> None:
    assert period(a_race(weeks), WEEK) is phase


@pytest.mark.parametrize(
    ("weeks", "phase"),
    [
        (0, Phase.RACE_WEEK),
        (1, Phase.TAPER),
        (2, Phase.TAPER),
        (3, Phase.SPECIFIC),
        (8, Phase.SPECIFIC),
        (9, Phase.BUILD),
        (17, Phase.BASE),
    ],
)
def test_before_a_race_on_a_monday_the_taper_takes_two_whole_weeks(
    weeks: int, phase: Phase
) -> None:
    assert period(a_race(weeks, weekday=0), WEEK) is phase


def test_the_taper_begins_in_the_week_with_most_of_the_14_days_before_the_race() -> None:
    assert [taper_weeks(a_race(weekday=day)) for day in range(7)] == [2, 2, 2, 2, 1, 1, 1]


def test_the_goal_is_the_next_a_race_of_this_week_or_later() -> None:
    races = (
        a_race(5),
        a_race(-1),
        a_race(1, priority=RacePriority.B),
        a_race(2, priority=RacePriority.C),
        a_race(3),
    )
    athlete = Athlete(athlete_id="i1", races=races)
    assert goal_race(athlete, WEEK) == a_race(3)
    assert goal_race(athlete, WEEK.shift(6)) is None
    assert weeks_to(a_race(3), WEEK) == 3


def test_a_race_on_a_day_of_absence_is_no_goal() -> None:
    athlete = Athlete(
        athlete_id="i1",
        races=(a_race(), a_race(2)),
        absences=(away(5, 6, AbsenceKind.HOLIDAY),),
    )
    assert races_in(athlete, WEEK) == ()
    assert goal_race(athlete, WEEK) == a_race(2)


@pytest.mark.parametrize(
    ("absence", "kind"),
    [
        (away(-3, 0, AbsenceKind.SICK), AbsenceKind.SICK),
        (away(6, 9, AbsenceKind.INJURED), AbsenceKind.INJURED),
        (away(0, 6, AbsenceKind.HOLIDAY), None),
        (away(-3, -1, AbsenceKind.SICK), None),
        (away(7, 9, AbsenceKind.SICK), None),
    ],
)
def test_an_illness_touches_the_weeks_of_its_days(
    absence: Absence, kind: AbsenceKind | None
) -> None:
    assert illness_in(Athlete(athlete_id="i1", absences=(absence,)), WEEK, WEEK) is kind


def test_the_last_day_of_illness_is_that_of_the_latest_that_is_over() -> None:
    absences = (
        away(-9, -8, AbsenceKind.SICK),
        away(-7, -5, AbsenceKind.INJURED),
        away(-4, -2, AbsenceKind.HOLIDAY),
        away(-1, 3, AbsenceKind.SICK),
    )
    athlete = Athlete(athlete_id="i1", absences=absences)
    assert last_day_of_illness(athlete, WEEK.start) == absences[1].last
    assert last_day_of_illness(Athlete(athlete_id="i1"), WEEK.start) is None


def athlete_with(*races: Race) -> Athlete:
    return Athlete(athlete_id="a", races=races)


def test_the_blocks_lead_from_the_planned_week_to_the_next_a_race() -> None:
    blocks = season_blocks(athlete_with(a_race(18)), WEEK)
    assert [(one.phase, one.weeks, one.number) for one in blocks] == [
        (Phase.BASE, 3, 1),
        (Phase.BUILD, 8, None),
        (Phase.SPECIFIC, 6, None),
        (Phase.TAPER, 1, None),
        (Phase.RACE_WEEK, 1, None),
    ]
    assert blocks[0].first == WEEK
    assert blocks[-1].last == WEEK.shift(18)
    assert all(one.last.next() == other.first for one, other in pairwise(blocks))


def test_a_block_that_has_begun_says_which_week_of_it_is_planned() -> None:
    build, *_ = season_blocks(athlete_with(a_race(10)), WEEK)
    assert (build.phase, build.weeks, build.number) == (Phase.BUILD, 8, 6)


def test_a_block_begins_after_the_a_race_before_it() -> None:
    build, *_ = season_blocks(athlete_with(a_race(10), a_race(-3)), WEEK)
    assert (build.first, build.weeks, build.number) == (WEEK.shift(-2), 5, 3)


def test_the_race_week_is_the_last_block_and_without_an_a_race_there_is_none() -> None:
    (race_week,) = season_blocks(athlete_with(a_race(0)), WEEK)
    assert (race_week.phase, race_week.number) == (Phase.RACE_WEEK, 1)
    assert season_blocks(athlete_with(a_race(3, priority=RacePriority.B)), WEEK) == ()
