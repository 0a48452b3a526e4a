"""Planning requests for tests of the rules planner: athletes with a life, weeks in any state."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from weekly_plan_assets.domain.athlete.athlete import (
    Absence,
    AbsenceKind,
    AnchoredSession,
    Athlete,
    DayLimit,
    Language,
)
from weekly_plan_assets.domain.athlete.habit import Habit, SportHabit
from weekly_plan_assets.domain.athlete.injury import Tissue
from weekly_plan_assets.domain.athlete.load_scale import HARD_BY_EASY, LoadScale
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope, load_envelope
from weekly_plan_assets.domain.guardrails import PlanContext
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import Phase, SessionKind, Sport, WeeklyPlan
from weekly_plan_assets.domain.week import DAYS_PER_WEEK, TrainingWeek
from weekly_plan_assets.planners.base import Planner, PlanningRequest
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets_tests.support.week_rows import OBSERVED_MONDAY, week

PLANNED = TrainingWeek(OBSERVED_MONDAY).next()
MON, TUE, WED, THU, FRI, SAT, SUN = range(DAYS_PER_WEEK)
ATHLETE = Athlete(athlete_id="i1", zone_upper_bpm=(138, 147, 156, 165, 184))


def an_athlete(**changed: Any) -> Athlete:
    """An athlete with zones who differs in this."""
    return ATHLETE.model_copy(update=changed)


def an_envelope(**changed: Any) -> LoadEnvelope:
    """Of a build week of 300 with two hard sessions."""
    fields: dict[str, Any] = {
        "phase": Phase.BUILD,
        "min_load": 0,
        "target_load": 300,
        "max_load": 400,
        "longest_run_s": 6000,
        "hard_sessions": 2,
        "reasons": (),
    }
    return LoadEnvelope(**fields | changed)


def request_for(
    weeks: Sequence[WeeklyMetrics],
    athlete: Athlete = ATHLETE,
    envelope: LoadEnvelope | None = None,
) -> PlanningRequest:
    """What a planner is asked with after these weeks."""
    *history, observed = weeks
    envelope = envelope or load_envelope(observed, history, athlete)
    return PlanningRequest(
        PlanContext.after(observed, history, athlete, envelope), observed, tuple(history)
    )


def week_for(athlete: Athlete = ATHLETE, **envelope: Any) -> WeeklyPlan:
    """The planned week of an athlete in an envelope that differs in this."""
    return RulesPlanner().plan(request_for([week()], athlete, an_envelope(**envelope)))


def on(weekday: int, *, weeks: int = 0) -> date:
    """A day of the planned week, or of one so many weeks later."""
    return PLANNED.start + timedelta(days=weekday, weeks=weeks)


def hard_weekdays(plan: WeeklyPlan) -> list[int]:
    """The weekdays with a hard session."""
    return [day.date.weekday() for day in plan.days if any(s.is_hard for s in day.sessions)]


def weekdays_of(kind: SessionKind, plan: WeeklyPlan) -> list[int]:
    """The weekdays with a session of this kind."""
    return [day.date.weekday() for day in plan.days if any(s.kind is kind for s in day.sessions)]


def rest_weekdays(plan: WeeklyPlan) -> list[int]:
    """The weekdays without a session."""
    return [day.date.weekday() for day in plan.days if not day.sessions]


def built(model: Callable[..., Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Any `model` by the Python names of its fields, which `st.builds` would take for others."""
    return st.fixed_dictionaries(fields).map(lambda values: model(**values))


