"""An entry in the fields of the Intervals.icu API, and what is read there as an entry."""

from collections.abc import Iterator, Mapping
from typing import Any

from weekly_plan_assets.domain.delivery.entries import FoundEntry, StepSummary, WantedEntry
from weekly_plan_assets.domain.recorded.calendar import NOTE_CATEGORY
from weekly_plan_assets.sources.intervals_icu.calendar_entry import (
    CalendarEntry,
    ServiceRefusal,
)

_TARGETS = ("power", "hr", "pace")
"""Keys of a step that hold what steers it."""

_MOST_REPEATS = 1000


def fields_to_create(wanted: WantedEntry) -> dict[str, Any]:
    """The event to create. The start has no offset: it is the athlete's local day."""
    return {
        "external_id": wanted.session_id,
        "start_date_local": f"{wanted.day}T00:00:00",
        **fields_to_update(wanted),
    }


def fields_to_update(wanted: WantedEntry) -> dict[str, Any]:
    """The fields to set on an event that is there; where it stands in its day is not touched."""
    fields = {
        "category": wanted.category,
        "type": wanted.type,
        "name": wanted.name,
        "description": wanted.description,
        "moving_time": wanted.moving_time_s,
        "target": wanted.target,
        "for_week": True if wanted.category == NOTE_CATEGORY else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def found_of(entry: CalendarEntry, session_id: str) -> FoundEntry:
    """What was read of an event of ours.

    Args:
        entry: The event.
        session_id: What it stands for.
    """
    return FoundEntry(
        event_id=entry.id,
        session_id=session_id,
        day=entry.day,
        category=entry.category,
        type=entry.type,
        name=entry.name,
        description=entry.description,
        moving_time_s=entry.moving_time,
        target=entry.target,
        load=entry.icu_training_load,
        updated=entry.updated,
        paired_activity_id=entry.paired_activity_id,
        push_errors=tuple(_sentence(one) for one in entry.push_errors),
        summary=_summary(entry.workout_doc),
    )


def _summary(workout: Mapping[str, Any] | None) -> StepSummary | None:
    """The steps that the calendar made of a text; None where it made none that can be read."""
    steps = list(_flat(None if workout is None else workout.get("steps")))
    if not steps:
        return None
    return StepSummary(
        steps=len(steps),
        targets=sum(any(step.get(key) for key in _TARGETS) for step in steps),
        timed_s=sum(_seconds(step) for step in steps if not step.get("distance")),
    )


def _flat(steps: Any) -> Iterator[Mapping[str, Any]]:
    """Each step as often as it is done."""
    for step in steps if isinstance(steps, list) else []:
        if not isinstance(step, Mapping):
            continue
        inside = step.get("steps")
        if not isinstance(inside, list):
            yield step
            continue
        repeats = step.get("reps")
        for _ in range(min(repeats, _MOST_REPEATS) if isinstance(repeats, int) else 1):
            yield from _flat(inside)


def _seconds(step: Mapping[str, Any]) -> int:
    duration = step.get("duration")
    return int(duration) if isinstance(duration, int | float) else 0


def _sentence(refusal: ServiceRefusal) -> str:
    """Which service did not take an entry, and why."""
    return f"{refusal.service or 'a device'} refused it: {refusal.message or 'it does not say why'}"
