"""All documents of one runId together, in their own version."""

from dataclasses import dataclass

from weekly_plan_assets.lineage.records.delivery_receipt import DeliveryReceipt
from weekly_plan_assets.lineage.records.records import (
    PlanAdherence,
    PlanningInputs,
    PlanningOutcome,
    PlanSnapshot,
    RunEvent,
)
from weekly_plan_assets.lineage.records.version_1 import PlanSnapshotV1, RunArtifactsV1, RunEventV1


@dataclass(frozen=True, slots=True)
class StoredRun:
    """What is kept of one planning execution; each part None if there is none.

    Attributes:
        inputs: The input half of run_artifacts.
        outcome: Its output half; None if the run broke before there was one.
        adherence: What was done of the plan.
        deliveries: What of it went where; one for each account of each target.
    """

    run_id: str
    event: RunEvent | None = None
    inputs: PlanningInputs | None = None
    outcome: PlanningOutcome | None = None
    snapshot: PlanSnapshot | None = None
    adherence: PlanAdherence | None = None
    deliveries: tuple[DeliveryReceipt, ...] = ()

    @property
    def athlete_id(self) -> str | None:
        """Whose run it is; None if no document says so."""
        records = (self.inputs, self.snapshot, self.event)
        return next((one.athlete_id for one in records if one is not None), None)


@dataclass(frozen=True, slots=True)
class StoredRunV1:
    """What is kept of an execution of schema version 1.0; each part None if there is none."""

    run_id: str
    event: RunEventV1 | None = None
    artifacts: RunArtifactsV1 | None = None
    snapshot: PlanSnapshotV1 | None = None

    @property
    def athlete_id(self) -> str | None:
        """Whose run it is; None if no document says so."""
        records = (self.artifacts, self.snapshot, self.event)
        return next((one.athlete_id for one in records if one is not None), None)
