"""The page as HTML: one file, without a script, and without anything that is fetched."""

from weekly_plan_assets.week_page.charts import (
    CHART_HEIGHT,
    CHART_WIDTH,
    STEPS_HEIGHT,
    STEPS_WIDTH,
)
from weekly_plan_assets.week_page.content import WeekOnPage
from weekly_plan_assets.week_page.page_template import page_template


def week_html(page: WeekOnPage) -> str:
    """The page. All text is escaped: an athlete or a model may have written anything."""
    return page_template("weekly_plan_assets.week_page", "week.html.j2").render(
        page=page,
        words=page.words,
        chart=(CHART_WIDTH, CHART_HEIGHT),
        steps=(STEPS_WIDTH, STEPS_HEIGHT),
    )
