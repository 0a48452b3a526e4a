"""The page of a stored plan, wherever it is shown, sent or kept."""

from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.lineage.records.records import PlanSnapshot
from weekly_plan_assets.week_page.content import PageLink, week_on_page
from weekly_plan_assets.week_page.week_html import week_html


def page_of_plan(
    lineage: Lineage,
    snapshot: PlanSnapshot,
    *,
    is_simulated: bool,
    links: tuple[PageLink, ...] = (),
) -> str:
    """The page of a published plan as HTML.

    Args:
        lineage: Where the inputs of its run are stored.
        snapshot: The plan.
        is_simulated: Whether the athlete is not a real person.
        links: To the run elsewhere.
    """
    inputs = lineage.inputs(snapshot.run_id)
    return week_html(week_on_page(snapshot, inputs, is_simulated=is_simulated, links=links))
