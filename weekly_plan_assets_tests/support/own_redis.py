"""A Redis server that a test starts for itself, from the program that the system has."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from weekly_plan_assets_tests.conftest import missing_part
from weekly_plan_assets_tests.support.dagster_ui import free_port, wait_for

PASSWORD = "of-a-test"  # noqa: S105 - of a server that lives for a test


@dataclass
class OwnRedis:
    """One server on a port of the loopback interface, which keeps nothing on disk."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            missing_part("Redis is not installed (apt-get install redis-server)")
        options = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "requirepass": PASSWORD,
            "save": "",
            "dir": str(self.folder),
        }
        given = [part for name, value in options.items() for part in (f"--{name}", value)]
        self.process = subprocess.Popen(
            [str(program), *given], stdout=subprocess.DEVNULL, start_new_session=True
        )
        wait_for(self.answers, f"Redis on port {self.port}", 30)

    def answers(self) -> bool:
        with Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except RedisError:
                return False

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=30)
            self.process = None


@contextmanager
def own_redis(folder: Path) -> Iterator[OwnRedis]:
    """A server, stopped at the end."""
    server = OwnRedis(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
