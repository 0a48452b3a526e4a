"""What is delivered: a published plan with what it becomes on a calendar."""

from dataclasses import dataclass

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.delivery.entries import WantedEntry
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.lineage.audit.delivery_replay import wanted_entries
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.lineage.records.records import PlanningInputs, PlanSnapshot


class DeliveryError(WeeklyPlanError):
    """A plan that cannot be delivered; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class DeliverablePlan:
    """A published plan, and what of it is wanted on a calendar.

    Attributes:
        athlete: Whose thresholds steer the sessions; None where the inputs of the plan are no
            longer stored, and targets follow from the plan alone.
    """

    snapshot: PlanSnapshot
    athlete: Athlete | None
    entries: tuple[WantedEntry, ...]

    @classmethod
    def stored(cls, lineage: Lineage, snapshot: PlanSnapshot) -> "DeliverablePlan":
        """The plan of a snapshot, with the inputs that are stored of its run.

        Raises:
            UnreadableRunError: They are malformed, or their provenance was altered.
        """
        return cls.of(snapshot, lineage.inputs(snapshot.run_id))

    @classmethod
    def of(cls, snapshot: PlanSnapshot, inputs: PlanningInputs | None) -> "DeliverablePlan":
        """The plan of a snapshot.

        Args:
            snapshot: The plan.
            inputs: What it was made from; None where that is no longer stored.
        """
        athlete = None if inputs is None else inputs.athlete
        return cls(snapshot, athlete, wanted_entries(snapshot, athlete))
