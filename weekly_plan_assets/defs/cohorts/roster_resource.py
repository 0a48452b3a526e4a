"""The resource of the graph of a roster: which athletes a run is about, and what they share."""

from collections.abc import Mapping, Sequence
from typing import Any

from dagster import AssetExecutionContext, ConfigurableResource
from pydantic import PrivateAttr
from pymongo.database import Database

from weekly_plan_assets.athletes.cohorts import Cohort, cohorts_of
from weekly_plan_assets.athletes.each_athlete import OpenedRoster
from weekly_plan_assets.defs.cohorts.cohort_partitions import covered_by
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.runs.tags import ATHLETES_TAG
from weekly_plan_assets.settings import SettingsError, load_settings
from weekly_plan_assets.settings.roster import Roster, RosterAthlete
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.cohort_documents import (
    athletes_of_run,
    note_athletes,
    note_errors,
)


class RosterResource(ConfigurableResource[Any]):
    """Reads settings and roster when a run needs them, so that who was added since is there."""

    _opened: OpenedRoster | None = PrivateAttr(default=None)
    _cohorts: dict[str, Cohort] | None = PrivateAttr(default=None)

    def opened(self, mongo: MongoResource) -> OpenedRoster:
        """The athletes, each opened once in a run.

        Raises:
            SettingsError: A setting or the roster is wrong.
        """
        if self._opened is None:
            self._opened = OpenedRoster(load_settings(), mongo.database())
        return self._opened

    def athletes(
        self, context: AssetExecutionContext, mongo: MongoResource
    ) -> Sequence[RosterAthlete]:
        """Whom a step of a run is about.

        The first step of a run notes the members of the cohort, or those that a tag names; the
        later ones leave out for whom an earlier one failed, so that nothing is planned from data
        that could not be read.

        Raises:
            SettingsError: There is nobody.
        """
        covered, database = covered_by(context), mongo.database()
        only = context.run.tags.get(ATHLETES_TAG, "").split()
        found = self._cohort(mongo, covered.cohort).part(only).athletes
        if not found:
            raise SettingsError(
                f"none of the athletes that this run was launched for ({', '.join(only)}) is in "
                f"the cohort {covered.cohort} of the roster any more"
            )
        if len(covered.weeks) > 1:
            return found
        (week,) = covered.weeks
        noted = {one.athlete_id: one for one in athletes_of_run(database, context.run.run_id)}
        if not noted:
            note_athletes(database, context.run.run_id, week, [one.id for one in found])
            failed = _failed_before(context, database)
            for step, errors in failed.items():
                note_errors(database, context.run.run_id, week, errors, step)
            return [one for one in found if not any(one.id in errors for errors in failed.values())]
        return [one for one in found if one.id in noted and noted[one.id].error is None]

    def _cohort(self, mongo: MongoResource, key: str) -> Cohort:
        """A cohort with its athletes, new ones of the roster among them.

        Raises:
            SettingsError: The roster has no athletes in it.
        """
        if self._cohorts is None:
            settings = self.opened(mongo).settings
            roster = settings.roster or Roster()
            found = cohorts_of(mongo.database(), settings, roster)
            self._cohorts = {one.key: one for one in found}
        if key not in self._cohorts:
            raise SettingsError(
                f"the roster has no athlete in the cohort {key}; its cohorts are "
                f"{', '.join(self._cohorts) or 'none'}"
            )
        return self._cohorts[key]

    def note(
        self, context: AssetExecutionContext, mongo: MongoResource, errors: Mapping[str, str]
    ) -> None:
        """Note for whom a step failed, by their ids; of a range of weeks nothing is noted."""
        weeks = covered_by(context).weeks
        if len(weeks) == 1:
            step = context.op_execution_context.op_handle.name
            note_errors(mongo.database(), context.run.run_id, weeks[0], errors, step)

    def failed(self, context: AssetExecutionContext, mongo: MongoResource) -> dict[str, str]:
        """For whom the run has failed so far, and why, by their ids."""
        noted = athletes_of_run(mongo.database(), context.run.run_id)
        return {one.athlete_id: one.error for one in noted if one.error is not None}


def _failed_before(
    context: AssetExecutionContext, database: Database[BsonDocument]
) -> dict[str, dict[str, str]]:
    """By step, for whom the run failed that this one goes on with, in steps that it leaves out."""
    parent, steps = context.run.parent_run_id, context.run.step_keys_to_execute
    if parent is None or not steps:
        return {}
    failed: dict[str, dict[str, str]] = {}
    for one in athletes_of_run(database, parent):
        if one.error is not None and one.failed_in is not None and one.failed_in not in steps:
            failed.setdefault(one.failed_in, {})[one.athlete_id] = one.error
    return failed
