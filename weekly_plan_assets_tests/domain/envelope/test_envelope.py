from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weekly_plan_assets.domain.athlete.athlete import (
    Absence,
    AbsenceKind,
    Athlete,
    DayLimit,
    Experience,
)
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope, load_envelope
from weekly_plan_assets.domain.envelope.race_effort import race_effort
from weekly_plan_assets.domain.metrics.coverage import Coverage, Measured
from weekly_plan_assets.domain.metrics.fitness import max_weekly_load_for_ramp
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import Phase, Sport
from weekly_plan_assets.domain.readiness import Light, Readiness
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import count_sessions
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets_tests.support.lights import a_readiness
from weekly_plan_assets_tests.support.week_rows import OBSERVED_MONDAY, any_weeks, week, weeks_of

OBSERVED = TrainingWeek(OBSERVED_MONDAY)
PLANNED = OBSERVED.next()
BUILDING = weeks_of(400, 400, 250, 400, 400, longest_run_time_s=5400.0)
"""A full week of them holds 400, and the next one is a building week."""


def envelope_after(
    weeks: list[WeeklyMetrics], readiness: Readiness | None = None, **athlete: Any
) -> LoadEnvelope:
    *history, observed = weeks
    return load_envelope(observed, history, Athlete(athlete_id="i1", **athlete), readiness)


def loads_of(envelope: LoadEnvelope) -> tuple[int, int, int]:
    return envelope.min_load, envelope.target_load, envelope.max_load


def a_race(
    weeks: int = 0, weekday: int = 6, priority: RacePriority = RacePriority.A, **told: Any
) -> Race:
    day = PLANNED.start + timedelta(weeks=weeks, days=weekday)
    return Race(date=day, priority=priority, **told)


def away(first: int, last: int, kind: AbsenceKind = AbsenceKind.HOLIDAY) -> Absence:
    """Days are counted from the Monday of the planned week."""
    first_day, last_day = (PLANNED.start + timedelta(days=day) for day in (first, last))
    return Absence(first=first_day, last=last_day, kind=kind)


def a_run(days_ago: int, minutes: int | None, **told: Any) -> Activity:
    """A run so many days before the observed Sunday."""
    day = OBSERVED.end - timedelta(days=days_ago)
    row = {"id": f"a{days_ago}", "start_date_local": f"{day}T07:00:00", "type": "Run"}
    return Activity.model_validate(row | {"moving_time": minutes and 60 * minutes} | told)


def longest_run_min(*activities: Activity, **athlete: Any) -> int:
    *history, observed = weeks_of(320, 200, 300, 310)
    profile = Athlete(athlete_id="i1", **athlete)
    envelope = load_envelope(observed, history, profile, sessions=count_sessions(activities))
    return envelope.longest_run_s // 60


@settings(max_examples=150, deadline=None)
@given(weeks=any_weeks())
def test_bounds_are_ordered_and_never_empty_whatever_was_measured(
    weeks: list[WeeklyMetrics],
) -> None:
    envelope = envelope_after(weeks)
    assert envelope.min_load <= envelope.target_load <= envelope.max_load
    assert envelope.target_load >= 60
    assert envelope.longest_run_s >= 1800
    assert all(envelope.reasons)


def test_nothing_known_gives_a_small_week_without_hard_sessions() -> None:
    envelope = envelope_after([week(load=0)])
    assert loads_of(envelope) == (0, 80, 110)
    assert (envelope.phase, envelope.hard_sessions) == (Phase.BASE, 0)
    assert envelope.longest_run_s == 1800


def test_a_build_week_grows_a_little_over_the_recent_mean() -> None:
    envelope = envelope_after(weeks_of(900, 400, 250, 350, 400, longest_run_time_s=5400.0))
    assert envelope.phase is Phase.BUILD
    # The recovery week of 250 is left out of the mean, 383.
    assert loads_of(envelope) == (306, 402, 498)
    assert envelope.hard_sessions == 2


def test_a_recovery_week_holds_60_to_70_percent_of_recent_load() -> None:
    envelope = envelope_after(weeks_of(400, 400, 400, longest_run_time_s=5400.0))
    assert envelope.phase is Phase.RECOVERY
    assert loads_of(envelope) == (0, 260, 280)
    assert envelope.hard_sessions == 0


def test_a_return_week_holds_half_of_the_load_before_the_break_and_half_of_its_runs() -> None:
    envelope = envelope_after(weeks_of(400, 400, 0, 0, 0, longest_run_time_s=6000.0))
    assert envelope.phase is Phase.RETURN
    assert loads_of(envelope) == (0, 200, 240)
    assert (envelope.longest_run_s, envelope.hard_sessions) == (3000, 0)


