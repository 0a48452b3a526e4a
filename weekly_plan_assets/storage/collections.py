"""The names of all collections; keys and indexes are in `index_set`."""

from enum import StrEnum


class CollectionName(StrEnum):
    """A collection of the project's database.

    Attributes:
        ACTIVITIES: The source's training sessions.
        WELLNESS: The source's days.
        WEEKLY_METRICS: One document per training week.
        STORED_WEEKS: The ledger of weeks of the three above.
        RUN_ARTIFACTS: Inputs and attempts of a planning execution.
        RUN_EVENTS: How planning executions ended.
        PLAN_SNAPSHOTS: Published plans.
        PLAN_ADHERENCE: What was done of published plans.
        PLAN_DELIVERIES: What of published plans went to calendars and folders.
        DELIVERY_CLAIMS: Weeks that a process delivers at this moment.
        EVALUATIONS: Planners asked about past weeks.
        EVALUATION_ANSWERS: What they answered.
        NOTIFICATIONS: Messages that were sent.
        COHORT_MEMBERS: To which cohort each athlete of a roster belongs.
        COHORT_RUNS: For which athletes a run of a cohort planned, and who failed.
        READ_MARKS: Weeks that are to be read again, because the source said that they changed.
    """

    ACTIVITIES = "activities"
    WELLNESS = "wellness"
    WEEKLY_METRICS = "weekly_metrics"
    STORED_WEEKS = "stored_weeks"
    RUN_ARTIFACTS = "run_artifacts"
    RUN_EVENTS = "run_events"
    PLAN_SNAPSHOTS = "plan_snapshots"
    PLAN_ADHERENCE = "plan_adherence"
    PLAN_DELIVERIES = "plan_deliveries"
    DELIVERY_CLAIMS = "delivery_claims"
    EVALUATIONS = "evaluations"
    EVALUATION_ANSWERS = "evaluation_answers"
    NOTIFICATIONS = "notifications"
    COHORT_MEMBERS = "cohort_members"
    COHORT_RUNS = "cohort_runs"
    READ_MARKS = "read_marks"
