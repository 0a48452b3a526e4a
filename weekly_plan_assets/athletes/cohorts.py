"""Cohorts: groups of athletes of one time zone that are worked on in one Dagster run.

An athlete stays in the cohort that they were first put into, so that a cohort-week of the past is
still that of the same athletes. Only a new time zone moves them, because it moves their weeks.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pymongo.database import Database

from weekly_plan_assets.settings import Settings
from weekly_plan_assets.settings.roster import Roster, RosterAthlete, zone_of
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.cohort_documents import CohortMember, add_members, cohort_members
from weekly_plan_assets.storage.indexes import holds_several_athletes, take_several_athletes

MOST_ATHLETES = 500
"""Of a cohort: a run of it takes seconds to minutes, and is what is repeated after a fault."""

_NUMBER = re.compile(r"\.(\d+)$")


@dataclass(frozen=True, slots=True)
class Cohort:
    """The athletes of a roster that are in one cohort.

    Attributes:
        key: Its partition: the zone, a slash written as an underscore, and a number.
        timezone: The zone of all of them.
        is_part: Whether there are others, who are left out.
    """

    key: str
    timezone: str
    athletes: tuple[RosterAthlete, ...]
    is_part: bool = False

    def today(self) -> date:
        """The local day of its athletes."""
        return datetime.now(ZoneInfo(self.timezone)).date()

    def part(self, ids: Collection[str]) -> "Cohort":
        """With these athletes alone; no ids: with all."""
        kept = tuple(one for one in self.athletes if not ids or one.id in ids)
        return self if kept == self.athletes else replace(self, athletes=kept, is_part=True)


def cohorts_of(
    database: Database[BsonDocument], settings: Settings, roster: Roster
) -> tuple[Cohort, ...]:
    """The cohorts of a roster; athletes who are in none are put into one, and that is stored.

    From then on the database takes several athletes.
    """
    if len(roster.athletes) > 1 and not holds_several_athletes(database):
        take_several_athletes(database)
    zones = {one.id: zone_of(settings, one) for one in roster.athletes}
    known = {one.athlete_id: one.cohort for one in cohort_members(database)}
    missing = [one for one in zones if not _is_of_zone(known.get(one), zones[one])]
    added = dict(_places(missing, zones, known.values()))
    add_members(database, (CohortMember(*pair) for pair in added.items()))
    cohort_of = known | added
    return _grouped(roster.athletes, zones, cohort_of)


def _is_of_zone(cohort: str | None, zone: str) -> bool:
    return cohort is not None and cohort.rpartition(".")[0] == _prefix(zone)


def _prefix(zone: str) -> str:
    """A partition holds no slash, because Dagster's own pages put it into addresses."""
    return zone.replace("/", "_")


def _places(
    athlete_ids: Sequence[str], zones: Mapping[str, str], taken: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """A cohort for each athlete: the last of their zone that has room, or a new one."""
    sizes = Counter(taken)
    for athlete_id in athlete_ids:
        prefix = _prefix(zones[athlete_id])
        numbers = [
            int(found[1])
            for key in sizes
            if key.rpartition(".")[0] == prefix and (found := _NUMBER.search(key))
        ]
        number = max(numbers, default=1)
        if sizes[f"{prefix}.{number:03}"] >= MOST_ATHLETES:
            number += 1
        key = f"{prefix}.{number:03}"
        sizes[key] += 1
        yield athlete_id, key


def _grouped(
    athletes: Sequence[RosterAthlete], zones: Mapping[str, str], cohort_of: Mapping[str, str]
) -> tuple[Cohort, ...]:
    by_key: dict[str, list[RosterAthlete]] = {}
    for one in athletes:
        by_key.setdefault(cohort_of[one.id], []).append(one)
    return tuple(
        Cohort(key, zones[members[0].id], tuple(members)) for key, members in sorted(by_key.items())
    )