def test_ctl_caps_the_week_at_the_ramp() -> None:
    *history, observed = weeks_of(320, 200, 500, longest_run_time_s=5400.0)
    observed = observed.model_copy(update={"ctl_end": 5.0})
    envelope = load_envelope(observed, history)
    assert envelope.target_load == round(max_weekly_load_for_ramp(5.0, 5.0))
    assert envelope.max_load == round(max_weekly_load_for_ramp(5.0, 8.0))


def test_ctl_stands_in_where_no_load_is_known() -> None:
    envelope = envelope_after([week(ctl_end=40.0)])
    assert envelope.target_load == round(1.05 * 7 * 40)


def test_the_longest_run_counts_for_four_weeks() -> None:
    weeks = weeks_of(200, 300, 300, 200, 300, longest_run_time_s=3000.0)
    in_week = {"longest_run_time_s": 6000.0}
    fourth = [weeks[0], weeks[1].model_copy(update=in_week), *weeks[2:]]
    fifth = [weeks[0].model_copy(update=in_week), *weeks[1:]]
    assert envelope_after(fourth).longest_run_s == 6600
    assert envelope_after(fifth).longest_run_s == 3300


def test_the_minimum_never_asks_for_more_than_short_runs_can_hold() -> None:
    by_bike = envelope_after(weeks_of(200, 1000, 700, 1000, longest_run_time_s=None))
    assert by_bike.min_load < 150 < by_bike.target_load


def test_a_recovery_week_lowers_no_week_after_it() -> None:
    with_one = envelope_after(weeks_of(400, 400, 400, 260, 400))
    assert with_one.phase is Phase.BUILD
    assert with_one.target_load == 420


def test_ctl_holds_up_what_is_usual_after_a_taper() -> None:
    *weeks, observed = weeks_of(450, 200, 170, 200)
    rested = observed.model_copy(update={"ctl_end": 55.0})
    assert envelope_after([*weeks, rested]).target_load == round(1.05 * 7 * 55)


@pytest.mark.parametrize(
    ("lights", "target"),
    [
        ({}, 420),
        ({"sleep": Light.AMBER}, 420),
        ({"sleep": Light.AMBER, "monotony": Light.AMBER}, 380),
        ({"form": Light.RED}, 380),
        ({"ramp": Light.RED}, 380),
    ],
)
def test_load_does_not_grow_while_a_signal_is_red_or_two_are_amber(
    lights: dict[str, Light], target: int
) -> None:
    envelope = envelope_after(BUILDING, a_readiness(**lights))
    assert (envelope.phase, envelope.target_load) == (Phase.BUILD, target)


@pytest.mark.parametrize(
    ("weeks", "weekday", "phase", "shares"),
    [
        (2, 0, Phase.TAPER, (0.40, 0.56, 0.59)),
        (1, 0, Phase.TAPER, (0.40, 0.48, 0.54)),
        (1, 6, Phase.TAPER, (0.40, 0.56, 0.59)),
    ],
)
def test_a_taper_takes_41_to_60_percent_off_progressively(
    weeks: int, weekday: int, phase: Phase, shares: tuple[float, ...]
) -> None:
    envelope = envelope_after(BUILDING, races=(a_race(weeks, weekday),))
    assert envelope.phase is phase
    assert loads_of(envelope) == pytest.approx([400 * share for share in shares], abs=1)
    assert envelope.hard_sessions == 2


@pytest.mark.parametrize(
    ("priority", "shares"),
    [(RacePriority.A, (0.2, 0.4, 0.5)), (RacePriority.B, (0.2, 0.55, 0.65))],
)
def test_in_the_week_of_a_race_its_load_comes_on_top_of_a_taper(
    priority: RacePriority, shares: tuple[float, ...]
) -> None:
    race = a_race(priority=priority, distance_m=10_000, target_time_s=3000)
    load = race_effort(race, Athlete(athlete_id="i1")).load
    envelope = envelope_after(BUILDING, races=(race,))
    assert envelope.phase is Phase.RACE_WEEK
    assert loads_of(envelope) == pytest.approx([400 * share + load for share in shares], abs=1)
    assert any(f"load of {load} comes on top" in reason for reason in envelope.reasons)


