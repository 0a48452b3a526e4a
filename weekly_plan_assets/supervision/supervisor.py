"""Starts the parts, starts again what died or hangs, and stops them all."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.supervision.errors import PartGivenUpError
from weekly_plan_assets.supervision.health import EndedRun, Health
from weekly_plan_assets.supervision.part import PartName, SupervisedPart

log = logging.getLogger(__name__)

_TICK_S = 0.2
_STOPPED_S = 10.0
"""After so long a tick `dev` itself was stopped, by a Ctrl-Z for example, and saw nothing."""

START_TIMEOUT_S = 180.0
"""How long a part may take to become ready, on a machine that is busy with other things."""

QUIET_TIMEOUT_S = {
    PartName.CODE_SERVER: 90.0,
    PartName.WEBSERVER: 90.0,
    PartName.DAEMON: 180.0,  # its heartbeat has an interval of 30 s
}
"""After so much silence a part that was ready is taken to hang."""

STOP_TIMEOUT_S = 5.0
"""How long daemon and webserver may take to end."""

INTERRUPTED_WITHIN_S = 15.0
"""How long runs under way may take to record that they were interrupted."""


@dataclass
class Stop:
    """The stop that signals ask for; a second one does not wait."""

    asked: threading.Event = field(default_factory=threading.Event)
    hurried: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        """Ask to stop; a second time, to hurry."""
        (self.hurried if self.asked.is_set() else self.asked).set()


@dataclass
class Supervisor:
    """Keeps the parts of `dev` running until it is asked to stop. For the main thread only.

    Attributes:
        parts: In the order in which they are started.
        health: Whether they do their work.
        url: Address of the UI.
        stop: What signals ask for.
        each_tick: Called several times a second with the numbers of all processes.
    """

    parts: Sequence[SupervisedPart]
    health: Health
    url: str
    stop: Stop
    each_tick: Callable[[frozenset[int]], None]
    _code_was_ready: bool = False
    _was_whole: bool = False
    _broken_s: float | None = field(default_factory=time.monotonic)

    def run(self) -> None:
        """Look after the parts until `stop` is asked for; they run on.

        Raises:
            PartGivenUpError: A part cannot be kept running.
        """
        for part in self.parts:
            part.log.begin()
        last_s = time.monotonic()
        while not self.stop.asked.wait(_TICK_S):
            now_s = time.monotonic()
            if now_s - last_s > _STOPPED_S:
                self.health.forget_silence()
            last_s = now_s
            for part in self.parts:
                self._look_after(part)
            self.each_tick(self._pids())
            self._show_errors()
            self._show_wholeness()
            for run in self.health.take_ended_runs():
                _show_run(run, self.url)

    def stop_all(self) -> None:
        """Stop the parts: first those that start runs, then the runs, then their code server."""
        code_server, *others = self.parts
        for part in others:
            part.terminate()
        self._wait_for([part.process.pid for part in others if part.process], STOP_TIMEOUT_S)
        for part in others:
            part.kill()
        workers = code_server.workers()
        if workers:
            log.warning("stopping %s under way", counted(len(workers), "run"))
        for worker in workers:
            with suppress(psutil.Error):
                worker.send_signal(signal.SIGTERM)
        self._wait_for([worker.pid for worker in workers], INTERRUPTED_WITHIN_S)
        code_server.kill()  # it has nothing of its own to bring to an end
        self.health.address.forget()

    def _pids(self) -> frozenset[int]:
        return frozenset(part.process.pid for part in self.parts if part.process)

    def _look_after(self, part: SupervisedPart) -> None:
        if part.process is None:
            self._start_if_due(part)
            return
        code = part.exit_code()
        if code is not None:
            # A kill leaves nothing in the log, and what ended well did so because it was asked to.
            self._after_end(part, _ended(code), part.log.last_line() if code > 0 else "")
            return
        if not part.is_ready and self.health.is_ready(part.name, part.started_s):
            part.is_ready = True
            self._code_was_ready |= part.name is PartName.CODE_SERVER
        quiet_s = self.health.quiet_s(part.name, part.started_s)
        if quiet_s > (QUIET_TIMEOUT_S[part.name] if part.is_ready else START_TIMEOUT_S):
            log.warning("the %s has not answered for %.0f s and is ended", part.name, quiet_s)
            part.kill()

    def _start_if_due(self, part: SupervisedPart) -> None:
        # Before the first code server has loaded, the others would only report that it has not.
        is_first = part.name is PartName.CODE_SERVER
        if time.monotonic() >= part.due_s and (is_first or self._code_was_ready):
            if is_first:
                self.health.address.forget()
            try:
                part.start()
            except OSError as error:  # there is no memory for another process, for example
                self._after_end(part, "cannot be started", str(error))
            self.each_tick(self._pids())

    def _after_end(self, part: SupervisedPart, how: str, reason: str) -> None:
        now_s = time.monotonic()
        pause_s = part.restarts.after_death(now_s, was_ready=part.is_ready)
        part.process = None
        part.is_ready = False
        if self._broken_s is None:
            self._broken_s = now_s
        because = f": {reason}" if reason else ""
        if pause_s is None:
            raise PartGivenUpError(
                f"the {part.name} {how} again and again, so `dev` ends{because}; "
                f"its log is {part.log.path}"
            )
        log.warning("the %s %s and is started again%s", part.name, how, because)
        part.due_s = now_s + pause_s

    def _show_errors(self) -> None:
        for part in self.parts:
            errors = part.log.new_errors()
            if self._broken_s is None:  # else the others complain of the part that is missing
                for message in errors:
                    log.error("%s: %s", part.name, message)

    def _show_wholeness(self) -> None:
        if self._broken_s is None or not all(part.is_ready for part in self.parts):
            return
        took_s = time.monotonic() - self._broken_s
        if self._was_whole:
            log.info("all parts run again, after %.0f s", took_s)
        else:
            log.info("Dagster UI: %s (Ctrl-C stops it)", self.url)
        self._was_whole = True
        self._broken_s = None

    def _wait_for(self, pids: Sequence[int], timeout_s: float) -> None:
        deadline_s = time.monotonic() + timeout_s
        while time.monotonic() < deadline_s and any(map(_runs, pids)):
            for part in self.parts:
                part.exit_code()
            if self.stop.hurried.wait(0.05):
                return


def _runs(pid: int) -> bool:
    with suppress(psutil.Error):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def _ended(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"


def _show_run(run: EndedRun, url: str) -> None:
    weeks = f" of {run.weeks}" if run.weeks else ""
    level = logging.INFO if run.status == "SUCCESS" else logging.WARNING
    job = "materialization" if run.job_name.startswith("__") else run.job_name
    log.log(level, "%s%s: %s, %s/runs/%s", job, weeks, run.status, url, run.run_id)
