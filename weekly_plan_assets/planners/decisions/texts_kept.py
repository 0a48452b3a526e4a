"""The words of who decided a week, in its plan: where they are fit for the athlete.

A text that contradicts its session, gives advice that none should, invents an illness, or is no
plain sentence in the athlete's language is left out with a note; code's own words stand there then.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from weekly_plan_assets.domain.athlete.athlete import AbsenceKind, Athlete
from weekly_plan_assets.domain.guardrails import PlanContext
from weekly_plan_assets.domain.guardrails.texts import TextKind, faults_of_texts
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import PlannedDay, Reason, WeeklyPlan
from weekly_plan_assets.planners.assembly import assembled
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.decisions.contract import DecidedReason, Decisions
from weekly_plan_assets.planners.evidence import cited
from weekly_plan_assets.planners.plan_reasons import justification
from weekly_plan_assets.planners.plan_warnings import not_known
from weekly_plan_assets.planners.solver import SolvedWeek
from weekly_plan_assets.planners.words import WORDS

HEALTH_MEMORY = timedelta(weeks=26)
"""An injury or illness that lies further back is none that a week speaks of. Project convention."""

_OWN_HEALTH = re.compile(
    r"(?i)\b(?:your|tu|tus)\s+(?:\w+\s+){0,2}(?:injur\w+|illness|fracture|tendin\w+|pain|flu|fever|"
    r"lesi[oó]n\w*|enfermedad|dolor\w*|gripe|fiebre|fractura)\b"
    r"|\byou (?:are|were|have been|got) (?:injured|ill|sick|hurt)\b"
    r"|\b(?:est[aá]s|estuviste|has estado) (?:lesionad|enferm)\w+"
)
_METRIC_BY_NAME = {
    name: field
    for field, info in WeeklyMetrics.model_fields.items()
    for name in (field.lower(), (info.alias or field).lower())
}


def with_own_words(
    decisions: Decisions,
    request: PlanningRequest,
    week: SolvedWeek,
    session_notes: Sequence[Sequence[str]],
    notes: list[str],
) -> WeeklyPlan:
    """The plan with the texts of who decided it, as far as they are fit.

    Args:
        decisions: What was said.
        request: For whom.
        week: The sessions.
        session_notes: What was said of each session, by day; empty for nothing.
        notes: Grows by what was left out.
    """
    context = request.context
    facts = tuple(not_known(request, WORDS[context.athlete.language]))
    plan = assembled(request, week, facts, justification(request, week))
    plan = _checked(plan, context, notes, lambda one: _objective(one, decisions.objective))
    for day, said in enumerate(session_notes):
        for number, note in enumerate(said):
            if note:
                plan = _checked(plan, context, notes, _noting(day, number, note))
    for text in decisions.warnings:
        plan = _checked(plan, context, notes, _warning(text))
    reasons = tuple(_reasons(decisions.reasons, request, notes))
    fit = []
    for one in reasons:
        fault = _fault(_reasoned(plan, (one,)), context, one.text)
        if fault is None:
            fit.append(one)
        else:
            notes.append(f"{fault}; the reason {one.text[:60]!r} was left out")
    notes += [f"deviation from {one.rule}: {one.why}" for one in decisions.deviations]
    if not any(one.evidence for one in fit):
        # A plan rests on a number at least.
        fit += [one for one in plan.justification if one.evidence][:1]
    return _reasoned(plan, tuple(fit)) if fit else plan


Change = Callable[[WeeklyPlan], tuple[WeeklyPlan, str]]


def _checked(
    plan: WeeklyPlan, context: PlanContext, notes: list[str], change: Change
) -> WeeklyPlan:
    """The plan with one more text, or as it was where that is not fit."""
    changed, text = change(plan)
    fault = _fault(changed, context, text)
    if fault is None:
        return changed
    notes.append(f"{fault}; the text {text[:60]!r} was left out")
    return plan


def _fault(plan: WeeklyPlan, context: PlanContext, text: str) -> str | None:
    """What is wrong with a text of a plan, with the rule's id; None if nothing is."""
    if invented := _invents(text, context.athlete, plan):
        return invented
    found = (
        f"{rule_id}: {one.where} {fault}"
        for rule_id, one, fault in faults_of_texts(plan, context)
        if one.text == text and one.kind is not TextKind.DESCRIPTION
    )
    return next(found, None)


def _invents(text: str, athlete: Athlete, plan: WeeklyPlan) -> str | None:
    """That a text speaks of an injury or illness that nobody has recorded."""
    named = _OWN_HEALTH.search(text)
    if named is None:
        return None
    monday = plan.next_week.week_start
    recorded = any(
        one.kind is not AbsenceKind.HOLIDAY and monday - one.last < HEALTH_MEMORY
        for one in athlete.absences
    )
    return None if recorded else f"text.invented: {named.group()!r} is recorded nowhere"


def _objective(plan: WeeklyPlan, text: str) -> tuple[WeeklyPlan, str]:
    said = " ".join(text.split())
    week = plan.next_week.model_copy(update={"objective": said})
    return plan.model_copy(update={"next_week": week}), said


def _noting(day: int, number: int, note: str) -> Change:
    def change(plan: WeeklyPlan) -> tuple[WeeklyPlan, str]:
        sessions = list(plan.days[day].sessions)
        sessions[number] = sessions[number].model_copy(update={"goal": note})
        days: list[PlannedDay] = list(plan.days)
        days[day] = days[day].model_copy(update={"sessions": tuple(sessions)})
        return plan.model_copy(update={"days": tuple(days)}), note

    return change


def _warning(text: str) -> Change:
    said = " ".join(text.split())

    def change(plan: WeeklyPlan) -> tuple[WeeklyPlan, str]:
        return plan.model_copy(update={"warnings": (*plan.warnings, said)}), said

    return change


def _reasoned(plan: WeeklyPlan, reasons: tuple[Reason, ...]) -> WeeklyPlan:
    return plan.model_copy(update={"justification": reasons})


def _reasons(
    decided: Sequence[DecidedReason], request: PlanningRequest, notes: list[str]
) -> Iterator[Reason]:
    """The reasons with the values of the metrics that they rest on."""
    for one in decided:
        known = [_METRIC_BY_NAME.get(name.lower().replace(" ", "")) for name in one.metrics]
        unknown = [name for name, found in zip(one.metrics, known, strict=True) if found is None]
        if unknown:
            notes.append(f"reasons: no metric is called {', '.join(unknown)[:80]}")
        names = dict.fromkeys(found for found in known if found is not None)
        yield Reason(text=" ".join(one.text.split()), evidence=cited(request, *names))
