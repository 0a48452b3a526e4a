"""The sums of a filled sheet, against sums made by hand."""

from datetime import date

import pytest

from weekly_plan_assets.evaluation.blind_sheet import SheetKey, SheetWeek
from weekly_plan_assets.evaluation.filled_sheet import FilledSheet, FilledWeek, PlanScores
from weekly_plan_assets.evaluation.score_sums import ScoreSums, sign_test


def week(number: int | None, *planners: str, failed: tuple[str, ...] = ()) -> SheetWeek:
    monday = date(2025, 12, 1)
    return SheetWeek(
        number=number,
        athlete_id=f"athlete-{number}",
        observed_week_start=monday,
        planners=planners,
        without_plan=failed,
    )


def filled(number: int, *scores: tuple[int, int, int], signed: str | None = None) -> FilledWeek:
    plans = tuple(
        PlanScores(letter=letter, safe=safe, fitting=fitting, clear=clear)
        for letter, (safe, fitting, clear) in zip("ABC", scores, strict=False)
    )
    remark = "B is too long" if number == 2 else ""
    return FilledWeek(number=number, plans=plans, signed=signed, remark=remark)


KEY = SheetKey(
    sheet_id="0123456789ab",
    seed=1,
    weeks=(
        week(1, "m", "rules"),
        week(2, "rules", "m"),
        week(None, "rules", failed=("m", "weak")),
        week(3, "rules", "m", "weak"),
        week(4, "m", "rules"),
        week(5, "m", "rules"),
    ),
)
FILLED = FilledSheet(
    scored_by="Ana",
    weeks=(
        filled(1, (5, 4, 3), (3, 3, 3), signed="A"),
        filled(2, (4, 4, 4), (2, 2, 2), signed="A"),
        filled(3, (4, 4, 4), (5, 5, 5), (1, 1, 1), signed="B"),
        filled(4, (3, 3, 3), (3, 3, 3)),
    ),
)


def test_scores_are_summed_by_planner_whatever_letter_it_had() -> None:
    sums = ScoreSums.of(KEY, FILLED)
    assert (sums.weeks, sums.not_scored, sums.none_signed) == (4, (5,), 1)
    by_name = {one.model_id: one for one in sums.planners}
    m, rules, weak = by_name["m"], by_name["rules"], by_name["weak"]
    assert (m.scored, m.without_plan, m.signed) == (4, 1, 2)
    assert (m.safe, m.fitting, m.clear) == (15 / 4, 14 / 4, 13 / 4)
    assert m.mean == pytest.approx(42 / 12)
    assert (rules.scored, rules.without_plan, rules.signed) == (4, 0, 1)
    assert rules.mean == pytest.approx(42 / 12)
    assert (weak.scored, weak.without_plan, weak.mean) == (1, 1, 1)


def test_pairs_are_counted_over_the_weeks_of_both_and_failures_beside_them() -> None:
    pairs = {(one.one, one.other): one for one in ScoreSums.of(KEY, FILLED).pairs}
    pair = pairs["m", "rules"]
    assert (pair.weeks, pair.wins, pair.losses, pair.ties) == (4, 2, 1, 1)
    assert (pair.only_one, pair.only_other) == (0, 1)
    assert pair.chance == 1
    assert pairs["m", "weak"].weeks == 1
    assert (pairs["rules", "weak"].wins, pairs["rules", "weak"].only_one) == (1, 1)


def test_a_remark_says_who_was_behind_the_letters() -> None:
    assert ScoreSums.of(KEY, FILLED).remarks == ("week 2 (A rules, B m): B is too long",)


def test_a_sheet_of_the_same_scorer_takes_the_place_of_the_earlier_one() -> None:
    other = FilledSheet(scored_by="Ben", weeks=FILLED.weeks[:1])
    key = KEY.with_filled(FILLED).with_filled(other)
    again = key.with_filled(FilledSheet(scored_by="Ana", weeks=FILLED.weeks[:2]))
    assert [(one.scored_by, len(one.weeks)) for one in again.filled] == [("Ben", 1), ("Ana", 2)]


@pytest.mark.parametrize(
    ("wins", "losses", "chance"),
    [(0, 0, None), (1, 0, 1), (5, 0, 2 / 32), (1, 5, 14 / 64), (3, 3, 1), (9, 1, 22 / 1024)],
)
def test_the_sign_test_is_that_of_the_tables(wins: int, losses: int, chance: float | None) -> None:
    assert sign_test(wins, losses) == (None if chance is None else pytest.approx(chance))
