"""Reads TCX files, Garmin's Training Center format."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from weekly_plan_assets.sources.files.activity_types import type_of_word
from weekly_plan_assets.sources.files.recording import (
    FileError,
    Recording,
    clock_of,
    heart_rates,
    measured_hr,
    seconds_by_bpm,
)
from weekly_plan_assets.sources.files.xml import parse_xml, text_of


def read_tcx(content: bytes) -> tuple[Recording, ...]:
    """The activities of a TCX file.

    Moving time is the timer's time of the laps.

    Raises:
        FileError: It is no TCX, or an activity of it has neither times nor laps.
    """
    root = parse_xml(text_of(content))
    if _name(root) != "TrainingCenterDatabase":
        raise FileError(f"it is not TCX: its root is {_name(root)}")
    activities = root.findall("{*}Activities//{*}Activity")
    if not activities:
        raise FileError("it holds no activity: a planned course is not a recording")
    return tuple(_recording(activity) for activity in activities)


def _recording(activity: Element) -> Recording:
    laps = activity.findall("{*}Lap")
    points = [
        (_moment(time), point)
        for point in activity.iterfind("{*}Lap/{*}Track/{*}Trackpoint")
        if (time := point.findtext("{*}Time")) is not None
    ]
    times = [time for time, _ in points] or [_moment(lap.get("StartTime", "")) for lap in laps]
    if not times:
        raise FileError("an activity of it has neither times nor laps")
    seconds = seconds_by_bpm(
        (time.timestamp(), _number(point, "{*}HeartRateBpm/{*}Value")) for time, point in points
    )
    timer_s = _sum(_number(lap, "{*}TotalTimeSeconds") for lap in laps)
    elapsed_s = (max(times) - min(times)).total_seconds() or timer_s
    average_bpm, max_bpm = heart_rates(_mean_of_laps(laps), _max_of_laps(laps), seconds)
    return Recording(
        start=min(times),
        type=type_of_word(activity.get("Sport")),
        clock=clock_of(times[0]),
        moving_time_s=None if timer_s is None else round(timer_s),
        elapsed_time_s=None if elapsed_s is None else round(elapsed_s),
        distance_m=_sum(_number(lap, "{*}DistanceMeters") for lap in laps),
        average_hr_bpm=average_bpm,
        max_hr_bpm=max_bpm,
        seconds_by_bpm=seconds,
    )


def _mean_of_laps(laps: Iterable[Element]) -> float | None:
    """The laps' means by their time; None unless every lap was measured."""
    weighted_bpm = total_s = 0.0
    for lap in laps:
        bpm = measured_hr(_number(lap, "{*}AverageHeartRateBpm/{*}Value"))
        time_s = _number(lap, "{*}TotalTimeSeconds")
        if bpm is None or time_s is None:
            return None
        weighted_bpm += bpm * time_s
        total_s += time_s
    return round(weighted_bpm / total_s, 1) if total_s else None


def _max_of_laps(laps: Iterable[Element]) -> float | None:
    measured = (measured_hr(_number(lap, "{*}MaximumHeartRateBpm/{*}Value")) for lap in laps)
    return max(_known(measured), default=None)


def _sum(values: Iterable[float | None]) -> float | None:
    """The sum of the known values; None without any."""
    known = list(_known(values))
    return sum(known) if known else None


def _known(values: Iterable[float | None]) -> Iterator[float]:
    return (value for value in values if value is not None)


def _number(element: Element, path: str) -> float | None:
    text = element.findtext(path)
    return float(text) if text else None


def _moment(text: str) -> datetime:
    """TCX times are UTC where they name no offset."""
    moment = datetime.fromisoformat(text.strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
