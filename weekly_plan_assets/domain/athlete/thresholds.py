"""What an athlete can hold for about an hour in each sport: power ridden, pace run, CSS swum.

Each comes from the first source that has it: the athlete's own file, the settings of the source,
an estimate of the source, an effort of the last weeks. Heart rate at threshold belongs to
`sport_heart`; what follows for a session belongs to `targets`.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum

from pydantic import Field

from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.domain.recorded.sport_types import (
    ACTIVITY_TYPES_BY_SPORT,
    SPORTS_BY_ACTIVITY_TYPE,
)
from weekly_plan_assets.domain.recorded.value_limits import RACE_PACE_FADES, ValueRange
from weekly_plan_assets.domain.units import METRES_PER_KM, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

METRES_PER_POOL_PACE = 100
"""Paces in water are stated for 100 m."""

RECENT_DAYS = 90
"""An older effort does not say what an athlete can do today (coaching practice)."""

THRESHOLD_STALE_DAYS = 180
"""Settings that nobody has touched for half a year may be out of date. Project convention."""

EFFORT_S = ValueRange(20 * SECONDS_PER_MINUTE, 150 * SECONDS_PER_MINUTE)
"""An effort of another length says little of an hour's (Riegel 1981 fitted 3.5 to 230 min)."""

HARD_HR_SHARE = 0.93
"""A session whose mean heart rate is this share of that at threshold was an effort throughout; what
is easy is below 85 % (coaching practice)."""

FADE_OF_POWER = 0.07
"""By this power of the time the power of rides falls between 20 and 150 min (practice: 95 % of the
best 20 min is what an hour bears)."""


class ThresholdMeasure(StrEnum):
    """What a threshold is a threshold of."""

    POWER = "power"
    PACE = "pace"


class ThresholdSource(StrEnum):
    """Who says so."""

    FILE = "file"
    SETTINGS = "settings"
    ESTIMATE = "estimate"
    SESSION = "session"


class Confidence(StrEnum):
    """How far it can be trusted."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


MEASURES = {
    Sport.RIDE: ThresholdMeasure.POWER,
    Sport.RUN: ThresholdMeasure.PACE,
    Sport.SWIM: ThresholdMeasure.PACE,
}
"""What is measured in each endurance sport."""

POSSIBLE = {
    Sport.RIDE: ValueRange(50, 550),
    Sport.RUN: ValueRange(1.5, 6.0),
    Sport.SWIM: ValueRange(0.4, 1.8),
}
"""Watts; m/s. From the slowest beginners to the records over an hour (practice)."""


class Threshold(Document):
    """What can be held for about an hour in one sport.

    Attributes:
        value: Watts ridden; m/s run or swum.
        as_of: The day that it was set, or done; None if that is not known.
    """

    sport: Sport
    measure: ThresholdMeasure
    value: float = Field(gt=0)
    source: ThresholdSource
    confidence: Confidence
    as_of: date | None = None

    def is_stale(self, today: date) -> bool:
        """Whether it was set so long ago that it may no longer hold."""
        return self.as_of is not None and today - self.as_of > timedelta(days=THRESHOLD_STALE_DAYS)


def pace_metres(sport: Sport) -> int:
    """Metres that a pace of a sport is stated for."""
    return METRES_PER_POOL_PACE if sport is Sport.SWIM else METRES_PER_KM


def thresholds_of(
    file: AthleteFile,
    settings: Sequence[SportSettings],
    sessions: Sequence[CountedSession],
    threshold_hr_bpm: Callable[[Sport], int | None],
    last_day: date,
) -> tuple[Threshold, ...]:
    """The thresholds of the endurance sports, where anything is known.

    Args:
        file: The athlete's own.
        settings: Those of the source.
        sessions: Those that count, any number of weeks.
        threshold_hr_bpm: The heart rate at threshold in a sport.
        last_day: The last day that is known.
    """
    found = []
    for sport in MEASURES:
        own = [one for one in sessions if SPORTS_BY_ACTIVITY_TYPE.get(_type(one)) is sport]
        recent = [
            one
            for one in own
            if last_day - timedelta(days=RECENT_DAYS) < one.activity.day <= last_day
        ]
        candidates = (
            *_stated(file, sport),
            *_set(settings, sport),
            *_of_activities(recent, sport),
            *_of_efforts(recent, sport, threshold_hr_bpm(sport)),
        )
        found += [one for one in candidates if POSSIBLE[sport].hold(one.value)][:1]
    return tuple(found)


def _type(session: CountedSession) -> str:
    return session.activity.type or ""


def _threshold(
    sport: Sport,
    value: float | None,
    source: ThresholdSource,
    confidence: Confidence,
    as_of: date | None = None,
) -> Iterator[Threshold]:
    if value is not None and value > 0:
        yield Threshold(
            sport=sport,
            measure=MEASURES[sport],
            value=value,
            source=source,
            confidence=confidence,
            as_of=as_of,
        )


def _stated(file: AthleteFile, sport: Sport) -> Iterator[Threshold]:
    """What the athlete says."""
    pace_s, css_s = file.threshold_pace_per_km, file.css_per_100m
    stated = {
        Sport.RIDE: file.ftp_w,
        Sport.RUN: None if pace_s is None else METRES_PER_KM / pace_s,
        Sport.SWIM: None if css_s is None else METRES_PER_POOL_PACE / css_s,
    }
    yield from _threshold(sport, stated[sport], ThresholdSource.FILE, Confidence.HIGH)


def _set(settings: Sequence[SportSettings], sport: Sport) -> Iterator[Threshold]:
    """What is set at the source."""
    for one in settings:
        if ACTIVITY_TYPES_BY_SPORT[sport] & set(one.types):
            value = one.ftp_w if sport is Sport.RIDE else one.threshold_speed_m_s
            yield from _threshold(
                sport, value, ThresholdSource.SETTINGS, Confidence.HIGH, one.updated_on
            )


def _of_activities(sessions: Sequence[CountedSession], sport: Sport) -> Iterator[Threshold]:
    """What sessions were recorded with: the setting of that day, else the source's estimate."""
    newest = sorted((one.activity for one in sessions), key=lambda one: one.day, reverse=True)
    for one in newest:
        value = one.ftp_w if sport is Sport.RIDE else one.threshold_speed_m_s
        yield from _threshold(sport, value, ThresholdSource.SETTINGS, Confidence.HIGH, one.day)
    if sport is Sport.RIDE:
        for one in newest:
            yield from _threshold(
                sport, one.estimated_ftp_w, ThresholdSource.ESTIMATE, Confidence.MEDIUM, one.day
            )


