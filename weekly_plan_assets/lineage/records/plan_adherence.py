"""The plan_adherence documents: one a published plan whose week was looked at afterwards."""

from datetime import datetime

from weekly_plan_assets.domain.adherence import WeekAdherence
from weekly_plan_assets.lineage.records.run_record import RunRecord


class PlanAdherence(RunRecord, WeekAdherence):
    """What was done of one plan, keyed by the runId of the plan. The plan itself never changes.

    Attributes:
        plan_created_at: When the plan was published.
        in_time: Whether that was early enough for the plan to be followed: a plan made for a past
            week in a backfill has an adherence too, but it says nothing about the athlete.
    """

    plan_created_at: datetime
    in_time: bool
