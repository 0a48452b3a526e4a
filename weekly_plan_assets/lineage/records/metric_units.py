"""The units of the weekly metrics, and their figures in rows of either version.

What the metrics mean is said in `domain.metrics.weekly_metrics` and in docs/data_lineage.md.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

METRIC_UNITS: Mapping[str, str] = {
    "activityCount": "sessions",
    "trainingLoad": "load",
    "unknownLoadCount": "sessions",
    "runCount": "sessions",
    "runDistance": "m",
    "runTime": "s",
    "longestRunTime": "s",
    "rideCount": "sessions",
    "rideDistance": "m",
    "rideTime": "s",
    "vo2Sessions": "sessions",
    "tempoSessions": "sessions",
    "longRuns": "sessions",
    "strengthCount": "sessions",
    "strengthTrimp": "TRIMP",
    "ctlMean": "load a day",
    "atlMean": "load a day",
    "ctlEnd": "load a day",
    "atlEnd": "load a day",
    "rampRateMean": "CTL a week",
    "restHrMean": "bpm",
    "stepsMean": "steps a day",
    "sleepScoreMean": "score",
    "hrvMean": "ms (rMSSD)",
}
"""By field name, in the order in which a week is shown."""


def figures_of(row: object) -> dict[str, float]:
    """The metrics of a stored row as numbers; those that it lacks are left out.

    Args:
        row: A mapping, or JSON text of one. Version 1.0 kept rows in no fixed shape: whatever else
            is given is left out.
    """
    row = _parsed(row)
    if not isinstance(row, Mapping):
        return {}
    stored = {name: row.get(name) for name in METRIC_UNITS}
    return {
        name: float(value)
        for name, value in stored.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def metric_rows(history: object) -> list[Any]:
    """The rows of a history as it was stored: a list, or JSON text of one."""
    history = _parsed(history)
    return list(history) if isinstance(history, Sequence) and not isinstance(history, str) else []


def _parsed(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None
