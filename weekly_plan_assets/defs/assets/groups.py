"""What assets have in common: groups, owners, tags, documentation and freshness."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TypedDict

from dagster import FreshnessPolicy, MetadataValue

from weekly_plan_assets.lineage.records.code_version import package_version

INGEST = "ingest"
METRICS = "metrics"
PLANNING = "planning"
DELIVERY = "delivery"

DATA_OWNERS = ("team:data",)
"""Whom to ask about rows and numbers."""

COACHING_OWNERS = ("team:coaching",)
"""Whom to ask about plans."""

EVERY_WEEK = FreshnessPolicy.time_window(
    warn_window=timedelta(days=8), fail_window=timedelta(days=15)
)
"""A missed week is reported a day later, and a second one is an alarm.

A backfill counts too: Dagster looks at the asset, not at its weeks."""

HEALTH_DATA = {"sensitivity": "health"}
"""The tag of every asset: rows, figures and plans all say something about somebody's health."""


class GroupKeywords(TypedDict):
    """Keywords of `@asset` that are the same for all assets of a group."""

    group_name: str
    owners: Sequence[str]
    freshness_policy: FreshnessPolicy
    code_version: str
    tags: Mapping[str, str]


def in_group(group: str) -> GroupKeywords:
    """Keywords for `@asset`: the group, who answers for it, and what all assets share."""
    return {
        "group_name": group,
        "owners": COACHING_OWNERS if group in {PLANNING, DELIVERY} else DATA_OWNERS,
        "freshness_policy": EVERY_WEEK,
        "code_version": package_version(),
        "tags": HEALTH_DATA,
    }


def documented_in(page: str, section: str) -> dict[str, MetadataValue[str]]:
    """Asset metadata: the section of the documentation that describes its fields."""
    return {"docs": MetadataValue.path(f"docs/{page}#{section}")}