def test_a_c_race_is_a_part_of_the_weeks_load() -> None:
    race = a_race(priority=RacePriority.C, distance_m=10_000, target_time_s=3000)
    with_race, without = envelope_after(BUILDING, races=(race,)), envelope_after(BUILDING)
    assert with_race.target_load == without.target_load
    assert with_race.max_load == without.max_load
    assert with_race.hard_sessions == without.hard_sessions == 2


def test_a_c_race_beyond_the_week_is_allowed_for() -> None:
    race = a_race(priority=RacePriority.C, target_time_s=90 * 60)
    load = race_effort(race, Athlete(athlete_id="i1")).load
    few = weeks_of(60, 60, 60, 60)
    assert loads_of(envelope_after(few, races=(race,))) == (load, load, load)


def test_three_times_45_minutes_are_not_asked_for_400() -> None:
    envelope = envelope_after(BUILDING, available_min=(0, 45, 0, 45, 0, 45, 0))
    assert loads_of(envelope) == (57, 104, 127)
    assert any("Days with limited time: 7." in reason for reason in envelope.reasons)


def test_one_of_seven_days_stays_free_in_what_they_can_hold() -> None:
    seven = envelope_after(BUILDING, available_min=(30,) * 7)
    six = envelope_after(BUILDING, available_min=(30,) * 6 + (0,))
    assert loads_of(seven) == loads_of(six)


def test_a_day_with_a_race_has_no_room_for_training() -> None:
    rooms = (0, 0, 45, 0, 0, 0, 45)
    race = a_race(target_time_s=3600)
    envelope = envelope_after(BUILDING, available_min=rooms, races=(race,))
    beside = envelope_after(BUILDING, available_min=(0, 0, 45, 0, 0, 0, 0))
    load = race_effort(race, Athlete(athlete_id="i1")).load
    assert envelope.max_load - load == beside.max_load


def test_a_week_away_asks_for_nothing_and_says_why_day_by_day() -> None:
    envelope = envelope_after(BUILDING, absences=(away(0, 6),))
    assert loads_of(envelope) == (0, 0, 0)
    assert {day.available_s for day in envelope.days} == {0}
    assert {day.reason for day in envelope.days} == {"On holiday on this day."}


def test_every_limited_day_says_why() -> None:
    envelope = envelope_after(
        BUILDING,
        available_min=(60, None, None, 60, None, None, 0),
        day_limits=(DayLimit(date=PLANNED.days[1], available_min=20),),
        absences=(away(3, 3), away(4, 4, AbsenceKind.SICK), away(5, 5, AbsenceKind.INJURED)),
    )
    assert [(day.available_s, day.reason) for day in envelope.days] == [
        (3600, "Mondays have room for 60 min."),
        (1200, "This one day has room for 20 min."),
        (None, None),
        (0, "On holiday on this day."),
        (0, "Ill on this day."),
        (0, "Injured on this day."),
        (0, "Sundays have no time for training."),
    ]


WEEKLY = tuple(a_run(days, 60) for days in (1, 8, 15, 22))


def test_the_longest_run_of_30_days_decides_and_older_or_later_ones_do_not() -> None:
    assert longest_run_min(a_run(29, 100), *WEEKLY, a_run(30, 200), a_run(-1, 300)) == 110
    assert longest_run_min(a_run(30, 200), *WEEKLY) == 66


def test_a_short_longest_run_grows_by_a_step_although_a_tenth_of_it_is_less() -> None:
    assert longest_run_min(a_run(1, 45)) == 50
    assert longest_run_min(a_run(1, 35)) == 40


def test_only_runs_that_can_be_true_count_as_the_longest() -> None:
    ride = a_run(2, 300, type="Ride")
    impossible = a_run(3, -400)
    by_clock = a_run(4, None, elapsed_time=90 * 60)
    assert longest_run_min(ride, impossible, by_clock, a_run(5, 60)) == 99


def test_runs_of_before_an_illness_count_in_part() -> None:
    ill = away(-14, -10, AbsenceKind.SICK)
    before, since = a_run(16, 120), a_run(1, 40)
    assert longest_run_min(before, since) == 132
    assert longest_run_min(before, since, absences=(ill,)) == 84
    assert longest_run_min(before, a_run(1, 80), absences=(ill,)) == 88
    assert longest_run_min(before, since, absences=(away(-60, -50, AbsenceKind.SICK),)) == 132


def test_a_week_of_return_has_half_of_the_longest_known_run() -> None:
    ill = away(-7, -3, AbsenceKind.INJURED)
    assert longest_run_min(a_run(33, 150), a_run(1, 60), absences=(ill,)) == 75


