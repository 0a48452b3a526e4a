"""Makes activities of recordings, with the athlete's zone and their own heart-rate numbers."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import TypedDict
from zoneinfo import ZoneInfo

from weekly_plan_assets.common.plain_text import one_line
from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.sport_heart import ZONE_COUNT
from weekly_plan_assets.domain.recorded.activity import RIDE_TYPES, RUN_TYPES, SPANS, Activity
from weekly_plan_assets.domain.recorded.best_effort import BEST_EFFORTS, BestEffort
from weekly_plan_assets.domain.recorded.training_impulse import (
    MEN,
    ImpulseWeighting,
    hr_load,
    impulse_of_samples,
    training_impulse,
)
from weekly_plan_assets.sources.files.place import zone_at
from weekly_plan_assets.sources.files.recording import Recording, covers, heart_rates

HR_LOAD_TYPE = "HRSS"
"""How Intervals.icu calls a load of this kind."""


@dataclass(frozen=True, slots=True)
class OwnNumbers:
    """What files do not know of the athlete.

    Attributes:
        zone: Where they live; decides the day of recordings that know no local time.
        athlete: Their heart rates and zones, as far as known.
        weighting: Banister's, for men or for women.
    """

    zone: ZoneInfo
    athlete: Athlete
    weighting: ImpulseWeighting = MEN


def activity_from_recording(
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
    recording = _without_mean_of_a_part(recording)
    bounds_bpm = _zone_upper_bpm(athlete)
    load = _load(recording, own)
    efforts = [one.model_dump(exclude_none=True) for one in _efforts(recording)]
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
            "icu_training_load": load,
            "hr_load": load,
            "hr_load_type": None if load is None else HR_LOAD_TYPE,
            "icu_resting_hr": athlete.resting_hr_bpm,
            "athlete_max_hr": athlete.max_hr_bpm,
            "lthr": athlete.threshold_hr_bpm,
            "icu_hr_zones": bounds_bpm,
            "icu_hr_zone_times": _zone_times_s(recording, bounds_bpm),
            "trimp": _trimp(recording, own),
            "file_name": None if file_name is None else one_line(file_name),
            **({SPANS: recording.spans_s} if recording.spans_s else {}),
            **({BEST_EFFORTS: efforts} if efforts else {}),
        }
    )


def _efforts(recording: Recording) -> tuple[BestEffort, ...]:
    """Power of rides and speed of runs: the others say nothing of a threshold."""
    by_power, by_speed = recording.type in RIDE_TYPES, recording.type in RUN_TYPES
    return tuple(
        one
        for one in recording.best_efforts
        if (by_power and one.power_w is not None) or (by_speed and one.speed_m_s is not None)
    )


def _without_mean_of_a_part(recording: Recording) -> Recording:
    """The recording without a mean heart rate that is of a part of it.

    A table beside the file may hold such a mean too.
    """
    average_bpm, _ = heart_rates(
        recording.average_hr_bpm, None, recording.seconds_by_bpm, recording.duration_s
    )
    return recording.model_copy(update={"average_hr_bpm": average_bpm})


def local_start(recording: Recording, zone: ZoneInfo) -> datetime:
    """What the athlete's clock showed at the start, without an offset.

    The file's own clock wins. Where it agrees with the athlete's zone, the zone decides, because
    the file states its offset at one moment only and clocks may change during a session. Where the
    file knows no clock, the place decides where the session began, and without one the athlete's
    zone.
    """
    clock: tzinfo = zone
    if recording.clock is None:
        # Virtual worlds have a map too.
        is_virtual = recording.type.startswith("Virtual")
        clock = (None if is_virtual else zone_at(recording.place)) or zone
    else:
        offset = timedelta(seconds=recording.clock.seconds)
        if recording.clock.at.astimezone(zone).utcoffset() != offset:
            clock = timezone(offset)
    return recording.start.astimezone(clock).replace(tzinfo=None, microsecond=0)


def _zone_upper_bpm(athlete: Athlete) -> tuple[int, ...] | None:
    """Upper bounds of the athlete's zones: their own, or those by heart-rate reserve."""
    bounds = (athlete.hr_bounds(zone).bpm_high for zone in range(1, ZONE_COUNT + 1))
    known = tuple(bound for bound in bounds if bound is not None)
    return known if len(known) == ZONE_COUNT else None


def _zone_times_s(
    recording: Recording, upper_bpm: tuple[int, ...] | None
) -> tuple[int, ...] | None:
    """Time in each zone: the first reaches down to rest, the last up without end.

    None if heart rates are known for too small a part of the session.
    """
    if upper_bpm is None or not covers(recording.seconds_by_bpm, recording.duration_s):
        return None
    times_s = [0.0] * len(upper_bpm)
    for bpm, time_s in recording.seconds_by_bpm.items():
        times_s[min(bisect_left(upper_bpm, bpm), len(upper_bpm) - 1)] += time_s
    return tuple(round(time_s) for time_s in times_s)


def _trimp(recording: Recording, own: OwnNumbers) -> float | None:
    """The impulse of the mean heart rate, as Intervals.icu calculates it."""
    limits, duration_s = _limits(own), recording.duration_s
    if limits is None or recording.average_hr_bpm is None or duration_s is None:
        return None
    return round(training_impulse(duration_s, recording.average_hr_bpm, **limits), 4)


def _load(recording: Recording, own: OwnNumbers) -> int | None:
    """The load by every heart rate of the session where they are known, else by the mean."""
    limits, duration_s = _limits(own), recording.duration_s
    if limits is None or duration_s is None:
        return None
    sampled_s = sum(recording.seconds_by_bpm.values())
    if covers(recording.seconds_by_bpm, duration_s):
        impulse = impulse_of_samples(recording.seconds_by_bpm, **limits) * duration_s / sampled_s
    elif recording.average_hr_bpm is not None:
        impulse = training_impulse(duration_s, recording.average_hr_bpm, **limits)
    else:
        return None
    return round(hr_load(impulse, threshold_hr_bpm=own.athlete.threshold_hr_bpm, **limits))


class _Limits(TypedDict):
    resting_hr_bpm: int
    max_hr_bpm: int
    weighting: ImpulseWeighting


def _limits(own: OwnNumbers) -> _Limits | None:
    """The heart rates and weighting from which TRIMP is calculated; None if unknown."""
    resting_hr_bpm, max_hr_bpm = own.athlete.resting_hr_bpm, own.athlete.max_hr_bpm
    if resting_hr_bpm is None or max_hr_bpm is None:
        return None
    return _Limits(resting_hr_bpm=resting_hr_bpm, max_hr_bpm=max_hr_bpm, weighting=own.weighting)
