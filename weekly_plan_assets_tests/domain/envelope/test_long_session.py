from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.habit import Habit
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.envelope.long_session import (
    MOST_OF_WEEK,
    LongSession,
    long_session,
    long_sport,
    needed_s,
)
from weekly_plan_assets.domain.envelope.session_bounds import grown_s
from weekly_plan_assets.domain.envelope.time_bounds import TimeBounds
from weekly_plan_assets.domain.plan.weekly_plan import Phase, Sport
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.week import TrainingWeek

OBSERVED = TrainingWeek.parse("2025-03-31")
WEEK_S = 6 * 3600


def session(day: date, minutes: int, sport: str = "Run") -> CountedSession:
    row = {
        "id": f"{day}{sport}",
        "start_date_local": datetime.combine(day, time(9)).isoformat(),
        "type": sport,
    }
    return CountedSession(Activity.model_validate(row), 60 * minutes, None)


def sundays(minutes: Sequence[int], sport: str = "Run") -> list[CountedSession]:
    """A long session at the end of each week, the last of them in the observed one."""
    return [
        session(OBSERVED.shift(-back).end, one, sport)
        for back, one in enumerate(reversed(minutes))
        if one
    ]


def marathon(weeks_ahead: int = 10, hours: float = 4.0) -> Race:
    return Race(
        date=OBSERVED.shift(weeks_ahead).end,
        priority=RacePriority.A,
        sport=Sport.RUN,
        target_time_s=int(3600 * hours),
    )


def long_after(
    sessions: Sequence[CountedSession],
    phase: Phase = Phase.BUILD,
    *,
    target_s: int = WEEK_S,
    last_weeks_s: Sequence[int] = (WEEK_S,) * 4,
    longest_run_s: int = 6 * 3600,
    races: tuple[Race, ...] = (),
    main: Sport = Sport.RUN,
) -> LongSession | None:
    athlete = Athlete(
        athlete_id="i1",
        sports=(main,),
        main_sport=main,
        races=races,
        habit=Habit.of(sessions, OBSERVED),
    )
    times_s: Mapping[date, float] = {
        OBSERVED.shift(-back).start: float(one) for back, one in enumerate(reversed(last_weeks_s))
    }
    time_s = TimeBounds(WEEK_S, target_s, round(1.2 * target_s))
    return long_session(phase, athlete, OBSERVED, sessions, time_s, times_s, longest_run_s)


def minutes_after(sessions: Sequence[CountedSession], **more: object) -> int:
    found = long_after(sessions, **more)  # type: ignore[arg-type]
    assert found is not None
    return found.duration_s // 60


def test_without_a_race_it_is_as_long_as_of_late() -> None:
    assert minutes_after(sundays([100, 95, 105, 100, 95, 105])) == 105


def test_towards_a_race_it_climbs_a_tenth_and_at_most_a_quarter_of_an_hour() -> None:
    race = (marathon(),)
    assert minutes_after(sundays([100] * 6), races=race) == 110
    hours_long = minutes_after(sundays([170] * 6), races=(marathon(hours=5.0),))
    assert hours_long == 185


def test_it_climbs_no_further_than_the_race_needs() -> None:
    done = [100] * 6
    for _ in range(20):
        done.append(minutes_after(sundays(done), races=(marathon(),), target_s=8 * 3600))
        assert done[-1] >= done[-2]
    assert done[-1] * 60 == pytest.approx(needed_s(Sport.RUN, 4 * 3600), abs=300)


def test_one_week_beyond_all_others_is_no_place_to_climb_from() -> None:
    assert minutes_after(sundays([100, 100, 180, 100]), races=(marathon(),)) < 180


def test_a_race_is_no_training_to_climb_from() -> None:
    raced = Race(date=OBSERVED.shift(-1).end, priority=RacePriority.B, sport=Sport.RUN)
    done = sundays([100, 100, 100, 240, 100])
    assert minutes_after(done, races=(raced,)) == 100


@pytest.mark.parametrize("phase", [Phase.RECOVERY, Phase.TAPER])
def test_an_easier_week_has_a_shorter_one_in_proportion(phase: Phase) -> None:
    easier = minutes_after(sundays([100] * 6), phase=phase, target_s=int(0.7 * WEEK_S))
    assert easier == 70


def test_after_an_easier_week_it_goes_on_from_where_it_stood() -> None:
    assert minutes_after(sundays([100, 105, 110, 75]), races=(marathon(),)) == 120


def test_after_a_break_it_comes_back_step_by_step() -> None:
    back = sundays([120] * 8 + [0, 0, 40, 50])
    assert minutes_after(back) == 55
    none = sundays([120] * 8 + [0] * 4)
    assert 60 <= minutes_after(none) <= 75


def test_it_is_never_longer_than_a_run_may_be() -> None:
    assert minutes_after(sundays([100] * 6), races=(marathon(),), longest_run_s=95 * 60) == 95


def test_half_of_the_week_is_the_most_unless_it_is_so_already() -> None:
    climbing = minutes_after(
        sundays([100] * 6), target_s=3 * 3600, last_weeks_s=(3 * 3600,) * 4, races=(marathon(),)
    )
    assert climbing <= 0.6 * 180
    large = minutes_after(sundays([130] * 6), target_s=3 * 3600, last_weeks_s=(3 * 3600,) * 4)
    assert large == 130 > 180 * MOST_OF_WEEK


def test_who_never_did_the_sport_has_none() -> None:
    assert long_after([]) is None
    assert long_after(sundays([90] * 4, "Ride")) is None


def test_a_rider_climbs_to_what_a_ride_needs() -> None:
    race = Race(
        date=OBSERVED.shift(12).end,
        priority=RacePriority.A,
        sport=Sport.RIDE,
        target_time_s=5 * 3600,
    )
    found = long_after(
        sundays([150] * 6, "Ride"), races=(race,), main=Sport.RIDE, target_s=8 * 3600
    )
    assert found is not None
    assert (found.sport, found.duration_s) == (Sport.RIDE, 165 * 60)


def test_the_long_session_is_of_the_goals_sport_else_of_habit() -> None:
    rides = [
        session(OBSERVED.shift(-back).start + timedelta(days=5), 180, "Ride") for back in range(8)
    ]
    runs = sundays([70] * 8)
    both = Athlete(
        athlete_id="i1",
        sports=(Sport.RUN, Sport.RIDE),
        main_sport=Sport.RUN,
        habit=Habit.of([*rides, *runs], OBSERVED),
    )
    assert long_sport(both, OBSERVED.next()) is Sport.RIDE
    racing = both.model_copy(update={"races": (marathon(),)})
    assert long_sport(racing, OBSERVED.next()) is Sport.RUN


@pytest.mark.parametrize("sport", [Sport.RUN, Sport.RIDE, Sport.SWIM])
def test_a_longer_race_never_needs_a_shorter_long_session(sport: Sport) -> None:
    needed = [needed_s(sport, hours * 360) for hours in range(1, 250)]
    assert all(shorter <= longer for shorter, longer in pairwise(needed))
    assert max(needed) <= 6 * 3600


def test_a_step_of_a_run_is_within_what_a_run_may_grow() -> None:
    for minutes in range(30, 200, 5):
        step = minutes_after(
            sundays([minutes] * 5),
            races=(marathon(hours=8),),
            target_s=12 * 3600,
            longest_run_s=int(grown_s(60 * minutes)),
        )
        assert 60 * step <= grown_s(60 * minutes)
