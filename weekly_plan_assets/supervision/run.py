"""`weekly-plan dev` put together: lock, guard, database, parts and supervisor."""

import logging
import socket
import time
from contextlib import ExitStack

from weekly_plan_assets.common.private_folder import private_folder
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.settings.installation import dagster_files
from weekly_plan_assets.storage.embedded import EmbeddedServer
from weekly_plan_assets.storage.embedded.endpoint import LOOPBACK
from weekly_plan_assets.supervision.dagster_programs import CodeAddress, programs
from weekly_plan_assets.supervision.errors import PartGivenUpError, SupervisionError
from weekly_plan_assets.supervision.health import Health
from weekly_plan_assets.supervision.mongod_watch import MongodWatch
from weekly_plan_assets.supervision.orphan_guard import OrphanGuard
from weekly_plan_assets.supervision.part import SupervisedPart
from weekly_plan_assets.supervision.single import only_one
from weekly_plan_assets.supervision.supervisor import Stop, Supervisor
from weekly_plan_assets.webserver.access import access_of

log = logging.getLogger(__name__)

_PORT_FREE_WITHIN_S = 3.0
"""The webserver of a `dev` that was just killed gives its port free in this time."""


def run_dev(settings: Settings, port: int, stop: Stop) -> None:
    """Keep the UI and the daemon running until `stop` is asked for. For the main thread only.

    Args:
        settings: Those in force.
        port: Port of the UI, on the loopback interface.
        stop: What signals ask for.

    Raises:
        UnsafeFolderError: Another user could read or replace what is in the state folder.
        SupervisionError: It cannot start, or cannot go on; nothing is left running.
        EmbeddedServerError: The embedded server cannot be started.
    """
    url = f"http://{LOOPBACK}:{port}{access_of(settings, LOOPBACK).path_prefix}"
    # Before anything is written there: another user may have put a link in the place of a file.
    private_folder(settings.state_dir)
    folder = private_folder(settings.dagster_state_dir / "dev")
    with ExitStack() as stack:
        stack.enter_context(only_one(folder, url))
        if _stays_taken(port):
            raise SupervisionError(f"port {port} is taken; choose another with --port")
        address = CodeAddress.in_folder(folder)
        server = None if settings.mongo_url else EmbeddedServer(settings.embedded_dir)
        embedded = settings.embedded_dir if server is not None else None
        guard = OrphanGuard(embedded, address.temporary_folder)
        stack.enter_context(guard.watching())
        log.info("starting the code server, the daemon and the webserver; logs are in %s", folder)
        mongod = None
        if server is not None:
            stack.enter_context(server.lease())
            mongod = stack.enter_context(MongodWatch(server))
        health = stack.enter_context(Health(address, url))

        def each_tick(pids: frozenset[int]) -> None:
            guard.know(pids)
            if mongod is not None and mongod.given_up is not None:
                raise PartGivenUpError(f"mongod cannot be kept running: {mongod.given_up}")

        parts = [
            SupervisedPart(one)
            for one in programs(address, dagster_files(), folder, LOOPBACK, port)
        ]
        supervisor = Supervisor(parts, health, url, stop, each_tick)
        stack.callback(supervisor.stop_all)
        supervisor.run()
        log.info("stopping")


def _stays_taken(port: int) -> bool:
    deadline_s = time.monotonic() + _PORT_FREE_WITHIN_S
    while _is_taken(port):
        if time.monotonic() > deadline_s:
            return True
        time.sleep(0.1)
    return False


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0
