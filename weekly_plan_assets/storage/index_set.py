"""The index set: which indexes the collections have.

Every unique index of an athlete's documents begins with the athlete, so that a collection may be
sharded by `{athleteId: "hashed"}`: MongoDB then accepts only unique indexes that begin with it. How
a database gets the set is in `indexes`.

`scripts/bootstrap_run_events_indexes.js` makes the same set, name for name, from mongosh; a test
compares the two.
"""

from dataclasses import dataclass
from typing import Any

from pymongo import ASCENDING, DESCENDING

from weekly_plan_assets.domain.units import SECONDS_PER_DAY
from weekly_plan_assets.storage.collections import CollectionName


@dataclass(frozen=True, slots=True)
class Index:
    """One index of one collection.

    Attributes:
        fields: Field names with 1 for ascending, -1 for descending.
        expire_after_s: Makes it a TTL index, in seconds after the BSON date in its one field.
    """

    collection: str
    fields: tuple[tuple[str, int], ...]
    unique: bool = False
    expire_after_s: int | None = None

    @property
    def name(self) -> str:
        """MongoDB's own name for such a key, the same from every client."""
        return "_".join(f"{field}_{direction}" for field, direction in self.fields)

    @property
    def options(self) -> dict[str, Any]:
        """The options as `createIndexes` takes them."""
        options: dict[str, Any] = {}
        if self.unique:
            options["unique"] = True
        if self.expire_after_s is not None:
            options["expireAfterSeconds"] = self.expire_after_s
        return options


def _up(*fields: str) -> tuple[tuple[str, int], ...]:
    return tuple((field, ASCENDING) for field in fields)


_NEWEST_FIRST = (("createdAt", DESCENDING),)
_BY_RUN = _up("runId")
"""For readers of a runId who do not know whose it is, and for all runIds that begin alike."""

_OF_ATHLETE_AND_RUN = _up("athleteId", "runId")

ONE_ATHLETE = Index(CollectionName.WEEKLY_METRICS, _up("weekStart"), unique=True)
SEVERAL_ATHLETES = Index(CollectionName.WEEKLY_METRICS, _up("athleteId", "weekStart"), unique=True)
"""A database has one of the two, and so says whether it takes a second athlete.

The first does not begin with the athlete: a database of one athlete has nothing to shard.
"""

INDEXES: tuple[Index, ...] = (
    Index(CollectionName.RUN_EVENTS, _OF_ATHLETE_AND_RUN, unique=True),
    Index(CollectionName.RUN_EVENTS, _BY_RUN),
    Index(CollectionName.RUN_EVENTS, (("status", ASCENDING), *_NEWEST_FIRST)),
    Index(CollectionName.RUN_EVENTS, _up("createdAt"), expire_after_s=90 * SECONDS_PER_DAY),
    ONE_ATHLETE,
    Index(CollectionName.WEEKLY_METRICS, _NEWEST_FIRST),
    Index(CollectionName.PLAN_SNAPSHOTS, _OF_ATHLETE_AND_RUN, unique=True),
    Index(CollectionName.PLAN_SNAPSHOTS, _BY_RUN),
    Index(CollectionName.PLAN_SNAPSHOTS, _up("weekStart")),
    Index(CollectionName.PLAN_SNAPSHOTS, _up("createdAt"), expire_after_s=365 * SECONDS_PER_DAY),
    Index(CollectionName.RUN_ARTIFACTS, _OF_ATHLETE_AND_RUN, unique=True),
    Index(CollectionName.RUN_ARTIFACTS, _BY_RUN),
    Index(CollectionName.RUN_ARTIFACTS, _NEWEST_FIRST),
    Index(CollectionName.RUN_ARTIFACTS, (*_up("observedWeekStart"), *_NEWEST_FIRST)),
    Index(CollectionName.PLAN_ADHERENCE, _OF_ATHLETE_AND_RUN, unique=True),
    Index(CollectionName.PLAN_ADHERENCE, _BY_RUN),
    Index(CollectionName.PLAN_ADHERENCE, _up("weekStart")),
    Index(
        CollectionName.PLAN_DELIVERIES, _up("athleteId", "runId", "target", "account"), unique=True
    ),
    Index(CollectionName.PLAN_DELIVERIES, _BY_RUN),
    Index(CollectionName.PLAN_DELIVERIES, _up("athleteId", "target", "weekStart")),
    Index(CollectionName.COHORT_MEMBERS, _up("athleteId"), unique=True),
    Index(CollectionName.COHORT_RUNS, _OF_ATHLETE_AND_RUN, unique=True),
    Index(CollectionName.COHORT_RUNS, _up("dagsterRunId")),
    Index(CollectionName.COHORT_RUNS, _up("athleteId", "observedWeekStart")),
    Index(CollectionName.COHORT_RUNS, _up("createdAt"), expire_after_s=90 * SECONDS_PER_DAY),
    Index(CollectionName.ACTIVITIES, _up("athleteId", "id"), unique=True),
    Index(CollectionName.ACTIVITIES, _up("athleteId", "weekStart")),
    Index(CollectionName.WELLNESS, _up("athleteId", "id"), unique=True),
    Index(CollectionName.WELLNESS, _up("athleteId", "weekStart")),
    Index(CollectionName.STORED_WEEKS, _up("athleteId", "collection", "weekStart"), unique=True),
)
"""Notifications, evaluations and their answers, and claims to deliver are found by their `_id`."""

RETIRED: tuple[Index, ...] = (
    Index(CollectionName.PLAN_DELIVERIES, _up("runId", "target"), unique=True),
)
"""Indexes of earlier versions that refuse what is kept now; they are removed."""

SUPERSEDED: tuple[Index, ...] = (
    Index(CollectionName.RUN_EVENTS, _BY_RUN, unique=True),
    Index(CollectionName.PLAN_SNAPSHOTS, _BY_RUN, unique=True),
    Index(CollectionName.RUN_ARTIFACTS, _BY_RUN, unique=True),
    Index(CollectionName.PLAN_ADHERENCE, _BY_RUN, unique=True),
    Index(CollectionName.PLAN_DELIVERIES, _up("runId", "target", "account"), unique=True),
    Index(CollectionName.COHORT_RUNS, _BY_RUN, unique=True),
    Index(CollectionName.STORED_WEEKS, _up("collection", "athleteId", "weekStart"), unique=True),
)
"""Unique indexes of earlier versions that do not begin with the athlete.

What they accept, the ones in their place accept as well. So they do no harm, and stay until
`weekly-plan db migrate --apply`.
"""
