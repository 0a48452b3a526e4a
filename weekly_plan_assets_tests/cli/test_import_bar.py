import io

from rich.console import Console

from weekly_plan_assets.terminal.import_bar import ImportBar


def shown(*, terminal: bool) -> str:
    out = io.StringIO()
    bar = ImportBar(Console(file=out, force_terminal=terminal, width=80))
    for done in range(1, 4):
        bar(done, 3)
    bar.close()
    return out.getvalue()


def test_a_terminal_shows_how_many_files_are_read() -> None:
    assert "reading files" in shown(terminal=True)
    assert "3/3" in shown(terminal=True)


def test_without_a_terminal_nothing_is_written() -> None:
    assert shown(terminal=False) == ""
