"""What an athlete can hold for about an hour in each sport: power ridden, pace run, CSS swum.

Each comes from the first source that has it: the athlete's own file, the settings of the source,
an estimate of the source, an effort of the last weeks. Heart rate at threshold belongs to
`sport_heart`; what follows for a session belongs to `targets`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from pydantic import Field

from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.plan.weekly_plan import Sport
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

CLEARLY_MORE = 1.15
BESTS_NEEDED = 5
"""Without a heart rate, the best minutes of a session are an effort where they are so much above
the middle of that many sessions. Project convention."""

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


@dataclass(frozen=True, slots=True)
class _Effort:
    """What an effort says of an hour, and how far it can be trusted."""

    hour: float
    confidence: Confidence
    day: date


def _of_efforts(
    sessions: Sequence[CountedSession], sport: Sport, threshold_hr_bpm: int | None
) -> Iterator[Threshold]:
    """What races and other efforts of the last weeks say, the best of them."""
    if sport is Sport.SWIM:  # a session's mean pace holds the rests at the wall
        return
    efforts = [
        *_whole_sessions(sessions, sport, threshold_hr_bpm),
        *_best_minutes(sessions, sport, threshold_hr_bpm),
    ]
    if efforts:
        best = max(efforts, key=lambda one: one.hour)
        yield from _threshold(sport, best.hour, ThresholdSource.SESSION, best.confidence, best.day)


def _whole_sessions(
    sessions: Sequence[CountedSession], sport: Sport, threshold_hr_bpm: int | None
) -> Iterator[_Effort]:
    """Sessions that were an effort from start to end."""
    for one in sessions:
        activity, duration_s = one.activity, one.duration_s
        if duration_s is None or not EFFORT_S.hold(duration_s):
            continue
        is_hard = _is_hard(activity.average_hr_bpm, threshold_hr_bpm)
        if not (activity.is_race or is_hard):
            continue
        held = activity.weighted_power_w
        if sport is Sport.RUN:
            held = activity.distance_m and activity.distance_m / duration_s
        if held:
            confidence = Confidence.MEDIUM if activity.is_race else Confidence.LOW
            yield _Effort(_hour_of(held, duration_s, sport), confidence, activity.day)


def _best_minutes(
    sessions: Sequence[CountedSession], sport: Sport, threshold_hr_bpm: int | None
) -> Iterator[_Effort]:
    """The best minutes within sessions, as far as they were an effort.

    By their heart rate where it is known, else because they are clearly above what is usual.
    """
    held: dict[int, list[tuple[float, float | None, date]]] = {}
    for session in sessions:
        for one in session.activity.best_efforts:
            value = one.power_w if sport is Sport.RIDE else one.speed_m_s
            if value is not None:
                found = (value, one.average_hr_bpm, session.activity.day)
                held.setdefault(one.duration_s, []).append(found)
    for duration_s, bests in held.items():
        usual = median(value for value, _, _ in bests)
        for value, bpm, day in bests:
            stands_out = len(bests) >= BESTS_NEEDED and value >= CLEARLY_MORE * usual
            by_heart = bpm is not None and threshold_hr_bpm is not None
            if _is_hard(bpm, threshold_hr_bpm) if by_heart else stands_out:
                yield _Effort(_hour_of(value, duration_s, sport), Confidence.LOW, day)


def _is_hard(average_bpm: float | None, threshold_hr_bpm: int | None) -> bool:
    """Whether a mean heart rate is that of about all that the athlete has."""
    if average_bpm is None or threshold_hr_bpm is None:
        return False
    return average_bpm >= HARD_HR_SHARE * threshold_hr_bpm


def _hour_of(held: float, duration_s: int, sport: Sport) -> float:
    """What was held for a time says of an hour: by Riegel's curve, or by the fall of power."""
    share = duration_s / SECONDS_PER_HOUR
    if sport is Sport.RIDE:
        return float(held * share**FADE_OF_POWER)
    # Time grows with the 1.06th power of distance, so distance with the 1/1.06th of time.
    exponent = 1 - 1 / (1 + RACE_PACE_FADES)
    return float(held * share**exponent)
