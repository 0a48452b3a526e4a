"""Filled sheets read back: many forms are understood, and what is missing is named by its line."""

from datetime import date

import pytest

from weekly_plan_assets.evaluation.blind_sheet import SheetError, SheetKey, SheetWeek
from weekly_plan_assets.evaluation.filled_sheet import FilledSheet, PlanScores
from weekly_plan_assets.evaluation.sheet_reading import read_sheet, sheet_id_in

ID = "0123456789ab"


def week(number: int | None, *planners: str, failed: tuple[str, ...] = ()) -> SheetWeek:
    return SheetWeek(
        number=number,
        athlete_id="steady",
        observed_week_start=date(2025, 12, 1),
        planners=planners,
        without_plan=failed,
    )


KEY = SheetKey(
    sheet_id=ID,
    seed=1,
    weeks=(week(1, "rules", "m"), week(None, "rules", failed=("m",)), week(2, "m", "rules")),
)
TITLE = f"# Blind sheet {ID}\n\nScored by: Ana\n\n"
ONE = "1A safe: 4 fitting: 3 clear: 5\n1B safe: 2 fitting: 2 clear: 1\n1 sign: A\n"
TWO = "2A safe: 1 fitting: 2 clear: 3\n2B safe: 3 fitting: 2 clear: 1\n2 sign: none\n"


def read(text: str) -> FilledSheet:
    return read_sheet(text, KEY)


def refused(text: str) -> str:
    with pytest.raises(SheetError) as refusal:
        read(text)
    return str(refusal.value)


def test_scores_signature_and_remark_are_read() -> None:
    filled = read(f"{TITLE}```scores\n{ONE}1 remark: A, | but short\n```\n")
    (found,) = filled.weeks
    assert filled.scored_by == "Ana"
    assert found.plans == (
        PlanScores(letter="A", safe=4, fitting=3, clear=5),
        PlanScores(letter="B", safe=2, fitting=2, clear=1),
    )
    assert (found.number, found.signed, found.remark) == (1, "A", "A, | but short")


@pytest.mark.parametrize(
    "line",
    [
        "1A  safe: 4  fitting: 3  clear: 5",
        "1a safe 4, fitting 3, clear 5",
        "- **1A** SAFE = 4; Fitting = 3; Clear = 5",
        "1 A: clear: 5 safe: 4/5 fitting: __3__",
        "| 1A | 4 | 3 | 5 |",
        "1A 4 3 5",
        "1A: 4, 3, 5",
        "Week 1, plan A: safe (4) fitting (3) clear (5)",
        "  > 1.A) safe:4 fitting:3 clear:5 points",
    ],
)
def test_a_line_of_scores_may_be_written_in_many_ways(line: str) -> None:
    filled = read(f"{TITLE}{ONE.replace('1A safe: 4 fitting: 3 clear: 5', line)}")
    assert filled.weeks[0].plans[0] == PlanScores(letter="A", safe=4, fitting=3, clear=5)


@pytest.mark.parametrize(
    ("line", "signed"),
    [
        ("1 sign: b", "B"),
        ("1 signed: plan B.", "B"),
        ("Week 1: sign = **B**", "B"),
        ("1  sign   B", "B"),
        ("1 sign: none", None),
        ("1 sign: neither", None),
        ("1 sign: No.", None),
        ("1 sign: none of them", None),
        ("1 sign: B, because it is a calmer week", "B"),
        ("1 sign: b (good)", "B"),
    ],
)
def test_a_signature_may_be_written_in_many_ways(line: str, signed: str | None) -> None:
    filled = read(TITLE + ONE.replace("1 sign: A", line))
    assert filled.weeks[0].signed == signed


def test_a_remark_may_go_on_over_several_lines_of_its_block() -> None:
    text = f"{TITLE}```scores\n{ONE}1 remark: A is short,\n  but calm.\n\nB is not.\n```\n"
    assert read(text).weeks[0].remark == "A is short, but calm. B is not."


def test_a_week_whose_lines_are_deleted_is_left_out() -> None:
    assert [one.number for one in read(TITLE + TWO).weeks] == [2]


