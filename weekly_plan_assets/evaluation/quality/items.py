"""The items of the score, each with the bound that good plans keep and where it comes from.

An item keeps its number for good; one that is not computed is named in `NOT_COMPUTED`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from weekly_plan_assets.evaluation.quality import item_figures as figures
from weekly_plan_assets.evaluation.quality.item_figures import Figure
from weekly_plan_assets.evaluation.quality.planned_week import Weeks
from weekly_plan_assets.sources.personas.life import Response


@dataclass(frozen=True, slots=True)
class Item:
    """A figure and its bound.

    Attributes:
        low: Least value that is good; None if there is no such bound.
        high: Greatest value that is good.
        percent: Whether the value is a share, shown in percent.
        source: Where the bound comes from.
        measure: The figure over the weeks of one or more athletes.
        responses: In the closed loop, for which answers to a plan the bound makes sense.
    """

    id: str
    what: str
    low: float | None
    high: float | None
    source: str
    measure: Callable[[Sequence[Weeks]], Figure]
    percent: bool = False
    unit: str = ""
    responses: frozenset[Response] = frozenset(Response)

    def is_met(self, value: float | None) -> bool | None:
        """Whether a value is good; None if there is none."""
        if value is None:
            return None
        above = self.low is None or value >= self.low
        return above and (self.high is None or value <= self.high)


_CYCLE_SOURCE = "3:1 or 2:1 (practice)"
_GROWTH_SOURCE = "an athlete without a race goes on at about the same hours (project convention)"

OPEN_ITEMS = (
    Item(
        "valid",
        "plans that break a guardrail",
        None,
        0,
        "contract",
        figures.broken_plans,
        percent=True,
    ),
    Item(
        "Q1a",
        "hours by the last four weeks' mean, normal weeks, median",
        0.95,
        1.10,
        "10 % rule and cycles (practice; Nielsen 2014 for 30 %)",
        figures.hours_in_normal_weeks,
    ),
    Item(
        "Q1b",
        "normal weeks of more than 1.2 times those hours",
        None,
        0.10,
        "Nielsen 2014 (cohort), with a margin",
        figures.weeks_of_many_hours,
        percent=True,
    ),
    Item(
        "Q1c",
        "the same after four steady weeks only",
        None,
        0.10,
        "Nielsen 2014 (cohort), with a margin",
        figures.many_hours_after_steady_weeks,
        percent=True,
    ),
    Item(
        "Q2",
        "recovery weeks of 90 % of those hours or more",
        None,
        0,
        "60-70 % in a recovery week (practice)",
        figures.recovery_at_usual_hours,
        percent=True,
    ),
    Item(
        "Q3",
        "most running in the week after a race of a marathon or longer",
        None,
        1.0,
        "a week without running after a marathon (practice)",
        figures.running_after_a_long_race,
        unit="h",
    ),
    Item(
        "Q5",
        "recovery weeks in a row, most",
        None,
        2,
        _CYCLE_SOURCE,
        figures.longest_recovery,
        unit="weeks",
    ),
    Item(
        "Q6",
        "hours by the last four weeks' mean at a red light, median",
        None,
        0.9,
        "Vesterinen 2016 (trial); less, not more, when tired (practice)",
        figures.hours_at_a_red_light,
    ),
    Item(
        "Q7",
        "normal weeks whose longest session is 0.85 to 1.10 of the longest of four weeks",
        0.70,
        None,
        "Frandsen 2025 (cohort) for the upper end; progression (practice)",
        figures.long_session_in_range,
        percent=True,
    ),
    Item(
        "Q8",
        "distance of the shares of sports from habit, 0 to 1",
        None,
        0.12,
        "about an hour of ten in another sport (project convention)",
        figures.distance_of_sports,
    ),
    Item(
        "Q9a",
        "planned days among the athlete's usual days",
        0.85,
        None,
        "project convention",
        figures.days_among_usual,
        percent=True,
    ),
    Item(
        "Q9b",
        "longest session on its usual day",
        0.90,
        None,
        "project convention",
        figures.long_day_as_usual,
        percent=True,
    ),
    Item(
        "Q10",
        "sessions above those of a usual week, mean of normal weeks",
        None,
        0.5,
        "project convention",
        figures.sessions_above_usual,
    ),
    Item(
        "Q11",
        "hard weeks that repeat a set of the last hard week",
        None,
        0.20,
        "one variable at a time (practice)",
        figures.repeated_sets,
        percent=True,
    ),
    Item(
        "Q12",
        "middle of the easy zone above the athlete's own median heart rate",
        None,
        0,
        "easy is at most what they do (practice)",
        figures.easy_above_own,
        unit="bpm",
    ),
    Item(
        "Q14",
        "hard sessions with a pace or power, where a threshold is set",
        1.0,
        None,
        "heart rate lags in short work (practice)",
        figures.hard_with_targets,
        percent=True,
    ),
    Item(
        "Q15",
        "error of planned hours by that of the last four weeks' mean",
        None,
        1.0,
        "a plan that fits is no worse a forecast than a mean (project convention)",
        figures.error_of_hours,
    ),
    Item(
        "Q17",
        "reasons that name a weekday, a session of the plan, this week or what comes next",
        0.80,
        None,
        "a reason is there to say why this week is as it is (project convention)",
        figures.reasons_of_this_plan,
        percent=True,
    ),
    Item(
        "Q16",
        "weeks with strength for those who do none and did not ask",
        None,
        0,
        "project convention",
        figures.unasked_strength,
        percent=True,
    ),
)
"""Over plans for the last 52 weeks of histories that stay as they were."""

_FAITHFUL = frozenset({Response.AS_PLANNED, Response.HABIT})
"""Who does half of every week, or more, rightly gets other hours."""

CLOSED_ITEMS = (
    Item(
        "Q4a",
        "hours after 20 weeks by those before, least of all athletes",
        0.9,
        1.6,
        _GROWTH_SOURCE,
        figures.least_growth,
        responses=_FAITHFUL,
    ),
    Item(
        "Q4b",
        "hours after 20 weeks by those before, most of all athletes",
        0.9,
        1.6,
        _GROWTH_SOURCE,
        figures.most_growth,
        responses=_FAITHFUL,
    ),
    Item(
        "Q5c",
        "recovery weeks in a row, most",
        None,
        2,
        _CYCLE_SOURCE,
        figures.longest_recovery,
        unit="weeks",
    ),
    Item(
        "Q11c",
        "hard weeks that repeat a set of the last hard week",
        None,
        0.20,
        "one variable at a time (practice)",
        figures.repeated_sets,
        percent=True,
        responses=frozenset({Response.AS_PLANNED}),
    ),
)
"""Over the closed loop: what was planned is done, recorded, and planned from."""

NOT_COMPUTED = {
    "Q13": "weeks that a coach wrote, accepted by the guardrails: all five are, by a test",
}
