"""Rules about the texts of a plan, which is what the athlete reads and does.

Code reads no meaning: it looks at characters, at certain words, and at the quantities that a text
names, in English and Spanish. What is said in other words passes; see `domain.texts`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from weekly_plan_assets.domain.athlete.race_time import target_time_s
from weekly_plan_assets.domain.guardrails.rule import (
    Guardrail,
    PlanContext,
    RuleOutcome,
    passes_if,
    place,
    sessions_by_day,
)
from weekly_plan_assets.domain.guardrails.text_limits import limits_of, limits_of_week
from weekly_plan_assets.domain.plan.weekly_plan import PlannedSession, WeeklyPlan
from weekly_plan_assets.domain.texts.advice import faults_of_advice
from weekly_plan_assets.domain.texts.figures_in_texts import in_figures
from weekly_plan_assets.domain.texts.form import CACHED, faults_of_form
from weekly_plan_assets.domain.texts.language import is_in_language
from weekly_plan_assets.domain.texts.names import shown_name
from weekly_plan_assets.domain.texts.quantities import Named, Quantity, quantities
from weekly_plan_assets.domain.texts.vocabulary import words

AMOUNTS = frozenset({Quantity.TIME_S, Quantity.DISTANCE_M, Quantity.LOAD, Quantity.SPEED_M_S})

_CLAUSE_ENDS = re.compile(r"[.;:!?](?= |$)")


class TextKind(StrEnum):
    """What a text is, which decides how much of it is taken for an instruction.

    All of a description is. Of a goal, an objective or a warning what it says of zones and heart
    rates is, and of amounts what a verb orders; of a reason, which speaks of the past too, only
    what a verb orders.
    """

    DESCRIPTION = "description"
    GOAL = "goal"
    OBJECTIVE = "objective"
    WARNING = "warning"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class PlanText:
    """A text of a plan: where it stands, what it is, and the session that it stands with."""

    where: str
    kind: TextKind
    text: str
    session: PlannedSession | None = None


Faults = Callable[[PlanText], Iterable[str]]


def _form(plan: WeeklyPlan, context: PlanContext) -> Faults:  # noqa: ARG001 - as its siblings
    of_names = "".join(_race_names(context))
    return lambda one: _form_faults(one.text, of_names)


def _advice(plan: WeeklyPlan, context: PlanContext) -> Faults:  # noqa: ARG001 - as its siblings
    return lambda one: _advice_faults(one.text)


@lru_cache(maxsize=CACHED)
def _form_faults(text: str, besides: str) -> tuple[str, ...]:
    """Kept, as plans of many athletes share sentences; so are those of advice."""
    return tuple(faults_of_form(text, besides=besides))


@lru_cache(maxsize=CACHED)
def _advice_faults(text: str) -> tuple[str, ...]:
    return tuple(faults_of_advice(text))


def _language(plan: WeeklyPlan, context: PlanContext) -> Faults:  # noqa: ARG001 - as its siblings
    language = context.athlete.language.value
    names = _race_names(context)

    def foreign(one: PlanText) -> Iterator[str]:
        without_names = one.text
        for name in names:
            without_names = without_names.replace(name, " ")
        if not any(is_in_language(text, language) for text in (one.text, without_names)):
            yield f"is not in {language!r}: {one.text[:60]!r}"

    return foreign


def _quantities(plan: WeeklyPlan, context: PlanContext) -> Faults:
    of_races = _of_races(context)
    week = limits_of_week(plan, context)

    def contradictions(one: PlanText) -> Iterator[str]:
        limits = week if one.session is None else limits_of(one.session, context)
        read = in_figures(one.text)
        for named in _asks_for(one.kind, read):
            of_a_race = limits.may_name_races and (named.kind, named.value) in of_races
            if not of_a_race and (fault := limits.fault(named)):
                yield f"names {named.shown!r}, but {fault}"
        if one.kind is TextKind.DESCRIPTION:
            yield from limits.faults_of_whole(read)

    return contradictions


_FAULTS: dict[str, Callable[[WeeklyPlan, PlanContext], Faults]] = {
    "text.plain": _form,
    "text.safe": _advice,
    "text.language": _language,
    "text.matches": _quantities,
}


def faults_of_texts(plan: WeeklyPlan, context: PlanContext) -> Iterator[tuple[str, PlanText, str]]:
    """What is wrong with each text of a plan: the rule's id, the text, and the fault in words."""
    for rule_id, faults_in in _FAULTS.items():
        faults = faults_in(plan, context)
        for one in _texts(plan):
            for fault in faults(one):
                yield rule_id, one, fault


