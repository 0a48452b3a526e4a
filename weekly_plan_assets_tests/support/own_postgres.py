"""A PostgreSQL server that a test starts for itself, from the programs that the system has."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from weekly_plan_assets_tests.conftest import missing_part
from weekly_plan_assets_tests.support.dagster_ui import free_port, wait_for

USER = "dagster"
PASSWORD = "p@ss/word"  # noqa: S105 - of a server that lives for a test
DATABASE = "postgres"

_DEBIAN = Path("/usr/lib/postgresql")
"""Debian keeps the programs of each version here, out of PATH."""

_CONNECTED = re.compile(r"connection authorized: user=\S+ database=")


@dataclass
class OwnPostgres:
    """One server on a port of the loopback interface, which writes every connection to its log."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What each `dagster.yaml` of `deploy` reads."""
        return {
            "DAGSTER_POSTGRES_HOST": "127.0.0.1",
            "DAGSTER_POSTGRES_PORT": str(self.port),
            "DAGSTER_POSTGRES_DB": DATABASE,
            "DAGSTER_POSTGRES_USER": USER,
            "DAGSTER_POSTGRES_PASSWORD": PASSWORD,
        }

    @property
    def url(self) -> URL:
        """Where it is, with the driver that dagster-postgres brings."""
        return URL.create(
            "postgresql+psycopg2", USER, PASSWORD, "127.0.0.1", self.port, database=DATABASE
        )

    @property
    def connections(self) -> int:
        """How many connections were made so far."""
        return len(_CONNECTED.findall((self.folder / "log").read_text()))

    def make(self) -> None:
        """Make the files of the server, with one user and their password."""
        _own(self.folder)
        password = self.folder / "password"
        password.write_text(PASSWORD)
        _own(password)
        users = ("--username", USER, "--pwfile", str(password), "--auth", "scram-sha-256")
        subprocess.run(
            [_program("initdb"), "-D", str(self.folder / "data"), *users, "--no-sync"],
            check=True,
            capture_output=True,
            user=_user(),
        )

    def start(self) -> None:
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "log_connections": "on",
        }
        given = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [_program("postgres"), "-D", str(self.folder / "data"), *given],
                stdout=log,
                stderr=log,
                user=_user(),
                start_new_session=True,
            )
        wait_for(self.answers, f"PostgreSQL on port {self.port}", 60)

    def answers(self) -> bool:
        try:
            self.query("SELECT 1")
        except OperationalError:
            return False
        return True

    def query(self, statement: str) -> list[tuple[object, ...]]:
        """The rows that a statement finds; this is a connection too."""
        engine = create_engine(self.url, poolclass=NullPool)
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def stop(self) -> None:
        """End it at once, with all connections, as a restart of its machine would."""
        if self.process is not None:
            self.process.send_signal(3)  # SIGQUIT, which its own processes obey too
            self.process.wait(timeout=30)
            self.process = None


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """A server in a folder of its own, stopped and deleted at the end."""
    # Not below a folder of pytest, which its user may not enter.
    folder = Path(tempfile.mkdtemp(prefix="wppg"))
    server = OwnPostgres(folder)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is not None:
        return found
    folders = sorted(_DEBIAN.glob("*/bin"), key=lambda path: float(path.parent.name))
    if not folders:
        missing_part("PostgreSQL is not installed (apt-get install postgresql)")
    return str(folders[-1] / name)


def _user() -> str | None:
    """Who runs the server: PostgreSQL refuses root. Its package makes a user of its own."""
    return "postgres" if os.geteuid() == 0 else None


def _own(path: Path) -> None:
    user = _user()
    if user is not None:
        shutil.chown(path, pwd.getpwnam(user).pw_uid)
