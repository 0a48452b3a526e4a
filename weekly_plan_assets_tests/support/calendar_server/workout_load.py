"""The load that the server expects of steps, and their targets in bpm, watts and metres a second.

The shape of the numbers is that of Intervals.icu, where load is hours times the square of the
intensity; how it weighs each target is not documented, so these weights are assumptions, and a
client may rely on nothing but that they are not its own.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from weekly_plan_assets_tests.support.calendar_server.workout_text import Step, flat_steps

Settings = Mapping[str, Any]

DEFAULT_SETTINGS: Settings = {
    "lthr": 165,
    "max_hr": 185,
    "hr_zones": [130, 142, 152, 163, 168, 174, 185],
    "ftp": 250,
    "power_zones": [55, 75, 90, 105, 120, 150, 999],
    "threshold_pace": 4.0,
    "pace_zones": [77.5, 87.7, 94.3, 100.0, 103.4, 111.5, 999.0],
}
"""Of an athlete who has set none for a sport."""

WITHOUT_TARGET = 0.6
LOWEST_OF_ZONES = 0.7
"""Of the upper bound of the first zone, where that zone is taken to begin."""


def expected_load(doc: Mapping[str, Any], settings: Settings) -> int | None:
    """The load of all steps together; None without a step."""
    steps = list(flat_steps(dict(doc)))
    if not steps:
        return None
    load: float = sum(one["duration"] / 36 * _intensity(one, settings) ** 2 for one in steps)
    return round(load)


def resolved(doc: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """The document with each target also as `_hr`, `_power` or `_pace`, in absolute units.

    That the keys begin with an underscore is an assumption.
    """
    copy = deepcopy(dict(doc))
    for step in copy["steps"]:
        for one in step.get("steps", [step]):
            one |= {
                f"_{key}": {"start": low, "end": high}
                for key in ("hr", "power", "pace")
                if key in one
                for low, high in [_bounds(key, one[key], settings)]
            }
    return copy


def settings_for(sport: str | None, rows: list[dict[str, Any]]) -> Settings:
    """The settings of a sport, with what is not set from `DEFAULT_SETTINGS`."""
    row = next((row for row in rows if sport in row.get("types", ())), {})
    return {**DEFAULT_SETTINGS, **{key: value for key, value in row.items() if value is not None}}


def _intensity(step: Step, settings: Settings) -> float:
    for key, threshold in (("power", "ftp"), ("pace", "threshold_pace"), ("hr", "lthr")):
        if key in step:
            low, high = _bounds(key, step[key], settings)
            return float((low + high) / 2 / settings[threshold])
    return WITHOUT_TARGET


def _bounds(key: str, target: Mapping[str, Any], settings: Settings) -> tuple[float, float]:
    """Lowest and highest value of a target in bpm, watts or metres a second."""
    first, last = (target.get(end, target.get("value", 0)) for end in ("start", "end"))
    units = target["units"]
    if units.endswith("_zone"):
        low, high = _zone(key, int(first), settings)[0], _zone(key, int(last), settings)[1]
    elif units.startswith("secs/"):
        metres = {"secs/km": 1000.0, "secs/mi": 1609.344, "secs/100m": 100.0}[units]
        low, high = sorted(metres / seconds for seconds in (first, last))
    elif units == "w":
        low, high = first, last
    else:
        whole = {"%hr": "max_hr", "%lthr": "lthr", "%ftp": "ftp", "%pace": "threshold_pace"}[units]
        low, high = (settings[whole] * share / 100 for share in (first, last))
    return (low, high) if key == "pace" else (round(low), round(high))


def _zone(key: str, number: int, settings: Settings) -> tuple[float, float]:
    bounds = list(settings[{"hr": "hr_zones", "power": "power_zones", "pace": "pace_zones"}[key]])
    if key != "hr":
        whole = settings["ftp" if key == "power" else "threshold_pace"]
        bounds = [whole * share / 100 for share in bounds]
    index = min(max(number, 1), len(bounds)) - 1
    low = bounds[index - 1] + (1 if key == "hr" else 0) if index else bounds[0] * LOWEST_OF_ZONES
    return low, bounds[index]
