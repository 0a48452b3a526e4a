"""Where the command line writes: results to stdout, everything else to stderr."""

import gc
import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from weekly_plan_assets.common.plain_text import plain_json
from weekly_plan_assets.common.subject import with_subject
from weekly_plan_assets.terminal.plain import PlainConsole

out = PlainConsole()
err = PlainConsole(stderr=True)

_PROBLEMS_SHOWN = 10


@contextmanager
def loading() -> Iterator[None]:
    """While modules are imported: says so, and keeps the garbage collector out of the way.

    Thousands of classes are made and none goes, so that what the collector looks through again and
    again is a sixth of the time; afterwards it leaves them alone.
    """
    gc.disable()
    try:
        with err.status("loading"):
            yield
    finally:
        gc.freeze()
        gc.enable()


class _ToStderr(logging.Handler):
    """Shows a message as a line of its own, above whatever is drawn at the bottom."""

    def emit(self, record: logging.LogRecord) -> None:
        message = with_subject(self.format(record))
        err.print(message, style="yellow", markup=False, soft_wrap=True)


def show_warnings() -> None:
    """Show on stderr what the project warns of while it works."""
    log = logging.getLogger("weekly_plan_assets")
    if not any(isinstance(handler, _ToStderr) for handler in log.handlers):
        log.addHandler(_ToStderr(logging.WARNING))


def report_problems(problems: Sequence[object]) -> None:
    """Name on stderr what could not be read, the first ones, and how many more there are."""
    for problem in problems[:_PROBLEMS_SHOWN]:
        err.print(f"not read whole: {problem}", style="yellow", markup=False, soft_wrap=True)
    more = len(problems) - _PROBLEMS_SHOWN
    if more > 0:
        err.print(f"and {more} more; weekly-plan doctor names them all", style="yellow")


def print_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """Write `value` as JSON, times as ISO-8601 UTC."""
    import json

    from weekly_plan_assets.storage.codec import encode, json_scalar

    text = json.dumps(encode(value), indent=2, ensure_ascii=False, default=json_scalar)
    sys.stdout.write(f"{plain_json(text)}\n")
