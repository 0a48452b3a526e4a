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
    name: str | None = None,
    links: tuple[PageLink, ...] = (),
    overview: str | None = None,
) -> str:
    """The page of a published plan as HTML.

    Args:
        lineage: Where the inputs of its run are stored.
        snapshot: The plan.
        is_simulated: Whether the athlete is not a real person.
        name: What the athlete is called in a roster.
        links: To the run elsewhere.
        overview: Address of the page of all athletes; None if there is none.
    """
    inputs = lineage.inputs(snapshot.run_id)
    return week_html(
        week_on_page(
            snapshot,
            inputs,
            is_simulated=is_simulated,
            name=name,
            links=links,
            overview=overview,
        )
    )
