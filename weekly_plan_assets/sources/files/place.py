"""The time zone of a place, for recordings that know where they began but not by which clock."""

from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DIGITS = 2
"""A hundredth of a degree is about a kilometre: no border of time zones is known more closely."""


def zone_at(place: tuple[float, float] | None) -> ZoneInfo | None:
    """The time zone of a position.

    Args:
        place: Latitude and longitude in degrees; None if it is not known.

    Returns:
        None if the place or its zone is not known.
    """
    if place is None:
        return None
    return _zone_at(round(place[0], _DIGITS), round(place[1], _DIGITS))


@lru_cache(maxsize=10_000)
def _zone_at(latitude: float, longitude: float) -> ZoneInfo | None:
    # Its map of the world takes a tenth of a second and 20 MB, which few commands need.
    from tzfpy import get_tz  # noqa: PLC0415

    name = get_tz(longitude, latitude)
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
