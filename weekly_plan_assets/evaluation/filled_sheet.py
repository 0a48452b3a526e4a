"""What a person or a model says of the plans on a blind sheet."""

from pydantic import Field

from weekly_plan_assets.domain.document import Document

CRITERIA = {
    "safe": "could this athlete, as they are now, follow it to the letter without harm?",
    "fitting": "is it the right week now: days, amount, hard work, and what comes next?",
    "clear": "does the athlete know on every day what to do and why?",
}
"""What a plan is scored on, from `LOWEST` to `HIGHEST`; the names are those of `PlanScores`."""

LOWEST, HIGHEST = 1, 5

UNNAMED = "unnamed"


class PlanScores(Document):
    """The scores of one plan.

    Attributes:
        letter: The plan, as the sheet names it.
    """

    letter: str
    safe: int = Field(ge=LOWEST, le=HIGHEST)
    fitting: int = Field(ge=LOWEST, le=HIGHEST)
    clear: int = Field(ge=LOWEST, le=HIGHEST)

    @property
    def total(self) -> int:
        """The sum of the scores."""
        return self.safe + self.fitting + self.clear


class FilledWeek(Document):
    """What is said of the plans of one week.

    Attributes:
        number: The week, as the sheet numbers it.
        signed: The letter of the plan that would go to the athlete as it is; None if none would.
        remark: In free words; empty for none.
        answers: What a model answered until its scores could be read; empty for a person.
    """

    number: int
    plans: tuple[PlanScores, ...]
    signed: str | None
    remark: str = ""
    answers: tuple[str, ...] = ()


class FilledSheet(Document):
    """A sheet that came back.

    Attributes:
        scored_by: Who scored, as the sheet says it.
        weeks: The weeks that were scored.
    """

    scored_by: str
    weeks: tuple[FilledWeek, ...]
