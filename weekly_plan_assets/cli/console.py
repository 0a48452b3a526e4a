"""Where the command line writes: results to stdout, everything else to stderr."""

import logging
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class _ToStderr(logging.Handler):
    """Shows a message as a line of its own, above whatever is drawn at the bottom."""

    def emit(self, record: logging.LogRecord) -> None:
        err.print(self.format(record), style="yellow", markup=False, soft_wrap=True)


def show_warnings() -> None:
    """Show on stderr what the project warns of while it works."""
    log = logging.getLogger("weekly_plan_assets")
    if not any(isinstance(handler, _ToStderr) for handler in log.handlers):
        log.addHandler(_ToStderr(logging.WARNING))


def print_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """Write `value` as JSON, times as ISO-8601 UTC."""
    import json

    from weekly_plan_assets.storage.codec import encode, json_scalar

    text = json.dumps(encode(value), indent=2, ensure_ascii=False, default=json_scalar)
    sys.stdout.write(f"{text}\n")