def _of_efforts(
    sessions: Sequence[CountedSession], sport: Sport, threshold_hr_bpm: int | None
) -> Iterator[Threshold]:
    """What races and other efforts of the last weeks say, the best of them."""
    if sport is Sport.SWIM:  # a session's mean pace holds the rests at the wall
        return
    best: tuple[float, Activity] | None = None
    for one in sessions:
        if one.duration_s is None or not EFFORT_S.hold(one.duration_s):
            continue
        if not _was_an_effort(one.activity, threshold_hr_bpm):
            continue
        value = _hour_of(one.activity, one.duration_s, sport)
        if value is not None and (best is None or value > best[0]):
            best = value, one.activity
    if best is not None:
        value, activity = best
        confidence = Confidence.MEDIUM if activity.is_race else Confidence.LOW
        yield from _threshold(sport, value, ThresholdSource.SESSION, confidence, activity.day)


def _was_an_effort(activity: Activity, threshold_hr_bpm: int | None) -> bool:
    """Whether the athlete gave about all: a race, or a mean heart rate close to threshold."""
    if activity.is_race or threshold_hr_bpm is None or activity.average_hr_bpm is None:
        return bool(activity.is_race)
    return activity.average_hr_bpm >= HARD_HR_SHARE * threshold_hr_bpm


def _hour_of(activity: Activity, duration_s: int, sport: Sport) -> float | None:
    """What the effort says of an hour: the speed of Riegel's curve, or the power of a ride."""
    share = duration_s / SECONDS_PER_HOUR
    if sport is Sport.RIDE:
        power_w = activity.weighted_power_w
        return None if power_w is None else power_w * share**FADE_OF_POWER
    if not activity.distance_m:
        return None
    # Time grows with the 1.06th power of distance, so distance with the 1/1.06th of time.
    exponent = 1 - 1 / (1 + RACE_PACE_FADES)
    speed: float = activity.distance_m / duration_s * share**exponent
    return speed
