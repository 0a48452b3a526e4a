"""`weekly-plan dev`: the Dagster UI and daemon, with the embedded server beside them."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.console import err

if TYPE_CHECKING:
    from weekly_plan_assets.storage.embedded import EmbeddedServer

HOST = "127.0.0.1"
_SUPERVISE_EVERY_S = 2.0
_STOP_TIMEOUT_S = 30.0


def dev(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the UI.")] = 3000,
) -> None:
    """Open the Dagster UI and its daemon on this machine; one Ctrl-C stops everything."""
    from weekly_plan_assets.settings import load_settings
    from weekly_plan_assets.storage.embedded import EmbeddedServer

    settings = load_settings()
    if _is_taken(port):
        err.print(f"port {port} is taken; choose another with --port", style="red")
        raise typer.Exit(1)
    server = None if settings.mongo_url else EmbeddedServer(settings.embedded_dir)
    with _stopped_by_signals(), server.lease() if server else nullcontext():
        dagster = _start_dagster(port)
        try:
            code = _supervise(dagster, server)
        except KeyboardInterrupt:
            err.print("stopping")
            code = 0
        finally:
            _stop(dagster)
    raise typer.Exit(code)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _start_dagster(port: int) -> subprocess.Popen[bytes]:
    """Dagster in a session of its own: a Ctrl-C reaches it once, from here."""
    from os import environ

    from weekly_plan_assets.settings import PROJECT_ROOT

    err.print(f"Dagster UI: http://{HOST}:{port}")
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "dagster",
            "dev",
            "-w",
            "workspace.yaml",
            "-h",
            HOST,
            "-p",
            str(port),
        ],
        cwd=PROJECT_ROOT,
        env={"DAGSTER_HOME": str(PROJECT_ROOT), **environ},
        start_new_session=True,
    )


def _supervise(dagster: subprocess.Popen[bytes], server: "EmbeddedServer | None") -> int:
    """Wait for Dagster's end; meanwhile bring the embedded server back whenever it dies."""
    from weekly_plan_assets.storage.embedded import EmbeddedServerError

    while True:
        try:
            return dagster.wait(timeout=_SUPERVISE_EVERY_S)
        except subprocess.TimeoutExpired:
            try:
                if server is not None:
                    server.ensure_running()
            except EmbeddedServerError as error:
                err.print(f"the embedded server is down: {error}", style="red", markup=False)


def _stop(dagster: subprocess.Popen[bytes]) -> None:
    if dagster.poll() is None:
        dagster.send_signal(signal.SIGINT)
        try:
            dagster.wait(timeout=_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            dagster.kill()
            dagster.wait()


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """A SIGTERM stops everything in the same way as a Ctrl-C.

    Both get a handler even where a shell had them ignored, because Dagster would inherit that.
    """

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    numbers = (signal.SIGINT, signal.SIGTERM)
    previous = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, previous, strict=True):
            signal.signal(number, handler)
