"""What an athlete usually does, read from recorded sessions."""

from datetime import datetime, time, timedelta

from weekly_plan_assets.domain.athlete.habit import Habit
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.week import TrainingWeek

OBSERVED = TrainingWeek.parse("2024-05-06")
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def done(
    kind: str, weekday: int, minutes: int = 60, *, weeks_ago: int = 0, bpm: int | None = None
) -> CountedSession:
    day = OBSERVED.shift(-weeks_ago).start + timedelta(days=weekday)
    activity = Activity.model_validate(
        {
            "id": f"{kind} {day}",
            "type": kind,
            "start_date_local": datetime.combine(day, time(7)),
            "average_heartrate": bpm,
        }
    )
    return CountedSession(activity, duration_s=minutes * 60, load=None)


def weekly(kind: str, weekday: int, minutes: int = 60, weeks: int = 5) -> list[CountedSession]:
    return [done(kind, weekday, minutes, weeks_ago=back) for back in range(weeks)]


def test_one_jog_makes_nobody_a_runner() -> None:
    rides = [*weekly("Ride", TUE), *weekly("VirtualRide", SAT, 120)]
    habit = Habit.of([*rides, done("Run", THU, 30, weeks_ago=1)], OBSERVED)
    assert [one.sport for one in habit.sports] == [Sport.RIDE]
    assert habit.sports[0].share == 1


def test_sports_stand_by_their_share_of_time() -> None:
    habit = Habit.of([*weekly("Run", TUE, 30), *weekly("Ride", SAT, 90)], OBSERVED)
    assert [(one.sport, one.share) for one in habit.sports] == [
        (Sport.RIDE, 0.75),
        (Sport.RUN, 0.25),
    ]
    assert habit.sports[0].longest_s == habit.sports[0].usual_s == 90 * 60


def test_days_count_by_the_weeks_in_which_they_were_trained_on() -> None:
    habit = Habit.of([*weekly("Run", TUE), *weekly("Run", SUN, 100), done("Run", FRI)], OBSERVED)
    assert [habit.is_usual(day) for day in range(7)] == [day in {TUE, SUN} for day in range(7)]
    assert habit.long_weekday == SUN
    assert habit.days_per_week == habit.sessions_per_week == 2


def test_a_long_day_that_changes_every_week_is_none() -> None:
    long = [done("Run", day, 120, weeks_ago=day) for day in range(4)]
    assert Habit.of([*weekly("Run", TUE), *long], OBSERVED).long_weekday is None


def test_strength_days_are_as_many_as_there_are_sessions_a_week() -> None:
    runs = [*weekly("Run", TUE), *weekly("Run", SAT)]
    twice = Habit.of([*runs, *weekly("WeightTraining", MON), *weekly("Crossfit", THU)], OBSERVED)
    assert twice.strength_weekdays == {MON, THU}
    assert Habit.of(runs, OBSERVED).strength_weekdays == frozenset()
    once_in_a_month = Habit.of([*runs, done("WeightTraining", MON)], OBSERVED)
    assert once_in_a_month.strength_weekdays == frozenset()


def test_the_usual_heart_rate_needs_six_sessions_with_one() -> None:
    rates = [done("Run", day, bpm=130 + day, weeks_ago=1) for day in range(6)]
    assert Habit.of(rates[:5], OBSERVED).sports[0].usual_hr_bpm is None
    assert Habit.of(rates, OBSERVED).sports[0].usual_hr_bpm == 132


def test_a_heart_rate_that_nobody_has_is_no_habit() -> None:
    rates = [done("Run", day, bpm=500, weeks_ago=1) for day in range(6)]
    assert Habit.of(rates, OBSERVED).sports[0].usual_hr_bpm is None


def test_nothing_after_the_observed_week_and_nothing_old_is_looked_at() -> None:
    ahead = done("Ride", MON, weeks_ago=-1)
    old = done("Swim", MON, weeks_ago=12)
    habit = Habit.of([*weekly("Run", TUE), ahead, old], OBSERVED)
    assert [one.sport for one in habit.sports] == [Sport.RUN]
    assert habit.weeks == 5


def test_two_trained_weeks_make_no_habit() -> None:
    assert not Habit.of(weekly("Run", TUE, weeks=2), OBSERVED).is_known
    assert Habit.of(weekly("Run", TUE, weeks=3), OBSERVED).is_known
    assert not Habit.of([], OBSERVED).is_known


def test_doubles_are_a_habit_where_most_weeks_have_them() -> None:
    once = [*weekly("Run", TUE), *weekly("Run", THU)]
    assert not Habit.of(once, OBSERVED).has_doubles
    assert Habit.of([*once, *weekly("Ride", TUE)], OBSERVED).has_doubles
