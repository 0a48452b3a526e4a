"""`weekly-plan` under a clock that is hours off: `python -m … HOURS run --week 2024-01-22`.

Only what the project and Dagster read as the time is moved. What a wait is measured with is not, as
with a real clock that somebody sets.
"""

import sys
import time
from datetime import datetime, tzinfo
from typing import Any

from weekly_plan_assets import cli
from weekly_plan_assets.headless import local_runner as _all_that_a_run_needs  # noqa: F401

_REAL = datetime
_real_time = time.time


class _AnyDatetime(type):
    """Every datetime counts as one of the moved class, whichever clock it is of."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, _REAL)


def move_clock(hours: float) -> None:
    """Move the clock of this process."""
    by_s = hours * 3600

    def moved_s() -> float:
        return _real_time() + by_s

    class Moved(_REAL, metaclass=_AnyDatetime):
        def __new__(cls, *arguments: Any, **keywords: Any) -> Any:
            return _REAL(*arguments, **keywords)

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return _REAL.fromtimestamp(moved_s(), tz)

        @classmethod
        def fromtimestamp(cls, timestamp: float, tz: tzinfo | None = None) -> Any:
            return _REAL.fromtimestamp(timestamp, tz)

        @classmethod
        def combine(cls, *arguments: Any, **keywords: Any) -> Any:
            return _REAL.combine(*arguments, **keywords)

        @classmethod
        def fromisoformat(cls, text: str) -> Any:
            return _REAL.fromisoformat(text)

    time.time = moved_s
    for module in list(sys.modules.values()):
        ours = module.__name__.partition(".")[0] in {"weekly_plan_assets", "dagster"}
        if (ours or module.__name__.startswith("dagster")) and (
            vars(module).get("datetime") is _REAL
        ):
            vars(module)["datetime"] = Moved


if __name__ == "__main__":
    move_clock(float(sys.argv.pop(1)))
    cli.main()
