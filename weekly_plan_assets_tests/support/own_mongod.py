"""mongod processes that a test starts with options of its own: with users, or as a replica set."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from weekly_plan_assets.storage.embedded import EmbeddedServerError
from weekly_plan_assets.storage.embedded.binary import find_mongod
from weekly_plan_assets_tests.conftest import missing_part
from weekly_plan_assets_tests.support.dagster_ui import free_port, wait_for

SET_NAME = "tested"
ROOT = "root"
"""Name and password of the user who may do everything."""

_SMALL = ("--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "50", "--nounixsocket", "--quiet")


@dataclass
class OwnMongod:
    """One mongod on a port of the loopback interface."""

    folder: Path
    options: Sequence[str] = ()
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        try:
            binary = find_mongod()
        except EmbeddedServerError as error:
            missing_part(str(error))
            raise
        data = self.folder / f"data{self.port}"
        data.mkdir(parents=True, exist_ok=True)
        arguments = ["--dbpath", str(data), "--port", str(self.port), "--bind_ip", "127.0.0.1"]
        self.process = subprocess.Popen(
            [str(binary), *arguments, *_SMALL, *self.options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(self.answers, f"mongod on port {self.port}", 60)

    def answers(self) -> bool:
        try:
            with self.client() as client:
                client.admin.command("ping")
        except PyMongoError:
            return False
        return True

    def client(self) -> MongoClient[dict[str, Any]]:
        """Talks to this process alone, whatever its part in a replica set."""
        return MongoClient(
            f"mongodb://{self.address}/?directConnection=true", serverSelectionTimeoutMS=2_000
        )

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=30)
            self.process = None


@dataclass
class ReplicaSet:
    """Three mongods that elect a primary among them."""

    members: list[OwnMongod]

    @classmethod
    def start(cls, folder: Path) -> "ReplicaSet":
        options = ("--replSet", SET_NAME)
        members = [OwnMongod(folder, options) for _ in range(3)]
        for member in members:
            member.start()
        configuration = {
            "_id": SET_NAME,
            "members": [{"_id": id_, "host": one.address} for id_, one in enumerate(members)],
        }
        with members[0].client() as client:
            client.admin.command("replSetInitiate", configuration)
        replica_set = cls(members)
        wait_for(replica_set.primary, "a primary", 60)
        return replica_set

    @property
    def url(self) -> str:
        hosts = ",".join(member.address for member in self.members)
        return f"mongodb://{hosts}/?replicaSet={SET_NAME}"

    def primary(self) -> OwnMongod | None:
        """The member that takes writes; None during an election."""
        for member in self.members:
            if member.process is None:
                continue
            with suppress(PyMongoError), member.client() as client:
                if client.admin.command("hello")["isWritablePrimary"]:
                    return member
        return None

    def wait_for_primary(self) -> OwnMongod:
        primary: OwnMongod = wait_for(self.primary, "a primary", 60)
        return primary

    def step_down(self, seconds: int = 10) -> None:
        """Let the primary give up its part to a member that has all it has, within seconds."""
        with self.wait_for_primary().client() as client:
            client.admin.command("replSetStepDown", seconds, secondaryCatchUpPeriodSecs=seconds - 1)

    def drop_primary(self, seconds: int = 1) -> None:
        """Let the primary give up its part at once; the others notice after some ten seconds."""
        with self.wait_for_primary().client() as client:
            client.admin.command("replSetStepDown", seconds, force=True)

    def kill_primary(self) -> OwnMongod:
        """End the primary as a power cut would; the others notice after the election time-out."""
        primary = self.wait_for_primary()
        primary.kill()
        return primary

    def stop(self) -> None:
        for member in self.members:
            member.kill()


@contextmanager
def server_with_users(folder: Path) -> Iterator[OwnMongod]:
    """A mongod that asks for a password; the first user may do everything."""
    server = OwnMongod(folder, ("--auth",))
    server.start()
    try:
        with server.client() as client:  # allowed once, from this machine, while there is no user
            client.admin.command("createUser", ROOT, pwd=ROOT, roles=["root"])
        yield server
    finally:
        server.kill()
