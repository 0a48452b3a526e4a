"""Which Dagster programs `dev` runs, with which arguments, and where they meet.

The code server listens at one address, so that daemon and webserver find the next one where the
last one died. Both watch it, and load the code location again by themselves.
"""

import os
import socket
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import yaml

from weekly_plan_assets.runs.code_location import DEFINITIONS, LOCATION
from weekly_plan_assets.storage.embedded.endpoint import LOOPBACK, MAX_SOCKET_PATH_BYTES
from weekly_plan_assets.supervision.part import PartName, Program

CODE_SERVER = "weekly_plan_assets.runs.code_server"
DAEMON = "dagster._daemon"
WEBSERVER = "weekly_plan_assets.webserver"

_SOCKET = "code.sock"


@dataclass(frozen=True, slots=True)
class CodeAddress:
    """Where the code server listens: a socket file, or a loopback port where there are none."""

    socket: Path | None
    port: int | None = None

    @classmethod
    def in_folder(cls, folder: Path) -> "CodeAddress":
        """Choose an address that only this user can reach, if the system has such.

        A path that is too long for a socket is replaced by a new folder for temporary files.
        """
        if os.name != "posix":
            with socket.socket() as probe:
                probe.bind((LOOPBACK, 0))
                return cls(None, int(probe.getsockname()[1]))
        path = folder / _SOCKET
        if len(os.fsencode(path)) > MAX_SOCKET_PATH_BYTES:
            path = Path(tempfile.mkdtemp(prefix="weekly-plan-")) / _SOCKET
        return cls(path)

    @property
    def temporary_folder(self) -> Path | None:
        """The folder to remove at the end, if one was made."""
        if self.socket is None or not self.socket.parent.name.startswith("weekly-plan-"):
            return None
        return self.socket.parent

    @property
    def arguments(self) -> tuple[str, ...]:
        """The options of the code server."""
        if self.socket is not None:
            return ("--socket", str(self.socket))
        return ("--host", LOOPBACK, "--port", str(self.port))

    @property
    def workspace(self) -> dict[str, str | int]:
        """The entry of a workspace file."""
        if self.socket is not None:
            return {"host": "localhost", "socket": str(self.socket)}
        return {"host": LOOPBACK, "port": self.port or 0}

    def accepts(self, timeout_s: float) -> bool:
        """Whether somebody listens. A code server does so once it has loaded the definitions."""
        family = socket.AF_INET if self.socket is None else socket.AF_UNIX
        with socket.socket(family) as probe:
            probe.settimeout(timeout_s)
            with suppress(OSError):
                probe.connect((LOOPBACK, self.port) if self.socket is None else str(self.socket))
                return True
        return False

    def forget(self) -> None:
        """Remove the socket file of a code server that was killed."""
        if self.socket is not None:
            self.socket.unlink(missing_ok=True)


def programs(
    address: CodeAddress, root: Path, folder: Path, host: str, port: int
) -> tuple[Program, ...]:
    """Return the code server, the daemon and the webserver, and write their workspace file.

    Args:
        address: Where the code server listens.
        root: Folder of `dagster.yaml`.
        folder: Working folder of all, where the workspace file and the logs are written. Not
            `root`: Dagster's programs let a `.env` there win over the environment, whosever it is.
        host: Where the UI listens.
        port: Its port.
    """
    workspace = folder / "workspace.yaml"
    entry = {"location_name": LOCATION, **address.workspace}
    workspace.write_text(yaml.safe_dump({"load_from": [{"grpc_server": entry}]}))
    environment = _environment(root)

    def program(name: PartName, module: str, *arguments: str) -> Program:
        log = folder / f"{name.replace(' ', '_')}.log"
        return Program(name, module, arguments, folder, environment, log)

    code_server = ("--location-name", LOCATION, "--module-name", DEFINITIONS)
    return (
        program(
            PartName.CODE_SERVER,
            CODE_SERVER,
            *("api", "grpc", *code_server, *address.arguments),
            *("--use-python-environment-entry-point", "--log-level", "warning"),
        ),
        program(
            PartName.DAEMON,
            DAEMON,
            *("run", "-w", str(workspace), "--log-level", "warning"),
        ),
        program(
            PartName.WEBSERVER,
            WEBSERVER,
            *("--host", host, "--port", str(port)),
            *("-w", str(workspace), "--log-level", "warning"),
        ),
    )


def _environment(root: Path) -> Mapping[str, str]:
    return {
        "DAGSTER_HOME": str(root),
        **os.environ,
        # Switched off in `dagster.yaml` too; without this, its empty folders are made.
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        # Without it, a backfill that is looked at while the code server starts again is failed for
        # good, and its runs are canceled, because their assets seem to be gone.
        "DAGSTER_BACKFILL_RETRY_DEFINITION_CHANGED_ERROR": "yes",
    }
