"""What strangers call their activities, races and files stays text wherever it is shown."""

import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.text import Text

from weekly_plan_assets.cli.pages.markdown import escaped, page_as_markdown
from weekly_plan_assets.cli.pages.page import Bullets, Page, PageTable, Section
from weekly_plan_assets.cli.pages.render_page import render_page
from weekly_plan_assets.common.plain_text import plain, plain_json, without_links
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets.terminal import console
from weekly_plan_assets.terminal.console import print_json
from weekly_plan_assets.terminal.plain import PlainConsole
from weekly_plan_assets_tests.support.file_texts import gpx_text
from weekly_plan_assets_tests.support.graph import activity, wellness_day, write_export
from weekly_plan_assets_tests.support.terminal import Terminal

HOSTILE = "\x1b[31mred\x1b]0;title\x07\x9b5m\x7f\u202e\r[red]x[/red] :warning: `|<b>@all"
"""Colours, a window title, C1 and bidirectional controls, markup of rich, markdown and HTML."""

OBEYED = "\x1b\x07\x9b\x7f\u202e\r"
WEEK = "2024-01-08"


def test_plain_text_loses_what_a_terminal_obeys_and_nothing_else() -> None:
    assert plain(HOSTILE) == "[31mred]0;title5m[red]x[/red] :warning: `|<b>@all"
    kept = "Año nuevo: 10 km\n\tsérie ✓ 日本 🏃\u200d♀️"
    assert plain(kept) == kept
    assert plain("a\udcff") == "a\ufffd"


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/a",
        "HTTP://evil.example",
        "www.evil.example",
        "WWW.evil.example",
        "me@evil.example",
        "<https://evil.example>",
        "<a href=x>",
        "[x](y)",
        "![x](y)",
        "[x][y]",
        "[y]: z",
    ],
)
def test_text_without_links_looks_the_same_and_is_cut_where_a_link_would_be(text: str) -> None:
    cut = without_links(f"{text} {text}")
    assert cut.replace("\u2060", "") == f"{text} {text}"
    assert cut.count("\u2060") >= 2
    assert without_links("load 5 < 7, at 08:00 in week [1]") == "load 5 < 7, at 08:00 in week [1]"


def test_json_says_the_same_with_nothing_that_a_terminal_obeys(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_json({"name": HOSTILE, "file": "a\udcff"})
    told = capsys.readouterr().out
    assert not set(OBEYED) & set(told)
    assert json.loads(told) == {"name": HOSTILE, "file": "a\udcff"}
    assert plain_json('"é"') == '"é"'


def printed(*things: object) -> str:
    file = io.StringIO()
    terminal = PlainConsole(file=file)
    for thing in things:
        terminal.print(thing)
    return file.getvalue()


def test_neither_strings_nor_texts_are_markup_on_the_console() -> None:
    told = printed(HOSTILE, Text(HOSTILE))
    assert not set(OBEYED) & set(told)
    assert told.count("[red]x[/red] :warning:") == 2


def test_colours_of_our_own_stay() -> None:
    file = io.StringIO()
    PlainConsole(file=file, force_terminal=True).print(Text("bad", style="red"))
    assert "\x1b[" in file.getvalue()


@pytest.fixture
def page() -> Page:
    return Page(
        title=HOSTILE,
        lines=[HOSTILE, (HOSTILE, "red")],
        sections=[
            Section(HOSTILE, [HOSTILE, PageTable(("Name",), [(HOSTILE,)]), Bullets([HOSTILE])]),
        ],
    )


def test_a_page_in_the_terminal_holds_nothing_to_obey(page: Page) -> None:
    with console.out.capture() as captured:
        render_page(page)
    assert not set(OBEYED) & set(captured.get())
    assert "[red]" in captured.get()


def test_a_page_as_markdown_holds_neither_markup_nor_anything_to_obey(page: Page) -> None:
    told = page_as_markdown(page)
    assert not set(OBEYED) & set(told)
    assert "<b>" not in told.replace("\\<b\\>", "")
    assert "\\[red\\]x" in told
    assert escaped("a\x1bb") == "ab"


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_hostile_names_reach_no_terminal_in_any_command(terminal: Terminal, tmp_path: Path) -> None:
    export = tmp_path / "export"
    export.mkdir()
    rows = [
        activity(str(n), f"2024-01-{n:02d}T07:00:00", name=HOSTILE, type=f"Run{HOSTILE}")
        for n in (2, 9)
    ]
    write_export(export, rows, [wellness_day("2024-01-09", comments=HOSTILE)])
    race = {
        "id": 1,
        "category": "RACE_A",
        "name": HOSTILE,
        "type": "Run",
        "start_date_local": "2024-01-20T00:00:00",
    }
    (export / "events.json").write_text(json.dumps([race]))
    (export / "a\x1b[31m.gpx").write_text("<gpx/>")
    athlete = tmp_path / "athlete.yaml"
    athlete.write_text(
        json.dumps(
            {"races": [{"date": "2024-02-10", "name": HOSTILE, "sport": "Run", "priority": "A"}]}
        )
    )
    terminal.environment |= {
        "WEEKLY_PLAN_EXPORT_DIR": str(export),
        "WEEKLY_PLAN_ATHLETE": str(athlete),
    }
    assert terminal.run("run", "--week", WEEK).returncode == 0
    for command in (
        ["run", "--week", WEEK],
        ["show"],
        ["runs"],
        ["explain", "latest"],
        ["explain", "latest", "--markdown"],
        ["compare", "latest", "latest"],
        ["replay", "latest"],
        ["drift"],
        ["doctor"],
        ["show", "--json"],
        ["explain", "latest", "--json"],
    ):
        done = terminal.run(*command)
        assert done.returncode == 0, (command, done.stderr)
        # Line ends are read as one character, so a carriage return would be gone here anyway.
        assert not set(OBEYED) & set(done.stdout + done.stderr), command


@pytest.mark.skipif(os.name != "posix", reason="names of files are text elsewhere")
def test_a_file_whose_name_is_not_utf_8_is_named_and_stops_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    write_export(folder, [activity("1", "2024-01-09T07:00:00")], [])
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.gpx")).write_text("<gpx/>")
    (folder / "good.gpx").write_text(gpx_text(datetime(2024, 1, 9, 7, tzinfo=UTC), [120, 121]))
    source = ExportFolderSource(folder, cache_dir=tmp_path / "cache")
    assert source.first_day() is not None
    told = [plain(str(problem)) for problem in source.problems]
    assert any("\ufffd.gpx" in one for one in told)
