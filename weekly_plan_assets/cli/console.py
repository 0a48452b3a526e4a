"""Where the command line writes: results to stdout, everything else to stderr."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def print_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """Write `value` as JSON, times as ISO-8601 UTC."""
    import json

    from weekly_plan_assets.storage.codec import encode, json_scalar

    text = json.dumps(encode(value), indent=2, ensure_ascii=False, default=json_scalar)
    sys.stdout.write(f"{text}\n")
