"""One answer of a planner and what the rules said of it."""

from datetime import datetime

from pydantic import Field

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.guardrails import Verdict
from weekly_plan_assets.domain.weekly_plan import WeeklyPlan


class Attempt(Document):
    """One answer: kept whether or not it was accepted.

    Attributes:
        errors: Why it was rejected, each beginning with the rule's id; empty for a valid plan.
        plan: The plan, where the answer had the shape of one; valid only if there are no errors.
            Not stored with the attempt: `output_raw` holds it.
    """

    attempt: int = Field(ge=0)
    output_raw: str
    errors: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    plan: WeeklyPlan | None = Field(default=None, exclude=True)
    started_at: datetime
    duration_s: float = Field(ge=0)
