"""Text of athletes and models in markdown: shown, never obeyed."""

import pytest

from weekly_plan_assets.cli.pages.markdown import escaped, page_as_markdown
from weekly_plan_assets.cli.pages.page import Bullets, Page, PageTable, Section


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a | b", r"a \| b"),
        ("**bold** _it_ `code`", r"\*\*bold\*\* \_it\_ \`code\`"),
        ("<img src=x>", r"\<img src=x\>"),
        ("[a](b)", r"\[a\](b)"),
        ("# title", r"\# title"),
        ("two\nlines\r\n\tthere", "two lines there"),
        ("see https://example.org", r"see https\://example.org"),
        ("WWW.example.org", r"WWW\.example.org"),
        ("@all &amp;", r"\@all \&amp;"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("back\\slash", r"back\\slash"),
        ("10 km, 2:30 h", "10 km, 2:30 h"),
    ],
)
def test_text_shows_as_it_is(text: str, safe: str) -> None:
    assert escaped(text) == safe


def test_a_page_is_github_markdown_and_sections_without_parts_are_left_out() -> None:
    page = Page(
        title="A plan",
        lines=["a line", ("a yellow line", "yellow")],
        sections=[
            Section(
                "Numbers",
                [
                    PageTable(
                        ("Name", "Load"), [("a|b", ("5", "bold")), ("c\nd", "6")], frozenset({1})
                    ),
                    Bullets(["one", ("two", "red")]),
                ],
            ),
            Section("Nothing", []),
        ],
    )
    assert page_as_markdown(page) == (
        "# A plan\n\na line\n\na yellow line\n\n## Numbers\n\n"
        "| Name | Load |\n| --- | ---: |\n| a\\|b | 5 |\n| c d | 6 |\n\n- one\n- two\n"
    )
