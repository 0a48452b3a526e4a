"""How many tokens a model reads and writes for a week of the sample, by the tokenizer of o200k."""

import json
import shutil
import subprocess
from datetime import date

import pandas as pd
import pytest

from weekly_plan_assets.domain.athlete.profile import AthleteContext, calendar_days
from weekly_plan_assets.domain.metrics.weekly_metrics import (
    HISTORY_WEEKS,
    WeeklyMetrics,
    summarise_weeks,
)
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.lineage.records.planning import KnownWeeks, planning_request
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.decisions.contract import answer_schema
from weekly_plan_assets.planners.model.prompt import read_template, render_prompt
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


def test_the_prompt_of_each_sample_week_has_at_most_3500_tokens() -> None:
    template = read_template()
    prompts = [render_prompt(template, sample_request(sunday)) for sunday in WEEKS]
    for sunday, count in zip(WEEKS, tokens(*prompts), strict=True):
        assert 1_500 < count <= 3_500, sunday


def test_the_schema_of_an_answer_has_at_most_500_tokens_and_an_answer_fewer() -> None:
    schema, answer = tokens(json.dumps(answer_schema(), separators=(",", ":")), json.dumps(STRONG))
    assert schema <= 500
    assert answer == pytest.approx(300, abs=200)
