from datetime import date, timedelta
from typing import Any

import pytest

from weekly_plan_assets.domain.athlete.athlete import (
    Absence,
    AbsenceKind,
    AnchoredSession,
    Athlete,
    DayLimit,
)
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.envelope.commitments import (
    is_before_a_race,
    kept_sessions,
    room_s,
)
from weekly_plan_assets.domain.envelope.envelope import DayRoom, LoadEnvelope
from weekly_plan_assets.domain.envelope.season import races_in
from weekly_plan_assets.domain.plan.plan_limits import LONGEST_TRAINING_DAY_S
from weekly_plan_assets.domain.plan.weekly_plan import Phase, SessionKind, Sport
from weekly_plan_assets_tests.support.valid_week import ENVELOPE, FRI, MON, SAT, SUN, THU, TUE, WEEK

HOLIDAY = Absence(first=WEEK.days[FRI], last=WEEK.days[SAT], kind=AbsenceKind.HOLIDAY)


def anchored(
    weekday: int,
    kind: SessionKind = SessionKind.EASY,
    duration_min: int = 40,
    sport: Sport = Sport.RUN,
) -> AnchoredSession:
    return AnchoredSession(weekday=weekday, sport=sport, kind=kind, duration_min=duration_min)


def race(day: date, priority: RacePriority = RacePriority.A) -> Race:
    return Race(date=day, priority=priority)


def kept(
    *sessions: AnchoredSession, envelope: LoadEnvelope = ENVELOPE, **of_athlete: Any
) -> list[int]:
    """The weekdays whose anchored sessions are demanded."""
    athlete = Athlete(athlete_id="i1", anchored=sessions, **of_athlete)
    return [session.date.weekday() for session in kept_sessions(athlete, envelope, WEEK)]


def envelope(**changed: Any) -> LoadEnvelope:
    return ENVELOPE.model_copy(update=changed)


def test_anchored_sessions_are_demanded_on_their_dates_in_order() -> None:
    athlete = Athlete(athlete_id="i1", anchored=(anchored(SAT), anchored(TUE, SessionKind.VO2)))
    first, second = kept_sessions(athlete, ENVELOPE, WEEK)
    assert (first.date, first.kind, first.duration_s) == (WEEK.days[TUE], SessionKind.VO2, 2400)
    assert second.date == WEEK.days[SAT]


@pytest.mark.parametrize("phase", list(Phase))
def test_in_a_week_of_return_or_race_nothing_anchored_is_demanded(phase: Phase) -> None:
    demanded = phase not in {Phase.RETURN, Phase.RACE_WEEK}
    assert kept(anchored(TUE), envelope=envelope(phase=phase)) == [TUE] * demanded


def test_in_a_week_with_any_race_nothing_anchored_is_demanded() -> None:
    assert kept(anchored(TUE), races=(race(WEEK.end, RacePriority.C),)) == []
    assert kept(anchored(TUE), races=(race(WEEK.next().end),)) == [TUE]


def test_a_day_without_room_for_all_that_is_anchored_demands_none_of_it() -> None:
    limited: dict[str, Any] = {"available_min": (None, 79, None, None, None, None, None)}
    assert kept(anchored(TUE), anchored(TUE), anchored(SAT), **limited) == [SAT]
    assert kept(anchored(TUE), anchored(SAT), **limited) == [TUE, SAT]
    assert kept(anchored(SAT), absences=(HOLIDAY,)) == []


def test_hard_anchored_sessions_are_demanded_as_far_as_hard_ones_are_due() -> None:
    hard = [anchored(day, SessionKind.TEMPO) for day in (MON, TUE, THU, SAT)]
    assert kept(*hard) == [MON, THU]
    assert kept(*hard, envelope=envelope(hard_sessions=1)) == [MON]
    assert kept(*hard, anchored(SUN), envelope=envelope(hard_sessions=0)) == [SUN]


