"""The plan quality score of docs/planning.md is that of docs/plan_quality.json."""

import json

from benchmarks.plan_quality import BEGIN, END, PAGE, PICTURE, RESULTS, markdown, stored_scores
from benchmarks.plan_quality_picture import quality_picture
from weekly_plan_assets.evaluation.quality.items import CLOSED_ITEMS, OPEN_ITEMS
from weekly_plan_assets.sources.personas.persona_table import PERSONAS


def test_the_page_and_the_picture_show_the_score_that_was_measured_last() -> None:
    scores = stored_scores(json.loads(RESULTS.read_text()))
    assert f"{BEGIN}{markdown(scores)}{END}" in PAGE.read_text()
    assert PICTURE.read_text() == f"{quality_picture(scores)}\n"


def test_the_score_has_every_item_and_every_athlete() -> None:
    known = [(item.id, item.what, item.low, item.high) for item in (*OPEN_ITEMS, *CLOSED_ITEMS)]
    scores = stored_scores(json.loads(RESULTS.read_text()))
    for column, score in scores.items():
        found = [(item.id, item.what, item.low, item.high) for item in score.items]
        # Items that came later were not measured before.
        assert found == known or (column == "before" and set(found) < set(known))
        assert list(score.athletes) == [persona.key for persona in PERSONAS]
        assert score.weeks == 52
