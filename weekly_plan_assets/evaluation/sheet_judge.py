"""A language model that scores a blind sheet, week by week, in the form in which a person does.

How a week is shown to it is said by the caller; how its answer is read, by `sheet_reading`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from weekly_plan_assets.evaluation.blind_sheet import SheetError, SheetKey
from weekly_plan_assets.evaluation.filled_sheet import FilledSheet, FilledWeek
from weekly_plan_assets.evaluation.sheet_reading import read_sheet
from weekly_plan_assets.planners.base import Answer

LONGEST_KEPT = 4_000
"""So much of an answer is kept and sent again: its scores take about 200 characters."""


class AskedModel(Protocol):
    """A model that answers questions."""

    @property
    def model_id(self) -> str:
        """What it is called."""
        ...

    def ask(
        self, instructions: str, question: str, turns: Sequence[tuple[str, str]] = ()
    ) -> Answer:
        """Its answer, given earlier ones and what was said to them.

        Raises:
            PlannerError: It cannot be asked.
        """
        ...


@dataclass
class SheetJudge:
    """A model and the sheet that it scores.

    Attributes:
        instructions: What it is to do.
        questions: The weeks as they are shown to it, by number.
        max_attempts: How many answers it has for a week.
        not_scored: Why a week has no scores, by number.
    """

    model: AskedModel
    key: SheetKey
    instructions: str
    questions: Mapping[int, str]
    max_attempts: int
    not_scored: dict[int, str] = field(default_factory=dict, init=False)
    _weeks: list[FilledWeek] = field(default_factory=list, init=False)

    def run(self) -> Iterator[int]:
        """Ask about one week after the other; the number of each is reported before.

        Raises:
            PlannerError: The model cannot be asked; the weeks so far are there.
        """
        for number, question in self.questions.items():
            yield number
            self._judge(number, question)

    def filled(self) -> FilledSheet | None:
        """The sheet as far as it is scored; None if no week is."""
        if not self._weeks:
            return None
        return FilledSheet(scored_by=self.model.model_id, weeks=tuple(self._weeks))

    def _judge(self, number: int, question: str) -> None:
        own = self.key.model_copy(update={"weeks": (self.key.on_sheet[number],)})
        turns: list[tuple[str, str]] = []
        for _ in range(self.max_attempts):
            answer = _kept(self.model.ask(self.instructions, question, turns).output_raw)
            try:
                (week,) = read_sheet(answer, own).weeks
            except SheetError as error:
                turns.append((answer, f"{error}. Answer with the filled lines alone."))
                continue
            answers = (*(earlier for earlier, _ in turns), answer)
            self._weeks.append(week.model_copy(update={"answers": answers}))
            return
        self.not_scored[number] = turns[-1][1]


def _kept(text: str) -> str:
    """The beginning of an answer, without what is no character and could not be stored."""
    return text[:LONGEST_KEPT].encode("utf-8", "replace").decode()
