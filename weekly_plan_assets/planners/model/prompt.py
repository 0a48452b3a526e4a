"""The words that a model is asked with: a template file with what the request says in it.

What is the same for every week and athlete comes first, so that providers can cache it. The
athlete's data stands between two delimiter lines, as tables in which no character that a delimiter
is made of occurs: whatever somebody named their activity, it cannot leave the block.
"""

from collections.abc import Sequence
from importlib.resources import files
from string import Template
from typing import Any, NamedTuple

from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.guardrails import Severity, guardrails_in_force
from weekly_plan_assets.domain.plan.session_parts import Intent
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.decisions.contract import DecidedDay, DecidedSport
from weekly_plan_assets.planners.model.data_tables import data_tables
from weekly_plan_assets.planners.model.table_rows import about_tokens
from weekly_plan_assets.planners.model.week_brief import week_brief

TEMPLATE_PATH = files("weekly_plan_assets.planners") / "prompts" / "weekly_plan.md"

WEEK_OPENS = "<week>"
DATA_OPENS = "<athlete_data>"
DATA_CLOSES = "</athlete_data>"

MOST_PROMPT_TOKENS = 3_500
"""Of a whole prompt, by `about_tokens`: a long list of sessions makes room for other things."""

MOST_SESSIONS = (20, 16, 12, 8, 4)
"""How many single sessions are listed: the first number with which the prompt is short enough."""

_LANGUAGES = {Language.ENGLISH: "English", Language.SPANISH: "Spanish"}


class PromptTemplate(NamedTuple):
    """The parts of the template file. Its first line names the version."""

    version: str
    instructions: Template
    data: Template
    rejection: Template


def read_template() -> PromptTemplate:
    """The template that ships with the package."""
    text = TEMPLATE_PATH.read_text(encoding="utf-8")
    head, rest = text.split("=== instructions ===\n")
    instructions, rest = rest.split("=== data ===\n")
    data, rejection = rest.split("=== rejection ===\n")
    return PromptTemplate(
        head.removeprefix("version:").strip(),
        Template(instructions),
        Template(data),
        Template(rejection.strip()),
    )


def render_prompt(template: PromptTemplate, request: PlanningRequest) -> str:
    """The whole prompt, instructions and data; the same request gives the same bytes."""
    facts = _facts(request)

    def rendered(most_sessions: int) -> str:
        known = {**facts, "data": data_tables(request, most_sessions)}
        return template.instructions.substitute(known) + template.data.substitute(known)

    *more, fewest = MOST_SESSIONS
    fitting = (text for text in map(rendered, more) if about_tokens(text) <= MOST_PROMPT_TOKENS)
    return next(fitting, None) or rendered(fewest)


def _facts(request: PlanningRequest) -> dict[str, Any]:
    """What the template says of the week, and of what code allows in any week."""
    week = request.context.planned_week
    return {
        "week_start": week.start,
        "week_end": week.end,
        "days": ", ".join(DecidedDay),
        "sports": ", ".join(DecidedSport),
        "should": " ".join(
            f"{rule.id}: {rule.statement}"
            for rule in guardrails_in_force()
            if rule.severity is Severity.WARNING
        ),
        "intents": ", ".join(Intent),
        "week": week_brief(request),
        "language": _LANGUAGES[request.context.athlete.language],
    }


def split_prompt(prompt: str) -> tuple[str, str]:
    """The instructions, and the week with the data: a message each. Joined, the prompt.

    Prompts up to `weekly-plan-6` had the week among the instructions.
    """
    opens = WEEK_OPENS if f"\n{WEEK_OPENS}\n" in prompt else DATA_OPENS
    at = prompt.index(f"\n{opens}\n") + 1
    return prompt[:at], prompt[at:]


def render_rejection(template: PromptTemplate, errors: Sequence[str]) -> str:
    """What is said to a rejected answer: its violations by rule id, one a line."""
    return template.rejection.substitute(
        errors="\n".join(f"- {' '.join(error.split())}" for error in errors)
    )
