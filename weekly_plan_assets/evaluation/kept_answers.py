"""What is kept of one asking of an evaluation: the question, all answers, and the plan."""

from datetime import date

from pydantic import Field

from weekly_plan_assets.domain.attempt import Attempt
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.evaluation.week_facts import WeekFacts


class EvaluationAnswer(Document):
    """A planner's answers about one week of one athlete.

    Attributes:
        repeat: Counts from 0 how often the planner was asked about this week.
        prompt: What it was asked with.
        input_hashes: SHA-256 of what the prompt was made from, by input.
        facts: What was known of the athlete, for who judges the plan.
        attempts: Every answer, in order; the last one decides.
        plan: The plan that was accepted; None if none was.
    """

    evaluation_id: str
    athlete_id: str
    observed_week_start: date
    week_start: date
    model_id: str
    prompt_version: str
    repeat: int = Field(ge=0)
    prompt: str
    input_hashes: dict[str, str]
    facts: WeekFacts
    attempts: tuple[Attempt, ...]
    plan: WeeklyPlan | None

    @property
    def key(self) -> str:
        """Its `_id`: the same asking has the same one."""
        about = (self.athlete_id, str(self.observed_week_start), self.model_id, str(self.repeat))
        return "|".join((self.evaluation_id, *about))