def test_no_hard_anchored_session_is_demanded_just_before_an_a_race() -> None:
    races = (race(WEEK.end + timedelta(days=1)),)
    assert kept(anchored(THU, SessionKind.TEMPO), anchored(SUN), races=races) == [THU, SUN]
    assert kept(anchored(SAT, SessionKind.TEMPO), anchored(SUN), races=races) == [SUN]


def test_one_long_run_is_demanded_and_one_day_left_free() -> None:
    assert kept(anchored(SAT, SessionKind.LONG), anchored(SUN, SessionKind.LONG)) == [SAT]
    assert kept(*(anchored(day) for day in range(7))) == [0, 1, 2, 3, 4, 5]


def test_sessions_beyond_the_load_of_the_week_are_not_demanded() -> None:
    two_hours = [anchored(day, duration_min=120, sport=Sport.RIDE) for day in (MON, TUE, THU)]
    assert kept(*two_hours, envelope=envelope(max_load=200)) == [MON, TUE]
    strength = anchored(MON, SessionKind.STRENGTH, 120, Sport.STRENGTH)
    assert kept(strength, envelope=envelope(max_load=60)) == [MON]
    assert kept(strength, envelope=envelope(max_load=59)) == []


def test_an_anchored_run_is_cut_to_the_longest_allowed_and_a_ride_is_not() -> None:
    long_ones = (anchored(SAT, duration_min=100), anchored(SUN, duration_min=100, sport=Sport.RIDE))
    athlete = Athlete(athlete_id="i1", anchored=long_ones)
    assert [s.duration_s for s in kept_sessions(athlete, ENVELOPE, WEEK)] == [5400, 6000]


def test_what_is_anchored_on_a_day_gives_way_where_no_day_can_hold_it() -> None:
    long_rides = tuple(
        anchored(SAT, duration_min=minutes, sport=Sport.RIDE) for minutes in (400, 320)
    )
    wide = envelope(max_load=2000)
    for rides, expected in ((long_rides, 2), ((*long_rides, anchored(SAT, duration_min=1)), 0)):
        athlete = Athlete(athlete_id="i1", anchored=rides)
        assert len(kept_sessions(athlete, wide, WEEK)) == expected


def test_a_race_is_never_anchored() -> None:
    assert kept(anchored(SUN, SessionKind.RACE)) == []


def test_the_room_of_a_day_is_the_least_that_is_told() -> None:
    athlete = Athlete(
        athlete_id="i1",
        available_min=(60, None, None, None, None, None, None),
        day_limits=(DayLimit(date=WEEK.days[TUE], available_min=30),),
        absences=(HOLIDAY,),
    )
    told = envelope(
        days=(
            DayRoom(date=WEEK.days[MON], available_s=1200),
            DayRoom(date=WEEK.days[TUE], available_s=2400),
            DayRoom(date=WEEK.days[THU], available_s=600),
        )
    )
    rooms = [room_s(athlete, told, day) for day in WEEK.days]
    assert rooms == [1200, 1800, LONGEST_TRAINING_DAY_S, 600, 0, 0, LONGEST_TRAINING_DAY_S]


def test_the_races_of_a_week_are_those_that_the_athlete_can_start_in() -> None:
    races = tuple(race(day) for day in (WEEK.days[SUN], WEEK.days[SAT], WEEK.next().start))
    athlete = Athlete(athlete_id="i1", races=races, absences=(HOLIDAY,))
    assert [race.date for race in races_in(athlete, WEEK)] == [WEEK.days[SUN]]


def test_two_days_before_an_a_race_are_kept_fresh() -> None:
    athlete = Athlete(
        athlete_id="i1", races=(race(WEEK.days[SUN]), race(WEEK.days[TUE], RacePriority.B))
    )
    fresh = [day.weekday() for day in WEEK.days if is_before_a_race(athlete, day)]
    assert fresh == [FRI, SAT]


def test_a_race_that_is_missed_needs_no_fresh_days() -> None:
    athlete = Athlete(
        athlete_id="i1",
        races=(race(WEEK.days[SAT]),),
        absences=(HOLIDAY,),
    )
    assert not any(is_before_a_race(athlete, day) for day in WEEK.days)
