"""What a device's file says about one session, before the athlete's own numbers come in.

Readers make recordings of files; `conversion` makes activities of recordings.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from weekly_plan_assets.domain.plausible import HEART_RATE_BPM

LONGEST_SAMPLE_S = 30
"""A heart rate stands until the next sample, or not at all after a longer gap: that is a pause.

Devices that record only changes write every few seconds (practice).
"""

Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC)),
]
"""A time that a device can have recorded, far enough from the ends of the calendar."""


class FileError(ValueError):
    """A file that cannot be read as what it claims to be; the message says why."""


class ClockOffset(BaseModel):
    """By how much the athlete's clock was ahead of UTC, and the moment at which it was so."""

    model_config = ConfigDict(frozen=True)

    seconds: int
    at: Moment


class Recording(BaseModel):
    """One recorded session. None means that the file does not say.

    Attributes:
        clock: The athlete's clock, where the file knows it.
        type: As Intervals.icu calls it.
        seconds_by_bpm: Time at each heart rate.
    """

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    start: Moment
    type: str
    clock: ClockOffset | None = None
    name: str | None = None
    moving_time_s: int | None = Field(default=None, ge=0)
    elapsed_time_s: int | None = Field(default=None, ge=0)
    distance_m: float | None = Field(default=None, ge=0)
    average_hr_bpm: float | None = None
    max_hr_bpm: float | None = None
    seconds_by_bpm: dict[int, float] = {}


def measured_hr(bpm: float | None) -> float | None:
    """The heart rate, or None where nobody has it: devices write 0 or 10 for not measured."""
    if bpm is None or not HEART_RATE_BPM.least <= bpm <= HEART_RATE_BPM.greatest:
        return None
    return bpm


def seconds_by_bpm(samples: Iterable[tuple[float, float | None]]) -> dict[int, float]:
    """Time at each heart rate in bpm.

    Args:
        samples: Time in seconds and heart rate in bpm, in any order.
    """
    seconds: dict[int, float] = defaultdict(float)
    in_order = sorted(samples, key=lambda sample: sample[0])
    for (begin_s, bpm), (end_s, _) in pairwise(in_order):
        measured = measured_hr(bpm)
        if measured is not None and end_s - begin_s <= LONGEST_SAMPLE_S:
            seconds[round(measured)] += end_s - begin_s
    return {bpm: time_s for bpm, time_s in sorted(seconds.items()) if time_s > 0}


def mean_bpm(seconds: Mapping[int, float]) -> float | None:
    """The mean heart rate over time; None without any."""
    total_s = sum(seconds.values())
    if not total_s:
        return None
    return round(sum(bpm * time_s for bpm, time_s in seconds.items()) / total_s, 1)


def heart_rates(
    average_bpm: float | None, max_bpm: float | None, seconds: Mapping[int, float]
) -> tuple[float | None, float | None]:
    """Mean and maximum: the device's own where it measured them, else those of the samples."""
    average, highest = measured_hr(average_bpm), measured_hr(max_bpm)
    return (
        mean_bpm(seconds) if average is None else average,
        max(seconds, default=None) if highest is None else highest,
    )


def clock_of(moment: datetime) -> ClockOffset | None:
    """The athlete's clock that a time with an offset shows; UTC shows nothing."""
    offset = moment.utcoffset()
    return ClockOffset(seconds=round(offset.total_seconds()), at=moment) if offset else None