def test_only_blocks_of_scores_are_read_where_there_are_some() -> None:
    text = f"{TITLE}1A safe: 1 fitting: 1 clear: 1\n```\n2A 1 1 1\n```\n```scores\n{ONE}```\n"
    (found,) = read(text).weeks
    assert found.plans[0].safe == 4


def test_words_of_plans_are_passed_over_where_the_blocks_are_gone() -> None:
    text = f"{TITLE}3 x 10 min at tempo\n2026-01-05 rest\n| Tue | 4 x 4 min |\n{ONE}{TWO}"
    assert [one.number for one in read(text).weeks] == [1, 2]


def test_a_sheet_without_a_name_is_unnamed() -> None:
    assert read(f"# Blind sheet {ID}\nScored by:\n\n{ONE}").scored_by == "unnamed"


def test_the_sheet_is_known_by_its_title() -> None:
    assert sheet_id_in(f"**Blind sheet {ID}**\nanything") == ID
    with pytest.raises(SheetError, match="keep its title"):
        sheet_id_in(f"I scored {ID} on Sunday.")


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            "1A safe: 4 fitting: 3 clear: 5",
            "1A safe: 4 fitting: clear:",
            "line 5: week 1, plan A has no score for fitting, clear; write whole numbers from 1 to",
        ),
        ("safe: 4", "safe: 6", "line 5: week 1, plan A has 6 for safe; write whole numbers"),
        ("safe: 4", "safe: 0", "line 5: week 1, plan A has 0 for safe"),
        ("safe: 4", "safe: -4", "line 5: week 1, plan A has -4 for safe"),
        ("safe: 4", "safe: 3.5", "line 5: week 1, plan A has 3.5 for safe"),
        ("safe: 4", "safe: good", "line 5: week 1, plan A has no score for safe"),
        (
            "1B safe: 2 fitting: 2 clear: 1\n",
            "",
            "line 5: week 1 has no line for plan B; add `1B safe: fitting: clear:`",
        ),
        ("1 sign: A\n", "", "line 5: week 1 does not say which plan you would sign; write A, B or"),
        ("1 sign: A", "1 sign:", "line 7: week 1 does not say which plan you would sign"),
        ("1 sign: A", "1 sign: A or B", "line 7: week 1 signs 'A or B'; write A, B or none behind"),
        ("1 sign: A", "1 sign: C", "line 7: week 1 signs 'C'; write A, B or none"),
        ("1B", "1C", "line 6: week 1 has no plan C; its plans are A, B"),
        ("1B", "9B", "line 6: week 9 is not on sheet 0123456789ab, which has the weeks 1 to 2"),
        ("1B", "1A", "line 6: week 1, plan A is scored twice, first in line 5; keep one"),
        ("1 sign: A", "1 sign: A\n1 sign: B", "line 8: week 1 is signed twice, first in line 7"),
    ],
)
def test_what_is_missing_or_wrong_is_named_with_its_line_and_the_way_out(
    before: str, after: str, sentence: str
) -> None:
    assert before in ONE
    assert sentence in refused(TITLE + ONE.replace(before, after, 1) + TWO)


def test_a_week_that_is_not_filled_in_is_one_fault() -> None:
    blank = "1A safe: fitting: clear:\n1B safe: fitting: clear:\n1 sign:\n1 remark:\n"
    assert refused(TITLE + blank + TWO) == (
        "line 5: week 1 is not filled in; fill it in, or delete its lines of scores to leave it out"
    )


def test_a_line_in_a_block_that_cannot_be_read_is_named() -> None:
    said = refused(f"{TITLE}```scores\n{ONE}they are all fine\n```\n")
    assert "line 9: 'they are all fine' is no line of scores" in said


def test_a_file_without_any_score_says_how_one_is_written() -> None:
    assert "a line of scores is `1A safe: 4 fitting: 4 clear: 4`" in refused(f"{TITLE}All good.\n")


def test_many_faults_are_counted_after_the_first_ones() -> None:
    wrong = "".join(f"{number}A 1 1 1\n" for number in range(10, 30))
    said = refused(TITLE + wrong)
    assert said.endswith("12 more faults follow")
    assert said.count("line ") == 8
