"""What the assets of a group have in common: its name, whom to ask, how fresh they are to be."""

from datetime import timedelta

from dagster import FreshnessPolicy

INGEST = "ingest"
METRICS = "metrics"
PLANNING = "planning"

DATA_OWNERS = ("team:data",)
"""Whom to ask about rows and numbers."""

COACHING_OWNERS = ("team:coaching",)
"""Whom to ask about plans."""

EVERY_WEEK = FreshnessPolicy.time_window(
    warn_window=timedelta(days=8), fail_window=timedelta(days=15)
)
"""Where nothing was materialized, a missed week is told a day later, and a second one is an alarm.

A backfill counts too: Dagster looks at the asset, not at its weeks."""
