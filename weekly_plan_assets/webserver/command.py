"""The command that runs the guarded webserver, for `weekly-plan dev` and for servers of one's own.

It takes the options of `dagster-webserver` that are needed to find the code location.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from errno import EADDRINUSE
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from dagster import DagsterInstance
from dagster_webserver.app import create_app_from_workspace_process_context
from dagster_webserver.version import __version__ as webserver_version

from weekly_plan_assets.common.private_folder import PRIVATE_UMASK
from weekly_plan_assets.runs.dagster_private.workspace import (
    WorkspaceOpts,
    WorkspaceProcessContext,
    configure_loggers,
    setup_interrupt_handlers,
    workspace_opts_to_load_target,
)
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets.settings.installation import dagster_files
from weekly_plan_assets.terminal.console import err
from weekly_plan_assets.terminal.failures import FAILED, exit_code_of
from weekly_plan_assets.webserver.access import access_of, is_loopback
from weekly_plan_assets.webserver.intervals_webhooks import IntervalsWebhooks
from weekly_plan_assets.webserver.request_guard import RequestGuard, loopback_authorities
from weekly_plan_assets.webserver.week_pages import WeekPages

LOOPBACK = ("127.0.0.1", "::1")
"""Both are listened on: browsers take `localhost` for either, and so might another program."""

_STOP_S = 5
_POLL_MS = 2000
_STATEMENT_TIMEOUT_MS, _POOL_RECYCLE_S, _POOL_OVERFLOW = 15_000, 3600, 20
"""The defaults of dagster-webserver."""


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = LOOPBACK[0],
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 3000,
    workspace: Annotated[
        list[Path] | None, typer.Option("--workspace", "-w", help="Dagster's workspace file.")
    ] = None,
    grpc_socket: Annotated[str | None, typer.Option(help="Socket of a code server.")] = None,
    grpc_host: Annotated[str | None, typer.Option(help="Host of a code server.")] = None,
    grpc_port: Annotated[int | None, typer.Option(help="Port of a code server.")] = None,
    log_level: Annotated[str, typer.Option(help="Level of Dagster's own messages.")] = "info",
) -> None:
    """Serve the Dagster UI to the user who starts it, and to nobody else."""
    settings = load_settings()
    os.environ.setdefault("DAGSTER_HOME", str(dagster_files()))
    configure_loggers(log_level=log_level.upper())
    setup_interrupt_handlers()
    target = workspace_opts_to_load_target(
        WorkspaceOpts(
            workspace=[str(path) for path in workspace or ()] or None,
            grpc_socket=grpc_socket,
            grpc_host=grpc_host,
            grpc_port=grpc_port,
        )
    )
    access = access_of(settings, host)
    with (
        _listening(host, port) as sockets,
        DagsterInstance.get() as instance,
    ):
        instance.optimize_for_webserver(_STATEMENT_TIMEOUT_MS, _POOL_RECYCLE_S, _POOL_OVERFLOW)
        with WorkspaceProcessContext(
            instance, workspace_load_target=target, version=webserver_version
        ) as context:
            app = create_app_from_workspace_process_context(
                context, access.path_prefix, live_data_poll_rate=_POLL_MS
            )
            pages = WeekPages(app, settings, access.path_prefix)
            guard = RequestGuard(
                pages, access, {*loopback_authorities(port), *settings.ui_host_names}
            )
            secret = settings.intervals_webhook_secret
            served = guard if secret is None else IntervalsWebhooks(guard, settings, secret)
            err.print(f"Dagster UI: http://{_shown(host)}:{port}{access.path_prefix}", markup=False)
            # The headers of a proxy would say who the client is, and anyone can send them.
            config = uvicorn.Config(
                served,
                log_level="warning",
                proxy_headers=False,
                timeout_graceful_shutdown=_STOP_S,
            )
            with suppress(KeyboardInterrupt):  # what uvicorn makes of a signal, once it has stopped
                uvicorn.Server(config).run(sockets)


def main() -> None:
    """Run the command; exit code 0 only if it served until it was asked to stop."""
    os.umask(PRIVATE_UMASK)
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(serve)
    try:
        app()
    except Exception as error:  # noqa: BLE001 - known ones become a sentence
        raise SystemExit(exit_code_of(error)) from None


@contextmanager
def _listening(host: str, port: int) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        sockets = []
        for address in LOOPBACK if is_loopback(host) else (host,):
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            try:
                sockets.append(
                    stack.enter_context(socket.create_server((address, port), family=family))
                )
            except OSError as error:
                if error.errno == EADDRINUSE:
                    err.print(f"port {port} is taken; choose another with --port", style="red")
                    raise typer.Exit(FAILED) from None
                if address != LOOPBACK[1]:  # not every machine has IPv6
                    raise
        yield sockets


def _shown(host: str) -> str:
    if is_loopback(host):
        return LOOPBACK[0]
    return f"[{host}]" if ":" in host else host
