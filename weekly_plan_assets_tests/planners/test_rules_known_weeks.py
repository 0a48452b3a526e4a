"""Every week of the sample athlete and of the recorded one, planned as their runs would."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

import pandas as pd
import pytest

from weekly_plan_assets.domain.athlete.habit import HABIT_WEEKS
from weekly_plan_assets.domain.athlete.profile import AthleteContext, calendar_days
from weekly_plan_assets.domain.guardrails import PlanContext, judge_plan, violations
from weekly_plan_assets.domain.metrics.weekly_metrics import (
    HISTORY_WEEKS,
    WeeklyMetrics,
    summarise_weeks,
)
from weekly_plan_assets.domain.plan.weekly_plan import Phase
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.lineage.records.planning import KnownWeeks, freeze_inputs
from weekly_plan_assets.lineage.records.records import PlanningInputs
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.sources.sample.sample_calendar import ORDINARY_FROM
from weekly_plan_assets.sources.sample.source import SampleSource
from weekly_plan_assets.storage.codec import encode_rows

SAMPLE_LAST = TrainingWeek(date(2026, 6, 22))


def inputs_of(
    weeks: Sequence[TrainingWeek],
    activities: Sequence[Activity],
    wellness: Sequence[WellnessDay],
    source: SampleSource | None = None,
) -> Iterator[PlanningInputs]:
    """What is frozen for the week after each of these, one after another."""
    frame = summarise_weeks(
        "i1",
        weeks,
        pd.DataFrame([row.model_dump(mode="json", by_alias=True) for row in activities]),
        pd.DataFrame([row.model_dump(mode="json", by_alias=True) for row in wellness]),
    )
    metrics = [WeeklyMetrics.model_validate(row) for row in encode_rows(frame)]
    for number, week in enumerate(weeks):
        first = week.shift(1 - HABIT_WEEKS).start
        calendar = source.calendar(*calendar_days(week)) if source else []
        known = KnownWeeks(
            athlete_id="i1",
            metrics=metrics[max(0, number - HISTORY_WEEKS) : number + 1],
            activities=[row for row in activities if first <= row.day <= week.end],
            wellness=[row for row in wellness if first <= row.day <= week.end],
            context=AthleteContext(calendar=tuple(calendar)),
        )
        yield freeze_inputs(f"r:{week}", known, RulesPlanner())


def faults_of(inputs: PlanningInputs) -> list[str]:
    context = PlanContext.after(inputs.metrics, inputs.history, inputs.athlete, inputs.envelope)
    plan = RulesPlanner().plan(PlanningRequest(context, inputs.metrics, inputs.history))
    return [
        f"{inputs.week_start} {verdict.rule_id}: {verdict.observed}"
        for verdict in violations(judge_plan(plan, context))
    ]


@pytest.mark.slow
def test_every_week_of_the_sample_athlete_gets_a_plan_that_passes_every_guardrail() -> None:
    source = SampleSource(SAMPLE_LAST.end)
    first_day = source.first_day()
    assert first_day is not None
    weeks = list(weeks_between(TrainingWeek(first_day), SAMPLE_LAST))
    days = first_day, SAMPLE_LAST.end
    told = inputs_of(weeks, source.activities(*days), source.wellness(*days), source)
    assert [fault for inputs in told for fault in faults_of(inputs)] == []


@pytest.mark.slow
def test_whatever_day_the_sample_is_shown_on_its_plan_is_one_of_a_trained_athlete() -> None:
    until = TrainingWeek(date(2028, 1, 3))
    source = SampleSource(until.end)
    first = TrainingWeek.containing(ORDINARY_FROM)
    weeks = list(weeks_between(first.shift(-HABIT_WEEKS), until))
    days = weeks[0].start, until.end
    shown = inputs_of(weeks, source.activities(*days), source.wellness(*days), source)
    for inputs in islice(shown, HABIT_WEEKS, None):
        sessions = [
            session
            for day in RulesPlanner().plan(inputs.request).days
            for session in day.sessions
            if not session.is_strength
        ]
        assert inputs.envelope.phase is not Phase.RETURN, inputs.week_start
        assert len(sessions) >= 2, inputs.week_start
        assert sum(session.duration_s for session in sessions) > 2.5 * SECONDS_PER_HOUR


def test_every_recorded_week_gets_a_plan_that_passes_every_guardrail(account: Path) -> None:
    activities = [
        Activity.model_validate(row)
        for row in json.loads((account / "activities.json").read_text())
    ]
    wellness = [
        WellnessDay.model_validate(row)
        for row in json.loads((account / "wellness.json").read_text())
    ]
    days = [row.day for row in activities]
    first, last = TrainingWeek.containing(min(days)), TrainingWeek.containing(max(days))
    weeks = list(weeks_between(first, last))
    assert len(weeks) >= 5
    told = inputs_of(weeks, activities, wellness)
    assert [fault for inputs in told for fault in faults_of(inputs)] == []
