from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from weekly_plan_assets.domain.adherence import SessionOutcome, WeekAdherence, week_adherence
from weekly_plan_assets.domain.delivery.calendar_fact import CalendarFact
from weekly_plan_assets.domain.delivery.decisions import LeftBecause
from weekly_plan_assets.domain.metrics.fitness import FitnessState
from weekly_plan_assets.domain.metrics.weekly_metrics import summarise_weeks
from weekly_plan_assets.domain.plan.session_id import session_id
from weekly_plan_assets.domain.plan.weekly_plan import (
    PlannedDay,
    PlannedSession,
    SessionKind,
    Sport,
)
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import count_sessions
from weekly_plan_assets.domain.week import DAY_NAMES, TrainingWeek
from weekly_plan_assets_tests.support.week_rows import week

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
WEEK = TrainingWeek(week().week_start)


def planned(
    minutes: int = 60, load: float = 50, sport: Sport = Sport.RUN, kind: SessionKind | None = None
) -> PlannedSession:
    return PlannedSession(
        sport=sport,
        kind=kind or (SessionKind.STRENGTH if sport is Sport.STRENGTH else SessionKind.EASY),
        duration_s=minutes * 60,
        intensity=None,
        planned_load=load,
        description="Go.",
        goal="Get fitter.",
    )


def plan(**sessions: PlannedSession | Sequence[PlannedSession]) -> list[PlannedDay]:
    """A week of these sessions, by the first letters of their day."""
    days = []
    for day, name in zip(WEEK.days, DAY_NAMES, strict=True):
        found = sessions.get(name[:3].lower(), ())
        of_day = (found,) if isinstance(found, PlannedSession) else tuple(found)
        load = sum(session.planned_load for session in of_day)
        days.append(PlannedDay(date=day, day_name=name, planned_load=load, sessions=of_day))
    return days


def done(
    id_: str, weekday: int, minutes: float | None = 60, load: float | None = 50, **others: Any
) -> Activity:
    """A run at seven in the morning of that day."""
    told = {
        "id": id_,
        "type": "Run",
        "start_date_local": f"{WEEK.days[weekday]}T07:00:00",
        "moving_time": None if minutes is None else round(minutes * 60),
        "icu_training_load": load,
    }
    return Activity.model_validate(told | others)


def compare(days: Sequence[PlannedDay], *activities: Activity, **metrics: Any) -> WeekAdherence:
    return week_adherence(days, count_sessions(activities), week(**metrics), None)


def outcomes(found: WeekAdherence) -> list[tuple[str, str | None]]:
    """For each planned session what became of it, and which activity."""
    return [(session.outcome.value, session.activity_id) for session in found.sessions]


def test_a_session_done_as_planned_is_done() -> None:
    found = compare(plan(tue=planned()), done("1", TUE))
    (session,) = found.sessions
    assert session.outcome is SessionOutcome.DONE
    assert (session.activity_id, session.done_day) == ("1", WEEK.days[TUE])
    assert (session.done_duration_s, session.done_load) == (3600, 50)
    assert (found.load_planned, found.load_done, found.unknown_load_count) == (50, 50, 0)
    assert found.added == ()


def test_a_session_that_nothing_was_done_of_is_missed() -> None:
    found = compare(plan(tue=planned(), thu=planned()), done("1", TUE))
    assert outcomes(found) == [("done", "1"), ("missed", None)]
    missed = found.sessions[1]
    assert (missed.done_day, missed.done_load, missed.done_duration_s) == (None, None, None)
    assert (found.count(SessionOutcome.MISSED), found.count(SessionOutcome.DONE)) == (1, 1)


def test_a_session_done_on_another_day_is_moved() -> None:
    found = compare(plan(tue=planned()), done("1", THU))
    assert outcomes(found) == [("moved", "1")]
    assert found.sessions[0].done_day == WEEK.days[THU]
    assert found.added == ()


def test_what_no_planned_session_stands_for_is_added() -> None:
    found = compare(plan(tue=planned()), done("1", TUE), done("2", SAT, 90, 80, type="Hike"))
    (added,) = found.added
    assert (added.activity_id, added.day, added.type) == ("2", WEEK.days[SAT], "Hike")
    assert (added.duration_s, added.load) == (5400, 80)
    assert found.load_done == 130


@pytest.mark.parametrize(
    ("load", "outcome"),
    [(39, "changed"), (40, "done"), (60, "done"), (61, "changed"), (0, "changed")],
)
def test_load_beyond_a_fifth_of_the_plan_makes_it_changed(load: float, outcome: str) -> None:
    assert outcomes(compare(plan(tue=planned(load=50)), done("1", TUE, load=load))) == [
        (outcome, "1")
    ]


@pytest.mark.parametrize(
    ("minutes", "outcome"), [(47, "changed"), (48, "done"), (72, "done"), (73, "changed")]
)
def test_where_no_load_is_known_the_duration_decides(minutes: float, outcome: str) -> None:
    found = compare(plan(tue=planned(60)), done("1", TUE, minutes, None))
    assert outcomes(found) == [(outcome, "1")]
    assert (found.load_done, found.unknown_load_count) == (None, 1)


