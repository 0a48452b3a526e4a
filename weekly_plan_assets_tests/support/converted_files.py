"""A recording as it becomes an activity."""

from zoneinfo import ZoneInfo

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.sources.files.conversion import OwnNumbers, activity_from_recording
from weekly_plan_assets.sources.files.recording import Recording


def converted(recording: Recording, athlete: Athlete, zone: str = "Europe/Madrid") -> Activity:
    own = OwnNumbers(ZoneInfo(zone), athlete)
    return activity_from_recording(
        recording, own, activity_id="1", source="UPLOAD", file_name="a.fit"
    )
