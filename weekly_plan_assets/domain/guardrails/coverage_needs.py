"""Whether enough was measured for a rule to judge. How much it needs is said with the rule."""

from collections.abc import Iterator, Sequence

from weekly_plan_assets.domain.guardrails.rule import CoverageNeed, Guardrail, PlanContext
from weekly_plan_assets.domain.plan.weekly_plan import Phase
from weekly_plan_assets.domain.week import TrainingWeek


def unmet_needs(rule: Guardrail, context: PlanContext) -> Iterator[str]:
    """A sentence for each need of the rule that the weeks do not meet.

    Nothing to measure is nothing missing. Weeks of unknown coverage are left out; where it is
    unknown of every week, the rule judges as if all had been measured.
    """
    for need in rule.needs:
        weeks = _weeks_looked_at(need, context)
        counts = [context.coverage[week].metrics[need.metric] for week in weeks]
        measured, of = sum(one.measured for one in counts), sum(one.of for one in counts)
        if measured < need.least_share * of:
            yield (
                f"{need.metric} was measured for {measured} of {of} activities of the weeks "
                f"{weeks[0]} to {weeks[-1]}; at least {100 * need.least_share:.0f} % are needed"
            )


def _weeks_looked_at(need: CoverageNeed, context: PlanContext) -> Sequence[TrainingWeek]:
    weeks = sorted(context.coverage)
    if context.envelope.phase is Phase.RETURN:
        return weeks
    first = context.planned_week.shift(-need.weeks)
    return [week for week in weeks if week >= first]
