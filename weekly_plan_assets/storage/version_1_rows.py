"""Rows of weekly_metrics of schema version 1.0, read as the metrics of today.

They have no content hash, no coverage, no load, and may name no athlete. What they do not hold is
not known, and never zero.
"""

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument

_COUNTS = ("runCount", "rideCount", "strengthCount")
_ALL_COUNTS = (*_COUNTS, "vo2Sessions", "tempoSessions", "longRuns")
_NOT_STATED = (
    *("trainingLoad", "longestRunTime", "ctlEnd", "atlEnd", "coverage"),
    *("runDistance", "runTime", "rideDistance", "rideTime", "strengthTrimp"),
    *("ctlMean", "atlMean", "rampRateMean", "restHrMean", "stepsMean", "sleepScoreMean"),
    "hrvMean",
)


def is_version_1_row(row: BsonDocument) -> bool:
    """Whether a weekly_metrics row is of that version."""
    return "contentHash" not in row


def as_weekly_metrics(row: BsonDocument, athlete_id: str) -> BsonDocument:
    """The row with all that the metrics of today have; sessions are those that it counts.

    Args:
        row: As it is stored.
        athlete_id: Whose it is where it names nobody.
    """
    week = TrainingWeek.parse(row["weekStart"])
    counts = {name: row.get(name) or 0 for name in _ALL_COUNTS}
    sessions = sum(counts[name] for name in _COUNTS if isinstance(counts[name], int | float))
    return {
        **dict.fromkeys(_NOT_STATED),
        "weekEnd": week.end.isoformat(),
        **row,
        **counts,
        "athleteId": row.get("athleteId") or athlete_id,
        "activityCount": sessions,
        "unknownLoadCount": sessions,
    }
