"""How many tokens a model reads and writes for a week of the sample, by the tokenizer of o200k."""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from weekly_plan_assets.domain.adherence import SESSION_WEEKS, PlannedAndDone, SessionOutcome
from weekly_plan_assets.domain.athlete.profile import AthleteContext, calendar_days
from weekly_plan_assets.domain.done_workouts import DoneWorkout
from weekly_plan_assets.domain.metrics.weekly_metrics import (
    HISTORY_WEEKS,
    WeeklyMetrics,
    summarise_weeks,
)
from weekly_plan_assets.domain.plan.weekly_plan import SessionKind, Sport
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.calendar import CalendarNote
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.lineage.records.planning import KnownWeeks, planning_request
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.decisions.contract import answer_schema
from weekly_plan_assets.planners.model.prompt import (
    MOST_PROMPT_TOKENS,
    read_template,
    render_prompt,
)
from weekly_plan_assets.planners.model.table_rows import about_tokens
from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets.sources.sample.source import SampleSource
from weekly_plan_assets.storage.codec import encode_rows
from weekly_plan_assets_tests.conftest import missing_part
from weekly_plan_assets_tests.support.decisions import STRONG

TOKENIZER = PROJECT_ROOT / ".tools" / "node_modules" / "gpt-tokenizer"
COUNT = (
    f"const {{encode}} = require('{TOKENIZER}/cjs/encoding/o200k_base.js');"
    "const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
    "console.log(JSON.stringify(texts.map((text) => encode(text).length)));"
)
WEEKS = (
    date(2026, 3, 1),
    date(2026, 4, 12),
    date(2026, 4, 19),
    date(2026, 7, 5),
    date(2026, 9, 27),
    date(2026, 11, 1),
)
"""Sundays of the sample, of recovery, taper, race and ordinary weeks."""


def tokens(*texts: str) -> list[int]:
    node = shutil.which("node")
    if node is None or not TOKENIZER.exists():
        missing_part(f"no tokenizer in {TOKENIZER}; `make node-tools` installs it")
    done = subprocess.run(
        [str(node), "-e", COUNT],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    counted: list[int] = json.loads(done.stdout)
    return counted


def sample_request(sunday: date) -> PlanningRequest:
    source, observed = SampleSource(sunday), TrainingWeek.containing(sunday)
    weeks = list(weeks_between(observed.shift(-19), observed))
    activities = source.activities(weeks[0].start, observed.end)
    wellness = source.wellness(weeks[0].start, observed.end)
    frame = summarise_weeks(
        "x",
        weeks,
        pd.DataFrame([one.model_dump(by_alias=True) for one in activities]),
        pd.DataFrame([one.model_dump(by_alias=True) for one in wellness]),
    )
    metrics = [WeeklyMetrics.model_validate(row) for row in encode_rows(frame)]
    context = AthleteContext(calendar=tuple(source.calendar(*calendar_days(observed))))
    return planning_request(
        KnownWeeks("x", metrics[-HISTORY_WEEKS - 1 :], activities, wellness, context)
    )


WORDS = (
    "Left calf tight after the hills on Thursday, fine again today. Travel to Berlin from "
    "Wednesday to Friday, the hotel has a treadmill. I like long rides and dislike the track. "
)
MOST_WORDS = WORDS * 6


def with_all_that_can_be_known(asked: PlanningRequest) -> PlanningRequest:
    """The same week of an athlete who writes much, and whose every session had been planned."""
    activities = [
        Activity.model_validate(
            {
                **one.model_dump(by_alias=True),
                "icu_rpe": 4,
                "feel": 2,
                "icu_weighted_avg_watts": 201,
                "description": MOST_WORDS,
            }
        )
        for one in asked.activities
    ]
    planned = [
        PlannedAndDone(
            day=one.day,
            sport=Sport.RUN,
            kind=SessionKind.THRESHOLD,
            planned_duration_s=3900,
            planned_load=70,
            outcome=SessionOutcome.MISSED if number % 6 == 0 else SessionOutcome.DONE,
            activity_id=None if number % 6 == 0 else one.id,
            workout="run-tempo-blocks/3" if number % 3 == 0 else None,
        )
        for number, one in enumerate(activities)
    ]
    monday = asked.context.planned_week.start
    return replace(
        asked,
        activities=tuple(activities),
        notes=MOST_WORDS[:1000],
        calendar_notes=(CalendarNote(monday, MOST_WORDS),) * 8,
        planned_of_late=tuple(
            one for one in planned if one.day >= monday - timedelta(weeks=SESSION_WEEKS)
        ),
        workouts=tuple(
            DoneWorkout(
                family=f"run-tempo-{number % 4}",
                level=2,
                sport=Sport.RUN,
                day=monday - timedelta(days=5 * number),
                is_done=True,
            )
            for number in range(1, 8)
        ),
    )


def test_however_much_is_known_the_prompt_has_at_most_3500_tokens() -> None:
    template = read_template()
    known = [with_all_that_can_be_known(sample_request(sunday)) for sunday in WEEKS]
    prompts = [render_prompt(template, asked) for asked in known]
    for prompt, count in zip(prompts, tokens(*prompts), strict=True):
        assert 2_500 < count <= 3_500
        # Without a tokenizer, a little too many are counted.
        assert count < about_tokens(prompt) < 1.1 * count


def test_the_prompt_of_each_sample_week_has_at_most_3500_tokens() -> None:
    template = read_template()
    prompts = [render_prompt(template, sample_request(sunday)) for sunday in WEEKS]
    for sunday, count in zip(WEEKS, tokens(*prompts), strict=True):
        assert 1_500 < count <= 3_500, sunday


def test_the_longest_notes_in_any_language_stay_within_the_margin() -> None:
    notes = [
        "膝が少し痛いので坂道は避けたい。" * 100,
        "Колено немного болит после горок. " * 100,
        "ركبتي تؤلمني قليلا بعد التلال. " * 100,
        "Mañana viajo; prefiero correr el jueves, con mi grupo. " * 100,
    ]
    longest = [note[:1000] for note in notes]
    for note, count in zip(longest, tokens(*longest), strict=True):
        assert count - about_tokens(note) < 0.05 * MOST_PROMPT_TOKENS


def test_the_schema_of_an_answer_has_at_most_500_tokens_and_an_answer_fewer() -> None:
    schema, answer = tokens(json.dumps(answer_schema(), separators=(",", ":")), json.dumps(STRONG))
    assert schema <= 500
    assert answer == pytest.approx(300, abs=200)
