"""Help as it is read: short lines, plain words, narrow terminals and pipes."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from weekly_plan_assets.cli import app

LONGEST_SHORT_HELP = 60


def commands(group: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command, and the groups themselves, as they are typed."""
    yield path
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))


COMMANDS = list(commands(typer.main.get_command(app)))


def help_of(names: tuple[str, ...], columns: int) -> str:
    """The help as a terminal of so many columns shows it; click leaves two of them free."""
    command: Any = typer.main.get_command(app)
    context = command.make_context(
        "weekly-plan", [], resilient_parsing=True, terminal_width=columns - 2
    )
    for name in names:
        command = command.commands[name]
        context = command.make_context(name, [], context, resilient_parsing=True)
    return str(command.get_help(context))


@pytest.mark.parametrize("columns", [60, 80])
def test_help_fits_into_the_terminal_and_no_line_of_it_is_cut_off(columns: int) -> None:
    for command in COMMANDS:
        for line in help_of(command, columns).splitlines():
            assert len(line) <= columns, (command, line)
            assert not line.endswith("...") or line.startswith("Usage:"), (command, line)


def test_values_are_named_in_words_of_the_user() -> None:
    for command in COMMANDS:
        text = help_of(command, 80)
        for label in ("<int", "<float", "<list["):
            assert label not in text, (command, label)


def test_every_command_has_a_short_line() -> None:
    lines = help_of((), 200).partition("Commands:")[2].splitlines()
    texts = [line.strip().partition(" ")[2].strip() for line in lines if line.strip()]
    assert texts
    for text in texts:
        assert 0 < len(text) <= LONGEST_SHORT_HELP, text
        assert text.endswith("."), text


def test_every_option_and_argument_is_described_in_sentences() -> None:
    for names in COMMANDS:
        command: Any = typer.main.get_command(app)
        for name in names:
            command = command.commands[name]
        for parameter in command.params:
            text = getattr(parameter, "help", None) or ""
            assert text[:1].isupper(), (names, parameter.name, text)
            assert text.endswith("."), (names, parameter.name, text)


def test_the_version_is_that_of_the_package() -> None:
    shown = CliRunner().invoke(app, ["--version"])
    assert shown.exit_code == 0
    assert shown.output == f"weekly-plan {version('weekly-plan-assets')}\n"


@pytest.mark.parametrize(("shell", "mark"), [("bash", "complete -o"), ("zsh", "#compdef")])
def test_completion_can_be_had_for_a_shell(
    shell: str, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    shown = CliRunner().invoke(app, ["--show-completion", shell], prog_name="weekly-plan")
    assert shown.exit_code == 0, shown.output
    assert mark in shown.output
