"""Makes activities of recordings, with the athlete's zone and their own heart-rate numbers."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from weekly_plan_assets.domain.activity import Activity
from weekly_plan_assets.domain.athlete import ZONE_COUNT, Athlete
from weekly_plan_assets.domain.training_impulse import MEN, ImpulseWeighting, training_impulse
from weekly_plan_assets.sources.files.recording import Recording


@dataclass(frozen=True, slots=True)
class OwnNumbers:
    """What files do not know of the athlete.

    Attributes:
        zone: Where they live; decides the day of recordings that know no local time.
        athlete: Their heart-rate zones, maximum and resting heart rate, as far as known.
        weighting: Banister's, for men or for women.
    """

    zone: ZoneInfo
    athlete: Athlete | None = None
    weighting: ImpulseWeighting = MEN


def activity_of(
    recording: Recording, own: OwnNumbers, *, activity_id: str, source: str, file_name: str | None
) -> Activity:
    """The recording as an activity; what is not known stays missing.

    Args:
        recording: What the file says.
        own: The athlete's own zone and numbers.
        activity_id: The activity's id.
        source: How the activity came in, in the words of Intervals.icu.
        file_name: The file below the folder; kept as `file_name`.
    """
    athlete = own.athlete
    bounds_bpm = _zone_upper_bpm(athlete)
    return Activity.model_validate(
        {
            "id": activity_id,
            "start_date": recording.start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "start_date_local": local_start(recording, own.zone),
            "type": recording.type,
            "name": recording.name,
            "source": source,
            "distance": recording.distance_m,
            "moving_time": recording.moving_time_s,
            "elapsed_time": recording.elapsed_time_s,
            "average_heartrate": recording.average_hr_bpm,
            "max_heartrate": recording.max_hr_bpm,
            "icu_resting_hr": athlete.resting_hr_bpm if athlete else None,
            "athlete_max_hr": athlete.max_hr_bpm if athlete else None,
            "icu_hr_zones": bounds_bpm,
            "icu_hr_zone_times": _zone_times_s(recording.seconds_by_bpm, bounds_bpm),
            "trimp": _trimp(recording, own),
            "file_name": file_name,
        }
    )


def local_start(recording: Recording, zone: ZoneInfo) -> datetime:
    """What the athlete's clock showed at the start, without an offset.

    The file's own clock wins. Where it agrees with the athlete's zone, the zone decides, because
    the file tells its offset at one moment only and clocks may change during a session.
    """
    clock: tzinfo = zone
    if recording.clock is not None:
        offset = timedelta(seconds=recording.clock.seconds)
        if recording.clock.at.astimezone(zone).utcoffset() != offset:
            clock = timezone(offset)
    return recording.start.astimezone(clock).replace(tzinfo=None, microsecond=0)


def _zone_upper_bpm(athlete: Athlete | None) -> tuple[int, ...] | None:
    """Upper bounds of the athlete's zones: their own, or those by heart-rate reserve."""
    if athlete is None:
        return None
    bounds = (athlete.hr_bounds(zone).bpm_high for zone in range(1, ZONE_COUNT + 1))
    known = tuple(bound for bound in bounds if bound is not None)
    return known if len(known) == ZONE_COUNT else None


def _zone_times_s(
    seconds_by_bpm: Mapping[int, float], upper_bpm: tuple[int, ...] | None
) -> tuple[int, ...] | None:
    """Time in each zone: the first reaches down to rest, the last up without end."""
    if upper_bpm is None or not seconds_by_bpm:
        return None
    times_s = [0.0] * len(upper_bpm)
    for bpm, time_s in seconds_by_bpm.items():
        times_s[min(bisect_left(upper_bpm, bpm), len(upper_bpm) - 1)] += time_s
    return tuple(round(time_s) for time_s in times_s)


def _trimp(recording: Recording, own: OwnNumbers) -> float | None:
    athlete = own.athlete
    duration_s = recording.moving_time_s or recording.elapsed_time_s
    if (
        athlete is None
        or athlete.max_hr_bpm is None
        or athlete.resting_hr_bpm is None
        or recording.average_hr_bpm is None
        or duration_s is None
    ):
        return None
    impulse = training_impulse(
        duration_s,
        recording.average_hr_bpm,
        resting_hr_bpm=athlete.resting_hr_bpm,
        max_hr_bpm=athlete.max_hr_bpm,
        weighting=own.weighting,
    )
    return round(impulse, 4)
