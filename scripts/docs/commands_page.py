"""The page of commands: what `weekly-plan COMMAND --help` says."""

from collections.abc import Iterator
from typing import Any

import typer

from weekly_plan_assets.cli import app

COLUMNS = 100
"""Of the help, so that the page does not depend on a terminal."""

HEAD = """\
# Commands

Every command that shows data accepts `--json`. A RUN_ID may be shortened, `latest` is the most
recent run, and a Monday stands for the run of that week, observed or planned. Commands show the
athlete whose data the source holds, or the one that `--athlete ID` names. The exit code is 0 only
on success. `weekly-plan --version` shows the version, and `weekly-plan --install-completion` adds
completion to your shell.

Written by `make docs` from the help of the commands.
"""


def commands_page() -> str:
    """The page as Markdown, a heading for each command."""
    root: Any = typer.main.get_command(app)
    context = root.make_context("weekly-plan", [], resilient_parsing=True, terminal_width=COLUMNS)
    commands = list(_commands(root, context))
    table = [
        f"| [`{inner.command_path}`](#{inner.command_path.replace(' ', '-')}) "
        f"| {command.get_short_help_str(COLUMNS)} |\n"
        for command, inner in commands
    ]
    sections = [
        f"\n## {inner.command_path}\n\n```\n{command.get_help(inner)}\n```\n"
        for command, inner in commands
    ]
    return "".join([HEAD, "\n| Command | |\n| --- | --- |\n", *table, *sections])


def _commands(group: Any, context: Any) -> Iterator[tuple[Any, Any]]:
    """Every command that can be typed, with its context."""
    for name, command in group.commands.items():
        inner = command.make_context(name, [], context, resilient_parsing=True)
        if getattr(command, "commands", None):
            yield from _commands(command, inner)
        else:
            yield command, inner
