"""Private names that only the webserver's command needs; they import Dagster's command line."""

# Turns the options of the command into a workspace.
from dagster._cli.workspace.cli_target import workspace_opts_to_load_target

# The workspace that the webserver serves.
from dagster._core.workspace.context import WorkspaceProcessContext

# Lets Ctrl-C stop the webserver as it stops Dagster's own.
from dagster._utils.interrupts import setup_interrupt_handlers

# Formats log lines as Dagster's own commands do.
from dagster._utils.log import configure_loggers

# The options by which Dagster's commands find a code location.
from dagster_shared.cli import WorkspaceOpts

__all__ = [
    "WorkspaceOpts",
    "WorkspaceProcessContext",
    "configure_loggers",
    "setup_interrupt_handlers",
    "workspace_opts_to_load_target",
]
