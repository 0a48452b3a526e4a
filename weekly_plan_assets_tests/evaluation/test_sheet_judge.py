"""A model that scores a sheet: its answers are read as those of a person, or asked for again."""

from collections.abc import Sequence
from datetime import date

import pytest

from weekly_plan_assets.evaluation.blind_sheet import SheetKey, SheetWeek
from weekly_plan_assets.evaluation.sheet_judge import LONGEST_KEPT, SheetJudge
from weekly_plan_assets.planners.base import Answer, PlannerError

KEY = SheetKey(
    sheet_id="0123456789ab",
    seed=1,
    weeks=tuple(
        SheetWeek(
            number=number,
            athlete_id="steady",
            observed_week_start=date(2025, 12, 1),
            planners=("m", "rules"),
            without_plan=(),
        )
        for number in (1, 2)
    ),
)
GOOD = {
    number: f"{number}A safe: 4 fitting: 3 clear: 5\n{number}B 2 2 2\n{number} sign: A"
    for number in (1, 2)
}


class ScriptedJudge:
    """Answers by a script; what it is asked is remembered."""

    model_id = "some:judge"

    def __init__(self, *script: str | Exception) -> None:
        self.asked: list[tuple[str, str, list[tuple[str, str]]]] = []
        self._script = iter(script)

    def ask(
        self, instructions: str, question: str, turns: Sequence[tuple[str, str]] = ()
    ) -> Answer:
        self.asked.append((instructions, question, list(turns)))
        answer = next(self._script)
        if isinstance(answer, Exception):
            raise answer
        return Answer(answer)


def judging(*script: str | Exception, max_attempts: int = 3) -> tuple[SheetJudge, ScriptedJudge]:
    model = ScriptedJudge(*script)
    questions = {1: "the first week", 2: "the second week"}
    return SheetJudge(model, KEY, "Score it.", questions, max_attempts), model


def test_every_week_is_asked_about_by_itself_and_its_answer_is_kept() -> None:
    judge, model = judging(f"```\n{GOOD[1]}\n```", f"Here you are:\n{GOOD[2]}")
    assert list(judge.run()) == [1, 2]
    assert model.asked == [
        ("Score it.", "the first week", []),
        ("Score it.", "the second week", []),
    ]
    filled = judge.filled()
    assert filled is not None
    assert filled.scored_by == "some:judge"
    assert [(week.number, week.signed) for week in filled.weeks] == [(1, "A"), (2, "A")]
    assert filled.weeks[1].answers == (f"Here you are:\n{GOOD[2]}",)
    assert filled.weeks[0].plans[0].total == 12


def test_an_answer_that_lacks_a_score_goes_back_with_what_is_missing() -> None:
    judge, model = judging("1A safe: 4\n1B 2 2 2\n1 sign: A", GOOD[1], GOOD[2])
    list(judge.run())
    (earlier, reply) = model.asked[1][2][0]
    assert earlier.startswith("1A safe: 4")
    assert "plan A has no score for fitting, clear" in reply
    filled = judge.filled()
    assert filled is not None
    assert len(filled.weeks[0].answers) == 2
    assert judge.not_scored == {}


@pytest.mark.parametrize("answer", ["I like both.", GOOD[2], "1A 9 9 9\n1B 1 1 1\n1 sign: A", ""])
def test_a_week_without_readable_scores_is_named_and_the_others_are_scored(answer: str) -> None:
    judge, model = judging(answer, answer, GOOD[2], max_attempts=2)
    list(judge.run())
    filled = judge.filled()
    assert filled is not None
    assert [week.number for week in filled.weeks] == [2]
    assert list(judge.not_scored) == [1]
    assert len(model.asked) == 3


def test_of_an_endless_answer_the_beginning_is_read() -> None:
    judge, _ = judging(GOOD[1] + "\n" + "x" * 100_000, GOOD[2])
    list(judge.run())
    filled = judge.filled()
    assert filled is not None
    assert len(filled.weeks[0].answers[0]) == LONGEST_KEPT


def test_what_is_no_character_is_kept_as_a_question_mark() -> None:
    judge, _ = judging(f"{GOOD[1]}\n1 remark: \ud83d fine", GOOD[2])
    list(judge.run())
    filled = judge.filled()
    assert filled is not None
    assert filled.weeks[0].remark == "? fine"
    assert filled.weeks[0].answers[0].endswith("? fine")


def test_a_judge_that_breaks_leaves_what_is_scored() -> None:
    judge, _ = judging(GOOD[1], PlannerError("its key is refused"))
    with pytest.raises(PlannerError):
        list(judge.run())
    filled = judge.filled()
    assert filled is not None
    assert [week.number for week in filled.weeks] == [1]
    nothing, _ = judging(PlannerError("its key is refused"))
    with pytest.raises(PlannerError):
        list(nothing.run())
    assert nothing.filled() is None