@pytest.mark.parametrize(
    ("lights", "hard"),
    [
        ({}, 2),
        ({"hrv": Light.GREEN, "resting_hr": Light.GREEN}, 2),
        ({"hrv": Light.NOT_EVALUATED}, 2),
        ({"hrv": Light.AMBER}, 1),
        ({"resting_hr": Light.AMBER}, 1),
        ({"hrv": Light.RED}, 0),
        ({"resting_hr": Light.RED}, 0),
        ({"hrv": Light.AMBER, "resting_hr": Light.RED}, 0),
        ({"sleep": Light.AMBER, "form": Light.GREEN}, 2),
    ],
)
def test_heart_signals_take_hard_sessions_away(lights: dict[str, Light], hard: int) -> None:
    assert envelope_after(BUILDING, a_readiness(**lights)).hard_sessions == hard


def test_a_novice_has_one_hard_session_at_most() -> None:
    assert envelope_after(BUILDING, experience=Experience.NOVICE).hard_sessions == 1


@pytest.mark.parametrize(("weekday", "hard"), [(6, 2), (5, 2), (4, 1), (0, 1)])
def test_a_race_at_the_weekend_leaves_room_for_one_hard_session(weekday: int, hard: int) -> None:
    race = (a_race(weekday=weekday),)
    assert envelope_after(BUILDING, races=race).hard_sessions == hard
    red = a_readiness(hrv=Light.RED)
    assert envelope_after(BUILDING, red, races=race).hard_sessions == 1


def test_thin_coverage_and_signals_without_an_answer_are_told() -> None:
    thin = Coverage(
        days=7,
        wellness_last_day=None,
        metrics={"trainingLoad": Measured(measured=3, of=5, sources=())},
        twins=(),
        stubs=0,
        implausible=(),
    )
    *weeks, observed = BUILDING
    envelope = envelope_after([*weeks, observed.model_copy(update={"coverage": thin})])
    assert "The load is known of 3 of 5 sessions, so bounds by it are not evaluated." in (
        envelope.reasons
    )
    assert any(reason.startswith("Not evaluated: hrv, resting_hr") for reason in envelope.reasons)


near_days = st.integers(-20, 130).map(lambda days: PLANNED.start + timedelta(days=days))
any_races = st.builds(
    Race,
    date=near_days,
    priority=st.sampled_from(RacePriority),
    sport=st.none() | st.sampled_from([Sport.RUN, Sport.RIDE]),
    distance_m=st.none() | st.floats(1000, 200_000),
)
any_absences = st.builds(
    lambda first, days, kind: Absence(first=first, last=first + timedelta(days=days), kind=kind),
    near_days,
    st.integers(0, 20),
    st.sampled_from(AbsenceKind),
)
any_athletes = st.builds(
    lambda races, absences, minutes, experience, build_weeks: Athlete(
        athlete_id="i1",
        races=tuple(races),
        absences=tuple(absences),
        available_min=tuple(minutes),
        experience=experience,
        build_weeks=build_weeks,
    ),
    st.lists(any_races, max_size=3),
    st.lists(any_absences, max_size=2),
    st.lists(st.none() | st.integers(0, 300), min_size=7, max_size=7),
    st.sampled_from(Experience),
    st.sampled_from((2, 3)),
)
any_readiness = st.fixed_dictionaries(
    {name: st.sampled_from(Light) for name in ("hrv", "resting_hr", "sleep", "form", "ramp")}
).map(lambda lights: a_readiness(**lights))


@settings(max_examples=200, deadline=None)
@given(weeks=any_weeks(), athlete=any_athletes, readiness=any_readiness)
def test_whatever_the_athlete_the_bounds_can_be_met(
    weeks: list[WeeklyMetrics], athlete: Athlete, readiness: Readiness
) -> None:
    *history, observed = weeks
    envelope = load_envelope(observed, history, athlete, readiness)
    raced = sum(race_effort(race, athlete).load for race in athlete.races if race.date in PLANNED)
    assert envelope.min_load <= envelope.target_load <= envelope.max_load
    assert len(envelope.days) == 7
    assert all(envelope.reasons)
    if envelope.phase in {Phase.RETURN, Phase.RECOVERY}:
        assert envelope.hard_sessions == 0
    rooms_s = [day.available_s for day in envelope.days]
    if None not in rooms_s:
        # All of the time in zone 2, an hour of which is a load of 46, and the races.
        assert envelope.min_load <= sum(room or 0 for room in rooms_s) / 3600 * 46.3 + raced
