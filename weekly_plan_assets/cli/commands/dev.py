"""`weekly-plan dev`: the Dagster UI and daemon, kept running until they are stopped."""

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.terminal.console import err

if TYPE_CHECKING:
    from weekly_plan_assets.settings import Settings
    from weekly_plan_assets.supervision.supervisor import Stop

_STYLES = {logging.WARNING: "yellow", logging.ERROR: "red"}


def dev(
    port: Annotated[
        int, typer.Option(metavar="PORT", min=1, max=65535, help="Port of the UI.")
    ] = 3000,
) -> None:
    """Run the Dagster UI and its daemon on this machine; one Ctrl-C stops everything."""
    from weekly_plan_assets.settings import load_settings
    from weekly_plan_assets.supervision.errors import SupervisionError
    from weekly_plan_assets.supervision.run import run_dev
    from weekly_plan_assets.supervision.supervisor import Stop

    stop = Stop()
    settings = load_settings()
    _require_history(settings)
    with _shown_events(), _asked_by_signals(stop):
        try:
            run_dev(settings, port, stop)
        except SupervisionError as error:
            err.print(str(error), style="red", markup=False, soft_wrap=True)
            raise typer.Exit(1) from None


def _require_history(settings: "Settings") -> None:
    """Refuse a history that none of Dagster's processes could read: each would say so at length.

    Raises:
        HistoryError: It is damaged, in use or not to be written.
        SettingsError: DAGSTER_HOME names no folder.
    """
    from weekly_plan_assets.runs.history.history import first_history_fault, is_in_force
    from weekly_plan_assets.runs.history.history_faults import HistoryError
    from weekly_plan_assets.settings import dagster_home

    fault = first_history_fault(settings.dagster_state_dir) if is_in_force(dagster_home()) else None
    if fault is not None:
        raise HistoryError(fault.sentence)


class _Events(logging.Handler):
    """Shows what happens to the parts, a line an event."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            style = _STYLES.get(record.levelno)
            err.print(self.format(record), style=style, markup=False, soft_wrap=True)
        except OSError:  # the terminal was closed; the parts are to be stopped all the same
            pass


@contextmanager
def _shown_events() -> Iterator[None]:
    log = logging.getLogger("weekly_plan_assets.supervision")
    handler = _Events(logging.INFO)
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False  # warnings of the project are shown by a handler of their own
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.propagate = True


@contextmanager
def _asked_by_signals(stop: "Stop") -> Iterator[None]:
    """A Ctrl-C, a SIGTERM or the end of the terminal stops; a second one hurries.

    The first two get a handler even where a shell had them ignored, because the parts would
    inherit that. A third one ends `dev` at once, and leaves the tidying up to its guard.
    """

    def ask(number: int, _frame: object) -> None:
        stop.ask()
        if stop.hurried.is_set():
            signal.signal(number, signal.default_int_handler)

    numbers = [signal.SIGINT, signal.SIGTERM]
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    previous = [signal.signal(number, ask) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, previous, strict=True):
            signal.signal(number, handler)
