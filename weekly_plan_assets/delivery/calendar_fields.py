"""An entry in the fields of the Intervals.icu API, and what is read there as an entry."""

from typing import Any

from weekly_plan_assets.domain.delivery.entries import FoundEntry, WantedEntry
from weekly_plan_assets.domain.recorded.calendar import NOTE_CATEGORY
from weekly_plan_assets.sources.intervals_icu.calendar_entry import (
    CalendarEntry,
    ServiceRefusal,
)


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


def found_of(entry: CalendarEntry) -> FoundEntry:
    """What was read of an event of ours."""
    return FoundEntry(
        event_id=entry.id,
        session_id=entry.external_id or "",
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
    )


def _sentence(refusal: ServiceRefusal) -> str:
    """Which service did not take an entry, and why."""
    return f"{refusal.service or 'a device'} refused it: {refusal.message or 'it does not say why'}"
