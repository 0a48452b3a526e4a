"""What the code location and its jobs are called: runs are known by these names."""

LOCATION = "weekly_plan_assets"
"""Its name: schedules, sensors and runs are known by it."""

REPOSITORY = "__repository__"
"""The name that Dagster gives to the definitions of a module."""

DEFINITIONS = "weekly_plan_assets.definitions"
"""The module that it is loaded from."""

WEEKLY_PLAN = "weekly_plan"
CLOSE_WEEK = "close_week"
MAKE_PLAN = "make_plan"
CHECK_LINEAGE = "check_lineage"
RECONCILE_RUNS = "reconcile_runs"

PUBLISHING_JOBS = (WEEKLY_PLAN, MAKE_PLAN)
"""Those that publish a plan."""

COHORT = "cohort"
WEEK = "week"
"""The two dimensions of a partition where a roster has several athletes. Dagster orders them by
their names."""
