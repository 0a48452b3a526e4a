"""A season in closed loop: a week is planned, a simulated athlete does it, the next is planned.

What the athlete does becomes activities and wellness rows, and those become metrics by the same
functions that a real week goes through. What must hold of a season is said by the tests.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

import pandas as pd

from weekly_plan_assets.domain.athlete.athlete import Absence, AbsenceKind, Athlete
from weekly_plan_assets.domain.athlete.habit import HABIT_WEEKS
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.athlete.sport_heart import ZONE_COUNT
from weekly_plan_assets.domain.envelope.envelope import load_envelope
from weekly_plan_assets.domain.guardrails import PlanContext, Verdict, judge_plan
from weekly_plan_assets.domain.metrics.fitness import ATL_DAYS, CTL_DAYS, RAMP_DAYS, next_ewma
from weekly_plan_assets.domain.metrics.weekly_metrics import (
    HISTORY_WEEKS,
    WeeklyMetrics,
    summarise_weeks,
)
from weekly_plan_assets.domain.plan.session_zones import EASY_ZONE, zone_times_s
from weekly_plan_assets.domain.plan.weekly_plan import (
    Phase,
    PlannedSession,
    SessionKind,
    Sport,
    WeeklyPlan,
)
from weekly_plan_assets.domain.readiness import readiness_of
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import count_sessions
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.week import DAYS_PER_WEEK, TrainingWeek, weeks_between
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.storage.codec import encode_rows

WEEKS = 52
FIRST_WEEK = TrainingWeek(date(2024, 1, 1))
B_RACE_WEEK, A_RACE_WEEK, ILLNESS_WEEK = 24, 40, 28
"""Weeks of the season, counted from 1."""

ILLNESS_DAYS = 10
START_CTL = 40.0
"""Fitness, and fatigue too, on the eve of the weeks that lead in."""

SPEED_M_S = {Sport.RUN: 2.8, Sport.RIDE: 7.5, Sport.SWIM: 0.8, Sport.STRENGTH: 0.0}
LEAD_IN_MIN = (0, 50, 45, 60, 0, 50, 90)
"""Minutes of easy running on each day of the weeks that lead in."""

LEAD_IN_LOAD_PER_MIN = START_CTL * DAYS_PER_WEEK / sum(LEAD_IN_MIN)


def sunday_of(week_number: int) -> date:
    """The Sunday of a week of the season, counted from 1."""
    return FIRST_WEEK.shift(week_number - 1).end


ATHLETE = Athlete(
    athlete_id="i1",
    resting_hr_bpm=50,
    threshold_hr_bpm=168,
    max_hr_bpm=188,
    zone_upper_bpm=(138, 150, 160, 170, 188),
    sports=(Sport.RUN,),
    races=(
        Race(
            date=sunday_of(B_RACE_WEEK),
            priority=RacePriority.B,
            name="10 km in the valley",
            sport=Sport.RUN,
            distance_m=10_000,
            target_time_s=50 * 60,
        ),
        Race(
            date=sunday_of(A_RACE_WEEK),
            priority=RacePriority.A,
            name="Half marathon of the city",
            sport=Sport.RUN,
            distance_m=21_097.5,
            target_time_s=110 * 60,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """How a simulated athlete lives the season.

    Attributes:
        does: Which of the season's planned sessions, counted from 0, they do.
        illness: Days on which they do nothing, and their body shows it.
    """

    name: str
    does: Callable[[int], bool]
    illness: Absence | None = None

    def is_ill(self, day: date) -> bool:
        return self.illness is not None and self.illness.covers(day)

    def known_to(self, athlete: Athlete, sunday: date) -> Athlete:
        """The profile on that evening: an illness is known once it has begun."""
        if self.illness is None or self.illness.first > sunday:
            return athlete
        return athlete.model_copy(update={"absences": (self.illness,)})


_ILL_FROM = FIRST_WEEK.shift(ILLNESS_WEEK - 1).start
SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("does all of it", lambda _: True),
        Scenario("does half of it", lambda number: number % 2 == 0),
        Scenario(
            "falls ill for ten days",
            lambda _: True,
            Absence(
                first=_ILL_FROM,
                last=_ILL_FROM + timedelta(days=ILLNESS_DAYS - 1),
                kind=AbsenceKind.SICK,
            ),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Day:
    """A day as it was lived; `form` is CTL - ATL of the evening before."""

    date: date
    load: float
    ctl: float
    atl: float
    form: float


@dataclass(frozen=True, slots=True)
class SeasonWeek:
    """A planned week, what the rules said of it, and what came of it."""

    number: int
    context: PlanContext
    plan: WeeklyPlan
    verdicts: tuple[Verdict, ...]
    days: tuple[Day, ...]
    ramp: float

    @property
    def phase(self) -> Phase:
        return self.context.envelope.phase

    @property
    def planned_load(self) -> float:
        return sum(session.planned_load for session in self.plan.sessions)

    @property
    def done_load(self) -> float:
        return sum(day.load for day in self.days)

    @property
    def hard_sessions(self) -> int:
        return sum(session.is_hard for session in self.plan.sessions)


@dataclass
class _Life:
    """The athlete from day to day: what was done, fitness, fatigue."""

    scenario: Scenario
    athlete: Athlete
    days: list[Day] = field(default_factory=list)
    activities: dict[TrainingWeek, list[dict[str, Any]]] = field(default_factory=dict)
    wellness: dict[TrainingWeek, list[dict[str, Any]]] = field(default_factory=dict)
    sessions_planned: int = 0

    def live(self, week: TrainingWeek, planned: Sequence[Sequence[PlannedSession]]) -> None:
        """Live a week with these sessions of each day, as far as the scenario says."""
        self.activities[week], self.wellness[week] = [], []
        for day, sessions in zip(week.days, planned, strict=True):
            done = [session for session in sessions if self._does_next(day)]
            self._end_day(day, sum(session.planned_load for session in done))
            self.activities[week] += [_activity(day, n, s) for n, s in enumerate(done)]
            self.wellness[week].append(self._wellness(ill=self.scenario.is_ill(day)))

    def _does_next(self, day: date) -> bool:
        """Whether the next session that was planned, one of `day`, is done."""
        if day < FIRST_WEEK.start:
            return True
        self.sessions_planned += 1
        return self.scenario.does(self.sessions_planned - 1) and not self.scenario.is_ill(day)

    def metrics_of(self, week: TrainingWeek) -> WeeklyMetrics:
        """The week in numbers, as the asset computes them."""
        weeks = [week.shift(-back) for back in range(HISTORY_WEEKS, -1, -1)]
        frame = summarise_weeks(
            self.athlete.athlete_id,
            [week],
            pd.DataFrame(_rows(self.activities, weeks)),
            pd.DataFrame(_rows(self.wellness, weeks)),
        )
        (row,) = encode_rows(frame)
        return WeeklyMetrics.model_validate(row)

    def rows_until(self, last: TrainingWeek) -> tuple[list[Activity], list[WellnessDay]]:
        """The raw rows of a week and those before it that a plan looks back on."""
        weeks = [last.shift(-back) for back in range(HISTORY_WEEKS, -1, -1)]
        with_habit = list(weeks_between(last.shift(1 - HABIT_WEEKS), last))
        activities = [Activity.model_validate(row) for row in _rows(self.activities, with_habit)]
        return activities, [WellnessDay.model_validate(row) for row in _rows(self.wellness, weeks)]

    def _end_day(self, day: date, load: float) -> None:
        eve = self.days[-1] if self.days else Day(day, 0.0, START_CTL, START_CTL, 0.0)
        ctl = next_ewma(eve.ctl, load, CTL_DAYS)
        atl = next_ewma(eve.atl, load, ATL_DAYS)
        self.days.append(Day(day, load, ctl, atl, form=eve.ctl - eve.atl))

    def _wellness(self, *, ill: bool) -> dict[str, Any]:
        today = self.days[-1]
        before = [START_CTL] * RAMP_DAYS + [day.ctl for day in self.days]
        return {
            "id": today.date.isoformat(),
            "ctl": today.ctl,
            "atl": today.atl,
            "rampRate": today.ctl - before[-1 - RAMP_DAYS],
            **_body(today.date, ill=ill),
        }


def simulate(scenario: Scenario, weeks: int = WEEKS) -> list[SeasonWeek]:
    """The first weeks of a season, after as many of easy running as a plan looks back on."""
    life = _Life(scenario, ATHLETE)
    known: deque[WeeklyMetrics] = deque(maxlen=HISTORY_WEEKS + 1)
    for back in range(HISTORY_WEEKS + 1, 0, -1):
        life.live(FIRST_WEEK.shift(-back), _LEAD_IN)
        known.append(life.metrics_of(FIRST_WEEK.shift(-back)))
    return [_next_week(life, known, number) for number in range(1, weeks + 1)]


def _next_week(life: _Life, known: deque[WeeklyMetrics], number: int) -> SeasonWeek:
    """Plan a week from the known ones, live it, and know it."""
    request = _request(life, list(known))
    plan = RulesPlanner().plan(request)
    week = request.context.planned_week
    life.live(week, [day.sessions for day in plan.days])
    known.append(life.metrics_of(week))
    return SeasonWeek(
        number=number,
        context=request.context,
        plan=plan,
        verdicts=judge_plan(plan, request.context),
        days=tuple(life.days[-DAYS_PER_WEEK:]),
        ramp=life.days[-1].ctl - life.days[-1 - DAYS_PER_WEEK].ctl,
    )


def _request(life: _Life, known: Sequence[WeeklyMetrics]) -> PlanningRequest:
    """What the planner is asked with on the Sunday evening of the last known week."""
    *history, observed = known
    athlete = life.scenario.known_to(life.athlete, observed.week_end)
    activities, wellness = life.rows_until(TrainingWeek(observed.week_start))
    sessions = count_sessions(activities)
    readiness = readiness_of(observed, history, sessions, wellness)
    envelope = load_envelope(observed, history, athlete, readiness, sessions)
    context = PlanContext.after(observed, history, athlete, envelope)
    return PlanningRequest(context, observed, tuple(history), tuple(activities), sessions)


def zone_times_of(session: PlannedSession) -> list[int]:
    """Seconds in each of the five zones: by the steps, else all in the session's own zone."""
    by_zone = zone_times_s(session.blocks)
    if not session.blocks and session.intensity is not None:
        by_zone = {session.intensity.zone: session.duration_s}
    return [by_zone.get(zone, 0) for zone in range(1, ZONE_COUNT + 1)]


