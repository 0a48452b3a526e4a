"""What a planner knows about a simulated athlete on the Sunday evening of a week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.athlete.habit import HABIT_WEEKS
from weekly_plan_assets.domain.athlete.profile import AthleteContext
from weekly_plan_assets.domain.done_workouts import DoneWorkout
from weekly_plan_assets.domain.metrics.weekly_metrics import (
    HISTORY_WEEKS,
    WeeklyMetrics,
    summarise_weeks,
)
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.week import DAY_NAMES, TrainingWeek, weeks_between
from weekly_plan_assets.lineage.records.planning import KnownWeeks
from weekly_plan_assets.lineage.records.records import PlanAdherence
from weekly_plan_assets.sources.personas.life import Life, life_of
from weekly_plan_assets.sources.personas.persona import (
    Persona,
    PersonaWorkout,
)
from weekly_plan_assets.sources.personas.persona_account import (
    absences_entered,
    races_entered,
    sport_settings_of,
)
from weekly_plan_assets.storage.codec import encode_rows

_WORDS = {Sport.RUN: "run", Sport.RIDE: "ride", Sport.SWIM: "swim"}


@dataclass
class Metrics:
    """The weekly metrics of a life, each week computed once."""

    life: Life
    by_week: dict[TrainingWeek, WeeklyMetrics]

    @classmethod
    def of(cls, life: Life) -> "Metrics":
        """Those of the athlete's history."""
        return cls(life, dict(_history_metrics(life.persona)))

    def add(self, weeks: list[TrainingWeek]) -> None:
        """Compute those of some weeks more, with the weeks before them that say what is long."""
        self.by_week |= _metrics_of(self.life, weeks)


@cache
def _history_metrics(persona: Persona) -> dict[TrainingWeek, WeeklyMetrics]:
    life = life_of(persona)
    return _metrics_of(life, sorted(life.activities))


def _metrics_of(life: Life, weeks: list[TrainingWeek]) -> dict[TrainingWeek, WeeklyMetrics]:
    before = [weeks[0].shift(-back) for back in range(HISTORY_WEEKS, 0, -1)]
    read = [*before, *weeks]
    activities, wellness = (
        [row.model_dump() for week in read for row in rows.get(week, ())]
        for rows in (life.activities, life.wellness)
    )
    frame = summarise_weeks(
        life.persona.key, weeks, pd.DataFrame(activities), pd.DataFrame(wellness)
    )
    rows = encode_rows(frame)
    return {week: WeeklyMetrics.model_validate(row) for week, row in zip(weeks, rows, strict=True)}


def known_weeks(
    life: Life,
    metrics: Mapping[TrainingWeek, WeeklyMetrics],
    observed: TrainingWeek,
    context: AthleteContext,
    adherence: PlanAdherence | None = None,
    workouts: Sequence[DoneWorkout] = (),
) -> KnownWeeks:
    """What is known when a week has ended, as many weeks back as a real plan looks.

    Args:
        life: The athlete's.
        metrics: By week.
        observed: The week that has ended.
        context: What else is known of the athlete.
        adherence: What was done of the plan for it.
        workouts: The library's workouts of the plans of past weeks.
    """
    weeks = [observed.shift(-back) for back in range(HISTORY_WEEKS, -1, -1)]
    with_habit = list(weeks_between(observed.shift(1 - HABIT_WEEKS), observed))
    return KnownWeeks(
        athlete_id=life.persona.key,
        metrics=[metrics[week] for week in weeks if week in metrics],
        activities=[row for week in with_habit for row in life.activities.get(week, ())],
        wellness=[row for week in weeks for row in life.wellness.get(week, ())],
        context=context,
        adherence=adherence,
        workouts=tuple(workouts),
    )


def context_of(persona: Persona, *, full: bool, races_until: date) -> AthleteContext:
    """What the athlete has set and written down.

    Args:
        persona: The athlete.
        full: Whether their own file says sports, days, strength and experience, as their habits
            are; otherwise they set nothing but zones, races and the absences they enter.
        races_until: Races after this day are not entered.
    """
    return AthleteContext(
        file=_file(persona) if full else AthleteFile(),
        sport_settings=tuple(sport_settings_of(persona)),
        calendar=(*races_entered(persona, races_until), *absences_entered(persona)),
    )


def _file(persona: Persona) -> AthleteFile:
    endurance = [one for one in persona.week if one.sport is not Sport.STRENGTH]
    words = dict.fromkeys(_WORDS[one.sport] for one in endurance)
    longest = max(endurance, key=lambda one: one.minutes)
    trained = {one.weekday for one in persona.week}
    strength = {one.weekday for one in persona.week if one.sport is Sport.STRENGTH}
    content: dict[str, Any] = {
        "sports": list(words),
        "strength_days": [DAY_NAMES[weekday] for weekday in sorted(strength)],
        "long_run_day": DAY_NAMES[
            next(
                (s.weekday for s in endurance if s.workout is PersonaWorkout.LONG), longest.weekday
            )
        ],
        "availability": {
            name: 0 for weekday, name in enumerate(DAY_NAMES) if weekday not in trained
        },
        "experience": persona.experience,
        "birth_year": persona.birth_year,
    }
    return AthleteFile.model_validate(content)
