"""The page of an overview as HTML: one file, without a script, and without anything fetched."""

from weekly_plan_assets.overview_page.overview_content import OverviewOnPage
from weekly_plan_assets.week_page.page_template import page_template


def overview_html(page: OverviewOnPage) -> str:
    """The page; all text is escaped."""
    template = page_template("weekly_plan_assets.overview_page", "overview.html.j2")
    return template.render(page=page)