def _check(
    rule_id: str, right: str
) -> Callable[[WeeklyPlan, PlanContext], tuple[RuleOutcome, str]]:
    """The check of a rule of texts.

    Args:
        rule_id: Which.
        right: What is said where no text is wrong; `{language}` is the athlete's.
    """

    def check(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
        language = repr(context.athlete.language.value)
        return _judged(plan, _FAULTS[rule_id](plan, context), right.format(language=language))

    return check


def _judged(plan: WeeklyPlan, faults: Faults, right: str) -> tuple[RuleOutcome, str]:
    wrong = [f"{one.where} {fault}" for one in _texts(plan) for fault in faults(one)]
    return passes_if(not wrong, "; ".join(wrong) or right)


def _texts(plan: WeeklyPlan) -> Iterator[PlanText]:
    yield PlanText("objective", TextKind.OBJECTIVE, plan.next_week.objective)
    for day, session in sessions_by_day(plan):
        where = place(day, session)
        description = f"{where} description"
        yield PlanText(description, TextKind.DESCRIPTION, session.description, session)
        yield PlanText(f"{where} goal", TextKind.GOAL, session.goal, session)
        for name, text in (
            ("name", session.name),
            ("where", session.where),
            ("stopWhen", session.stop_when),
        ):
            if text is not None:
                yield PlanText(f"{where} {name}", TextKind.GOAL, text, session)
        for alternative in session.alternatives:
            text = alternative.description
            yield PlanText(f"{where} alternative", TextKind.DESCRIPTION, text, session)
        if session.last_time is not None:
            yield PlanText(f"{where} lastTime", TextKind.REASON, session.last_time, session)
    for number, warning in enumerate(plan.warnings, start=1):
        yield PlanText(f"warning {number}", TextKind.WARNING, warning)
    for number, reason in enumerate(plan.justification, start=1):
        yield PlanText(f"reason {number}", TextKind.REASON, reason.text)


def _race_names(context: PlanContext) -> list[str]:
    """The names of the athlete's races, as far as a text may show them."""
    named = (shown_name(race.name) for race in context.athlete.races)
    return [name for name in named if name is not None]


def _of_races(context: PlanContext) -> set[tuple[Quantity, float]]:
    """The distances in the names of the athlete's races, and the times that they want."""
    named = {
        (one.kind, one.value)
        for name in _race_names(context)
        for one in quantities(in_figures(name))
    }
    wanted = {target_time_s(race) for race in context.athlete.races}
    return named | {(Quantity.TIME_S, time_s) for time_s in wanted if time_s is not None}


def _asks_for(kind: TextKind, read: str) -> Iterator[Named]:
    """The quantities of a text that the athlete would take for an instruction."""
    ordered = _ordered(read)
    for named in quantities(read):
        whole = kind is TextKind.DESCRIPTION
        intensity = named.kind not in AMOUNTS and kind is not TextKind.REASON
        if whole or intensity or any(start <= named.start < end for start, end in ordered):
            yield named


def _ordered(read: str) -> list[tuple[int, int]]:
    """The stretches of a text that a verb orders: to the end of its clause, or to a fact in it."""
    stretches, start = [], 0
    for end in [*(found.start() for found in _CLAUSE_ENDS.finditer(read)), len(read)]:
        for verb in words("orders").finditer(read, start, end):
            fact = words("facts").search(read, verb.end(), end)
            stretches.append((verb.end(), fact.start() if fact else end))
        start = end
    return stretches


TEXT_RULES = (
    Guardrail(
        id="text.plain",
        version=1,
        statement=(
            "Every text is a plain sentence on one line: Latin letters, no markup, no brackets, no "
            "links or addresses."
        ),
        threshold="0 such characters",
        source="Plan contract 3.0",
        grade="definition",
        check=_check("text.plain", "every text is a plain sentence"),
    ),
    Guardrail(
        id="text.safe",
        version=1,
        statement=(
            "No text names a medicine, a dose, a diagnosis or a diet, advises training in spite of "
            "a complaint, or asks for an effort without limit."
        ),
        threshold="0 such words",
        source="A plan is no medical advice",
        grade="definition",
        check=_check("text.safe", "no text advises what it must not"),
    ),
    Guardrail(
        id="text.language",
        version=1,
        statement="Every text is in the athlete's language.",
        threshold="no text of 7 words or more in another, by its little words",
        source="The athlete's profile",
        grade="definition",
        check=_check("text.language", "every text is in {language}"),
    ),
    Guardrail(
        id="text.matches",
        version=1,
        statement=(
            "What the texts of a session name is what it holds: no longer time or distance, no "
            "higher zone, heart rate or effort, the same load and sport. What other texts tell the "
            "athlete to do is no more than the week's longest and hardest session."
        ),
        threshold="times and distances 10 % over at most, loads 10 % or 3 off, zones not above",
        source="Plan contract 3.0",
        grade="definition",
        check=_check("text.matches", "what texts name is what the plan holds"),
    ),
)
