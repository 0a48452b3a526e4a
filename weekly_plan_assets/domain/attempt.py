"""One answer of a planner and what the rules said of it."""

from datetime import datetime

from pydantic import Field

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.guardrails import Verdict
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan


class Attempt(Document):
    """One answer: kept whether or not it was accepted.

    Attributes:
        output_raw: The text of the answer, JSON without its blanks; empty where none came. Of one
            that is too long to be read, the beginning.
        output_raw_bytes: Length of the whole answer in UTF-8, where only its beginning is kept.
        output_raw_sha256: SHA-256 of the whole answer, likewise.
        errors: Why it was rejected, each beginning with the rule's id; empty for a valid plan.
        plan: The plan, where the answer had the shape of one; valid only if there are no errors.
            Not stored with the attempt: `output_raw` holds it.
        input_tokens: What the planner read; None if it counts none, as for the next ones.
        output_tokens: What it wrote, thinking included.
        cached_tokens: Those of `input_tokens` that the provider had in its cache; None where there
            were none, or it does not say.
        cost_usd: What the tokens cost in US dollars by the price list of the day, an estimate.
        continued: Whether the provider still held the conversation: it was sent only what was wrong
            with the answer before. Otherwise it was sent the prompt and all answers again, as they
            are kept, each with what was wrong.
        finish_reason: Why it ended: `stop`, `length` (cut off), `content_filter` (refused).
        model: Who really answered, where a model says so.
        fallback: Whether another planner answered because the one asked for had no valid plan.
        notes: What of the answer was read otherwise than it stood there, added or left out.
    """

    attempt: int = Field(ge=0)
    output_raw: str
    output_raw_bytes: int | None = Field(default=None, ge=0)
    output_raw_sha256: str | None = None
    errors: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    plan: WeeklyPlan | None = Field(default=None, exclude=True)
    input_tokens: int | None = Field(default=None, ge=0)
    output_tokens: int | None = Field(default=None, ge=0)
    cached_tokens: int | None = Field(default=None, ge=0)
    cost_usd: float | None = Field(default=None, ge=0)
    continued: bool = False
    finish_reason: str | None = None
    model: str | None = None
    fallback: bool = False
    notes: tuple[str, ...] = ()
    started_at: datetime
    duration_s: float = Field(ge=0)

    @property
    def tokens(self) -> int:
        """Tokens read and written; 0 where none were counted."""
        return (self.input_tokens or 0) + (self.output_tokens or 0)