def test_a_session_planned_without_load_is_judged_by_its_duration() -> None:
    found = compare(plan(tue=planned(60, load=0)), done("1", TUE, 30, 20))
    assert outcomes(found) == [("changed", "1")]


def test_a_session_of_unknown_load_and_duration_counts_as_done() -> None:
    assert outcomes(compare(plan(tue=planned()), done("1", TUE, None, None))) == [("done", "1")]


def test_elapsed_time_counts_where_there_is_no_moving_time() -> None:
    found = compare(plan(tue=planned()), done("1", TUE, None, None, elapsed_time=2000))
    assert outcomes(found) == [("changed", "1")]
    assert found.sessions[0].done_duration_s == 2000


def test_load_done_leaves_out_sessions_of_unknown_load_and_counts_them() -> None:
    found = compare(plan(tue=planned()), done("1", TUE), done("2", THU, load=None))
    assert (found.load_done, found.unknown_load_count) == (50, 1)


def test_its_own_day_comes_before_a_better_length_on_another_day() -> None:
    found = compare(plan(tue=planned(60)), done("short", TUE, 20, 15), done("long", WED, 60, 50))
    assert outcomes(found) == [("changed", "short")]
    assert [added.activity_id for added in found.added] == ["long"]


def test_the_nearest_day_comes_before_a_better_length_further_off() -> None:
    found = compare(plan(tue=planned(60)), done("far", SUN, 60), done("near", WED, 20))
    assert outcomes(found) == [("moved", "near")]


def test_of_two_on_the_day_the_nearest_in_duration_is_taken() -> None:
    found = compare(
        plan(tue=planned(60)),
        done("short", TUE, 20),
        done("right", TUE, 58, start_date_local=f"{WEEK.days[TUE]}T18:00:00"),
        done("untimed", TUE, None, start_date_local=f"{WEEK.days[TUE]}T12:00:00"),
    )
    assert outcomes(found) == [("done", "right")]


def test_a_session_planned_for_its_day_keeps_its_activity_from_one_that_was_missed() -> None:
    found = compare(plan(mon=planned(60), tue=planned(60)), done("1", TUE))
    assert outcomes(found) == [("missed", None), ("done", "1")]


def test_two_sessions_of_one_day_become_two_activities() -> None:
    found = compare(
        plan(tue=[planned(30, 20), planned(90, 80)]),
        done("long", TUE, 90, 80),
        done("short", TUE, 30, 20, start_date_local=f"{WEEK.days[TUE]}T18:00:00"),
    )
    assert outcomes(found) == [("done", "short"), ("done", "long")]


def test_a_session_done_twice_is_done_once_and_added_once() -> None:
    again = done("2", TUE, start_date_local=f"{WEEK.days[TUE]}T18:00:00")
    found = compare(plan(tue=planned()), done("1", TUE), again)
    assert outcomes(found) == [("done", "1")]
    assert [added.activity_id for added in found.added] == ["2"]
    assert found.load_done == 100


def test_twins_count_once() -> None:
    app = done("app", TUE, load=None, start_date_local=f"{WEEK.days[TUE]}T07:01:00")
    found = compare(plan(tue=planned()), app, done("watch", TUE))
    assert outcomes(found) == [("done", "watch")]
    assert (found.added, found.load_done, found.unknown_load_count) == ((), 50, 0)


def test_values_that_cannot_be_true_do_not_count() -> None:
    found = compare(
        plan(tue=planned()), done("1", TUE, load=-50, moving_time=-3, elapsed_time=3000)
    )
    (session,) = found.sessions
    assert (session.outcome, session.done_load, session.done_duration_s) == (
        SessionOutcome.DONE,
        None,
        3000,
    )
    assert (found.load_done, found.unknown_load_count) == (None, 1)


@pytest.mark.parametrize(
    ("sport", "kind"),
    [
        (Sport.RUN, "TrailRun"),
        (Sport.RIDE, "VirtualRide"),
        (Sport.SWIM, "OpenWaterSwim"),
        (Sport.STRENGTH, "WeightTraining"),
        (Sport.STRENGTH, "Crossfit"),
    ],
)
def test_a_session_becomes_any_kind_of_its_own_sport(sport: Sport, kind: str) -> None:
    assert outcomes(compare(plan(tue=planned(sport=sport)), done("1", TUE, type=kind))) == [
        ("done", "1")
    ]


@pytest.mark.parametrize("kind", ["Ride", "Swim", "WeightTraining", "Walk", None])
def test_another_sport_is_no_run(kind: str | None) -> None:
    found = compare(plan(tue=planned()), done("1", TUE, type=kind))
    assert outcomes(found) == [("missed", None)]
    assert [added.type for added in found.added] == [kind]


def test_activities_of_other_weeks_are_not_looked_at() -> None:
    before = done("b", MON, start_date_local=f"{WEEK.shift(-1).end}T23:50:00")
    after = done("a", MON, start_date_local=f"{WEEK.next().start}T00:10:00")
    found = compare(plan(mon=planned(), sun=planned()), before, after)
    assert outcomes(found) == [("missed", None)] * 2
    assert (found.added, found.load_done) == ((), 0)


