"""Templates of pages, with the look that all of them share, and text that is only ever text."""

from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from weekly_plan_assets.common.plain_text import plain


@cache
def page_template(package: str, name: str) -> Template:
    """A template of a package; it may include `look.css.j2` of this one.

    All text is escaped: an athlete, a coach or a model may have written anything.
    """
    environment = Environment(
        loader=ChoiceLoader(
            [PackageLoader(package, "."), PackageLoader("weekly_plan_assets.week_page", ".")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_harmless,
    )
    return environment.get_template(name)


def _harmless(value: object) -> object:
    """Text of strangers without control characters, which HTML must not hold either."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value
