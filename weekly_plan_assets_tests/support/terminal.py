"""A terminal for tests, in which `weekly-plan` is typed."""

import os
import signal
import subprocess
import sys

from weekly_plan_assets.settings import PROJECT_ROOT, Settings

INTERRUPTED = {130, -signal.SIGINT}
"""What a shell calls 130. CPython itself ends by the signal, though the command said 130, where the
Ctrl-C passed through an `exec`, as it does while a dataclass is made."""


class Terminal:
    """A terminal with settings of its own, in which `weekly-plan` is typed."""

    def __init__(self, environment: dict[str, str]) -> None:
        known = {str(field.alias) for field in Settings.model_fields.values()}
        inherited = {name: value for name, value in os.environ.items() if name not in known}
        self.environment = inherited | {"COLUMNS": "160", "NO_COLOR": "1"} | environment

    def popen(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "weekly_plan_assets.cli", *arguments],
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=PROJECT_ROOT,
        )

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        process = self.popen(*arguments, **environment)
        out, err = process.communicate(timeout=150)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)