def _activity(day: date, number: int, session: PlannedSession) -> dict[str, Any]:
    """A session as the source tells of it, done exactly as planned."""
    strength = session.sport is Sport.STRENGTH
    return {
        "id": f"{day}-{number}",
        "start_date_local": f"{day}T{7 + 5 * number:02}:00:00",
        "type": session.sport.value,
        "moving_time": session.duration_s,
        "distance": SPEED_M_S[session.sport] * session.duration_s,
        "icu_training_load": session.planned_load,
        "trimp": session.planned_load if strength else None,
        "icu_hr_zone_times": None if strength else zone_times_of(session),
    }


def _body(day: date, *, ill: bool) -> dict[str, Any]:
    """Heart, sleep and steps of a day: steady with small swings, clearly worse while ill."""
    swing = Random(day.toordinal()).uniform(-1, 1)  # noqa: S311 - repeatable, not secret
    return {
        "restingHR": round(50 + swing + (8 if ill else 0)),
        "hrv": round(62 + 3 * swing - (18 if ill else 0), 1),
        "sleepSecs": round(27_600 + 1_200 * swing - (3_600 if ill else 0)),
        "sleepScore": round(82 + 4 * swing - (20 if ill else 0)),
        "steps": round(9_000 + 1_500 * swing - (6_000 if ill else 0)),
    }


def _rows(
    by_week: Mapping[TrainingWeek, list[dict[str, Any]]], weeks: Sequence[TrainingWeek]
) -> list[dict[str, Any]]:
    return [row for week in weeks for row in by_week.get(week, [])]


def _easy_run(minutes: int) -> PlannedSession:
    return PlannedSession(
        sport=Sport.RUN,
        kind=SessionKind.EASY,
        duration_s=60 * minutes,
        intensity=ATHLETE.hr_bounds(EASY_ZONE),
        planned_load=LEAD_IN_LOAD_PER_MIN * minutes,
        description="Run easily.",
        goal="Be fit enough for a season.",
    )


_LEAD_IN = [[_easy_run(minutes)] if minutes else [] for minutes in LEAD_IN_MIN]
