"""The resource of the graph of a roster: which athletes a run is about, and what they share."""

from collections.abc import Sequence
from typing import Any

from dagster import AssetExecutionContext, ConfigurableResource

from weekly_plan_assets.defs.cohorts.partitions import covered_by
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.runs.tags import ATHLETES_TAG
from weekly_plan_assets.settings import Settings, load_settings
from weekly_plan_assets.settings.roster import RosterAthlete
from weekly_plan_assets.storage.cohorts import members_of


class RosterResource(ConfigurableResource[Any]):
    """Reads settings and roster when a run needs them, so that who was added since is there."""

    def settings(self) -> Settings:
        """What the athletes share.

        Raises:
            SettingsError: A setting or the roster is wrong.
        """
        return load_settings()

    def athletes(
        self, context: AssetExecutionContext, mongo: MongoResource
    ) -> Sequence[RosterAthlete]:
        """Whom a run is about: the members of its cohort, or those that its tag names."""
        roster = self.settings().roster
        members = set(members_of(mongo.database(), covered_by(context).cohort))
        only = context.run.tags.get(ATHLETES_TAG)
        wanted = members if only is None else members.intersection(only.split())
        return [] if roster is None else [one for one in roster.athletes if one.id in wanted]
