"""The database is opened beside the imports, which must not meet imports of its own."""

import subprocess
import sys

import pytest

from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets_tests.support.terminal import Terminal

WATCHED = """
import sys, threading
from weekly_plan_assets.cli.store import OPENING, open_database, opening
from weekly_plan_assets.settings import load_settings

threads = set()
imported = []

def watch(event, arguments):
    threads.add(threading.current_thread().name)
    if event == "import" and threading.current_thread().name == OPENING:
        imported.append(arguments[0])

settings = load_settings()
sys.addaudithook(watch)
with opening(settings):
    pass
assert OPENING in threads, "nothing was opened early"
print(imported)
"""


@pytest.mark.parametrize("url", ["of the session", "of its own"])
def test_what_opens_the_database_early_imports_nothing(terminal: Terminal, url: str) -> None:
    if url == "of its own":
        del terminal.environment["MONGO_URL"]
    done = subprocess.run(
        [sys.executable, "-c", WATCHED],
        env=terminal.environment,
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == "[]"
