"""Plans of contract 2.0 in the shape of 3.0, so that all that reads plans reads them too.

A session of 2.0 has steps of work and recovery in zones, and no targets. The stored documents stay
as they are; only what is read from them has the newer shape.
"""

from collections.abc import Mapping
from typing import Any

from weekly_plan_assets.domain.plan.session_parts import INTENT_BY_ZONE

STEPS_KEY = "steps"
"""Stands in a session of 2.0 where one of 3.0 has `blocks`."""


def raised_session(session: Mapping[str, Any]) -> dict[str, Any]:
    """A session as JSON of 2.0 gives it, with blocks for its steps, one for each."""
    kept = {key: value for key, value in session.items() if key != STEPS_KEY}
    return kept | {"blocks": [{"steps": [_step(step)]} for step in session[STEPS_KEY]]}


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    work = _stretch(step["workZone"], step["workS"])
    rest_s = step.get("recoveryS", 0)
    recovery = _stretch(step.get("recoveryZone", 1), rest_s) if rest_s else None
    return {"repeats": step.get("repeats", 1), "work": work, "recovery": recovery}


def _stretch(zone: int, duration_s: int) -> dict[str, Any]:
    return {"intent": INTENT_BY_ZONE[zone], "zone": zone, "durationS": duration_s}
