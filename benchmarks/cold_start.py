"""How long `weekly-plan run` takes from the shell, everything installed, its history there.

The floor is `import dagster` alone, in a Python of its own, by turns with the command. `make bench`
names an environment with what `make run` installs; in one with all extras pymongo imports more.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import psutil

from benchmarks.figures import Figure, own_state, show

REPEATS = 7
LIMIT = 2.5
MIB = 2**20
_SAMPLE_EVERY_S = 0.01

PYTHON = os.environ.get("BENCH_PYTHON", sys.executable)
RUN = (PYTHON, "-m", "weekly_plan_assets.cli", "run")
STOP = (PYTHON, "-m", "weekly_plan_assets.cli", "db", "stop")
IMPORT_DAGSTER = (PYTHON, "-c", "import dagster")
IMPORT_ALL = (
    PYTHON,
    "-c",
    "import gc; gc.disable(); "  # as the command does
    "import weekly_plan_assets.headless.local_runner, weekly_plan_assets.cli; "
    "import weekly_plan_assets.runs.instance_storage",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a command took: wall and processor seconds, and memory with its children at the peak."""

    wall_s: float
    cpu_s: float
    peak_mib: float


def main() -> None:
    """Measure, and show a table, or JSON with `--json`."""
    own_state()
    taken(RUN)  # reads the whole history
    rounds = [
        [taken(command) for command in (RUN, IMPORT_DAGSTER, IMPORT_ALL)] for _ in range(REPEATS)
    ]
    runs, floors, imports = zip(*rounds, strict=True)
    wall_s, cpu_s, peak_mib = _medians(runs)
    floor_s, floor_cpu_s, floor_mib = _medians(floors)
    imports_s, imports_cpu_s, _ = _medians(imports)
    taken(STOP)
    show(
        "weekly-plan run, cold",
        [
            Figure("wall", wall_s, floor_s, LIMIT),
            Figure("processor", cpu_s, floor_cpu_s),
            Figure("of it imports, wall", imports_s, floor_s),
            Figure("of it imports, processor", imports_cpu_s, floor_cpu_s),
        ],
        peakMib=round(peak_mib),
        importDagsterMib=round(floor_mib),
    )


def taken(command: Sequence[str]) -> Taken:
    """Run a command to its end, watching it.

    Raises:
        CalledProcessError: It failed.
    """
    began_s = time.perf_counter()
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = cpu_s = 0.0
    while process.poll() is None:
        peak, cpu_s = max(peak, _memory(process)), max(cpu_s, _cpu_s(process))
        time.sleep(_SAMPLE_EVERY_S)
    wall_s = time.perf_counter() - began_s
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return Taken(wall_s, cpu_s, peak / MIB)


def _memory(process: psutil.Process) -> float:
    """Resident memory of it and its children, mongod among them, which share little."""
    try:
        return float(sum(one.memory_info().rss for one in _family(process)))
    except psutil.Error:
        return 0.0


def _cpu_s(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _medians(all_taken: Sequence[Taken]) -> tuple[float, float, float]:
    return (
        median(one.wall_s for one in all_taken),
        median(one.cpu_s for one in all_taken),
        median(one.peak_mib for one in all_taken),
    )


if __name__ == "__main__":
    main()
