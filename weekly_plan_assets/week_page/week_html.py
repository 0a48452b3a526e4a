"""The page as HTML: one file, without a script, and without anything that is fetched."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from weekly_plan_assets.common.plain_text import plain
from weekly_plan_assets.week_page.charts import (
    CHART_HEIGHT,
    CHART_WIDTH,
    STEPS_HEIGHT,
    STEPS_WIDTH,
)
from weekly_plan_assets.week_page.content import WeekOnPage


def week_html(page: WeekOnPage) -> str:
    """The page. All text is escaped: an athlete or a model may have written anything."""
    return _template().render(
        page=page,
        words=page.words,
        chart=(CHART_WIDTH, CHART_HEIGHT),
        steps=(STEPS_WIDTH, STEPS_HEIGHT),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("weekly_plan_assets.week_page", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_harmless,
    )
    return environment.get_template("week.html.j2")


def _harmless(value: object) -> object:
    """Text of strangers without control characters, which HTML must not hold either."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value
