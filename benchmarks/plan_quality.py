"""The plan quality score of docs/planning.md, over the simulated athletes.

With `--write before` or `--write after` the score becomes that column of the page, of
docs/plan_quality.json and of the picture; `after` is what a change of the planner is judged by.
"""

import json
import sys
from collections.abc import Sequence
from itertools import pairwise
from time import perf_counter
from typing import Any

from benchmarks.figures import Figure, show
from benchmarks.plan_quality_picture import quality_picture
from weekly_plan_assets.evaluation.quality.planned_week import YEAR_WEEKS
from weekly_plan_assets.evaluation.quality.score import PlanQuality, Reading, Scoring
from weekly_plan_assets.evaluation.quality.score_rows import (
    TITLES,
    ScoreTable,
    athlete_rows,
    bound,
    reading_text,
    score_tables,
)
from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets.sources.personas.persona_table import PERSONAS

PAGE = PROJECT_ROOT / "docs" / "planning.md"
RESULTS = PROJECT_ROOT / "docs" / "plan_quality.json"
PICTURE = PROJECT_ROOT / "docs" / "images" / "plan_quality.svg"
BEGIN, END = "<!-- plan quality: begin -->\n", "<!-- plan quality: end -->"
COLUMNS = ("before", "after")

WEEKS = YEAR_WEEKS
ATHLETES = len(PERSONAS)


def main() -> None:
    """Score, and show a table, or JSON with `--json`."""
    scoring = Scoring(PERSONAS[:ATHLETES], WEEKS)
    moments = [perf_counter() for _ in scoring.run()]
    moments.append(perf_counter())
    score = scoring.score()
    if "--write" in sys.argv:
        write(score, sys.argv[sys.argv.index("--write") + 1])
    loops_s = [end - begin for begin, end in pairwise(moments)]
    show(
        "Plan quality",
        [Figure(f"one week of {len(loops_s)} loops, mean", sum(loops_s) / len(loops_s) / WEEKS)],
        planner=score.planner,
        **{TITLES[table.loop]: _rows_of(table) for table in score_tables(score)},
    )


def _rows_of(table: ScoreTable) -> list[dict[str, str]]:
    return [
        {"item": item.id, "what": item.what, "good": bound(item)}
        | {
            setting: reading_text(item, reading)
            for setting, reading in zip(table.settings, table.readings(item), strict=True)
        }
        for item in table.items
    ]


def write(score: PlanQuality, column: str) -> None:
    """Put a score into the page, the JSON beside it and the picture; the other column stays.

    Raises:
        ValueError: There is no such column.
    """
    if column not in COLUMNS:
        raise ValueError(f"the columns are {' and '.join(COLUMNS)}, but --write has {column!r}")
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else dict.fromkeys(COLUMNS)
    known[column] = score.model_dump(mode="json")
    RESULTS.write_text(f"{json.dumps(known, indent=1)}\n")
    scores = stored_scores(known)
    PICTURE.write_text(f"{quality_picture(scores)}\n")
    before, _, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}{markdown(scores)}{END}{rest.partition(END)[2]}")


def stored_scores(stored: dict[str, Any]) -> dict[str, PlanQuality]:
    """The scores by column, as the JSON has them; a column without one is left out."""
    return {
        column: PlanQuality.model_validate(stored[column]) for column in COLUMNS if stored[column]
    }


def markdown(scores: dict[str, PlanQuality]) -> str:
    """The tables of the page: all items, loop by loop, then the athletes one by one."""
    parts = []
    for tables in zip(*map(score_tables, scores.values()), strict=True):
        parts += [f"{TITLES[tables[0].loop]}:", _table(_side_by_side(scores, tables))]
    for column, score in scores.items():
        parts.append(f"Each athlete's own values, {column} ({score.planner}):")
        parts.append(_table(athlete_rows(score)))
    *_, newest = scores.values()
    left_out = [f"- {key}: {why}." for key, why in newest.not_computed.items()]
    parts.append("\n".join(["Not computed:", "", *left_out]))
    return "\n" + "\n\n".join(parts) + "\n\n"


def _side_by_side(
    scores: dict[str, PlanQuality], tables: Sequence[ScoreTable]
) -> list[tuple[str, ...]]:
    """One loop of all scores: what an item is, then for each setting what each score found.

    The items are those of the last score; an earlier one may lack some.
    """
    newest = tables[-1]
    settings = [(setting, column) for setting in newest.settings for column in scores]
    names = (f"{setting}, {column}" for setting, column in settings)
    rows = [("Item", "What", "Good", *names, "Bound from")]
    for item in newest.items:
        readings = [_readings(table, item.id, len(newest.settings)) for table in tables]
        found = [
            reading_text(item, reading)
            for of_setting in zip(*readings, strict=True)
            for reading in of_setting
        ]
        rows.append((item.id, item.what, bound(item), *found, item.source))
    return rows


def _readings(table: ScoreTable, item_id: str, settings: int) -> Sequence[Reading | None]:
    """What a score found for an item, one for each setting; None where it has no such item."""
    own = next((item for item in table.items if item.id == item_id), None)
    return [None] * settings if own is None else table.readings(own)


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
