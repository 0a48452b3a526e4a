"""All documents of one runId together, in either version."""

from dataclasses import dataclass

from weekly_plan_assets.lineage.plan_adherence import PlanAdherence
from weekly_plan_assets.lineage.records import (
    PlanningInputs,
    PlanningOutcome,
    PlanSnapshot,
    RunEvent,
)
from weekly_plan_assets.lineage.version_1 import PlanSnapshotV1, RunArtifactsV1, RunEventV1


@dataclass(frozen=True, slots=True)
class StoredRun:
    """What is kept of one planning execution; each part None where there is none.

    Attributes:
        inputs: The input half of run_artifacts.
        outcome: Its output half; None where the run broke before there was one.
        adherence: What was done of the plan.
    """

    run_id: str
    event: RunEvent | None = None
    inputs: PlanningInputs | None = None
    outcome: PlanningOutcome | None = None
    snapshot: PlanSnapshot | None = None
    adherence: PlanAdherence | None = None


@dataclass(frozen=True, slots=True)
class StoredRunV1:
    """What is kept of an execution of schema version 1.0; each part None where there is none."""

    run_id: str
    event: RunEventV1 | None = None
    artifacts: RunArtifactsV1 | None = None
    snapshot: PlanSnapshotV1 | None = None