weekdays = st.integers(MON, SUN)
near_days = st.integers(-3, 20).map(lambda day: PLANNED.start + timedelta(days=day))
absences = st.builds(
    lambda first, days, kind, hurt: Absence(
        first=first, last=first + timedelta(days=days), kind=kind, hurt=hurt
    ),
    st.integers(-40, 20).map(lambda day: PLANNED.start + timedelta(days=day)),
    st.integers(0, 20),
    st.sampled_from(AbsenceKind),
    st.none() | st.sampled_from(Tissue),
)
anchored_sessions = built(
    AnchoredSession,
    weekday=weekdays,
    sport=st.sampled_from(Sport),
    kind=st.sampled_from(SessionKind),
    duration_min=st.integers(10, 240),
)
races = built(
    Race,
    date=near_days,
    priority=st.sampled_from(RacePriority),
    sport=st.none() | st.sampled_from([Sport.RUN, Sport.RIDE]),
    distance_m=st.none() | st.floats(1000, 200_000),
    target_time_s=st.none() | st.integers(600, 40_000),
)
available = st.lists(st.none() | st.integers(0, 200), min_size=7, max_size=7).map(tuple)
endurance_sports = [sport for sport in Sport if sport is not Sport.STRENGTH]
day_sports = st.lists(st.sampled_from(endurance_sports), min_size=1, unique=True).map(tuple)
day_limits = built(
    DayLimit,
    date=near_days,
    available_min=st.none() | st.integers(0, 300),
    sports=st.none() | day_sports,
)
halves = st.tuples(st.integers(0, 150), st.integers(0, 150))
sport_habits = built(
    SportHabit,
    sport=st.sampled_from(endurance_sports),
    share=st.floats(0.1, 1),
    sessions_per_week=st.floats(0.5, 6),
    usual_s=st.integers(900, 9000),
    longest_s=st.integers(900, 14_000),
)
habits = built(
    Habit,
    weeks=st.integers(0, 12),
    sports=st.lists(sport_habits, max_size=2, unique_by=lambda one: one.sport).map(tuple),
    sessions_per_week=st.floats(0, 10),
    days_per_week=st.floats(0, 7),
    weekday_shares=st.lists(st.sampled_from([0.0, 0.4, 0.9]), min_size=7, max_size=7).map(tuple),
    long_weekday=st.none() | weekdays,
    long_sport=st.none() | st.sampled_from(endurance_sports),
)
load_scales = st.builds(
    lambda sport, easy, ratio: LoadScale(
        sport=sport, easy=easy, hard=ratio * easy, easy_sessions=20, hard_sessions=8
    ),
    st.sampled_from(endurance_sports),
    st.floats(0.5, 2),
    st.floats(*HARD_BY_EASY),
)


def some(elements: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    """None, one or more of these."""
    return st.lists(elements, max_size=most).map(tuple)


athletes = built(
    Athlete,
    athlete_id=st.just("i1"),
    max_hr_bpm=st.none() | st.just(190),
    resting_hr_bpm=st.none() | st.just(48),
    zone_upper_bpm=st.none() | st.just((138, 147, 156, 165, 184)),
    sports=st.lists(st.sampled_from(Sport), min_size=1, unique=True).map(tuple),
    strength_weekdays=st.frozensets(weekdays),
    long_run_weekday=weekdays,
    language=st.sampled_from(Language),
    races=some(races),
    absences=some(absences),
    anchored=some(anchored_sessions, 4),
    available_min=st.just((None,) * 7) | available,
    day_limits=some(day_limits),
    halves_min=st.just((None,) * 7)
    | st.lists(st.none() | halves, min_size=7, max_size=7).map(tuple),
    sports_by_day=st.just((None,) * 7)
    | st.lists(st.none() | day_sports, min_size=7, max_size=7).map(tuple),
    habit=st.none() | habits,
    load_scales=st.lists(load_scales, max_size=3, unique_by=lambda one: one.sport).map(tuple),
)


def answer_to(request: PlanningRequest) -> str:
    planner: Planner = RulesPlanner()
    return planner.propose(request, planner.render_prompt(request), ()).output_raw


def plan_for(request: PlanningRequest) -> WeeklyPlan:
    return WeeklyPlan.model_validate_json(answer_to(request))
