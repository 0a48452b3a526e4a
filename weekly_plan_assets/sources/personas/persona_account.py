"""What a simulated athlete has set at their account: zones, and the entries of the calendar."""

from datetime import date, timedelta
from typing import Any

from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.calendar import CalendarEvent
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.sources.personas.life import gap_days, races_of
from weekly_plan_assets.sources.personas.persona import GapKind, Persona, ZoneScheme
from weekly_plan_assets.sources.personas.persona_recording import upper_bounds_bpm

_SETTINGS_TYPES = {Sport.RUN: ("Run", "TrailRun"), Sport.RIDE: ("Ride", "VirtualRide")}


def sport_settings_of(persona: Persona) -> list[SportSettings]:
    """Thresholds and zones of running and riding; none of an athlete without zones."""
    if persona.zones is ZoneScheme.NONE:
        return []
    _, threshold_bpm, max_bpm = persona.hr_bpm
    settings = []
    for sport, types in _SETTINGS_TYPES.items():
        row: dict[str, Any] = {
            "types": types,
            "lthr": threshold_bpm,
            "max_hr": max_bpm,
            "hr_zones": upper_bounds_bpm(persona, sport),
        }
        if sport is Sport.RIDE and persona.ftp_w is not None:
            row["ftp"] = persona.ftp_w
        if sport is Sport.RUN and persona.threshold_pace_s_km is not None:
            row["threshold_pace"] = round(1000 / persona.threshold_pace_s_km, 4)
        settings.append(SportSettings.model_validate(row))
    return settings


def races_entered(persona: Persona, until: date) -> list[CalendarEvent]:
    """The races up to a day, by their days."""
    return [
        _entry(
            f"RACE_{race.priority}",
            day,
            day,
            name=race.name,
            type=race.sport.value,
            distance=race.distance_km * 1000,
            moving_time=round(race.hours * 3600),
        )
        for day, race in races_of(persona, until)
    ]


def absences_entered(persona: Persona) -> list[CalendarEvent]:
    """The illnesses, injuries and holidays that the athlete writes down."""
    return [
        _entry(gap.kind.value.upper(), *days)
        for gap in persona.gaps
        if gap.entered and gap.kind is not GapKind.LIFE
        for days in [gap_days(gap)]
    ]


def _entry(category: str, first: date, last: date, **more: Any) -> CalendarEvent:
    return CalendarEvent.model_validate(
        {
            "id": f"{category}-{first}",
            "category": category,
            "start_date_local": f"{first}T00:00:00",
            "end_date_local": f"{last + timedelta(days=1)}T00:00:00",
            **more,
        }
    )