def test_a_week_in_which_nothing_was_done_has_load_zero_and_all_missed() -> None:
    found = compare(plan(tue=planned(), sat=planned(120, 110)))
    assert (found.load_planned, found.load_done, found.unknown_load_count) == (160, 0, 0)
    assert found.count(SessionOutcome.MISSED) == 2


def test_a_rest_week_that_was_kept_has_nothing_planned_and_nothing_added() -> None:
    found = compare(plan())
    assert (found.sessions, found.added) == ((), ())
    assert (found.load_planned, found.load_done) == (0, 0)


def test_training_in_a_planned_rest_week_is_added() -> None:
    found = compare(plan(), done("1", SAT))
    assert found.sessions == ()
    assert [added.activity_id for added in found.added] == ["1"]


def test_fitness_is_told_as_predicted_and_as_it_was() -> None:
    predicted = FitnessState(ctl=41, atl=45, tsb=-4)
    found = week_adherence(plan(), [], week(ctl_end=40.0, atl_end=52.5), predicted)
    assert found.predicted == predicted
    assert found.actual == FitnessState(ctl=40, atl=52.5, tsb=-12.5)


@pytest.mark.parametrize("known", [{"ctl_end": 40.0}, {"atl_end": 40.0}, {}])
def test_fitness_of_which_half_is_unknown_is_not_told(known: dict[str, float]) -> None:
    assert compare(plan(), **known).actual is None


def test_the_order_of_the_activities_makes_no_difference() -> None:
    activities = [done("1", TUE), done("2", THU, 90, 70), done("3", SUN, None, None)]
    days = plan(tue=planned(), wed=planned(90, 80), sat=planned(30, 20))
    assert compare(days, *activities) == compare(days, *reversed(activities))


def test_load_done_is_that_of_the_weekly_metrics() -> None:
    activities = [
        done("1", TUE),
        done("twin", TUE, 50, None),
        done("2", THU, load=-4),
        done("3", SAT, 40, 31.5, type="Ride"),
    ]
    rows = pd.DataFrame([row.model_dump() for row in activities])
    row = summarise_weeks("i1", [WEEK], rows, pd.DataFrame()).iloc[0]
    found = compare(plan(tue=planned()), *activities)
    assert found.load_done == row["trainingLoad"] == 81.5
    assert found.unknown_load_count == row["unknownLoadCount"] == 1


def delivered(weekday: int, event_id: str | None, **fact: Any) -> dict[str, CalendarFact]:
    """What the calendar says of the first session of a day."""
    day = WEEK.days[weekday]
    return {session_id(WEEK.start, day, 1): CalendarFact(event_id, **fact)}


def followed(
    days: Sequence[PlannedDay], facts: dict[str, CalendarFact], *activities: Activity
) -> WeekAdherence:
    return week_adherence(days, count_sessions(activities), week(), None, facts)


def test_the_pairing_of_the_calendar_comes_before_day_and_sport() -> None:
    days = plan(tue=planned(), wed=planned())
    facts = delivered(TUE, "71") | delivered(WED, "72")
    swapped = (
        done("1", TUE, paired_event_id=72, compliance=73.97),
        done("2", WED, paired_event_id=71),
    )
    found = followed(days, facts, *swapped)
    assert outcomes(found) == [("moved", "2"), ("moved", "1")]
    assert [session.is_paired for session in found.sessions] == [True, True]
    assert [session.compliance for session in found.sessions] == [None, 73.97]
    assert outcomes(compare(days, *swapped)) == [("done", "1"), ("done", "2")]


def test_the_calendar_may_pair_a_session_with_another_sport() -> None:
    found = followed(
        plan(tue=planned()), delivered(TUE, "71", activity_id="9"), done("9", TUE, type="Ride")
    )
    assert outcomes(found) == [("done", "9")]
    assert found.added == ()


def test_what_was_recorded_for_an_entry_of_the_athletes_own_is_no_planned_session() -> None:
    found = followed(plan(tue=planned()), delivered(TUE, "71"), done("1", TUE, paired_event_id=5))
    assert outcomes(found) == [("missed", None)]
    assert [one.activity_id for one in found.added] == ["1"]


def test_without_a_pairing_day_and_sport_decide_also_for_what_was_delivered() -> None:
    found = followed(plan(tue=planned()), delivered(TUE, "71"), done("1", TUE))
    assert outcomes(found) == [("done", "1")]
    assert not found.sessions[0].is_paired


@pytest.mark.parametrize("because", [*LeftBecause])
def test_what_the_athlete_did_with_it_on_the_calendar_is_kept(because: LeftBecause) -> None:
    found = followed(plan(tue=planned()), delivered(TUE, None, because=because))
    by_hand = {LeftBecause.MOVED, LeftBecause.EDITED, LeftBecause.DELETED}
    assert found.sessions[0].by_hand == (because if because in by_hand else None)
    assert followed(plan(tue=planned()), {}).sessions[0].by_hand is None
