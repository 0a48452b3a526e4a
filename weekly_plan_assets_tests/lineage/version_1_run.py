"""A run of schema version 1.0 as its workflow stored it."""

from datetime import datetime
from typing import Any

from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument

DAYS = ("Lunes", "Martes", "Miercoles", "Jueves", "Viernes", "Sabado", "Domingo")


def store_run(
    database: Database[BsonDocument],
    run_id: str,
    week: str,
    created_at: str | datetime,
    **of_the_artifacts: Any,
) -> None:
    """All three documents of a run that planned `week`."""
    planned = TrainingWeek.parse(week)
    identity = {"runId": run_id, "weekStart": week, "weekEnd": planned.end.isoformat()}
    ended = {"status": "success", "attempt": 1, "errors": [], "errorCount": 0}
    days = [
        {
            "day": name,
            "date": day.isoformat(),
            "activity": "Carrera suave",
            "distance_time": "40 min",
            "intensity": "Z2",
            "goal": "Base aeróbica",
        }
        for name, day in zip(DAYS, planned.days, strict=True)
    ]
    del days[0]["distance_time"], days[0]["goal"]
    days[6]["note"] = "Beber bastante"
    next_week = {"objective": "Subir volumen", "phase": "Desarrollo", **identity}
    event = {**identity, **ended, "createdAt": created_at}
    artifacts = {
        "promptVersion": "v3",
        "modelId": "gpt-4",
        "prompt": "Planifica",
        "metrics": {"runCount": 4, "runDistance": 41200, "ctlMean": 38.5, "hrvMean": None},
        "history": [{"runCount": 3}, {"runCount": 2}],
        "activities": [],
        "wellness": [],
        "outputRaw": "{}",
        "outputValidated": {},
    }
    database["run_events"].insert_one({**event, "runEvent": dict(event)})
    database["run_artifacts"].insert_one({**event, **artifacts, **of_the_artifacts})
    database["plan_snapshots"].insert_one(
        {
            **identity,
            "attempt": 1,
            "schema_version": "1.0",
            "activityPlan": {"nextWeek": next_week, "days": days},
            "justification": ["CTL estable"],
            "createdAt": created_at,
        }
    )
