"""Processes that end with the process that started them, however that one ended.

A process that is killed cannot stop its children, so every child watches its parent itself. Worker
pools come from `worker_pool`. A program of somebody else is run as
`python -m weekly_plan_assets.common.child_process PARENT_PID MODULE ARGUMENTS...`; the processes
that `multiprocessing` spawns from there import this module first and so end with their parent too.

Nothing here knows what the processes do.
"""

import ctypes
import multiprocessing
import os
import pickle
import runpy
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

_PR_SET_PDEATHSIG = 1
"""Number of the option in Linux's `prctl(2)`."""

_POLL_S = 0.2


def worker_pool(
    processes: int, initializer: Callable[[], None] | None = None
) -> ProcessPoolExecutor:
    """Return a pool of spawned processes that end with this one.

    Spawned, not forked: a fork would share the threads and connections of this process. Submit to
    it from one thread only, because the kernel ends the workers with the thread that started them.

    Args:
        processes: Number of worker processes.
        initializer: Called in every worker before its first task.
    """
    return ProcessPoolExecutor(
        processes,
        multiprocessing.get_context("spawn"),
        initializer=_begin_worker,
        # As bytes, so that the worker watches its parent before it imports what it works with.
        initargs=(pickle.dumps(initializer), os.getpid()),
    )


def end_with_parent(parent_pid: int | None = None) -> None:
    """End this process as soon as its parent has ended, also while it is idle or busy.

    Args:
        parent_pid: Process that started this one; None for a process of `multiprocessing`, which
            knows its parent.
    """
    if parent_pid is None:
        # The kernel's signal is not asked for: it follows the thread that started this process,
        # which may end long before its process does.
        _end_after(_wait_for_end_of_spawner)
    elif not _killed_by_kernel_with_parent(parent_pid):
        _end_after(lambda: _wait_for_end_of(parent_pid))


def _begin_worker(initializer: bytes, parent_pid: int) -> None:
    end_with_parent()
    _killed_by_kernel_with_parent(parent_pid)  # also in the middle of a long call into C
    begin = pickle.loads(initializer)  # noqa: S301 - written by the parent
    if begin is not None:
        begin()


def _end_after(wait: Callable[[], None]) -> None:
    def end() -> None:
        wait()
        os._exit(1)

    threading.Thread(target=end, name="watch-parent", daemon=True).start()


def _killed_by_kernel_with_parent(parent_pid: int) -> bool:
    """Ask Linux to kill this process with its parent; whether it will."""
    if not sys.platform.startswith("linux"):
        return False
    if ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        return False
    if os.getppid() != parent_pid:  # it ended before the kernel was asked
        os._exit(1)
    return True


def _wait_for_end_of_spawner() -> None:
    parent_pid = os.getppid()
    # While a process of `multiprocessing` loads what it will run, it does not know its parent yet.
    while (parent := multiprocessing.parent_process()) is None:
        if os.getppid() != parent_pid:
            return
        time.sleep(_POLL_S)
    parent.join()


def _wait_for_end_of(parent_pid: int) -> None:
    if os.name == "posix":
        while os.getppid() == parent_pid:
            time.sleep(_POLL_S)
        return
    import psutil  # noqa: PLC0415 - for Windows, where the number of a parent stays

    try:
        psutil.Process(parent_pid).wait()
    except psutil.NoSuchProcess:
        return


def _main() -> None:
    parent_pid, module, *arguments = sys.argv[1:]
    end_with_parent(int(parent_pid))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__")


if __name__ == "__main__":
    _main()
elif __name__ == "__mp_main__":
    end_with_parent()
